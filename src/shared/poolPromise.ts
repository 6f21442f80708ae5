import type { EffectiveValue } from './contract.ts';
import { type DemoFault, lastsMs } from './demoFault.ts';
import { assertNever } from './outcome.ts';
import { LEAST_IDLE_LIMIT_MS, type OriginView } from './pool.ts';
import type { PoolMilestone } from './poolDrill.ts';
import { AT_ONCE_MS, apart, generousMs, inWords, never, nothing, type Promised, within } from './promised.ts';
import { elapsedMs, type MonoMs } from './units.ts';

export type PoolPromises = Readonly<Record<PoolMilestone, Promised>>;

export interface PoolPromiseFacts {
  /** As it was before the fault. */
  readonly origin: OriginView;
  /** The time that the fault began, or would now, on the engine's clock. */
  readonly startAt: MonoMs;
  /** No answer to a warm request for so long is a failure, ms. */
  readonly answerLimitMs: number;
}

/** Frames of the pools come four times a second. */
const SEEN_MS = 250 + AT_ONCE_MS;
/** The waits of `engine/pool/rest.ts`: doubled from here, with a tenth more of chance. */
const FIRST_REST_MS = { connect: 100, answer: 1_000 } as const;
const LONGEST_REST_MS = { connect: 30_000, answer: 300_000 } as const;
const CHANCE = 1.1;

/** The time of a connect or, if that is shorter, of a request; `null` if the settings did not say. */
export function answerLimitMs(values: readonly EffectiveValue[]): number | null {
  const secs = ['connect_timeout_secs', 'request_timeout_secs'].map((key) =>
    Number(values.find((value) => value.key === key)?.value ?? Number.NaN),
  );
  const ms = Math.min(...secs) * 1000;
  return Number.isFinite(ms) ? ms : null;
}

/** What is promised of an origin's ready sockets under this fault. Pure: everything it knows is in the facts. */
export function poolPromisesOf(fault: DemoFault, facts: PoolPromiseFacts): PoolPromises {
  const { origin } = facts;
  if (origin.wanted === 0) return everyPoolRow(apart('nothing is kept ready here'));
  switch (fault.kind) {
    case 'kill':
      return {
        ...UNHARMED,
        lost: within(SEEN_MS, 'fault', 'a reset is known at once'),
        'ready-again': refilled(origin, 'a lost socket is replaced at once'),
      };
    case 'idle-close':
      return whileClosing(fault, facts);
    case 'refuse':
      return {
        ...UNHARMED,
        lost: within(SEEN_MS, 'fault', 'a reset is known at once'),
        failing: within(SEEN_MS, 'trouble', 'a refused connect is known at once'),
        retry: within(restMs('connect', 0, 0) + SEEN_MS, 'trouble', 'the first rest is 0.1 s'),
        'ready-again': rested(facts, 'connect', lastsMs(fault), 0),
      };
    case 'freeze':
    case 'slow':
      return whileLate(fault, facts);
    case 'unavailable':
    case 'rate-limit':
    case 'cut':
      return whenAsked(fault, facts);
    case 'mute':
    case 'wrong-pong':
    case 'flaky':
      return everyPoolRow(nothing('this is no fault of requests'));
    default:
      return assertNever(fault);
  }
}

export const everyPoolRow = (one: Promised): PoolPromises => ({
  lost: one,
  slow: one,
  failing: one,
  retry: one,
  learned: one,
  'ready-again': one,
});

const UNHARMED: PoolPromises = {
  lost: never('its sockets stay open'),
  slow: apart('nothing is slowed'),
  failing: never('a socket that was closed is no failure'),
  retry: apart('there is no failure to recover from'),
  learned: apart('it shows nothing of the idle limit'),
  'ready-again': apart('nothing is lost'),
};

/** The sockets answer nobody: it shows when one is asked, and that is when a refresh is due. */
function whenAsked(
  fault: DemoFault & { kind: 'unavailable' | 'rate-limit' | 'cut' },
  facts: PoolPromiseFacts,
): PoolPromises {
  const askMs = askedWithin(facts);
  if (askMs === null || askMs > lastsMs(fault)) return everyPoolRow(unasked(askMs));
  const cut = fault.kind === 'cut';
  const why = `the next refresh is due after ${inWords(askMs)}`;
  const askedMs = askMs + answered(facts.origin) + SEEN_MS;
  const retryMs = fault.kind === 'rate-limit' ? fault.retryAfterSecs * 1000 : 0;
  return {
    ...UNHARMED,
    lost: cut ? within(askedMs, 'fault', why) : nothing('what is not refreshed meanwhile is not ready any more'),
    failing: within(
      askedMs + (cut ? connected(facts.origin) : 0),
      'fault',
      cut ? `${why}, its replacement is cut, too` : why,
    ),
    retry: nothing('a request that was under way when the first was refused counts, too'),
    'ready-again': rested(facts, 'answer', lastsMs(fault) - askMs, retryMs),
  };
}

