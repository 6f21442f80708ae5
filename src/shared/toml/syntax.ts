import { quotedLine } from '../quotedLine.ts';
import type { SettingsProblem } from '../settingsView.ts';
import { pathText } from './quoting.ts';
import { headersOf, locateIn, nodeAt, parseToml, type Span, type TomlParse, type TomlTable, tableOf } from './toml.ts';

/** What could be read of the text, and every place where it is not TOML. `root` is `null` when nothing can be said of the rest. */
export interface SyntaxReading {
  readonly root: TomlTable | null;
  readonly problems: readonly SettingsProblem[];
  /** Where the tables that could be read begin, in the order of the text. */
  readonly headers: readonly { readonly line: number; readonly path: readonly string[] }[];
}

/**
 * Reads on after a mistake: the faulty line, and the body under a faulty table header, is blanked out and the rest is
 * read again, so that one missing quote does not hide the other problems. Never throws.
 */
export function readSyntax(text: string): SyntaxReading {
  const problems: SettingsProblem[] = [];
  const lines = text.split('\n');
  let rounds = Math.min(20, Math.ceil(REREAD_BUDGET / Math.max(1, text.length)));
  for (;;) {
    const current = lines.join('\n');
    const parsed = atItsLine(parseToml(current), lines, text.split('\n'));
    if (parsed.ok) return { root: tableOf(parsed.program, current), problems, headers: headersOf(parsed.program) };
    const faulty = lines[parsed.span.line - 1] ?? '';
    const duplicate = parsed.reason === DUPLICATE;
    problems.push(duplicate ? duplicateProblem(lines, parsed.span) : syntaxProblem(parsed, faulty));
    rounds -= 1;
    if (rounds === 0 || !canReadOn(lines, parsed.span.line - 1)) return { root: null, problems, headers: [] };
    blank(lines, parsed.span.line - 1);
  }
}

/** Characters that may be parsed anew after mistakes, so that a big broken file does not hold up the program. */
const REREAD_BUDGET = 1_000_000;

const DUPLICATE = 'Defining a key multiple times is invalid';

const WRAPPED = 'The key, equals sign, and value must be on the same line';

/** The parser notices an unfinished line only in the next one, and an open text only where its line or the file ends. */
function atItsLine(parsed: TomlParse, lines: readonly string[], written: readonly string[]): TomlParse {
  if (parsed.ok) return parsed;
  if (parsed.reason === UNCLOSED) return { ...parsed, span: openingQuote(lines) ?? parsed.span };
  const isEmpty = (line: number): boolean => (lines[line - 1] ?? '').trim() === '';
  let line = parsed.reason === WRAPPED ? parsed.span.line - 1 : parsed.span.line;
  while (line > 1 && isEmpty(line)) line -= 1;
  // The half line that ends a file is noticed in the empty one after it; what was blanked out is no such line.
  const wasEmpty = written.slice(line, parsed.span.line).every((one) => one.trim() === '');
  if (parsed.reason !== WRAPPED && (line === parsed.span.line || !wasEmpty)) return parsed;
  const text = lines[line - 1] ?? '';
  const column = text.trimEnd().length + 1;
  const reason = parsed.reason === WRAPPED ? unfinished(text) : parsed.reason;
  return { ...parsed, reason, span: { line, column, endLine: line, endColumn: column + 1 } };
}

const unfinished = (text: string): string =>
  text.trimStart().startsWith('[') ? 'Unterminated table-key' : 'Unspecified values are invalid';

const UNCLOSED = 'Unterminated string constant';

/** A comment, or a text with its closing quote where there is one. */
const TEXT =
  /#.*|"{3}(?:\\[\s\S]|(?!"{3})[\s\S])*("{3,5})?|'{3}(?:(?!'{3})[\s\S])*('{3,5})?|"(?:\\.|[^"\\\n])*(")?|'[^'\n]*(')?/g;

/** From the quote that begins the first text without an end to the end of its line. */
function openingQuote(lines: readonly string[]): Span | null {
  const text = lines.join('\n');
  for (const match of text.matchAll(TEXT)) {
    const [whole, ...closing] = match;
    if (whole.startsWith('#') || closing.some((quote) => quote !== undefined)) continue;
    const before = text.slice(0, match.index).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    const length = (lines[before.length - 1] ?? '').trimEnd().length;
    return { line: before.length, column, endLine: before.length, endColumn: Math.max(column, length) + 1 };
  }
  return null;
}

