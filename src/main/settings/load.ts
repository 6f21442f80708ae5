import { failed, type Outcome, ok } from '../../shared/outcome.ts';
import { MAX_SETTINGS_BYTES, type Settings, SettingsSchema } from '../../shared/settings.ts';
import type { SettingsProblem } from '../../shared/settingsView.ts';
import { readSyntax, type SyntaxReading } from '../../shared/toml/syntax.ts';
import { locateIn, type Span, START } from '../../shared/toml/toml.ts';
import { checkTable } from './check.ts';

export type { Span } from '../../shared/toml/toml.ts';

export interface LoadedSettings {
  /** `null` when any problem is an error. */
  readonly settings: Settings | null;
  /** All that fits the schema: the settings without the faulty keys. */
  readonly readable: Settings;
  /** In the order of the text. */
  readonly problems: readonly SettingsProblem[];
  /** Where a key's value or a table's name stands; the nearest table above it when it is not there. */
  readonly locate: (path: readonly string[]) => Span;
  /** What stands nowhere in `readable`, because its line, or its whole table, is no TOML or is there twice. */
  readonly unread: readonly SettingsProblem[];
  /** Where the tables that could be read begin. */
  readonly headers: SyntaxReading['headers'];
  /** The document as far as it could be read. */
  readonly root: SyntaxReading['root'];
}

/** Rows C1 and C2: text to settings, with every problem at its line and column. Never throws. */
export function loadSettings(text: string): LoadedSettings {
  const unfit = unfitText(text);
  if (unfit !== null) return unreadable(unfit);
  try {
    return loadFit(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const deep = fileProblem('lists or tables lie too deep in each other', 'tables of two levels at most');
    return unreadable(deep);
  }
}

/** Bytes of a file to text: UTF-8 with or without a byte order mark; the problem says at which line and byte it breaks. */
export function decodeSettingsFile(bytes: Uint8Array): Outcome<string> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    const at = firstBadByte(bytes);
    const line = bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
    return failed(
      'not-utf8',
      `the file is not UTF-8 text: byte ${at + 1} (line ${line}) fits no character`,
      `line ${line}`,
      'save it again as UTF-8 in your editor',
    );
  }
}

/** `the file has 10.0 MiB; settings may have at most 1 MiB`, or `null` when it is small enough. */
export function sizeTrouble(bytes: number): string | null {
  if (bytes <= MAX_SETTINGS_BYTES) return null;
  const shown = Math.max(1.1, bytes / MAX_SETTINGS_BYTES).toFixed(1);
  return `the file has ${shown} MiB; settings may have at most 1 MiB`;
}

function loadFit(text: string): LoadedSettings {
  const { root, problems: syntax, headers } = readSyntax(text);
  const problems = [...syntax];
  const value = root === null ? {} : checkTable(SettingsSchema, root, (problem) => problems.push(problem));
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  const readable = SettingsSchema.parse(value);
  return {
    settings: problems.length === 0 ? readable : null,
    readable,
    problems,
    locate: root === null ? () => START : (path) => locateIn(root, path),
    unread: syntax,
    headers,
    root,
  };
}

const unreadable = (why: SettingsProblem): LoadedSettings => ({
  settings: null,
  readable: {},
  problems: [why],
  locate: () => START,
  unread: [why],
  headers: [],
  root: null,
});

function unfitText(text: string): SettingsProblem | null {
  const tooLarge = sizeTrouble(text.length > MAX_SETTINGS_BYTES ? text.length : new TextEncoder().encode(text).length);
  if (tooLarge !== null) return fileProblem(tooLarge, 'at most 1 MiB');
  if (text.isWellFormed()) return null;
  const before = text.slice(0, halfCharacterAt(text)).split('\n');
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  const span = { line, column, endLine: line, endColumn: column + 1 };
  return { ...fileProblem('half of a character stands here', 'whole characters'), ...span };
}

function fileProblem(message: string, expected: string): SettingsProblem {
  return { severity: 'error', ...START, path: '', message, expected, nearest: null };
}

/** Offset of the first byte that no valid UTF-8 text could have there. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const decoder = new TextDecoder('utf-8', { fatal: true });
    try {
      decoder.decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}

function halfCharacterAt(text: string): number {
  const repaired = text.toWellFormed();
  let at = 0;
  while (at < text.length && text[at] === repaired[at]) at += 1;
  return at;
}
