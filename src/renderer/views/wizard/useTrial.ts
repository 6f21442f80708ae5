import { useEffect, useRef, useState } from 'react';
import type { AppClient } from '../../../shared/contract.ts';
import type { TrialInput, TrialView } from '../../../shared/trial.ts';
import { selectConnection } from '../../store/engine.ts';
import { useClient, useEngineState } from '../../store/hooks.ts';

/** A test as the page knows it. `lost`: the wire to the engine ended before the test did. */
export type TrialState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly view: TrialView | null; readonly again: boolean }
  | { readonly kind: 'over'; readonly view: TrialView }
  | { readonly kind: 'lost'; readonly view: TrialView | null };

interface Run {
  readonly client: AppClient;
  readonly key: string;
  readonly view: TrialView | null;
  /** The engine was restarted, and has begun anew. */
  readonly again: boolean;
}

const NONE: TrialState = { kind: 'none' };

/** One test of `input` at a time. It ends with the page, and says nothing of another input. */
export function useTrial(input: TrialInput): { readonly trial: TrialState; start(): void; stop(): void } {
  const client = useClient();
  const live = useEngineState((state) => selectConnection(state).kind === 'live');
  const key = JSON.stringify(input);
  const [run, setRun] = useState<Run | null>(null);
  const end = useRef<() => void>(() => undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a test ends with its client and its input
  useEffect(() => () => end.current(), [client, key]);

  const stop = (): void => {
    end.current();
    setRun(null);
  };
  const start = (): void => {
    stop();
    setRun({ client, key, view: null, again: false });
    const unsubscribe = client.trial(input, (view) =>
      setRun((held) => (held?.client === client && held.key === key ? withView(held, view) : held)),
    );
    end.current = unsubscribe;
  };
  return { trial: run === null || run.key !== key ? NONE : stateOf(run, live && run.client === client), start, stop };
}

const withView = (run: Run, view: TrialView): Run => ({
  ...run,
  view,
  again: run.again || view.elapsedMs < (run.view?.elapsedMs ?? 0),
});

function stateOf({ view, again }: Run, live: boolean): TrialState {
  if (view?.stage.kind === 'over') return { kind: 'over', view };
  return live ? { kind: 'running', view, again } : { kind: 'lost', view };
}
