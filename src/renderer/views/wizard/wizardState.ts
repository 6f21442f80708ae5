import type { PROFILE_NAMES } from '../../../shared/knobs.ts';
import type { PresetCard } from '../../../shared/presetCard.ts';
import type { LinkDraft, TrialInput } from '../../../shared/trial.ts';
import { proposedName } from './proposedName.ts';
import { subscribeOf, symbolsIn } from './symbols.ts';

export type Profile = (typeof PROFILE_NAMES)[number];

/** The venue of a link: one that has a preset, or an address of the user's own. */
export type Choice =
  | { readonly kind: 'none' }
  | { readonly kind: 'preset'; readonly name: string }
  | { readonly kind: 'own' };

/** What was chosen and typed so far, as it was typed. */
export interface WizardState {
  readonly choice: Choice;
  readonly search: string;
  readonly channels: readonly string[];
  readonly symbols: string;
  /** Empty: the preset's own address. */
  readonly url: string;
  /** One message a line, sent as they stand. */
  readonly messages: string;
  /** `null`: the one that is proposed. */
  readonly name: string | null;
  readonly profile: Profile;
  readonly standby: boolean;
}

export const FRESH: WizardState = {
  choice: { kind: 'none' },
  search: '',
  channels: [],
  symbols: '',
  url: '',
  messages: '',
  name: null,
  profile: 'trading',
  standby: false,
};

/** Another venue: its first channel and its example stand ready, unless symbols were typed. Its name is proposed anew. */
export function choose(state: WizardState, choice: Choice, cards: readonly PresetCard[]): WizardState {
  const before = cardOf(state.choice, cards);
  const card = cardOf(choice, cards);
  const typed = state.symbols.trim() !== (before?.example ?? '');
  return {
    ...state,
    choice,
    channels: card?.channels.slice(0, 1).map(({ name }) => name) ?? [],
    symbols: typed ? state.symbols : (card?.example ?? ''),
    url: '',
    name: null,
  };
}

/** `undefined` for an own address, and for a preset that is not there any more. */
export function cardOf(choice: Choice, cards: readonly PresetCard[]): PresetCard | undefined {
  return choice.kind === 'preset' ? cards.find(({ name }) => name === choice.name) : undefined;
}

export function trialInputOf(state: WizardState, card: PresetCard | undefined): TrialInput {
  const own = state.choice.kind === 'own';
  const url = state.url.trim();
  return {
    preset: state.choice.kind === 'preset' ? state.choice.name : null,
    url: url === '' ? null : url,
    subscribe: card === undefined ? [] : subscribeOf(card.channels, state.channels, symbolsIn(state.symbols)),
    subscribeRaw: own ? messagesIn(state.messages) : [],
  };
}

export function draftOf(state: WizardState, card: PresetCard | undefined, taken: readonly string[]): LinkDraft {
  const { profile, standby } = state;
  return { ...trialInputOf(state, card), name: nameOf(state, taken), profile, standby };
}

export const nameOf = ({ name, choice, url }: WizardState, taken: readonly string[]): string =>
  name ?? proposedName(choice.kind === 'preset' ? choice.name : url, taken);

const messagesIn = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
];
