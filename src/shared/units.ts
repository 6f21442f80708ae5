declare const mono: unique symbol;
declare const wall: unique symbol;

/** A reading of the engine's monotonic clock: milliseconds with a fraction (1 us), origin arbitrary. */
export type MonoMs = number & { readonly [mono]: true };

/** A reading of the wall clock: milliseconds since 1970 UTC. For people and for files, never for waiting. */
export type WallMs = number & { readonly [wall]: true };

export const monoMs = (value: number): MonoMs => value as MonoMs;
export const wallMs = (value: number): WallMs => value as WallMs;

/** As a text with one digit after the point has it. */
export const toTenth = (value: number): number => Number(value.toFixed(1));

export function elapsedMs(from: MonoMs, to: MonoMs): number {
  return to - from;
}

export function after(at: MonoMs, delayMs: number): MonoMs {
  return (at + delayMs) as MonoMs;
}
