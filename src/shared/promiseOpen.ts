import { type DemoFault, lastsMs } from './demoFault.ts';
import {
  apart,
  inWords,
  JUDGED_WITHIN_MS,
  never,
  nothing,
  type Promised,
  type Promises,
  undisturbed,
  within,
} from './promised.ts';
import { FITNESS_PINGS, gateCloses, healthyAgain, limitOf, type PromiseFacts } from './promiseGround.ts';

/** Faults that leave the sockets open: what must not be taken for a death. */

/** Everything comes late, and nothing is lost. */
export function whileSlow(fault: DemoFault & { kind: 'slow' }, facts: PromiseFacts): Promises {
  const { link, terms } = facts;
  const { byMs } = fault;
  const limitMs = limitOf(link);
  const p99Ms = link.rtt.windows['1m']?.p99Ms ?? 0;
  const silenceMs = link.about.silenceLimitMs;
  // S is three usual gaps, and the first slow frame adds one slowness to a gap.
  const inTime = byMs + p99Ms < limitMs && (silenceMs === null || byMs < (silenceMs * 2) / 3);
  const bad = terms.reconnectAboveP99Ms > 0 && byMs + p99Ms > terms.reconnectAboveP99Ms;
  const lasting = nothing('the percentiles remember it for up to 5 min');
  const gate = slowGate(byMs, p99Ms, facts);
  return {
    ...undisturbed('late is not lost'),
    suspect: inTime
      ? never(`${byMs} ms are within T (${inWords(limitMs)}) and within its silence`)
      : nothing(`${byMs} ms are near or over T (${inWords(limitMs)}): pongs are late, and come`),
    'gate-closed': gate,
    'gate-open':
      gate.kind === 'within'
        ? within(
            FITNESS_PINGS * link.about.pingIntervalMs + facts.gateReopenMs + byMs + JUDGED_WITHIN_MS,
            'over',
            `${FITNESS_PINGS} quick pings, then ${inWords(facts.gateReopenMs)} without a fault`,
          )
        : apart('the gate has no reason to close'),
    replaced: bad
      ? nothing(`a p99 over ${terms.reconnectAboveP99Ms} ms is replaced, once in ${inWords(terms.policyPauseMs)}`)
      : never('its p99 stays within the limit'),
    verdict: lasting,
    healthy: lasting,
    redial: apart('late is not lost'),
  };
}

function slowGate(byMs: number, p99Ms: number, { link, terms }: PromiseFacts): Promised {
  if (link.gate.kind !== 'open') return apart('the gate was closed before');
  if (byMs >= terms.fitP99Ms) {
    // The second slow one of a hundred is their p99.
    const ms = 3 * link.about.pingIntervalMs + byMs + JUDGED_WITHIN_MS;
    return within(ms, 'fault', `p99 of the last ${FITNESS_PINGS} pings over ${terms.fitP99Ms} ms`);
  }
  return byMs + 2 * p99Ms < terms.fitP99Ms
    ? never(`p99 stays under ${terms.fitP99Ms} ms`)
    : nothing(`p99 comes near ${terms.fitP99Ms} ms`);
}

/** No data, but pings are answered. */
export function whileMute(fault: DemoFault & { kind: 'mute' }, { link, gateReopenMs }: PromiseFacts): Promises {
  const { expectsData, dataNoticeMs, dataTimeoutMs, pingIntervalMs, silenceLimitMs } = link.about;
  if (!expectsData) return undisturbed('no data is expected of this link');
  const calm = undisturbed('it is acknowledged, and pings are answered');
  const suspect =
    silenceLimitMs === null || pingIntervalMs + limitOf(link) < silenceLimitMs || pingIntervalMs * 2 < silenceLimitMs
      ? never('pongs break the silence: a link that answers is not dead')
      : nothing('a silence between two pings is asked about, and answered');
  const verdict = nothing('what is known is said');
  if (lastsMs(fault) <= dataNoticeMs) {
    const early = `nothing is told before ${inWords(dataNoticeMs)} without data`;
    return { ...calm, suspect, verdict, notice: apart(early), 'gate-closed': never(early) };
  }
  const flowsMs = (silenceLimitMs ?? 1_000) + JUDGED_WITHIN_MS;
  const told = {
    ...calm,
    suspect,
    verdict,
    notice: within(dataNoticeMs + JUDGED_WITHIN_MS, 'fault', `data are old after ${inWords(dataNoticeMs)}`),
    'gate-closed': gateCloses(link, 'fault', dataNoticeMs + JUDGED_WITHIN_MS, 'data are not fresh any more'),
    healthy: healthyAgain(link, within(flowsMs, 'over', 'with its data')),
    'gate-open': within(flowsMs + gateReopenMs, 'over', 'data, then no fault for a while'),
  };
  if (lastsMs(fault) <= dataTimeoutMs) return told;
  const after = nothing('after the forced reconnect');
  const why = `no data for ${inWords(dataTimeoutMs)} forces a reconnect`;
  const ended = within(dataTimeoutMs + JUDGED_WITHIN_MS, 'fault', why);
  return { ...told, ended, dial: after, opened: after, restored: after, healthy: after, 'gate-open': after };
}
