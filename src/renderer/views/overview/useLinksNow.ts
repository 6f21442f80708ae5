import { type RefObject, useEffect, useState } from 'react';
import type { LinkView } from '../../../shared/linkView.ts';
import { linksOf } from '../../../shared/snapshot.ts';
import type { EngineState } from '../../store/engine.ts';
import { useEngine } from '../../store/hooks.ts';

/** Rows change places at most so often: an order that jumps cannot be read. */
const ARRANGE_MS = 1000;
/** A pointer that moved over the rows so lately is about to press: nothing may slip beneath it. */
const POINTING_MS = 3000;
/** An order that is older than this is no order of now, whoever points at it. */
const HOLD_MOST_MS = 10_000;

export interface LinksNow {
  /** All links as they are: what is counted, filtered and summed. */
  readonly live: readonly LinkView[];
  /** All links as they were when the rows last took their places. */
  readonly placed: readonly LinkView[];
}

/** Whether the rows keep their places: somebody points at them, and they have not had these for too long. */
export const keepPlaces = (now: {
  readonly nowMs: number;
  readonly pointedAtMs: number;
  readonly placedAtMs: number;
}): boolean => now.nowMs - now.pointedAtMs < POINTING_MS && now.nowMs - now.placedAtMs < HOLD_MOST_MS;

/** The links once a second while the page is seen, and at once when links come or go. */
export function useLinksNow(pointedAt: RefObject<number>): LinksNow {
  const { store } = useEngine();
  const [links, setLinks] = useState(() => placedNow(liveLinks(store.getState())));
  useEffect(() => {
    let takenAt = performance.now();
    let placedAtMs = takenAt;
    let order = store.getState().snapshot?.order;
    const look = (): void => {
      const state = store.getState();
      const nowMs = performance.now();
      const others = state.snapshot?.order !== order;
      if (document.hidden || !(others || nowMs - takenAt >= ARRANGE_MS)) return;
      takenAt = nowMs;
      order = state.snapshot?.order;
      const live = liveLinks(state);
      if (!others && keepPlaces({ nowMs, pointedAtMs: pointedAt.current, placedAtMs })) {
        setLinks(({ placed }) => ({ live, placed }));
        return;
      }
      placedAtMs = nowMs;
      setLinks(placedNow(live));
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

const placedNow = (live: readonly LinkView[]): LinksNow => ({ live, placed: live });

const liveLinks = ({ snapshot }: EngineState): readonly LinkView[] => (snapshot === null ? [] : linksOf(snapshot));
