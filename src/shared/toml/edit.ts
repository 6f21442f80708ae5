import type { AST } from 'toml-eslint-parser';
import { failed, type Outcome, ok } from '../outcome.ts';
import { keyText, pathText, stringText } from './quoting.ts';
import { keyName, nodeAt, parseToml, type TomlNode, tableOf } from './toml.ts';

type Value = string | number | boolean;

/**
 * Sets one key and leaves every other byte as it is: the value is replaced where the key stands, and a new key goes
 * under the last one of its table. Problems: `broken-settings` (not TOML), `cannot-edit` (a table or a list
 * stands there, or the path leads through a value), `bad-value` (no TOML can hold it).
 */
export function setValue(text: string, path: readonly string[], value: Value): Outcome<string> {
  const written = valueText(value);
  if (written === null || path.length === 0) {
    return failed('bad-value', `${String(value)} cannot be written as TOML`, pathText(path), 'use another value');
  }
  const parsed = parseToml(text);
  if (!parsed.ok) {
    const where = `line ${parsed.span.line}`;
    return failed('broken-settings', 'the text has mistakes, so it is not changed', where, 'repair it first');
  }
  const edited = applyEdit(text, editFor(parsed.program, text, path, written));
  // The edit is only believed when reading it back shows this one change and no other.
  if (edited !== null && holdsOnly(text, edited, path, value)) return ok(edited);
  return failed(
    'cannot-edit',
    `${pathText(path)} cannot be set in this text`,
    pathText(path),
    'set it in the text itself',
  );
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

type Body = AST.TOMLTopLevelTable | AST.TOMLTable | AST.TOMLInlineTable;

interface Pair {
  readonly path: readonly string[];
  readonly node: AST.TOMLKeyValue;
  readonly body: Body;
  readonly bodyPath: readonly string[];
}

function editFor(program: AST.TOMLProgram, text: string, path: readonly string[], written: string): Edit | null {
  const top = program.body[0];
  const pairs = pairsOf(top);
  const same = pairs.find((pair) => equal(pair.path, path));
  if (same !== undefined) {
    const [from, to] = same.node.value.range;
    // A list or a table may have comments inside, which would go with it.
    return same.node.value.type === 'TOMLValue' ? { from, to, insert: written } : null;
  }
  const parent = path.slice(0, -1);
  const inline = pairs.findLast((pair) => startsWith(path, pair.path));
  if (inline !== undefined) return intoInline(inline, path, written);
  const header = top.body.find((part) => part.type === 'TOMLTable' && equal(headerPath(part), parent));
  if (header?.type === 'TOMLTable') return intoTable(text, header, path, written);
  // Dotted keys define the table above them, so it may not get a header of its own.
  const dotted = pairs.findLast(
    (pair) => startsWith(pair.path, parent) && pair.bodyPath.length < parent.length && !isInline(pair.body),
  );
  if (dotted !== undefined) return afterLine(text, dotted.node, dotted.bodyPath, path, written);
  return parent.length === 0 ? intoTop(text, top, path, written) : newTable(text, parent, path, written);
}

function intoInline(pair: Pair, path: readonly string[], written: string): Edit | null {
  const table = pair.node.value;
  if (table.type !== 'TOMLInlineTable') return null;
  const line = `${pathText(path.slice(pair.path.length))} = ${written}`;
  const last = table.body.at(-1);
  if (last === undefined) return { from: table.range[0], to: table.range[1], insert: `{ ${line} }` };
  return { from: last.range[1], to: last.range[1], insert: `, ${line}` };
}

function intoTable(text: string, table: AST.TOMLTable, path: readonly string[], written: string): Edit {
  const last = table.body.at(-1);
  if (last !== undefined) return afterLine(text, last, headerPath(table), path, written);
  return lineAfter(text, table.key.range[1], '', `${keyText(path.at(-1) ?? '')} = ${written}`);
}

function afterLine(
  text: string,
  node: AST.TOMLKeyValue,
  bodyPath: readonly string[],
  path: readonly string[],
  written: string,
): Edit {
  const lineStart = text.lastIndexOf('\n', node.range[0] - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, node.range[0]))?.[0] ?? '';
  return lineAfter(text, node.range[1], indent, `${pathText(path.slice(bodyPath.length))} = ${written}`);
}

