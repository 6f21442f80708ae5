import type { PresetView } from '../../../shared/settingsView.ts';
import { keyText, stringText } from '../../../shared/toml/quoting.ts';
import { EFFECT_TEXT, type Field, fieldAt, headOf, TABLES, tableNamed } from './fields.ts';

/** The lines of a text, numbered from 1, as an editor holds them. */
export interface Lines {
  readonly lines: number;
  line(number: number): { readonly text: string };
}

/** What could stand at the cursor. */
export interface Hint {
  readonly label: string;
  /** Beside the label: unit and what is built in, or the venue. */
  readonly detail: string;
  readonly info: string;
  /** What is written in place of what was typed so far. */
  readonly insert: string;
}

export interface Hints {
  /** The column, from 0, where what was typed so far begins. */
  readonly from: number;
  readonly hints: readonly Hint[];
}

const HEADER = /^\s*\[+([^\]]+)\]/;

/** The table that a line stands in, `link.kraken`; empty before the first. */
export function tableAt(doc: Lines, lineNumber: number): string {
  for (let number = lineNumber; number > 0; number -= 1) {
    const header = HEADER.exec(doc.line(number).text);
    if (header !== null) return header[1] ?? '';
  }
  return '';
}

/** What the schema and the presets offer at a place; `null` where there is nothing to complete. */
export function hintsAt(doc: Lines, lineNumber: number, column: number, presets: readonly PresetView[]): Hints | null {
  const before = doc.line(lineNumber).text.slice(0, column);
  const header = /^\s*\[\s*([^\]\s]*)$/.exec(before);
  if (header !== null) return { from: column - (header[1] ?? '').length, hints: tableHints(doc) };
  const table = tableAt(doc, lineNumber);
  if (/^\s*[\w-]*$/.test(before) && !inList(doc, lineNumber)) {
    return { from: before.length - before.trimStart().length, hints: keyHints(doc, lineNumber, table) };
  }
  const key = keyAt(doc, lineNumber, before);
  const field = key === null ? null : fieldAt(table, key);
  if (field === null) return null;
  const value = /("?)([^"\s,=[\]]*)$/.exec(before);
  const quote = value?.[1] ?? '';
  const hints = valueHints(field, quote, channelsOf(doc, lineNumber, presets), presets);
  return hints.length === 0 ? null : { from: column - (value?.[0] ?? '').length, hints };
}

/** The key under a column of a line: `null` in a value, a comment or a header. */
export function fieldUnder(doc: Lines, lineNumber: number, column: number): Field | null {
  const match = /^\s*"?([\w-]+)"?(?=\s*=)/.exec(doc.line(lineNumber).text);
  if (match === null || column > match[0].length || inList(doc, lineNumber)) return null;
  return fieldAt(tableAt(doc, lineNumber), match[1] ?? '');
}

function tableHints(doc: Lines): Hint[] {
  const present = new Set<string>();
  for (let number = 1; number <= doc.lines; number += 1) {
    const header = HEADER.exec(doc.line(number).text)?.[1];
    if (header !== undefined) present.add(header.trim());
  }
  return TABLES.filter(({ name, named }) => named || !present.has(name)).map(({ name, named, fields }) => ({
    label: named ? `${name}.NAME` : name,
    detail: `${fields.length} keys`,
    info: named ? `One table for each ${name}, with a name of your choice.` : '',
    insert: named ? `${name}.` : `${name}]`,
  }));
}

function keyHints(doc: Lines, lineNumber: number, table: string): Hint[] {
  const set = new Set(keysAround(doc, lineNumber).map(([key]) => key));
  const free = (tableNamed(headOf(table))?.fields ?? []).filter(({ key }) => !set.has(key));
  return free.map((field) => ({
    label: field.key,
    detail: detailOf(field),
    info: `${field.facts.help} ${capital(field.expected)}. ${capital(EFFECT_TEXT[field.facts.effect])}.`,
    insert: `${keyText(field.key)} = `,
  }));
}

