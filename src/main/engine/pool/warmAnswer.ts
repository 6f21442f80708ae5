import type { WallMs } from '../../../shared/units.ts';
import { retryAfterMs } from '../retryAfter.ts';
import type { SocketLife } from './idleLimit.ts';
import type { Rest } from './rest.ts';
import type { Sent } from './socketSet.ts';

/** A socket that the venue closes sooner than this after its answer was not worth its opening. */
export const SHORT_LIFE_MS = 1_000;

/** What follows from the answer to a warm request. `trouble` is said of a refresh only, as the end of a sentence. */
export type WarmAnswer =
  | { readonly kind: 'warm' }
  /** The venue had closed the socket after so long, ms; its refill tells. */
  | ({ readonly kind: 'closed-idle' } & SocketLife)
  | { readonly kind: 'head-fails' }
  | {
      readonly kind: 'rest';
      readonly about: Rest['about'];
      readonly why: string;
      readonly atLeastMs: number;
      readonly trouble: string | null;
    };

/** `keeps`: sockets are to be kept ready here, so that one which the venue closes after its answer says something. */
export function warmAnswerOf(
  method: string,
  { result, reused, idleMs, ageMs }: Sent,
  keeps: boolean,
  wall: WallMs,
): WarmAnswer {
  if (result.kind === 'failed') {
    // A socket that the venue had closed is told by its refill; a fresh one that does not answer is the venue's fault.
    if (reused && result.unanswered) return { kind: 'closed-idle', idleMs: Math.max(idleMs, SHORT_LIFE_MS), ageMs };
    return { kind: 'rest', about: 'answer', why: result.why, atLeastMs: 0, trouble: `failed: ${result.why}` };
  }
  const { status, headers } = result;
  const says = (headers['connection'] ?? '').toLowerCase();
  if (method === 'HEAD' && (status === 405 || status === 501 || (!result.reusable && !says.includes('close')))) {
    return { kind: 'head-fails' };
  }
  if (status === 429 || status >= 500) {
    const why = `HTTP ${status}`;
    const atLeastMs = retryAfterMs(headers['retry-after'], wall) ?? 0;
    return { kind: 'rest', about: 'answer', why, atLeastMs, trouble: `was answered with ${why}` };
  }
  if (!result.reusable && keeps && idleMs < SHORT_LIFE_MS) {
    const why = 'the venue closes every socket after one answer (Connection: close)';
    return { kind: 'rest', about: 'short', why, atLeastMs: 0, trouble: null };
  }
  return { kind: 'warm' };
}
