/** Axes with round numbers that stay put while the values under them move. Pure. */
export interface Axis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/** There is no zero on a logarithmic axis: a microsecond stands for it. */
export const LEAST_MS = 0.001;

/** What an axis is to hold. */
export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** Where limits lie off the axis no value is higher than this: their names have the rest. */
const HIGHEST = 0.92;

/** The axis for these values, with room for the names of such limits. */
export function axisFor(
  scale: 'linear' | 'log',
  { min, max }: Extent,
  limits: readonly { readonly ms: number }[],
): Axis {
  const isOff = ({ ms }: { readonly ms: number }): boolean => ms > axis.domain[1];
  const upTo = (top: number): Axis => (scale === 'log' ? logAxis(min, top) : linearAxis(top));
  let axis = upTo(max);
  while (heightOf(axis, scale, max) > HIGHEST && limits.some(isOff)) axis = upTo(axis.domain[1] * 1.01);
  return axis;
}

const STEPS = [1, 2, 2.5, 5, 10] as const;

/** From zero to a round number at or over `max`, with four or five steps. */
export function linearAxis(max: number): Axis {
  if (!(max > 0)) return { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] };
  const rough = max / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((candidate) => candidate * power >= rough * 0.999) ?? 10) * power;
  const steps = Math.max(1, Math.ceil(max / step - 1e-9));
  return { domain: [0, clean(steps * step)], ticks: Array.from({ length: steps + 1 }, (_, i) => clean(i * step)) };
}

/** From a 1, 2 or 5 at or under `min` to one at or over `max`; at least one decade. */
export function logAxis(min: number, max: number): Axis {
  if (!(min > 0) || !(max > 0)) return { domain: [0.1, 1000], ticks: [0.1, 1, 10, 100, 1000] };
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(min)) - 1; power <= Math.ceil(Math.log10(max)) + 1; power += 1) {
    for (const head of [1, 2, 5]) all.push(clean(head * 10 ** power));
  }
  let first = all.findLastIndex((tick) => tick <= min);
  let last = all.findIndex((tick) => tick >= max);
  while (last - first < 3) {
    if (first > 0) first -= 1;
    last += 1;
  }
  const ticks = all.slice(first, last + 1);
  const kept = ticks.length > 9 ? ticks.filter((tick) => Number.isInteger(Math.log10(tick))) : ticks;
  return { domain: [ticks[0] as number, ticks.at(-1) as number], ticks: kept };
}

/** Round moments inside the range, at most seven. */
export function timeTicks(fromMs: number, toMs: number): number[] {
  const stepMs = TIME_STEPS_MS.find((step) => (toMs - fromMs) / step <= 6.5) ?? 3_600_000;
  const ticks: number[] = [];
  for (let t = Math.ceil(fromMs / stepMs) * stepMs; t <= toMs; t += stepMs) ticks.push(t);
  return ticks;
}

const TIME_STEPS_MS = [5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 180_000, 300_000, 600_000, 900_000];

/** How far up a value lies, 0 to 1; outside of that it is off the axis. */
export function heightOf(axis: Axis, scale: 'linear' | 'log', value: number): number {
  const [low, high] = axis.domain;
  if (scale === 'linear') return (value - low) / (high - low);
  return value <= 0 ? Number.NEGATIVE_INFINITY : Math.log(value / low) / Math.log(high / low);
}

const clean = (value: number): number => Number(value.toPrecision(6));
