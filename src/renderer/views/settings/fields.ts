import { z } from 'zod';
import { expectedText, unwrap } from '../../../shared/expected.ts';
import { BUILT_IN } from '../../../shared/knobs.ts';
import { POOL_BUILT_IN } from '../../../shared/poolKnobs.ts';
import { SETTINGS_BUILT_IN, SettingsSchema } from '../../../shared/settings.ts';
import { factsOf, type KeyFacts } from '../../../shared/settingsKey.ts';

/** How a key is edited. `other`: only in the text. */
export type Control =
  | { readonly kind: 'number'; readonly whole: boolean; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'switch' | 'text' | 'list' | 'other' };

/** One key of one table, from the schema that checks it. */
export interface Field {
  readonly key: string;
  readonly facts: KeyFacts;
  readonly schema: z.ZodType;
  readonly control: Control;
  /** `a number from 0.1 to 3600 (s)` */
  readonly expected: string;
  /** What holds where nothing says otherwise; `null` where that is not one value. */
  readonly builtIn: string | null;
}

/** `named`: there are many, each under a name: `[link.NAME]`. */
export interface Table {
  readonly name: string;
  readonly named: boolean;
  readonly fields: readonly Field[];
}

const BUILT_INS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...SETTINGS_BUILT_IN,
  link: BUILT_IN,
  pool: POOL_BUILT_IN,
  connection: { ...prefixed('ws_', BUILT_IN), ...prefixed('http_', POOL_BUILT_IN) },
};

/** Every table that the settings can have, in the order of the schema. */
export const TABLES: readonly Table[] = Object.entries<z.ZodType>(SettingsSchema.shape).map(([name, wrapped]) => {
  const schema = unwrap(wrapped);
  const named = schema instanceof z.ZodRecord;
  const inner = named ? unwrap(schema.valueType as z.ZodType) : schema;
  return { name, named, fields: inner instanceof z.ZodObject ? fieldsOf(name, inner.shape) : [] };
});

export const tableNamed = (name: string): Table | null => TABLES.find((table) => table.name === name) ?? null;

/** The key of a header such as `link."okx spot"`; `null` where the schema has none. */
export function fieldAt(table: string, key: string): Field | null {
  return tableNamed(headOf(table))?.fields.find((field) => field.key === key) ?? null;
}

/** `link` of `link."okx spot"`. */
export const headOf = (table: string): string => table.trim().split(/[.\s]/, 1)[0] ?? '';

/** `0.1 to 3600 s`, empty where there is no range. */
export function rangeText({ control, facts }: Field): string {
  if (control.kind !== 'number') return '';
  return `${control.min} to ${control.max}${facts.unit === '' ? '' : ` ${facts.unit}`}`;
}

export const EFFECT_TEXT: Readonly<Record<KeyFacts['effect'], string>> = {
  live: 'live',
  resubscribe: 'resubscribe',
  redial: 're-dial',
  restart: 'restart',
};

function fieldsOf(table: string, shape: Readonly<Record<string, z.ZodType>>): readonly Field[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const facts = factsOf(schema);
    if (facts === null) return [];
    const builtIn = BUILT_INS[table]?.[key];
    const known = builtIn === undefined ? null : String(builtIn);
    return [{ key, facts, schema, control: controlOf(unwrap(schema)), expected: expectedText(schema), builtIn: known }];
  });
}

function controlOf(schema: z.ZodType): Control {
  if (schema instanceof z.ZodNumber) {
    const { isInt: whole, minValue, maxValue } = schema;
    return { kind: 'number', whole, min: minValue ?? -Infinity, max: maxValue ?? Infinity };
  }
  if (schema instanceof z.ZodBoolean) return { kind: 'switch' };
  if (schema instanceof z.ZodEnum) return { kind: 'choice', options: schema.options.map(String) };
  if (schema instanceof z.ZodArray) return { kind: isText(schema.element) ? 'list' : 'other' };
  return { kind: isText(schema) ? 'text' : 'other' };
}

/** Also a text of a format, such as an address. */
function isText(schema: unknown): boolean {
  return schema instanceof z.ZodString || schema instanceof z.ZodStringFormat;
}

function prefixed(prefix: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [prefix + key, value]));
}
