import { after, type MonoMs } from '../../../shared/units.ts';

/** Why an origin is left alone for a while, and until when. */
export interface Rest {
  readonly why: string;
  readonly attempts: number;
  readonly since: MonoMs;
  readonly until: MonoMs;
  /** `connect`: no socket could be opened. `answer`: the venue answered that it does not want to be asked. `short`: it
   *  closes sockets as soon as they have answered. */
  readonly about: 'connect' | 'answer' | 'short';
}

const FIRST_MS = 100;
const LONGEST_MS = { connect: 30_000, answer: 300_000, short: 300_000 } as const;
/** Of an answer: nobody who says 429 or 503 wants to be asked again in 100 ms. */
const FIRST_ANSWER_MS = 1_000;

/** The rest after one more failure: doubled each time, a tenth of it random, never shorter than what the venue asks for. */
export function nextRest(
  before: Rest | null,
  failure: { readonly about: Rest['about']; readonly why: string; readonly atLeastMs: number },
  now: MonoMs,
  random: number,
): Rest {
  const attempts = (before?.attempts ?? 0) + 1;
  const firstMs = failure.about === 'connect' ? FIRST_MS : FIRST_ANSWER_MS;
  const baseMs = Math.min(LONGEST_MS[failure.about], firstMs * 2 ** Math.min(20, attempts - 1));
  const delayMs = Math.max(failure.atLeastMs, baseMs) * (1 + 0.1 * random);
  return { why: failure.why, attempts, since: now, until: after(now, delayMs), about: failure.about };
}
