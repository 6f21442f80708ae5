import { type MonoMs, monoMs } from '../../../shared/units.ts';

/** Since when a subscription is wanted on a socket, or was sent on it. */
export interface Asked {
  readonly at: MonoMs;
  readonly isSent: boolean;
  /** Given up and not served: it has a next try of its own. */
  readonly isOut: boolean;
}

/** When the last of them was first sent; `null` while one is not, or none is wanted. */
export function allSentAt(asked: Iterable<Asked>): MonoMs | null {
  let last: MonoMs | null = null;
  for (const { at, isSent } of asked) {
    if (!isSent) return null;
    last = monoMs(Math.max(last ?? at, at));
  }
  return last;
}
