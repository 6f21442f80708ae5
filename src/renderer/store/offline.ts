import { useEffect } from 'react';
import type { AppClient } from '../../shared/contract.ts';
import { failed, type Outcome } from '../../shared/outcome.ts';
import type { Engine } from './engine.ts';
import { isStale, useEngine, useStale } from './hooks.ts';

/** The reason of every button that asks the engine, while it is away. */
export const OFFLINE = 'There is no connection to Warmwire’s engine';

/** `OFFLINE` while the engine is not heard, else `null`. */
export const useOffline = (): string | null => (useStale() ? OFFLINE : null);

/** Asks only an engine that is heard: another would do it whenever it comes back, as often as it was asked. */
export async function askNow<T>(engine: Engine, ask: (client: AppClient) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const state = engine.store.getState();
  if (!isStale(state, performance.now())) return ask(state.client);
  return failed(KIND, OFFLINE, 'nothing was done', 'wait for it to come back, then press again');
}

const KIND = 'offline';

/** What was answered so is not true any more when the engine is heard again. */
export function useOfflineForgotten(): void {
  const { store, dismiss } = useEngine();
  const stale = useStale();
  useEffect(() => {
    if (stale) return;
    for (const { id, problem } of store.getState().problems) if (problem.kind === KIND) dismiss(id);
  }, [stale, store, dismiss]);
}
