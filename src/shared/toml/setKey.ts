import type { AST } from 'toml-eslint-parser';
import { type Change, lineBelow, lineEnd, lineStart, type Value, valueText } from './change.ts';
import { equal, isInline, type Pair, type Path, startsWith, type TomlDocument } from './document.ts';
import { changesOfList } from './listItems.ts';
import { keyText, pathText } from './quoting.ts';

/** One key set at its place, or under the last one of its table; `null` where that cannot be done at a place. */
export function changesToSet(document: TomlDocument, path: Path, value: Value): readonly Change[] | null {
  const written = valueText(value);
  if (written === null || path.length === 0) return null;
  const same = document.pairs.find((pair) => equal(pair.path, path));
  if (same !== undefined) return replaced(document, same, value, written);
  const added = newKey(document, path, written);
  return added === null ? null : [added];
}

/** A table, or a list under a key that wants none, may have comments inside, which would go with it. */
function replaced(document: TomlDocument, pair: Pair, value: Value, written: string): readonly Change[] | null {
  const node = pair.node.value;
  if (node.type === 'TOMLValue') return [{ from: node.range[0], to: node.range[1], insert: written }];
  return node.type === 'TOMLArray' && Array.isArray(value) ? changesOfList(document, node, value) : null;
}

function newKey({ text, pairs, headers, program }: TomlDocument, path: Path, written: string): Change | null {
  const parent = path.slice(0, -1);
  const inline = pairs.findLast((pair) => startsWith(path, pair.path));
  if (inline !== undefined) return intoInline(inline, path, written);
  const header = headers.find((one) => equal(one.path, parent));
  if (header !== undefined) return intoTable(text, header.node, parent, path, written);
  // Dotted keys define the table above them, so it may not get a header of its own.
  const dotted = pairs.findLast(
    (pair) => startsWith(pair.path, parent) && pair.bodyPath.length < parent.length && !isInline(pair.body),
  );
  if (dotted !== undefined) return afterPair(text, dotted.node, dotted.bodyPath, path, written);
  return parent.length === 0 ? intoTop(text, program.body[0], path, written) : newTable(text, parent, path, written);
}

function intoInline(pair: Pair, path: Path, written: string): Change | null {
  const table = pair.node.value;
  if (table.type !== 'TOMLInlineTable') return null;
  const line = `${pathText(path.slice(pair.path.length))} = ${written}`;
  const last = table.body.at(-1);
  if (last === undefined) return { from: table.range[0], to: table.range[1], insert: `{ ${line} }` };
  return { from: last.range[1], to: last.range[1], insert: `, ${line}` };
}

function intoTable(text: string, table: AST.TOMLTable, parent: Path, path: Path, written: string): Change {
  const last = table.body.at(-1);
  if (last !== undefined) return afterPair(text, last, parent, path, written);
  return lineBelow(text, table.key.range[1], '', `${keyText(path.at(-1) ?? '')} = ${written}`);
}

function afterPair(text: string, node: AST.TOMLKeyValue, bodyPath: Path, path: Path, written: string): Change {
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, node.range[0]), node.range[0]))?.[0] ?? '';
  return lineBelow(text, node.range[1], indent, `${pathText(path.slice(bodyPath.length))} = ${written}`);
}

/** After the keys at the top; without any, before everything else, because a table takes all keys that follow it. */
function intoTop(text: string, top: AST.TOMLTopLevelTable, path: Path, written: string): Change {
  const last = top.body.findLast((part) => part.type === 'TOMLKeyValue');
  if (last !== undefined) return afterPair(text, last, [], path, written);
  const at = text.startsWith('\u{feff}') ? 1 : 0;
  return { from: at, to: at, insert: `${pathText(path)} = ${written}${lineEnd(text)}` };
}

function newTable(text: string, parent: Path, path: Path, written: string): Change {
  const eol = lineEnd(text);
  const gap = text === '' ? '' : text.endsWith('\n') ? eol : eol + eol;
  const insert = `${gap}[${pathText(parent)}]${eol}${keyText(path.at(-1) ?? '')} = ${written}${eol}`;
  return { from: text.length, to: text.length, insert };
}
