import { type RefObject, useEffect, useState } from 'react';
import type { LinkView } from '../../../shared/linkView.ts';
import type { EngineState } from '../../store/engine.ts';
import { useEngine } from '../../store/hooks.ts';

/** Rows change places at most so often: an order that jumps cannot be read. */
const ARRANGE_MS = 1000;
/** A pointer that moved over the rows so lately is about to press: nothing may slip beneath it. */
const POINTING_MS = 3000;

/**
 * All links as the table's order, filter and groups see them: once a second while the page is seen, not while somebody
 * points at rows, and at once when links come or go.
 */
export function useLinksNow(pointedAt: RefObject<number>): readonly LinkView[] {
  const { store } = useEngine();
  const [links, setLinks] = useState(() => linksOf(store.getState()));
  useEffect(() => {
    let takenAt = performance.now();
    let order = store.getState().snapshot?.order;
    const look = (): void => {
      const state = store.getState();
      const now = performance.now();
      const others = state.snapshot?.order !== order;
      const due = now - takenAt >= ARRANGE_MS && now - pointedAt.current >= POINTING_MS;
      if (document.hidden || !(others || due)) return;
      takenAt = now;
      order = state.snapshot?.order;
      setLinks(linksOf(state));
    };
    document.addEventListener('visibilitychange', look);
    const unsubscribe = store.subscribe(look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      unsubscribe();
    };
  }, [store, pointedAt]);
  return links;
}

const linksOf = ({ snapshot }: EngineState): readonly LinkView[] =>
  snapshot === null ? [] : snapshot.order.flatMap((name) => snapshot.links[name] ?? []);
