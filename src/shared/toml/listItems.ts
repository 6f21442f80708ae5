import type { AST } from 'toml-eslint-parser';
import { type Change, hasComment, isBlank, lineEnd, lineStart, nextLine } from './change.ts';
import type { TomlDocument } from './document.ts';
import { stringText } from './quoting.ts';

/**
 * A list that becomes another: written anew in its own manner (one line, or a line an entry) where it has no comments,
 * else entry by entry, so that each comment stays with its neighbours. `null` for a list that holds more than texts.
 */
export function changesOfList(
  document: TomlDocument,
  list: AST.TOMLArray,
  wanted: readonly string[],
): readonly Change[] | null {
  const items = list.elements;
  const held = items.flatMap((item) => (item.type === 'TOMLValue' && item.kind === 'string' ? [item.value] : []));
  if (held.length !== items.length || !wanted.every((one) => one.isWellFormed())) return null;
  const [from, to] = list.range;
  if (!hasComment(document, from, to)) return [{ from, to, insert: listText(document.text, list, wanted) }];
  return itemByItem(document, list, held, wanted);
}

function listText(text: string, list: AST.TOMLArray, wanted: readonly string[]): string {
  const items = wanted.map(stringText);
  const first = list.elements[0];
  const spread = first !== undefined && first.loc.start.line > list.loc.start.line;
  if (!spread || items.length === 0) return `[${items.join(', ')}]`;
  const eol = lineEnd(text);
  const indent = text.slice(lineStart(text, first.range[0]), first.range[0]);
  const closing = text.slice(lineStart(text, list.range[1] - 1), list.range[1] - 1);
  const end = isBlank(closing) ? closing : '';
  return `[${eol}${items.map((item) => `${indent}${item},${eol}`).join('')}${end}]`;
}

function itemByItem(
  document: TomlDocument,
  list: AST.TOMLArray,
  held: readonly string[],
  wanted: readonly string[],
): Change[] {
  const least = Math.min(held.length, wanted.length);
  let same = 0;
  while (same < least && held[same] === wanted[same]) same += 1;
  let sameEnd = 0;
  while (sameEnd < least - same && held.at(-1 - sameEnd) === wanted.at(-1 - sameEnd)) sameEnd += 1;
  const old = list.elements.slice(same, held.length - sameEnd);
  const next = wanted.slice(same, wanted.length - sameEnd).map(stringText);
  if (old.length === 0) return next.length === 0 ? [] : [inserted(list, same, next)];
  // What is more than before goes where the last of the old ones stood.
  const replaced = old.slice(0, next.length).map(({ range }, index) => {
    const insert = index === old.length - 1 ? next.slice(index).join(', ') : (next[index] ?? '');
    return { from: range[0], to: range[1], insert };
  });
  return [...replaced, ...old.slice(next.length).map((item) => removal(document, item))];
}

function inserted(list: AST.TOMLArray, index: number, items: readonly string[]): Change {
  const before = list.elements[index - 1];
  const at = before?.range[1] ?? list.range[0] + 1;
  const text = items.join(', ');
  const insert = before !== undefined ? `, ${text}` : list.elements.length === 0 ? text : `${text}, `;
  return { from: at, to: at, insert };
}

/** With its comma, and with its line where nothing else stands in it. */
function removal({ text, program }: TomlDocument, { range: [from, end] }: AST.TOMLContentNode): Change {
  const after = program.tokens.find((token) => token.range[0] >= end);
  const to = after?.value === ',' ? after.range[1] : end;
  const [start, next] = [lineStart(text, from), nextLine(text, to)];
  const alone = isBlank(text.slice(start, from)) && isBlank(text.slice(to, next));
  return alone ? { from: start, to: next, insert: '' } : { from, to, insert: '' };
}