/** No byte comes, or each comes late: known when a refresh has waited for its limit. */
function whileLate(fault: DemoFault & { kind: 'freeze' | 'slow' }, facts: PoolPromiseFacts): PoolPromises {
  const askMs = askedWithin(facts);
  const limitMs = facts.answerLimitMs;
  const slow = fault.kind === 'slow' && fault.byMs < limitMs;
  const shownMs = askMs === null ? null : askMs + (slow ? fault.byMs : limitMs);
  if (askMs === null || shownMs === null || shownMs > lastsMs(fault)) return everyPoolRow(unasked(shownMs));
  const why = `the next refresh is due after ${inWords(askMs)}`;
  if (slow)
    return {
      ...UNHARMED,
      lost: nothing('a socket that waits long for its refresh is not ready meanwhile'),
      slow: within(shownMs + answered(facts.origin) + SEEN_MS, 'fault', `${why}, and late`),
      'ready-again': nothing('it depends on when the last slow refresh ends'),
    };
  return {
    ...everyPoolRow(nothing('it depends on when the fault ends')),
    slow: apart('no answer comes'),
    learned: UNHARMED.learned,
    lost: within(shownMs + SEEN_MS, 'fault', `${why}, and is waited for ${inWords(limitMs)}`),
    'ready-again': rested(facts, 'connect', lastsMs(fault), 0),
  };
}

/** Closes at the same idle time teach it: two of the last three that agree. */
function whileClosing(fault: DemoFault & { kind: 'idle-close' }, facts: PoolPromiseFacts): PoolPromises {
  const afterMs = fault.afterSecs * 1000;
  const { origin } = facts;
  if (afterMs >= origin.idleLimit.ms) return { ...UNHARMED, learned: apart('this is its idle limit already') };
  const roundMs = afterMs + connected(origin);
  const learnedMs = 3 * roundMs + SEEN_MS;
  const shown = learnedMs <= lastsMs(fault);
  const leftAlone: Partial<PoolPromises> =
    afterMs >= LEAST_IDLE_LIMIT_MS
      ? {}
      : {
          failing: shown
            ? within(learnedMs + connected(origin), 'fault', 'by so short a limit no socket can be kept ready')
            : nothing('it shows once the limit is learned'),
          retry: nothing('the sockets that wait until then are closed, or live, as the fault lasts'),
        };
  return {
    ...UNHARMED,
    ...leftAlone,
    lost: within(afterMs + SEEN_MS, 'fault', `whatever is idle for ${inWords(afterMs)} is closed`),
    learned: shown
      ? within(learnedMs, 'fault', 'two of the last three closes agree')
      : nothing('the fault may be too short for two closes that agree'),
    'ready-again': nothing('the exchange goes on closing until its limit is learned'),
  };
}

const unasked = (neededMs: number | null): Promised =>
  nothing(
    neededMs === null
      ? 'no refresh is due'
      : `nobody may ask while it lasts: it shows after ${inWords(neededMs)}, when a refresh was due`,
  );

/** Time until one of the kept sockets is asked, ms; `null` where none will be. */
function askedWithin({ origin, startAt }: PoolPromiseFacts): number | null {
  return origin.nextRefreshAt === null ? null : Math.max(0, elapsedMs(startAt, origin.nextRefreshAt));
}

const refilled = (origin: OriginView, why: string): Promised => within(connected(origin) + SEEN_MS, 'ended', why);

/** After the fault the rest in force is waited for, then each socket is opened or asked. */
function rested(
  facts: PoolPromiseFacts,
  about: keyof typeof FIRST_REST_MS,
  failingMs: number,
  retryMs: number,
): Promised {
  const ms = restMs(about, failingMs, retryMs);
  return within(ms + connected(facts.origin) + SEEN_MS, 'over', `the rest in force is at most ${inWords(ms)}`);
}

/** The longest rest that failing for so long can have led to: each is as long as all before it and the first. */
function restMs(about: keyof typeof FIRST_REST_MS, failingMs: number, retryMs: number): number {
  const doubled = Math.min(LONGEST_REST_MS[about], failingMs + FIRST_REST_MS[about]);
  return Math.max(doubled, retryMs) * CHANCE;
}

const answered = (origin: OriginView): number => generousMs(origin.lastWarmMs ?? 0);
/** A socket opened, and asked once. */
const connected = (origin: OriginView): number => generousMs(origin.lastColdMs ?? 0) + answered(origin);
