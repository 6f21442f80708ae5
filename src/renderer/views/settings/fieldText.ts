import type { EffectiveValue } from '../../../shared/contract.ts';
import type { Value } from '../../../shared/toml/change.ts';
import type { TomlNode } from '../../../shared/toml/toml.ts';
import type { Field } from './fields.ts';

/** What a person typed: a value to write, nothing at all, or neither. */
export type Typed =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'empty' }
  | { readonly kind: 'neither' };

export function typedValue({ control }: Field, typed: string): Typed {
  if (control.kind === 'list') {
    const items = typed
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    return items.length === 0 ? { kind: 'empty' } : { kind: 'value', value: items };
  }
  const text = typed.trim();
  if (text === '') return { kind: 'empty' };
  if (control.kind === 'switch') return { kind: 'value', value: text === 'true' };
  if (control.kind !== 'number') return { kind: 'value', value: typed };
  const number = Number(text);
  return Number.isFinite(number) && /^[\d.eE+-]+$/.test(text) ? { kind: 'value', value: number } : { kind: 'neither' };
}

/** A value of the text as its control shows it: a list has one line an entry. `null`: it cannot be shown there. */
export function shownValue(node: TomlNode | undefined): string | null {
  if (node === undefined) return '';
  if (node.kind === 'table') return null;
  if (node.kind === 'scalar') return String(node.value);
  const items = node.items.map(shownValue);
  return node.ofTables || items.includes(null) ? null : items.join('\n');
}

/** The same of a value that is written. */
export const shownAs = (value: Value): string => (Array.isArray(value) ? value.join('\n') : String(value));

/** `15 s from preset kraken_v2`: what holds where the table says nothing itself. */
export function inheritedText(row: EffectiveValue | undefined, field: Field, preset: string | null): string {
  if (row === undefined) return field.builtIn === null ? 'not set' : `${withUnit(field.builtIn, field)}, built in`;
  const source = sourceText(row, preset);
  // A file, a zone or a list that is not given is no value that was built in.
  const plain = row.source === 'built in' && field.builtIn === null;
  return plain ? row.value : `${withUnit(row.value, field)}${source}`;
}

const withUnit = (value: string, { facts }: Field): string => (facts.unit === '' ? value : `${value} ${facts.unit}`);

function sourceText({ source, note }: EffectiveValue, preset: string | null): string {
  if (source === 'limit of the venue') return ` (${note ?? source})`;
  if (source === 'preset') return preset === null ? ' from the preset' : ` from preset ${preset}`;
  if (source === 'profile') return ` from ${note ?? 'the profile'}`;
  if (source === 'connection') return ` from [connection] ${note ?? ''}`.trimEnd();
  return source === 'built in' ? ', built in' : ', set here';
}
