import { feedLatency } from '../../shared/feedLatency.ts';
import { isOpen } from '../../shared/health.ts';
import { type DownReason, isAboutCredentials, reasonText, suspicionText } from '../../shared/linkState.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { NoticeKind } from '../../shared/noticeKind.ts';
import { thresholdText } from '../../shared/noticeThreshold.ts';
import { assertNever } from '../../shared/outcome.ts';
import type { PoolView } from '../../shared/pool.ts';
import { ENOUGH_SAMPLES } from '../../shared/rttView.ts';
import type { MachineView } from '../../shared/snapshot.ts';
import { unfitText } from '../../shared/unfitReason.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import type { Reading } from './ruleStep.ts';

/** What a link's view does not carry. */
export interface LinkPast {
  /** Connections lost in the last 10 minutes. */
  readonly losses: number;
  /** What an alarm said (row L18) since the link was last open, or `null`. */
  readonly alarm: DownReason | null;
  /** Row H4: why its socket is to be replaced, as it was just before. */
  readonly complaint: string | null;
  /** Row H8: how the alert began that stands. */
  readonly degradation: { readonly p99Ms: number; readonly baselineMs: number } | null;
  readonly reliabilityTargetPercent: number | null;
}

const CLEAR: Reading = { kind: 'clear' };
const UNKNOWN: Reading = { kind: 'unknown' };
const holdsIf = (is: boolean, why: string): Reading => (is ? { kind: 'holds', why } : CLEAR);
const measured = (value: number | null | undefined, ownEnter: number | null = null): Reading =>
  value === null || value === undefined ? UNKNOWN : { kind: 'measured', value, ownEnter };

/** Reliability is judged only after so much observed time (row H3). */
const JUDGED_AFTER_MS = 3_600_000;
const MIB = 1024 * 1024;

/** A paused link has nothing wrong with it, whatever its figures were. */
export function readLink(what: NoticeKind, link: LinkView, past: LinkPast, now: MonoMs): Reading {
  const { state, rtt, gate } = link;
  if (state.kind === 'paused' || state.kind === 'closing') return CLEAR;
  switch (what) {
    case 'gave-up':
      return gaveUp(link, past);
    case 'link-down':
      return isDown(link, past);
    case 'not-fit':
      return link.fit.fit ? CLEAR : { kind: 'holds', why: unfitText(link.fit.reasons) };
    case 'gate-closed':
      return gate.kind === 'closed' ? { kind: 'holds', why: unfitText(gate.reasons) } : CLEAR;
    case 'still-bad':
      return past.complaint === null ? CLEAR : { kind: 'holds', why: past.complaint };
    case 'slower-than-usual':
      return past.degradation === null ? CLEAR : { kind: 'holds', why: slower(past.degradation) };
    case 'p99-over':
      return measured(enough(rtt.windows['5m'])?.p99Ms);
    case 'p95-over':
      return measured(enough(rtt.windows['1m'])?.p95Ms);
    case 'data-age-over':
      return dataAge(link, now);
    case 'suspect':
      return state.kind === 'suspect' ? { kind: 'holds', why: suspicionText(state.why) } : CLEAR;
    case 'flapping':
      return measured(past.losses);
    case 'budget-over':
      return link.budget === null || link.budget.limit === 0
        ? UNKNOWN
        : measured((100 * link.budget.used) / link.budget.limit);
    case 'feed-latency-over':
      return measured(link.lag === null ? null : feedLatency(link.lag, link.skew).medianMs);
    case 'reliability-below': {
      const { freshMs, observedMs } = link.uptime.day;
      if (observedMs < JUDGED_AFTER_MS) return UNKNOWN;
      return measured((100 * freshMs) / observedMs, past.reliabilityTargetPercent);
    }
    case 'pool-not-ready':
    case 'lateness-over':
    case 'memory-over':
      return UNKNOWN;
    default:
      return assertNever(what);
  }
}

/** A pool that is off, or that nothing asked for since it was destroyed, has nothing wrong with it. */
export function readPool(pool: PoolView): Reading {
  const short = pool.origins.filter(
    ({ state, ready, wanted, active }) =>
      state.kind !== 'off' && state.kind !== 'cold' && ready + active < wanted && wanted > 0,
  );
  const [first] = short;
  if (!pool.enabled || first === undefined) return CLEAR;
  const why = first.state.kind === 'failing' ? `: ${first.state.why}` : '';
  return { kind: 'holds', why: `${first.ready} of ${first.wanted} at ${first.url}${why}` };
}

export function readMachine(what: NoticeKind, machine: MachineView): Reading {
  if (what === 'lateness-over') return measured(machine.loopP99Ms);
  return what === 'memory-over' ? measured(machine.rssBytes / MIB) : UNKNOWN;
}

/** Row L7 and L18: nothing that waiting alone will mend. */
function gaveUp({ state }: LinkView, { alarm }: LinkPast): Reading {
  if (state.kind === 'failed') {
    const reason = reasonText(state.reason);
    return {
      kind: 'holds',
      why: isAboutCredentials(state.reason)
        ? `stopped: ${reason}; set the credentials right, then press Reconnect`
        : `gave up after ${state.attempts} attempts: ${reason}; press Reconnect to start it again`,
    };
  }
  return alarm === null || isOpen(state)
    ? CLEAR
    : { kind: 'holds', why: `needs you: ${reasonText(alarm)}; it is tried again later by itself` };
}

/** What `gave-up` tells is not told a second time, and who waits for its turn to be dialled at all has not been down yet. */
function isDown(link: LinkView, past: LinkPast): Reading {
  const { state } = link;
  if (isOpen(state) || awaitsFirstDial(link) || gaveUp(link, past).kind === 'holds') return CLEAR;
  return holdsIf(true, 'reason' in state ? reasonText(state.reason) : 'no connection yet');
}

const slower = ({ p99Ms, baselineMs }: NonNullable<LinkPast['degradation']>): string =>
  `p99 over 5 min ${thresholdText(p99Ms, 'ms')} when raised, baseline ${thresholdText(baselineMs, 'ms')}`;

const awaitsFirstDial = ({ state, counters }: LinkView): boolean =>
  state.kind === 'waiting' && state.reason.kind === 'queued' && state.attempt === 1 && counters.connects === 0;

/** Of a socket that has brought none yet, for as long as it is open. */
function dataAge({ state, about, clocks, uptime }: LinkView, now: MonoMs): Reading {
  if (!about.expectsData) return CLEAR;
  const since = clocks.dataAt ?? uptime.upSince;
  if (!isOpen(state) || since === null) return UNKNOWN;
  return measured(elapsedMs(since, now) / 1000, about.dataNoticeMs / 1000);
}

const enough = <T extends { readonly count: number }>(figures: T | null): T | null =>
  figures !== null && figures.count >= ENOUGH_SAMPLES ? figures : null;
