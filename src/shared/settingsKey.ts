import { z } from 'zod';

/** What applying a changed key does: nothing to the socket, new subscribe messages, a graceful re-dial, or an app restart. */
export type Effect = 'live' | 'resubscribe' | 'redial' | 'restart';

/** What a person is told about a key, next to its type and range. */
export interface KeyFacts {
  readonly effect: Effect;
  readonly unit: string;
  readonly help: string;
}

/** The facts of every key of every table, by schema: one source for problems, preview, hover text and docs. */
export const keyFacts = z.registry<KeyFacts>();

/** A figure from `min` to `max`, both allowed. */
export const number = (min: number, max: number): z.ZodNumber => z.number().min(min).max(max);
export const whole = (min: number, max: number): z.ZodNumber => z.number().int().min(min).max(max);

/** Registers a key's facts with its schema. The unit also ends the key's name, so that no number is bare. */
export function key<T extends z.ZodType>(schema: T, effect: Effect, unit: string, help: string): T {
  keyFacts.add(schema, { effect, unit, help });
  return schema;
}

/** The facts of a key's schema, looked up through `optional` wrappers; `null` for a table. */
export function factsOf(schema: z.ZodType): KeyFacts | null {
  const facts = keyFacts.get(schema);
  if (facts !== undefined) return facts;
  return schema instanceof z.ZodOptional ? factsOf(schema.unwrap() as z.ZodType) : null;
}

export type Optional<T extends Record<string, z.ZodType>> = { [K in keyof T]: z.ZodOptional<T[K]> };

/** The same keys with none of them required. */
export function optionalOf<T extends Record<string, z.ZodType>>(schemas: T): Optional<T> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, schema.optional()])) as Optional<T>;
}

export type Prefixed<P extends string, T extends Record<string, z.ZodType>> = {
  [K in keyof T as `${P}${K & string}`]: z.ZodOptional<T[K]>;
};

/** The same with `prefix` in front of each name: the keys of one kind of connection in `[connection]`. */
export function prefixedOf<P extends string, T extends Record<string, z.ZodType>>(
  prefix: P,
  schemas: T,
): Prefixed<P, T> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [`${prefix}${name}`, schema.optional()]),
  ) as unknown as Prefixed<P, T>;
}
