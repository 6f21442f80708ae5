import { useOffline } from '../../store/offline.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { FinishPanel } from './FinishPanel.tsx';
import { TrialPanel } from './TrialPanel.tsx';
import { useAdding } from './useAdding.ts';
import { type TrialState, useTrial } from './useTrial.ts';
import type { Wizard } from './useWizard.ts';
import { WizardFoot } from './WizardFoot.tsx';
import { trialInputOf } from './wizardState.ts';

type Tested = 'works' | 'failed' | 'running' | 'not tested';

/** The connection as it would be, tried once; what is left to say before it is added; and both buttons below. */
export function TestStep({ wizard }: { readonly wizard: Wizard }) {
  const input = trialInputOf(wizard.state, wizard.card);
  const { trial, start, stop } = useTrial(input);
  const adding = useAdding(wizard);
  const offline = useOffline();
  const tested = testedOf(trial);
  const running = trial.kind === 'running';
  return (
    <>
      <div className="wizard-body">
        <TrialPanel trial={trial} names={input.subscribe} />
        <FinishPanel wizard={wizard} adding={adding} />
      </div>
      <WizardFoot step="test" said={<Said tested={tested} said={adding.said} />}>
        <ActionButton
          className={trial.kind === 'over' ? 'button test' : 'button primary test'}
          blocked={offline}
          onClick={running ? stop : start}
        >
          {running ? 'Stop' : trial.kind === 'none' ? 'Test connection' : 'Test again'}
        </ActionButton>
        <ActionButton
          className={tested === 'works' ? 'button primary add' : 'button add'}
          blocked={adding.blocked}
          onClick={adding.add}
        >
          {ADD[tested]}
        </ActionButton>
      </WizardFoot>
    </>
  );
}

function Said({ tested, said }: { readonly tested: Tested; readonly said: string }) {
  return (
    <>
      <p role="status">{said}</p>
      {tested !== 'works' && (
        <p className="untested">
          <StatusMark tone="warn" /> {WARNING[tested]}
        </p>
      )}
    </>
  );
}

const ADD: Readonly<Record<Tested, string>> = {
  works: 'Add',
  'not tested': 'Add untested',
  running: 'Add untested',
  failed: 'Add anyway',
};

const WARNING: Readonly<Record<Exclude<Tested, 'works'>, string>> = {
  'not tested': 'Not tested: its page will show whether it works.',
  running: 'The test is still running.',
  failed: 'The test failed: the link will be dialled anyway.',
};

function testedOf(trial: TrialState): Tested {
  if (trial.kind === 'running') return 'running';
  if (trial.kind !== 'over' || trial.view.stage.kind !== 'over') return 'not tested';
  return trial.view.stage.result.kind === 'works' ? 'works' : 'failed';
}