/** In a trader's words: what is wrong, and what was expected. */
const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  [UNCLOSED]: ['a text is not closed', 'a closing quote'],
  'Unterminated table-key': ['a table name is not closed', 'a table name in brackets: [link.NAME]'],
  'Unterminated array': ['a list is not closed', 'a closing ]'],
  'Unterminated inline table': ['a table in braces is not closed', 'a closing }'],
  'Empty bare keys are not allowed': ['a key is missing', 'key = value'],
  'Must be a newline': ['there is something after the end of the value', 'one key = value on a line; texts in quotes'],
  'Expected equal (=) token': ['an equals sign is missing', 'key = value'],
  'Unspecified values are invalid': ['a value is missing', 'key = value'],
  'Expected comma (,) token': ['a comma is missing', 'values with commas between them'],
  'Unexpected token': ['this is not a value', 'a number, true, false, a text in quotes, or a list in brackets'],
  'Unexpected character': ['this character cannot stand here', 'key = value, [table] or # comment'],
};

function syntaxProblem(fault: { span: Span; reason: string }, faulty: string): SettingsProblem {
  const [what, expected] = WORDS[fault.reason] ?? [fault.reason.toLowerCase(), 'TOML 1.0'];
  const shown = quotedLine(faulty);
  const message = shown === '' ? what : `${what}: ${shown}`;
  return { severity: 'error', ...fault.span, path: '', message, expected, nearest: null };
}

/** Names the key and where it stands for the first time, which the parser does not say. */
function duplicateProblem(lines: readonly string[], span: Span): SettingsProblem {
  const before = [...lines];
  blank(before, span.line - 1);
  const line = lines[span.line - 1] ?? '';
  const path = [...(isHeader(line) ? [] : headerAbove(lines, span.line - 1)), ...keysOf(line)];
  const rest = parseToml(before.join('\n'));
  const root = rest.ok ? tableOf(rest.program, '') : null;
  const known = root !== null && path.length > 0 && nodeAt(root, path) !== null;
  const first = known ? ` (first on line ${locateIn(root, path).line})` : '';
  const name = path.length === 0 ? quotedLine(line) : pathText(path);
  return {
    severity: 'error',
    ...span,
    path: pathText(path),
    message: `${name} is there twice${first}`,
    expected: isHeader(line) ? 'each table once' : 'each key once in its table',
    nearest: null,
  };
}

/** The names that a header, or a line with one key, leads through. Empty for a line that is no TOML. */
export function keysOf(line: string): string[] {
  const parsed = parseToml(line);
  if (!parsed.ok) return [];
  const path: string[] = [];
  let table: TomlTable = tableOf(parsed.program, line);
  while (table.entries.size === 1) {
    const [entry] = table.entries.values();
    if (entry === undefined) break;
    path.push(entry.name);
    if (entry.node.kind !== 'table') break;
    table = entry.node;
  }
  return path;
}

function headerAbove(lines: readonly string[], index: number): string[] {
  for (let at = index - 1; at >= 0; at--) if (isHeader(lines[at] ?? '')) return keysOf(lines[at] ?? '');
  return [];
}

/** A table's header, also one that lost a bracket; but what ends a list has texts before its bracket, or nothing. */
export const isHeader = (line: string): boolean => /^\s*\[|^\s*[\w-][^=[]*\]\s*$/.test(withoutTexts(line));

/** Only when the mistake is one line's own: taking a line out of a list or a long text would make new mistakes. */
function canReadOn(lines: readonly string[], index: number): boolean {
  const faulty = lines[index] ?? '';
  if (faulty.trim() === '' || lines.some((line) => line.includes('"""') || line.includes("'''"))) return false;
  if (isHeader(faulty)) return true;
  let above = 0;
  for (let at = index - 1; at >= 0 && !isHeader(lines[at] ?? ''); at--) above += bracketDepth(lines[at] ?? '');
  // The end of a list whose beginning is gone is its own mistake, too.
  return above === 0 && bracketDepth(faulty) <= 0;
}

function bracketDepth(line: string): number {
  const bare = withoutTexts(line);
  return (bare.match(/[[{]/g)?.length ?? 0) - (bare.match(/[\]}]/g)?.length ?? 0);
}

const withoutTexts = (line: string): string => line.replaceAll(/"(?:\\.|[^"\\])*"|'[^']*'|#.*/g, '');

/** Spaces, not nothing: the lines below keep their numbers. */
function blank(lines: string[], index: number): void {
  const wasHeader = isHeader(lines[index] ?? '');
  lines[index] = '';
  if (!wasHeader) return;
  for (let at = index + 1; at < lines.length && !isHeader(lines[at] ?? ''); at++) lines[at] = '';
}
