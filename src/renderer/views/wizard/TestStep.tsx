import { FinishPanel } from './FinishPanel.tsx';
import { TrialPanel } from './TrialPanel.tsx';
import { useTrial } from './useTrial.ts';
import type { Wizard } from './useWizard.ts';
import { trialInputOf } from './wizardState.ts';

/** The connection as it would be, tried once; and what is left to say before it is added. */
export function TestStep({ wizard }: { readonly wizard: Wizard }) {
  const { trial, start, stop } = useTrial(trialInputOf(wizard.state, wizard.card));
  const passed = trial.kind === 'over' && trial.view.stage.kind === 'over' && trial.view.stage.result.kind === 'works';
  return (
    <>
      <TrialPanel trial={trial} onStart={start} onStop={stop} />
      <FinishPanel wizard={wizard} tested={passed ? 'works' : trial.kind === 'over' ? 'failed' : 'not tested'} />
    </>
  );
}
