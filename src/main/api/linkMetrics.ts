import { countsAsUp } from '../../shared/health.ts';
import { successRatio } from '../../shared/linkCounts.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { MetricRow } from './metricRow.ts';

/** A link with its gate as the API answers it: closed while the engine is not heard, as then it is not up. */
export type LinkSample = LinkView & { readonly isGateOpen: boolean; readonly isHeard: boolean };

const HEALTH = { unhealthy: 0, degraded: 1, healthy: 2, none: null } as const;

const counter = (name: string, help: string, value: (link: LinkSample) => number): MetricRow<LinkSample> => ({
  name: `connection_${name}_total`,
  help: `${help} since start.`,
  type: 'counter',
  value,
});

const gauge = (name: string, help: string, value: (link: LinkSample) => number | null): MetricRow<LinkSample> => ({
  name: `connection_${name}`,
  help,
  type: 'gauge',
  value,
});

/** Rows G3 and H3, by `connection`. */
export const LINK_METRICS: readonly MetricRow<LinkSample>[] = [
  {
    ...gauge(
      'health',
      '0 unhealthy, 1 degraded, 2 healthy; no sample of a paused link, or while the engine is not heard.',
      ({ health }) => HEALTH[health.level],
    ),
    isOfNow: true,
  },
  gauge('up', '1 while a socket is open and subscribed; no sample of a paused link.', ({ state, health, isHeard }) =>
    health.level === 'none' ? null : Number(isHeard && countsAsUp(state)),
  ),
  gauge('gate_open', '1 while the trading gate is open.', ({ isGateOpen }) => Number(isGateOpen)),
  gauge('paused', '1 while the link is paused.', ({ health }) => Number(health.level === 'none')),
  gauge('failures_in_a_row', 'Failures since the link was last stable.', ({ counters }) => counters.failuresInARow),
  gauge(
    'ping_success_ratio',
    'Pings since start that were answered in time, of those and the missed and lost ones.',
    ({ counters }) => successRatio(counters),
  ),
  gauge('uptime_ratio', 'Time up over time not paused, since start.', ({ uptime }) =>
    ratio(uptime.upMs, uptime.observedMs),
  ),
  gauge('reliability_ratio', 'Time up with fresh data over time not paused, since start.', ({ uptime }) =>
    ratio(uptime.freshMs, uptime.observedMs),
  ),
  gauge('reliability_day_ratio', 'The same over the last 24 hours.', ({ uptime }) =>
    ratio(uptime.day.freshMs, uptime.day.observedMs),
  ),
  counter('connects', 'Sockets opened', ({ counters }) => counters.connects),
  counter('disconnects', 'Sockets that ended', ({ counters }) => counters.disconnects),
  counter('pings', 'Pings sent', ({ counters }) => counters.pings),
  counter('pongs', 'Pongs received in time', ({ counters }) => counters.pongs),
  counter('missed_pongs', 'Pings unanswered in time', ({ counters }) => counters.missed),
  counter('lost_pings', 'Pings that were out when their socket died', ({ counters }) => counters.lost),
  counter('messages', 'Messages received', ({ counters }) => counters.messages),
  counter(
    'data_messages',
    'Messages that carried data received, above 50 a second by the share of a sample',
    ({ counters }) => counters.dataMessages,
  ),
  counter('received_bytes', 'Bytes received', ({ counters }) => counters.bytesIn),
  counter('sent_bytes', 'Bytes sent', ({ counters }) => counters.bytesOut),
  counter('stalled_samples', 'Round trips taken across a stall of this machine', ({ rtt }) => rtt.stalledSamples),
];

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.min(1, part / whole);
}
