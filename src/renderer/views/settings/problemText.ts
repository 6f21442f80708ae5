import type { SettingsChange, SettingsProblem } from '../../../shared/settingsView.ts';

/** What is wrong, what would be right, and the key that was perhaps meant. */
export function problemText(problem: SettingsProblem): string {
  const expected = problem.expected === '' ? '' : `; expected ${problem.expected}`;
  const nearest = problem.nearest === null ? '' : `; did you mean ${problem.nearest}?`;
  return `${problem.message}${expected}${nearest}`;
}

/** What happens to the socket, in a trader's words. */
const CONSEQUENCE: Readonly<Record<SettingsChange['effect'], string>> = {
  live: 'live: socket stays',
  resubscribe: 'resubscribe: socket stays',
  readdress: 'live: socket stays, unless it is at an address that goes: then a new one first',
  redial: 're-dial: a new socket first, then the old one closes',
  restart: 'at the next start of Warmwire',
  added: 'added: will be dialled',
  removed: 'removed: socket closes',
  paused: 'paused: socket closes',
  resumed: 'resumed: will be dialled',
};

/** A paused link has no socket that could stay, be resubscribed or be dialled. */
const OF_SOCKET: ReadonlySet<SettingsChange['effect']> = new Set(['live', 'resubscribe', 'readdress', 'redial']);

export const consequence = (effect: SettingsChange['effect'], paused: boolean): string =>
  paused && OF_SOCKET.has(effect) ? 'paused: in force once it is resumed' : CONSEQUENCE[effect];

/** The same in a word or two, to follow the link's name. */
export const shortConsequence = (effect: SettingsChange['effect'], paused: boolean): string =>
  paused && OF_SOCKET.has(effect) ? 'once it is resumed' : (CONSEQUENCE[effect].split(':', 1)[0] ?? '');
