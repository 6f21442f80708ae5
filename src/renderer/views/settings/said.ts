import type { ApplyResult, Preview } from '../../../shared/contract.ts';
import type { SettingsChange } from '../../../shared/settingsView.ts';
import { plural } from '../../format.ts';
import { shortConsequence } from './problemText.ts';
import { hasErrors } from './Review.tsx';
import type { Ground } from './useSaid.ts';

/** Whether a link of this name is paused now. */
export type IsPaused = (link: string) => boolean;

/** What came of an Apply or an Undo, in a line; empty when it was not answered. */
export function resultText(result: ApplyResult | null, what: string, isPaused: IsPaused): string {
  if (result === null) return '';
  if (result.kind === 'conflict') return 'Not applied: the file has changed';
  if (result.kind === 'problems') return `Not applied: ${plural(result.problems.length, 'problem')}`;
  return `${what}: ${linksText(result.changes, isPaused)}`;
}

/** An Apply that was answered: of which text, which text it is by now, and over which file. */
interface Answered {
  readonly result: ApplyResult | null;
  readonly text: string;
  readonly now: string;
  readonly revision: string;
}

/** What came of it, and what that line rests on: the text, which another may replace, or the file if it was typed on meanwhile. */
export function appliedText(
  { result, text, now, revision }: Answered,
  isPaused: IsPaused,
): readonly [string, Ground | null] {
  if (result === null) return ['', null];
  const what = resultText(result, now === text ? 'Applied' : 'Applied, but for what you typed since', isPaused);
  if (result.kind === 'conflict') return [what, { of: 'conflict', was: true }];
  if (now === text) return [what, { of: 'text', was: text }];
  return [what, { of: 'file', was: result.kind === 'applied' ? result.revision : revision }];
}

export function undoQuestion(preview: Preview | null, isPaused: IsPaused): string {
  const kept = 'What was paused or resumed since stays so.';
  if (preview === null) return `Undo takes back the last edit of the text. ${kept}`;
  if (hasErrors(preview)) return 'The earlier text has errors now, so it cannot be put back.';
  return `Undo takes back the last edit of the text: ${linksText(preview.changes, isPaused)}. ${kept}`;
}

const NAMED = 3;

/** `one (re-dial), two (live)`: first the links whose socket it concerns. */
function linksText(changes: readonly SettingsChange[], isPaused: IsPaused): string {
  if (changes.length === 0) return 'no link changes';
  const isLive = ({ effect }: SettingsChange): boolean => effect === 'live';
  const inOrder = [...changes.filter((change) => !isLive(change)), ...changes.filter(isLive)];
  const named = inOrder
    .slice(0, NAMED)
    .map(({ link, effect, pool }) => `${link} (${shortConsequence(effect, pool !== true && isPaused(link))})`);
  const more = changes.length - named.length;
  return more === 0 ? named.join(', ') : `${named.join(', ')} and ${more} more`;
}
