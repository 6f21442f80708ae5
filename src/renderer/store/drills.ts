import { useStore } from 'zustand';
import { DrillBook, type DrillNotes } from './drillBook.ts';
import { type DrillSetNotes, DrillSets } from './drillSet.ts';
import type { Engine } from './engine.ts';
import { useEngine } from './hooks.ts';

export interface Drills {
  readonly book: DrillBook;
  readonly sets: DrillSets;
}

const OF_ENGINE = new WeakMap<Engine, Drills>();

/** The drills of this session: begun with the first visit of their page, and kept for as long as the page is open. */
export function useDrills(): Drills {
  const engine = useEngine();
  const known = OF_ENGINE.get(engine);
  if (known !== undefined) return known;
  const book = new DrillBook(engine);
  const drills = { book, sets: new DrillSets(book) };
  OF_ENGINE.set(engine, drills);
  return drills;
}

export const useDrillNotes = (): DrillNotes['drills'] => useStore(useDrills().book.store, (notes) => notes.drills);
export const useDrillSet = (): DrillSetNotes['set'] => useStore(useDrills().sets.store, (notes) => notes.set);
