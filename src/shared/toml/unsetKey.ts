import type { AST } from 'toml-eslint-parser';
import { type Change, hasComment, lineStart, nextLine } from './change.ts';
import { equal, isInline, type Path, type TomlDocument } from './document.ts';

/**
 * One key taken out with its line. A line with a comment becomes a comment itself, so that what a person wrote beside the
 * value goes on saying of what it was written. `null` where that cannot be done.
 */
export function changesToUnset(document: TomlDocument, path: Path): readonly Change[] | null {
  const pair = document.pairs.find((one) => equal(one.path, path));
  if (pair === undefined) return null;
  if (isInline(pair.body)) return outOfInline(document, pair.node);
  const { text } = document;
  const from = Math.max(lineStart(text, pair.node.range[0]), text.startsWith('\u{feff}') ? 1 : 0);
  const to = nextLine(text, pair.node.range[1]);
  const insert = hasComment(document, from, to) ? commentedOut(text.slice(from, to)) : '';
  return [{ from, to, insert }];
}

const commentedOut = (lines: string): string => lines.replace(/^([ \t]*)(?=[^\s#])/gm, '$1# ');

/** With one of the commas beside it. */
export function outOfInline(document: TomlDocument, { range: [from, to] }: AST.TOMLKeyValue): readonly Change[] | null {
  if (hasComment(document, from, to)) return null;
  const { text, program } = document;
  const next = program.tokens.find((token) => token.range[0] >= to);
  const before = program.tokens.findLast((token) => token.range[1] <= from);
  if (next?.value === ',') {
    const rest = text.slice(next.range[1]);
    return [{ from, to: next.range[1] + (rest.length - rest.trimStart().length), insert: '' }];
  }
  const start = before?.value === ',' ? before.range[0] : from;
  return [{ from: start, to, insert: '' }];
}
