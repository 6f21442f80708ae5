import { useMemo, useRef } from 'react';
import { type Axis, linearAxis, logAxis } from './axis.ts';

/** The axis for values between these; the same object as long as it says the same: what is drawn on it stays. */
export function useAxis({ min, max }: { readonly min: number; readonly max: number }, scale: 'linear' | 'log'): Axis {
  const kept = useRef<Axis | null>(null);
  return useMemo(() => {
    const axis = scale === 'log' ? logAxis(min, max) : linearAxis(max);
    const before = kept.current;
    const isSame = before !== null && sameNumbers(before.domain, axis.domain) && sameNumbers(before.ticks, axis.ticks);
    kept.current = isSame ? before : axis;
    return kept.current;
  }, [min, max, scale]);
}

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);
