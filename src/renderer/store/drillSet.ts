import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DemoFault } from '../../shared/demoFault.ts';
import type { Drill } from './drill.ts';
import type { DrillBook } from './drillBook.ts';

/** Drills of one venue, one after the other. */
export interface DrillSet {
  /** Which run of a set this is: news of an earlier one is not for it. */
  readonly run: number;
  /** For people: of whom. */
  readonly label: string;
  /** `drill`: the id of what became of it; `null` before its turn. */
  readonly steps: readonly { readonly fault: DemoFault; readonly drill: string | null }[];
  readonly state: 'running' | 'done' | 'cancelled';
}

export interface DrillSetNotes {
  readonly set: DrillSet | null;
}

/** Runs one set at a time: a step begins when the link has recovered from the one before. */
export class DrillSets {
  readonly store: StoreApi<DrillSetNotes> = createStore<DrillSetNotes>(() => ({ set: null }));
  readonly #book: DrillBook;
  /** The exchange that the running step is about. */
  #at = '';
  #run = 0;
  /** Until then what was cancelled may still be told as begun. */
  #stopping: Promise<unknown> = Promise.resolve();

  constructor(book: DrillBook) {
    this.#book = book;
  }

  /** `where` names the exchange of the next step: a link goes on at another address of its venue. */
  async start(label: string, where: () => string, faults: readonly DemoFault[]): Promise<void> {
    if (this.store.getState().set?.state === 'running') return;
    this.#run += 1;
    const run = this.#run;
    const steps = faults.map((fault) => ({ fault, drill: null }));
    this.store.setState({ set: { run, label, steps, state: 'running' } });
    await this.#stopping;
    for (const [index, fault] of faults.entries()) {
      if (!this.#runs(run)) return;
      const exchange = where();
      this.#at = exchange;
      const known = new Set(this.#book.store.getState().drills.map(({ id }) => id));
      if (!(await this.#book.inject(exchange, fault))) return this.#end(run, 'cancelled');
      const begun = await this.#drill((drill) => drill.exchange.name === exchange && !known.has(drill.id));
      this.#change(run, (set) => ({
        ...set,
        steps: set.steps.map((step, at) => (at === index ? { ...step, drill: begun.id } : step)),
      }));
      const over = await this.#drill((drill) => drill.id === begun.id && drill.closed !== null);
      // Somebody ended this fault, or began another: the set would no longer be one.
      if (over.closed?.why !== 'settled') return this.#end(run, 'cancelled');
    }
    this.#end(run, 'done');
  }

  /** Ends the fault in force, and the set with it. */
  cancel(): void {
    if (!this.#runs(this.#run)) return;
    this.#end(this.#run, 'cancelled');
    this.#stopping = this.#book.inject(this.#at, null);
  }

  #runs(run: number): boolean {
    const { set } = this.store.getState();
    return set?.run === run && set.state === 'running';
  }

  /** The first drill of which that is true, now or later. */
  #drill(isIt: (drill: Drill) => boolean): Promise<Drill> {
    const { store } = this.#book;
    return new Promise((resolve) => {
      const look = (): boolean => {
        const found = store.getState().drills.find(isIt);
        if (found !== undefined) resolve(found);
        return found !== undefined;
      };
      if (look()) return;
      const unsubscribe = store.subscribe(() => {
        if (look()) unsubscribe();
      });
    });
  }

  #end(run: number, state: DrillSet['state']): void {
    if (this.#runs(run)) this.#change(run, (set) => ({ ...set, state }));
  }

  #change(run: number, change: (set: DrillSet) => DrillSet): void {
    const { set } = this.store.getState();
    if (set?.run === run) this.store.setState({ set: change(set) });
  }
}
