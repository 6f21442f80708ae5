import type { TomlDocument } from './document.ts';
import { stringText } from './quoting.ts';

/** What the settings hold: a list is one of texts. */
export type Value = string | number | boolean | readonly string[];

/** A stretch of the text that becomes another. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** Changes that do not overlap, in any order. */
export function withChanges(text: string, changes: readonly Change[]): string {
  const fromTheEnd = [...changes].sort((a, b) => b.from - a.from);
  return fromTheEnd.reduce((made, { from, to, insert }) => made.slice(0, from) + insert + made.slice(to), text);
}

/** `null` where no TOML can hold it. */
export function valueText(value: Value): string | null {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  if (typeof value === 'string') return value.isWellFormed() ? stringText(value) : null;
  const items = value.map(valueText);
  return items.includes(null) ? null : `[${items.join(', ')}]`;
}

export function lineEnd(text: string): string {
  const newline = text.indexOf('\n');
  return newline > 0 && text[newline - 1] === '\r' ? '\r\n' : '\n';
}

export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** Where the next line begins; the end of the text after its last one. */
export function nextLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}

/** A line of its own below the line that `offset` is in, whose trailing comment stays where it is. */
export function lineBelow(text: string, offset: number, indent: string, line: string): Change {
  const eol = lineEnd(text);
  const at = nextLine(text, offset);
  const open = at === text.length && !text.endsWith('\n');
  return { from: at, to: at, insert: open ? `${eol}${indent}${line}` : `${indent}${line}${eol}` };
}

export const hasComment = ({ program }: TomlDocument, from: number, to: number): boolean =>
  program.comments.some(({ range }) => range[0] >= from && range[0] < to);

export const isBlank = (text: string): boolean => text.trim() === '';
