import { useState } from 'react';
import type { PresetCard } from '../../../shared/presetCard.ts';
import { type Faults, faultsOf } from './whyNot.ts';
import { type Choice, cardOf, choose, FRESH, type WizardState } from './wizardState.ts';

export interface Wizard {
  readonly cards: readonly PresetCard[];
  readonly state: WizardState;
  readonly card: PresetCard | undefined;
  readonly faults: Faults;
  change(what: Partial<WizardState>): void;
  choose(choice: Choice): void;
  /** The link was added: the next one begins empty. */
  forget(): void;
}

/** What was typed outlives the page: who looks something up elsewhere finds it as it was. */
let kept: WizardState = FRESH;

export function useWizard(cards: readonly PresetCard[]): Wizard {
  const [state, setState] = useState(kept);
  const put = (next: WizardState): void => {
    kept = next;
    setState(next);
  };
  const card = cardOf(state.choice, cards);
  return {
    cards,
    state,
    card,
    faults: faultsOf(state, card),
    change: (what) => put({ ...state, ...what }),
    choose: (choice) => put(choose(state, choice, cards)),
    forget: () => {
      kept = FRESH;
    },
  };
}
