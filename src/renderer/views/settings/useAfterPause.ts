import { useEffect, useRef, useState } from 'react';
import type { AppClient } from '../../../shared/contract.ts';
import type { Outcome } from '../../../shared/outcome.ts';
import { useClient, useEngine } from '../../store/hooks.ts';

const TYPING_PAUSE_MS = 250;

/**
 * What the host says to `key` (all that the question depends on), asked after each pause in typing; `null` asks nothing.
 * The last answer stays until the next one; `current` is false while that is under way.
 */
export function useAfterPause<T>(
  key: string | null,
  ask: (client: AppClient) => Promise<Outcome<T>>,
): { readonly answer: T | null; readonly current: boolean } {
  const client = useClient();
  const engine = useEngine();
  const asking = useRef(ask);
  asking.current = ask;
  const [held, setHeld] = useState<{ readonly key: string; readonly answer: T } | null>(null);
  useEffect(() => {
    if (key === null) return undefined;
    let wanted = true;
    const timer = setTimeout(async () => {
      const outcome = await asking.current(client);
      if (!wanted) return;
      if (outcome.ok) setHeld({ key, answer: outcome.value });
      else if (outcome.problem.kind !== 'disconnected') engine.notify(outcome.problem);
    }, TYPING_PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [client, engine, key]);
  return { answer: held?.answer ?? null, current: key !== null && held?.key === key };
}
