import { FinishPanel, type Tested } from './FinishPanel.tsx';
import { TrialPanel } from './TrialPanel.tsx';
import { type TrialState, useTrial } from './useTrial.ts';
import type { Wizard } from './useWizard.ts';
import { trialInputOf } from './wizardState.ts';

/** The connection as it would be, tried once; and what is left to say before it is added. */
export function TestStep({ wizard }: { readonly wizard: Wizard }) {
  const { trial, start, stop } = useTrial(trialInputOf(wizard.state, wizard.card));
  return (
    <>
      <TrialPanel trial={trial} onStart={start} onStop={stop} />
      <FinishPanel wizard={wizard} tested={testedOf(trial)} />
    </>
  );
}

function testedOf(trial: TrialState): Tested {
  if (trial.kind === 'running') return 'running';
  if (trial.kind !== 'over' || trial.view.stage.kind !== 'over') return 'not tested';
  return trial.view.stage.result.kind === 'works' ? 'works' : 'failed';
}
