/** Where a knob stands in the engine's policy `P`, and how many of the policy's units one of the knob's units is. */
export interface PolicyField<P> {
  readonly field: keyof P;
  readonly scale: number;
}

export const SECOND = 1000;
export const HOUR = 3_600_000;
export const MIB = 1024 * 1024;

/** All knobs in the policy's units: seconds to milliseconds, MiB to whole bytes. */
export function policyFrom<P extends object>(
  values: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, PolicyField<P>>>,
): P {
  const inPolicy = (value: unknown, scale: number): unknown => {
    if (typeof value !== 'number') return value;
    return scale === MIB ? Math.round(value * scale) : tidy(value * scale);
  };
  return Object.fromEntries(
    Object.entries(fields).map(([knob, { field, scale }]) => [field, inPolicy(values[knob], scale)]),
  ) as P;
}

/** A policy's value back in the knob's unit, as people read it. */
export function policyText<P>(policy: P, { field, scale }: PolicyField<P>): string {
  const value = policy[field];
  return typeof value === 'number' ? String(tidy(value / scale)) : String(value);
}

/** 1.1 s is 1100 ms, not 1100.0000000000002. */
const tidy = (value: number): number => Number(value.toPrecision(12));
