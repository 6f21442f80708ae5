import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { AppClient } from '../../shared/contract.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { PoolView } from '../../shared/pool.ts';
import { after, type MonoMs, type WallMs, wallMs } from '../../shared/units.ts';
import { type Engine, type EngineState, selectClient, selectNames } from './engine.ts';
import { whileSeen } from './seen.ts';
import { tickedNow, useTicked } from './ticker.ts';

export const EngineContext = createContext<Engine | null>(null);

export function useEngine(): Engine {
  const engine = useContext(EngineContext);
  if (engine === null) throw new Error('a component that needs the engine stands outside of EngineContext');
  return engine;
}

export function useEngineState<T>(selector: (state: EngineState) => T): T {
  return useStore(useEngine().store, selector);
}

export const useClient = (): AppClient => useEngineState(selectClient);
export const useLinkNames = (): readonly string[] => useEngineState(selectNames);

/** One link; renders only when that link changed, and only where it is seen. `null` when there is no link of this name. */
export function useLink(name: string): LinkView | null {
  return useSeenState(useCallback((state) => state.snapshot?.links[name] ?? null, [name]));
}

/** The state as of now while the page is seen; a hidden page keeps what it had, and catches up when it is shown. */
export function useSeenState<T>(selector: (state: EngineState) => T): T {
  const { store } = useEngine();
  const subscribe = useCallback((listener: () => void) => whileSeen(store.subscribe, listener), [store]);
  return useSyncExternalStore(subscribe, () => selector(store.getState()));
}

/** One pool; renders only when that pool changed. `null` when there is no pool of this name. */
export function usePool(name: string): PoolView | null {
  return useEngineState(useCallback((state) => state.pools?.byName[name] ?? null, [name]));
}

/** The engine says something at least once a second; silent for longer, its numbers are old although the wire stands. */
const SILENT_MS = 5000;

const isSilent = ({ heardAt }: EngineState, pageNow: number): boolean => pageNow - heardAt > SILENT_MS;
const isLost = ({ connection, snapshot }: EngineState): boolean => connection.kind !== 'live' && snapshot !== null;

/** What went by on the page since the engine was heard. Of an engine that is gone nothing is known of since: its clocks stand. */
function sinceHeardMs(state: EngineState, pageNow: number): number {
  return isStale(state, pageNow) ? 0 : Math.max(0, pageNow - state.heardAt);
}

/** The engine's monotonic clock as of the last tick of the page: the last heard time plus what went by since. */
export function engineNow(state: EngineState, pageNow: number): MonoMs | null {
  return state.snapshot === null ? null : after(state.snapshot.at, sinceHeardMs(state, pageNow));
}

/**
 * Reads something off the engine's running clock, at most four times a second. `unheard` stands in its place while nothing is
 * heard of the engine: an age or a wait is of now, and nobody knows it then.
 */
export function useAtNow<T extends string | number | boolean | null>(
  read: (now: MonoMs) => T,
  otherwise: T,
  unheard?: T,
): T {
  const { store } = useEngine();
  return useTicked(() => {
    const [state, pageNow] = [store.getState(), tickedNow()];
    if (unheard !== undefined && isStale(state, pageNow)) return unheard;
    const now = engineNow(state, pageNow);
    return now === null ? otherwise : read(now);
  });
}

/** The host's wall clock at a moment of the page's. */
export const hostWall = (state: EngineState, pageNow: number): WallMs =>
  wallMs(state.snapshot === null ? Date.now() : state.snapshot.wall + sinceHeardMs(state, pageNow));

/**
 * Reads something off the host's wall clock, which is another than the page's where that is looked at from elsewhere; off
 * the page's own as long as the host has not spoken.
 */
export function useAtHostWall<T extends string | number | boolean | null>(read: (wall: WallMs) => T): T {
  const { store } = useEngine();
  return useTicked(() => read(hostWall(store.getState(), tickedNow())));
}

/** True of numbers that are not of now. */
export const isStale = (state: EngineState, pageNow: number): boolean => isLost(state) || isSilent(state, pageNow);

/** True while the numbers on the page are not of now, and must not look alive. */
export function useStale(): boolean {
  const { store } = useEngine();
  const lost = useEngineState(isLost);
  const silent = useTicked(() => isSilent(store.getState(), tickedNow()));
  return lost || silent;
}
