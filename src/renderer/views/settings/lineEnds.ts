import { lineEnd } from '../../../shared/toml/change.ts';

/** The editor knows one kind of line end: this is what it makes of a text. */
export const inEditor = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** Only what differs, so that the cursor and what is scrolled to stay. */
export function changeTo(from: string, to: string): TextChange {
  const least = Math.min(from.length, to.length);
  let start = 0;
  while (start < least && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < least - start && from.at(-1 - end) === to.at(-1 - end)) end += 1;
  return { from: start, to: from.length - end, insert: to.slice(start, to.length - end) };
}

/** What the editor made of `text`, with the text's own line ends; a new line gets that of the first line. */
export function withLineEnds(text: string, edited: string): string {
  // A carriage return alone is no TOML, and ends as a line end.
  if (!text.includes('\r') || /\r(?!\n)/.test(text)) return edited;
  const { from, to, insert } = changeTo(inEditor(text), edited);
  const newLine = lineEnd(text);
  const start = offsetIn(text, 0, from);
  const end = start + offsetIn(text, start, to - from);
  return text.slice(0, start) + insert.replaceAll('\n', newLine) + text.slice(end);
}

/** How many characters of `text` from `start` on the editor holds as `length`. */
function offsetIn(text: string, start: number, length: number): number {
  let at = start;
  for (let left = length; left > 0; left--) at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
  return at - start;
}
