import type { PresetCard } from '../../../shared/presetCard.ts';
import { isLinkUrl } from '../../../shared/settings.ts';
import { count } from '../../format.ts';
import { MOST_SUBSCRIPTIONS, subscribeOf, symbolsIn } from './symbols.ts';
import { trialInputOf, type WizardState } from './wizardState.ts';

const ADDRESS_RULE =
  'not an address; it is written wss://HOST[:PORT]/PATH (or ws://), tls://HOST:PORT (or tcp://) for lines, or demo://NAME';

/** What keeps each field from being used, as a sentence; `null` where nothing does. */
export interface Faults {
  readonly channels: string | null;
  readonly symbols: string | null;
  readonly url: string | null;
}

export function faultsOf(state: WizardState, card: PresetCard | undefined): Faults {
  return { channels: channelFault(state, card), symbols: symbolFault(state, card), url: urlFault(state, card) };
}

/** The first of them, said by the button that it blocks. */
export const firstFault = ({ url, channels, symbols }: Faults): string | null => url ?? channels ?? symbols;

function channelFault({ channels }: WizardState, card: PresetCard | undefined): string | null {
  if (card === undefined || card.channels.length === 0) return null;
  return card.channels.some(({ name }) => channels.includes(name)) ? null : 'Choose at least one channel';
}

function symbolFault(state: WizardState, card: PresetCard | undefined): string | null {
  if (card === undefined) return null;
  const wanted = card.channels.filter(({ name, wantsSymbol }) => wantsSymbol && state.channels.includes(name));
  const symbols = symbolsIn(state.symbols);
  if (wanted.length > 0 && symbols.length === 0) {
    return `Type at least one symbol${card.example === null ? '' : `, such as ${card.example}`}`;
  }
  const odd = symbols.find((symbol) => /\p{Cc}/u.test(symbol) || !symbol.isWellFormed());
  if (odd !== undefined) return 'A symbol holds a character that cannot be sent';
  const total = subscribeOf(card.channels, state.channels, symbols).length;
  const most = Math.min(card.mostSubscriptions ?? MOST_SUBSCRIPTIONS, MOST_SUBSCRIPTIONS);
  if (total <= most) return null;
  const limit = most === MOST_SUBSCRIPTIONS ? 'one link takes' : `${card.venue} takes on one connection`;
  return `${count(total)} subscriptions, and ${limit} ${count(most)}: add a second link for the rest`;
}

function urlFault(state: WizardState, card: PresetCard | undefined): string | null {
  const { url } = trialInputOf(state, card);
  if (url !== null)
    return isLinkUrl(url) ? null : `${url.length > 60 ? `${url.slice(0, 60)}…` : url} is ${ADDRESS_RULE}`;
  if (state.choice.kind === 'own') return 'Type the address of the venue';
  return card !== undefined && card.addresses.length === 0
    ? `${card.venue} gives each user their own address: type it`
    : null;
}