/** After the keys at the top; without any, before everything else, because a table takes all keys that follow it. */
function intoTop(text: string, top: AST.TOMLTopLevelTable, path: readonly string[], written: string): Edit {
  const last = top.body.findLast((part) => part.type === 'TOMLKeyValue');
  if (last?.type === 'TOMLKeyValue') return afterLine(text, last, [], path, written);
  const at = text.startsWith('\u{feff}') ? 1 : 0;
  return { from: at, to: at, insert: `${pathText(path)} = ${written}${lineEnd(text)}` };
}

function newTable(text: string, parent: readonly string[], path: readonly string[], written: string): Edit {
  const eol = lineEnd(text);
  const gap = text === '' ? '' : text.endsWith('\n') ? eol : eol + eol;
  const insert = `${gap}[${pathText(parent)}]${eol}${keyText(path.at(-1) ?? '')} = ${written}${eol}`;
  return { from: text.length, to: text.length, insert };
}

/** A line of its own below the line that `offset` is in, its trailing comment left where it is. */
function lineAfter(text: string, offset: number, indent: string, line: string): Edit {
  const eol = lineEnd(text);
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return { from: text.length, to: text.length, insert: `${eol}${indent}${line}` };
  return { from: newline + 1, to: newline + 1, insert: `${indent}${line}${eol}` };
}

function lineEnd(text: string): string {
  const newline = text.indexOf('\n');
  return newline > 0 && text[newline - 1] === '\r' ? '\r\n' : '\n';
}

function applyEdit(text: string, edit: Edit | null): string | null {
  return edit === null ? null : text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
}

function pairsOf(top: AST.TOMLTopLevelTable): Pair[] {
  const pairs: Pair[] = [];
  const collect = (node: AST.TOMLKeyValue, body: Body, bodyPath: readonly string[]): void => {
    const path = [...bodyPath, ...node.key.keys.map(keyName)];
    pairs.push({ path, node, body, bodyPath });
    if (node.value.type !== 'TOMLInlineTable') return;
    for (const inner of node.value.body) collect(inner, node.value, path);
  };
  for (const part of top.body) {
    if (part.type === 'TOMLKeyValue') collect(part, top, []);
    else for (const node of part.body) collect(node, part, headerPath(part));
  }
  return pairs;
}

const headerPath = (table: AST.TOMLTable): string[] => table.resolvedKey.map(String);
const isInline = (body: Body): boolean => body.type === 'TOMLInlineTable';
const startsWith = (path: readonly string[], start: readonly string[]): boolean =>
  path.length > start.length && start.every((step, index) => path[index] === step);
const equal = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((step, index) => b[index] === step);

function valueText(value: Value): string | null {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  return value.isWellFormed() ? stringText(value) : null;
}

function holdsOnly(before: string, after: string, path: readonly string[], value: Value): boolean {
  const reread = parseToml(after);
  const old = parseToml(before);
  if (!reread.ok || !old.ok) return false;
  const now = tableOf(reread.program, after);
  const set = nodeAt(now, path);
  if (set?.kind !== 'scalar' || set.value !== value) return false;
  return leaves(now, path) === leaves(tableOf(old.program, before), path);
}

/** Every value but the one at `except`, by path. */
function leaves(root: TomlNode, except: readonly string[]): string {
  const found: [string, unknown][] = [];
  const walk = (node: TomlNode, path: readonly string[]): void => {
    if (equal(path, except)) return;
    if (node.kind === 'scalar') found.push([pathText(path), [typeof node.value, String(node.value)]]);
    else if (node.kind === 'list')
      for (const [index, item] of node.items.entries()) walk(item, [...path, String(index)]);
    else for (const entry of node.entries.values()) walk(entry.node, [...path, entry.name]);
  };
  walk(root, []);
  return JSON.stringify(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}
