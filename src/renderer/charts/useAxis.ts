import { useMemo, useRef } from 'react';
import { type Axis, axisFor, type Extent } from './axis.ts';
import type { Limit } from './limits.ts';

/** The axis for values between these; the same object as long as it says the same: what is drawn on it stays. */
export function useAxis({ min, max }: Extent, scale: 'linear' | 'log', limits: readonly Limit[]): Axis {
  const kept = useRef<Axis | null>(null);
  return useMemo(() => {
    const axis = axisFor(scale, { min, max }, limits);
    const before = kept.current;
    const isSame = before !== null && sameNumbers(before.domain, axis.domain) && sameNumbers(before.ticks, axis.ticks);
    kept.current = isSame ? before : axis;
    return kept.current;
  }, [min, max, scale, limits]);
}

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);
