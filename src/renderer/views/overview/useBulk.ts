import { useEffect, useState } from 'react';
import { useEngine } from '../../store/hooks.ts';
import { askNow } from '../../store/offline.ts';
import { type Plan, runPlan } from './bulk.ts';

export interface Bulk {
  /** How far it has come, then what came of it; empty before the first. */
  readonly said: string;
  readonly busy: boolean;
  run(plan: Plan): Promise<void>;
}

/**
 * What is done to the chosen links. It belongs to the table and not to the bar, which shows fewer links when those that were
 * acted on no longer pass the filter: the answer stays until nothing is chosen any more.
 */
export function useBulk(isChosen: boolean): Bulk {
  const engine = useEngine();
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!isChosen) setSaid('');
  }, [isChosen]);
  return {
    said,
    busy,
    run: async (plan) => {
      setBusy(true);
      const onStep = (done: number): void => setSaid(`${done} of ${plan.acts.length}…`);
      setSaid(await runPlan((ask) => askNow(engine, ask), plan, onStep));
      setBusy(false);
    },
  };
}
