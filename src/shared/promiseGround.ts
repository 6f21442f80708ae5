import { counted } from './counted.ts';
import type { DemoWire } from './demoFault.ts';
import { MEASURED_FROM } from './fitness.ts';
import type { LinkView } from './linkView.ts';
import {
  type Anchor,
  AT_ONCE_MS,
  apart,
  generousMs,
  inWords,
  JUDGED_WITHIN_MS,
  nothing,
  type Promised,
  type Promises,
  within,
} from './promised.ts';
import type { Terms } from './promiseTerms.ts';
import { waitMs } from './recovery.ts';
import { pingGapMs, pongLimitMs } from './watchTimes.ts';

/** Figures over the last so many pings decide about fitness. */
export const FITNESS_PINGS = 100;

export interface PromiseFacts {
  /** As it was before the fault. */
  readonly link: LinkView;
  readonly terms: Terms;
  readonly exchange: string;
  readonly wire: DemoWire;
  readonly gateReopenMs: number;
}

export type Recovered = Pick<Promises, 'opened' | 'restored' | 'healthy' | 'gate-open'>;

/** From the first dial that can come through, `longestMs` after `from` at most, to a link that may be traded on. */
export function recovered(
  { link, terms, gateReopenMs }: PromiseFacts,
  from: 'over' | 'ended',
  { longestMs, failures }: { readonly longestMs: number; readonly failures: number },
  /** Pings that the new socket may have missed before the fault was over must leave the last 100. */
  maySpoil = false,
): Recovered {
  const { timings, restoredMs, pingIntervalMs } = link.about;
  const then =
    from === 'over' ? `the longest wait is ${inWords(longestMs)}` : `a wait of at most ${inWords(longestMs)}`;
  const unknown = nothing('it has not connected before, so nobody knows how long it takes');
  let measuredMs = limitOf(link);
  const pings = maySpoil ? FITNESS_PINGS : MEASURED_FROM;
  for (let ping = 1; ping < pings; ping += 1) {
    measuredMs += pingGapMs(terms.warmupPings - ping, pingIntervalMs);
  }
  const since = from === 'over' ? 'recovered' : 'restored';
  const unstable = failures > terms.degradedFailures;
  return {
    opened:
      timings === null
        ? unknown
        : within(longestMs + generousMs(timings.totalMs), from, `${then}, and a dial twice as long as the last`),
    restored:
      restoredMs === null
        ? unknown
        : within(longestMs + generousMs(restoredMs), from, `${then}, and a restore twice as long as the last`),
    healthy: healthyAgain(
      link,
      unstable
        ? within(
            terms.stableAfterMs + JUDGED_WITHIN_MS,
            since,
            `stable for ${inWords(terms.stableAfterMs)} after more than ${counted(terms.degradedFailures, 'failure')}`,
          )
        : within(JUDGED_WITHIN_MS, since, 'at the next look'),
    ),
    'gate-open':
      link.gate.kind !== 'open'
        ? apart('the gate was closed before')
        : within(
            measuredMs + gateReopenMs + JUDGED_WITHIN_MS,
            since,
            `${pings} pings of the new socket, then ${inWords(gateReopenMs)} without a fault`,
          ),
  };
}

/** When a link that proves nothing any more is suspect at the latest: `S` by its silence, or the first ping unanswered. */
export function watchOf(
  { link }: PromiseFacts,
  silent: boolean,
): { readonly ms: number; readonly limitMs: number; readonly why: string } | null {
  const { ping, pingIntervalMs, silenceLimitMs } = link.about;
  const limitMs = limitOf(link);
  const pingMs = ping === 'none' ? null : pingIntervalMs + limitMs;
  const silenceMs = silent ? silenceLimitMs : null;
  if (pingMs !== null && (silenceMs === null || pingMs <= silenceMs)) {
    return {
      ms: pingMs,
      limitMs,
      why: `a ping every ${inWords(pingIntervalMs)}, its pong late after ${inWords(limitMs)}`,
    };
  }
  return silenceMs === null || pingMs === null
    ? null
    : { ms: silenceMs, limitMs, why: `silent for longer than ${inWords(silenceMs)}, its learned limit` };
}

/** T, from the socket that is open, else from what was measured before. */
export function limitOf({ about, rtt }: LinkView): number {
  return about.pongLimitMs ?? pongLimitMs(about.pongTimeoutMs, rtt.windows['5m']?.p99Ms ?? null);
}

/** Failures in a row that a loss now would make: none of a link that had been stable. */
export function lossBefore({ link, terms }: PromiseFacts): number {
  return openForMs(link) >= terms.stableAfterMs ? 0 : link.counters.failuresInARow + 1;
}

/** How long its socket had been open when it was last seen, ms. */
function openForMs({ uptime, clocks }: LinkView): number {
  const seenAt = clocks.bytesAt ?? uptime.upSince;
  return uptime.upSince === null || seenAt === null ? 0 : seenAt - uptime.upSince;
}

/** Another address of the same venue, which is tried after a loss of this one. */
export function otherRoute({ link, exchange }: PromiseFacts): string | null {
  return link.about.routes.find((route) => route.alive && route.url !== `demo://${exchange}`)?.url ?? null;
}

/** The wait before the first dial after a loss. */
export function firstDial({ terms }: PromiseFacts, loss: number): Promised {
  const ms = waitMs(terms, loss, 1);
  const held = terms.breakerFailures > 0 && loss >= terms.breakerFailures;
  const why = held
    ? `its breaker holds it for ${inWords(ms)}: it had not been stable`
    : `the first wait, at most ${inWords(ms)}`;
  return within(ms + AT_ONCE_MS, 'ended', why);
}

export function standbyPromise({ about }: LinkView): Promised {
  return about.standby === 'off'
    ? apart('this link keeps no standby')
    : nothing('the standby stands at the same exchange, and is hit with it');
}

/** What made it unwell before need not go away with the fault. */
export const healthyAgain = ({ health }: LinkView, promised: Promised): Promised =>
  health.level === 'healthy' ? promised : apart('it was not healthy before');

export function gateCloses({ gate }: LinkView, from: Anchor, ms: number, why: string): Promised {
  return gate.kind === 'open' ? within(ms, from, why) : apart('the gate was closed before');
}
