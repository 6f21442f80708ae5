import { pathText } from '../../../shared/toml/quoting.ts';
import { nodeAt, type TomlNode } from '../../../shared/toml/toml.ts';
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

/**
 * What still stands beside this text: what the text now says otherwise itself counts, and a text that cannot be read says
 * nothing. It goes with its table when that got another name since `before`, the last text that could be read.
 */
export function overtake(held: readonly Unwritten[], text: string, before: string): readonly Unwritten[] {
  const next = held.flatMap((was) => {
    const path = pathAfter(was.path, before, text);
    const one = path === was.path ? was : { ...was, path };
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

/** The same path where the table was not renamed: one name for another, with all that it says. */
function pathAfter(path: Unwritten['path'], before: string, text: string): Unwritten['path'] {
  const [kind = '', name = '', ...rest] = path;
  if (rest.length === 0 || before === text) return path;
  const [then, now] = [tablesOf(before, kind), tablesOf(text, kind)];
  const [gone, ...moreGone] = [...then.keys()].filter((one) => !now.has(one));
  const [come, ...moreCome] = [...now.keys()].filter((one) => !then.has(one));
  const isOne = gone === name && come !== undefined && moreGone.length + moreCome.length === 0;
  return isOne && then.get(name) === now.get(come) ? [kind, come, ...rest] : path;
}

/** Each table of this kind by its name, as a text of what it says. */
function tablesOf(text: string, kind: string): ReadonlyMap<string, string> {
  const { root } = readText(text);
  const tables = root === null ? null : nodeAt(root, [kind]);
  if (tables?.kind !== 'table') return new Map();
  return new Map([...tables.entries.values()].map(({ name, node }) => [name, JSON.stringify(sayingOf(node))]));
}

function sayingOf(node: TomlNode): unknown {
  if (node.kind === 'scalar') return node.source;
  if (node.kind === 'list') return node.items.map(sayingOf);
  return [...node.entries.values()].map((entry) => ({ [entry.name]: sayingOf(entry.node) }));
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
