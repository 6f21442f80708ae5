import { pathText } from '../../../shared/toml/quoting.ts';
import { nodeAt } from '../../../shared/toml/toml.ts';
import { shownValue } from './fieldText.ts';
import { readText } from './reading.ts';

/** What was typed into a field and is no value of its key, so that the text does not have it. */
export interface Unwritten {
  readonly path: readonly string[];
  readonly typed: string;
  /** `a number from 0.1 to 3600 (s)` */
  readonly expected: string;
  /** What the text says of the key itself; `null` as long as that could not be told. */
  readonly said: string | null;
}

export const isAt = ({ path }: Unwritten, at: readonly string[]): boolean => pathText(path) === pathText(at);

/** Why nothing can be applied as long as it stands. */
export const unwrittenText = ({ path, typed, expected }: Unwritten): string =>
  `${pathText(path)} is not written: “${typed.trim()}” is not ${expected}`;

/** What still stands beside this text: what the text now says otherwise itself counts, and a text that cannot be read says nothing. */
export function overtake(held: readonly Unwritten[], text: string): readonly Unwritten[] {
  const next = held.flatMap((one) => {
    const now = saidAt(text, one.path);
    if (now === null || now === one.said) return [one];
    return now !== undefined && one.said === null ? [{ ...one, said: now }] : [];
  });
  return next.length === held.length && next.every((one, i) => one === held[i]) ? held : next;
}

/** As the text has it; `undefined` where its table is gone, `null` where it cannot be told. */
export function saidAt(text: string, path: readonly string[]): string | null | undefined {
  const { root, problems } = readText(text);
  // Of a text with a mistake a part may be missing that is there.
  if (root === null || problems.length > 0) return null;
  const table = path.slice(0, -1);
  if (table.length > 1 && nodeAt(root, table) === null) return undefined;
  return shownValue(nodeAt(root, path) ?? undefined) ?? OTHER;
}

/** What no control shows, such as a table. */
const OTHER = '\0';

/** What to keep for the next start, `null` without any. */
export const storeUnwritten = (held: readonly Unwritten[]): string | null =>
  held.length === 0 ? null : JSON.stringify(held);

export function loadUnwritten(stored: string | null): readonly Unwritten[] {
  if (stored === null) return [];
  try {
    const value: unknown = JSON.parse(stored);
    return Array.isArray(value) ? value.filter(isUnwritten) : [];
  } catch {
    return [];
  }
}

function isUnwritten(value: unknown): value is Unwritten {
  const one = value as Partial<Record<keyof Unwritten, unknown>> | null;
  const isText = (text: unknown): text is string => typeof text === 'string';
  return (
    Array.isArray(one?.path) &&
    one.path.every(isText) &&
    isText(one.typed) &&
    isText(one.expected) &&
    (one.said === null || isText(one.said))
  );
}
