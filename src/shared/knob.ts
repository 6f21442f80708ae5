import type { z } from 'zod';
import { HOUR, MIB, SECOND } from './policyUnits.ts';
import { type Effect, key, number, whole } from './settingsKey.ts';

/** A key that tunes a behaviour: all that is to be known of it, in one place. */
export interface Knob<T extends z.ZodType, F extends string> {
  readonly schema: T;
  /** What holds when nothing says otherwise. */
  readonly builtIn: z.infer<T>;
  /** Where it stands in the engine's policy, which has milliseconds and bytes. */
  readonly field: F;
  /** How many of the policy's units one of the key's is. */
  readonly scale: number;
}

type Knobs = Readonly<Record<string, Knob<z.ZodType, string>>>;

/** What a key takes, in the unit that people read. */
interface Measure<T extends z.ZodType> {
  readonly schema: T;
  readonly unit: string;
  readonly scale: number;
}

type Range = (min: number, max: number) => Measure<z.ZodNumber>;

const rangeIn =
  (unit: string, scale: number): Range =>
  (min, max) => ({ schema: number(min, max), unit, scale });

export const secs = rangeIn('s', SECOND);
export const millis = rangeIn('ms', 1);
export const hours = rangeIn('h', HOUR);
export const mebibytes = rangeIn('MiB', MIB);
export const percent = rangeIn('%', 1);
export const factor = rangeIn('', 1);
export const countOf = (what: string, min: number, max: number): Measure<z.ZodNumber> => ({
  schema: whole(min, max),
  unit: what,
  scale: 1,
});
export const plain = <T extends z.ZodType>(schema: T): Measure<T> => ({ schema, unit: '', scale: 1 });

/** `help` is shown to people, with type, range and unit. */
export function knob<T extends z.ZodType, const F extends string>(
  field: F,
  { schema, unit, scale }: Measure<T>,
  builtIn: z.infer<T>,
  help: string,
  effect: Effect = 'live',
): Knob<T, F> {
  return { schema: key(schema, effect, unit, help), builtIn, field, scale };
}

/** The keys of a table, by name. */
export function schemasOf<T extends Knobs>(table: T): { readonly [K in keyof T]: T[K]['schema'] } {
  return Object.fromEntries(Object.entries(table).map(([name, { schema }]) => [name, schema])) as {
    [K in keyof T]: T[K]['schema'];
  };
}

/** What each is when nothing says otherwise. */
export function builtInOf<T extends Knobs>(table: T): { readonly [K in keyof T]: T[K]['builtIn'] } {
  return Object.fromEntries(Object.entries(table).map(([name, { builtIn }]) => [name, builtIn])) as {
    [K in keyof T]: T[K]['builtIn'];
  };
}
