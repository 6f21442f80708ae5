import type { EffectiveValue } from '../../shared/contract.ts';
import { isEnabled, linkOf, type Wanted, withPresses } from './heldPresses.ts';
import type { Evaluated, Evaluation } from './running.ts';
import { isPauseWord } from './strayPauses.ts';

/**
 * The links of the kept copy that stay paused while it stands in for a faulty file: those of which the file says so, for a
 * pause may be newer than the copy; and, where another line that may be a pause has come since, those of which it may say so.
 */
export function heldBack(file: Evaluation, copy: Evaluated): Wanted {
  const { settings, text } = file.partial;
  const running = Object.keys(copy.settings.link ?? {}).filter((link) => isEnabled(copy.settings, link));
  const off = running.filter((link) => !isEnabled(settings, link));
  const known = [...pausingLines(copy.text), ...off.map(() => 'enabled=false')];
  const doubtful = hasOthers(pausingLines(text), known) ? file.perhapsPaused() : null;
  const mayBeOff = (link: string): boolean =>
    doubtful !== null && (linkOf(settings, link) === undefined || doubtful.has(link));
  return new Map([...off, ...running.filter(mayBeOff)].map((link) => [link, false]));
}

/** The copy with these links paused. */
export function withHeldBack(copy: Evaluated, held: Wanted): Evaluated {
  const links = Object.entries(copy.settings.link ?? {});
  return {
    ...copy,
    settings: {
      ...copy.settings,
      link: Object.fromEntries(
        links.map(([name, link]) => [name, held.has(name) ? { ...link, enabled: false } : link]),
      ),
    },
    config: withPresses(copy.config, held),
    effective: new Map([...copy.effective].map(([name, rows]) => [name, held.has(name) ? rows.map(off) : rows])),
  };
}

/** Why it is paused, for whoever wonders. */
export const heldBackText = (link: string): string =>
  `${link} stays paused: the settings file has problems, and says or may say that it is. Repair the file, or press Resume`;

const off = (row: EffectiveValue): EffectiveValue =>
  row.key === 'enabled'
    ? { ...row, value: 'false', note: 'the settings file, which has problems, says so or may' }
    : row;

/** Whether there is any, or any as often, that is not known. */
function hasOthers(lines: readonly string[], known: readonly string[]): boolean {
  const left = new Map<string, number>();
  for (const line of known) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.some((line) => {
    const of = left.get(line) ?? 0;
    left.set(line, of - 1);
    return of <= 0;
  });
}

/** Those with a word of a pause, without their spaces. */
const pausingLines = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.split(/[^\p{L}]+/u).some(isPauseWord))
    .map((line) => line.replace(/\s+/g, ''));
