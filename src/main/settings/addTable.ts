import type { AST } from 'toml-eslint-parser';
import { failed, type Outcome, ok } from '../../shared/outcome.ts';
import { headerPath, leaves, lineEnd, startsWith, type Value, valueText } from './edit.ts';
import { keyText, nodeAt, parseToml, pathText, tableOf } from './toml.ts';

/** The keys of a new table, in their order. */
export type Entries = readonly (readonly [key: string, value: Value | readonly string[]])[];

/**
 * Adds a table with these keys and leaves every other byte as it is: after the last table beside it, with the comments
 * that belong to that one, else at the end. Answers the new lines, and the number of the first. Problems: as `setValue`.
 */
export function addTable(
  text: string,
  path: readonly string[],
  entries: Entries,
): Outcome<{ readonly text: string; readonly block: string; readonly line: number }> {
  const where = pathText(path);
  const lines = entries.map(([key, value]) => entryLines(key, value));
  if (lines.includes(null)) return failed('bad-value', `${where} holds what no TOML can`, where, 'use other text');
  const parsed = parseToml(text);
  if (!parsed.ok) {
    const line = `line ${parsed.span.line}`;
    return failed('broken-settings', 'the text has mistakes, so nothing is added', line, 'repair it first');
  }
  const eol = lineEnd(text);
  const block = [`[${where}]`, ...lines].join('\n').replaceAll('\n', eol);
  const at = placeBeside(parsed.program, text, path.slice(0, -1)) ?? text.length;
  const before = at === 0 ? '' : text.slice(0, at).endsWith('\n') ? eol : eol + eol;
  const edited = `${text.slice(0, at)}${before}${block}${eol}${text.slice(at)}`;
  const line = `${text.slice(0, at)}${before}`.split('\n').length;
  if (leavesOf(edited, path) === leavesOf(text, path) && holdsEntries(edited, path, entries)) {
    return ok({ text: edited, block, line });
  }
  return failed('cannot-edit', `${where} cannot be added to this text`, where, 'write it into the text itself');
}

/** Where the last table below `parent` ends, with the comment lines right under it unless they belong to what follows. */
function placeBeside(program: AST.TOMLProgram, text: string, parent: readonly string[]): number | null {
  const last = program.body[0].body.findLast(
    (part) => part.type === 'TOMLTable' && startsWith(headerPath(part), parent),
  );
  if (last?.type !== 'TOMLTable') return null;
  const end = nextLine(text, (last.body.at(-1) ?? last.key).range[1]);
  let at = end;
  while (/^[ \t]*#/.test(text.slice(at, nextLine(text, at)))) at = nextLine(text, at);
  return /^[ \t]*\[/.test(text.slice(at)) ? end : at;
}

function nextLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}

/** A list that would make a long line has each item on its own. */
const LONGEST_LINE = 100;

function entryLines(key: string, value: Value | readonly string[]): string | null {
  if (typeof value !== 'object') {
    const written = valueText(value);
    return written === null ? null : `${keyText(key)} = ${written}`;
  }
  const items = value.map(valueText);
  if (items.includes(null)) return null;
  const line = `${keyText(key)} = [${items.join(', ')}]`;
  return line.length <= LONGEST_LINE ? line : `${keyText(key)} = [\n${items.map((item) => `  ${item},\n`).join('')}]`;
}

function holdsEntries(text: string, path: readonly string[], entries: Entries): boolean {
  const parsed = parseToml(text);
  const table = parsed.ok ? nodeAt(tableOf(parsed.program, text), path) : null;
  if (table?.kind !== 'table' || table.entries.size !== entries.length) return false;
  return entries.every(([key, value]) => {
    const node = table.entries.get(key)?.node;
    if (typeof value !== 'object') return node?.kind === 'scalar' && node.value === value;
    const items = node?.kind === 'list' ? node.items : null;
    return (
      items?.length === value.length &&
      items.every((item, index) => item.kind === 'scalar' && item.value === value[index])
    );
  });
}

function leavesOf(text: string, except: readonly string[]): string | null {
  const parsed = parseToml(text);
  return parsed.ok ? leaves(tableOf(parsed.program, text), except) : null;
}
