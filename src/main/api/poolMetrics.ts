import { type PoolView, reuseRatio } from '../../shared/pool.ts';
import type { MetricRow } from './metricRow.ts';

type Row = MetricRow<PoolView>;

const counter = (name: string, help: string, value: (pool: PoolView) => number): Row => ({
  name: `pool_${name}_total`,
  help: `${help} since start.`,
  type: 'counter',
  value,
});

const gauge = (name: string, help: string, value: (pool: PoolView) => number | null): Row => ({
  name: `pool_${name}`,
  help,
  type: 'gauge',
  value,
});

/** How it is now, and not what has been or what is set. */
const now = (name: string, help: string, value: (pool: PoolView) => number | null): Row => ({
  ...gauge(name, help, value),
  isOfNow: true,
});

const sum = (pool: PoolView, of: (origin: PoolView['origins'][number]) => number): number =>
  pool.origins.reduce((total, origin) => total + of(origin), 0);

const seconds = (ms: number | null | undefined): number | null => (ms === null || ms === undefined ? null : ms / 1000);

/** Rows G3 and P3, by `pool`. */
export const POOL_METRICS: readonly Row[] = [
  now('active_connections', 'Sockets with a request under way.', ({ active }) => active),
  now('idle_connections', 'Open sockets without a request.', ({ idle }) => idle),
  now('pending_requests', 'Requests that wait for a socket.', ({ pending }) => pending),
  gauge('max_connections', 'The most sockets that the settings allow.', ({ maxConnections }) => maxConnections),
  now('ready_sockets', 'Sockets ready to fire now.', (pool) => sum(pool, ({ ready }) => ready)),
  gauge('wanted_sockets', 'Sockets that should be ready.', (pool) => sum(pool, ({ wanted }) => wanted)),
  now('failing_origins', 'Origins that are failing now: no socket can be opened, or the venue is left alone.', (pool) =>
    sum(pool, ({ state }) => Number(state.kind === 'failing')),
  ),
  now('alerts', 'Alerts that stand.', ({ alerts }) => alerts.length),
  now('connection_age_seconds', 'Average age of the open sockets.', ({ averageAgeMs }) => seconds(averageAgeMs)),
  gauge('reuse_ratio', 'Share of the requests since start that found an open socket.', ({ counters }) =>
    reuseRatio(counters),
  ),
  gauge('warm_latency_p50_seconds', 'Median request on a ready socket since start.', ({ warm }) =>
    seconds(warm?.p50Ms),
  ),
  gauge('cold_latency_p50_seconds', 'Median request on a fresh socket since start, connect included.', ({ cold }) =>
    seconds(cold?.p50Ms),
  ),
  counter('requests', 'Requests', ({ counters }) => counters.requests),
  counter('reused_requests', 'Requests that found an open socket', ({ counters }) => counters.reused),
  counter('failed_requests', 'Requests that failed', ({ counters }) => counters.failures),
  counter(
    'retried_requests',
    'Requests sent again since their socket was closed under them',
    ({ counters }) => counters.retries,
  ),
  counter('connects', 'Sockets opened', ({ counters }) => counters.connects),
  counter('connect_failures', 'Sockets that could not be opened', ({ counters }) => counters.connectFailures),
  counter('tls_handshakes', 'TLS handshakes', ({ counters }) => counters.tlsHandshakes),
  counter('closed_by_peer', 'Sockets closed by the venue', ({ counters }) => counters.closedByPeer),
  counter('flushes', 'Times that all sockets were closed', ({ counters }) => counters.flushes),
];
