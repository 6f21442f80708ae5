import type { ReactNode } from 'react';
import { ADD_STEPS, type AddStep, addHash, go } from '../../route.ts';

interface Props {
  readonly step: AddStep;
  /** What is to be known before the next press. */
  readonly said: ReactNode;
  /** What leads on. */
  readonly children: ReactNode;
}

/** What can be done next stands in one place on every step. */
export function WizardFoot({ step, said, children }: Props) {
  const before = ADD_STEPS[ADD_STEPS.indexOf(step) - 1];
  return (
    <footer className="wizard-foot">
      {said}
      <button type="button" className="button" onClick={() => go(before === undefined ? '#/' : addHash(before))}>
        {before === undefined ? 'Cancel' : 'Back'}
      </button>
      {children}
    </footer>
  );
}
