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

/** What was chosen and typed for one venue, as it was typed. */
export interface Typed {
  readonly channels: readonly string[];
  readonly symbols: string;
  /** Empty: the preset's own address. */
  readonly url: string;
  /** One message a line, sent as they stand. */
  readonly messages: string;
  /** `null`: the one that is proposed. */
  readonly name: string | null;
}

export interface WizardState extends Typed {
  readonly choice: Choice;
  readonly search: string;
  /** What was typed for other venues: who comes back to one finds it as it was. */
  readonly aside: ReadonlyMap<string, Typed>;
  readonly profile: Profile;
  readonly standby: boolean;
}

export const FRESH: WizardState = {
  choice: { kind: 'none' },
  search: '',
  aside: new Map(),
  channels: [],
  symbols: '',
  url: '',
  messages: '',
  name: null,
  profile: 'trading',
  standby: false,
};

/** Another venue: what was typed for it before, else its first channel with its example. */
export function choose(state: WizardState, choice: Choice, cards: readonly PresetCard[]): WizardState {
  const { channels, symbols, url, messages, name } = state;
  const aside = new Map(state.aside).set(keyOf(state.choice), { channels, symbols, url, messages, name });
  const typed = aside.get(keyOf(choice)) ?? startOf(cardOf(choice, cards));
  return { ...state, ...typed, choice, aside };
}

const keyOf = (choice: Choice): string => (choice.kind === 'preset' ? `preset ${choice.name}` : choice.kind);

function startOf(card: PresetCard | undefined): Typed {
  const channels = card?.channels.slice(0, 1).map(({ name }) => name) ?? [];
  return { channels, symbols: card?.example ?? '', url: '', messages: '', name: null };
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