/** `s, 15 built in` */
export function detailOf({ facts, builtIn }: Field): string {
  return [facts.unit, builtIn === null ? '' : `${builtIn} built in`].filter((part) => part !== '').join(', ');
}

function valueHints(field: Field, quote: string, channels: readonly string[], presets: readonly PresetView[]): Hint[] {
  const text = (value: string, detail = ''): Hint => ({ label: value, detail, info: '', insert: stringText(value) });
  const { control, key, builtIn } = field;
  const own = (value: string): string => (value === builtIn ? 'built in' : '');
  if (control.kind === 'switch')
    return ['true', 'false'].map((value) => ({ ...text(value, own(value)), insert: value }));
  if (control.kind === 'choice') return control.options.map((value) => text(value, own(value)));
  if (control.kind === 'number') {
    return builtIn === null
      ? []
      : [{ label: builtIn, detail: 'built in', info: `${capital(field.expected)}.`, insert: builtIn }];
  }
  if (key === 'preset') return presets.map(({ name, venue }) => text(name, venue));
  // The symbol follows, and then the closing quote.
  const isSubscription = field.expected.includes('channel:symbol');
  if (!isSubscription) return [];
  return channels
    .map((channel) => ({ ...text(`${channel}:`, 'channel'), insert: `"${channel}:` }))
    .filter(() => quote === '"' || control.kind === 'list');
}

/** Of the preset that this table names. */
function channelsOf(doc: Lines, lineNumber: number, presets: readonly PresetView[]): readonly string[] {
  const line = keysAround(doc, lineNumber).find(([key]) => key === 'preset')?.[1] ?? '';
  const name = /=\s*["']([^"']*)["']/.exec(line)?.[1];
  return presets.find((preset) => preset.name === name)?.channels.map((channel) => channel.name) ?? [];
}

/** Every `key = …` of the table that a line stands in, but those of the line itself. */
function keysAround(doc: Lines, lineNumber: number): (readonly [key: string, line: string])[] {
  const found: (readonly [string, string])[] = [];
  const look = (from: number, step: 1 | -1): void => {
    for (let number = from; number >= 1 && number <= doc.lines; number += step) {
      const { text } = doc.line(number);
      if (HEADER.test(text)) return;
      const key = /^\s*"?([\w-]+)"?\s*=/.exec(text)?.[1];
      if (key !== undefined) found.push([key, text]);
    }
  };
  look(lineNumber - 1, -1);
  if (!HEADER.test(doc.line(lineNumber).text)) look(lineNumber + 1, 1);
  return found;
}

/** The key whose value the cursor is in, also some lines below it in a list. */
function keyAt(doc: Lines, lineNumber: number, before: string): string | null {
  const own = /^\s*"?([\w-]+)"?\s*=/.exec(before)?.[1];
  if (own !== undefined) return /#/.test(withoutTexts(before)) ? null : own;
  const opener = openerOf(doc, lineNumber);
  return opener === null ? null : (/^\s*"?([\w-]+)"?\s*=/.exec(opener)?.[1] ?? null);
}

const inList = (doc: Lines, lineNumber: number): boolean => openerOf(doc, lineNumber) !== null;

/** The line above that began the list which a line stands in; `null` outside of any. */
function openerOf(doc: Lines, lineNumber: number): string | null {
  let depth = 0;
  for (let number = lineNumber - 1; number >= 1; number -= 1) {
    const { text } = doc.line(number);
    const bare = withoutTexts(text).replace(/#.*/, '');
    if (/^\s*\[/.test(bare) && HEADER.test(text)) return null;
    depth += (bare.match(/\[/g)?.length ?? 0) - (bare.match(/\]/g)?.length ?? 0);
    if (/^\s*"?[\w-]+"?\s*=/.test(text)) return depth > 0 ? text : null;
  }
  return null;
}

const withoutTexts = (line: string): string => line.replaceAll(/"(?:\\.|[^"\\])*"|'[^']*'/g, '');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
