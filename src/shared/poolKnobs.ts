import { z } from 'zod';
import { builtInOf, countOf, knob, percent, plain, schemasOf, secs } from './knob.ts';
import { type Optional, optionalOf, type Prefixed, prefixedOf } from './settingsKey.ts';

/**
 * Every behaviour of an HTTP pool that can be tuned (row P1). A `[pool.NAME]` sets it by this name; `[connection]` sets it
 * for all pools by the same name with `http_` in front. None of them closes a socket that is in use.
 */
export const POOL_KNOBS = {
  max_connections: knob(
    'maxConnections',
    countOf('sockets', 1, 1000),
    50,
    'Most sockets to one origin; further requests wait.',
  ),
  max_idle_per_host: knob(
    'maxIdle',
    countOf('sockets', 0, 1000),
    10,
    'Idle sockets kept to one origin; more are closed.',
  ),
  warm_sockets: knob(
    'warmSockets',
    countOf('sockets', 0, 100),
    2,
    'Sockets kept ready to each origin; 0 keeps none warm.',
  ),
  connect_timeout_secs: knob(
    'connectTimeoutMs',
    secs(0.1, 120),
    5,
    'One connect, from name resolution to TLS, in all.',
  ),
  idle_timeout_secs: knob('idleTimeoutMs', secs(0.1, 86_400), 90, 'A socket idle for so long is closed.'),
  tcp_keepalive_secs: knob('tcpKeepAliveMs', secs(0, 86_400), 60, 'TCP keep-alive of open sockets; 0 turns it off.'),
  tcp_nodelay: knob('noDelay', plain(z.boolean()), true, 'Send small requests at once (TCP_NODELAY).'),
  max_socket_age_secs: knob(
    'maxSocketAgeMs',
    secs(1, 86_400),
    600,
    'A socket of this age is closed after the request it carries; 0 is not allowed: load balancers move.',
  ),
  request_timeout_secs: knob('requestTimeoutMs', secs(0.1, 3600), 30, 'One request, from the queue to the last byte.'),
  cleanup_interval_secs: knob('cleanUpMs', secs(0.1, 3600), 60, 'How often idle and old sockets are looked for.'),
  warmup_timeout_secs: knob(
    'warmUpLimitMs',
    secs(0.1, 120),
    5,
    'How long the warm-up at start may take before it is a notice.',
  ),
  cold_probe_secs: knob(
    'coldProbeMs',
    secs(0, 86_400),
    600,
    'How often a cold connection is opened to compare with the warm ones; 0 never.',
  ),
  alert_reuse_percent: knob(
    'alertReusePercent',
    percent(0, 100),
    70,
    'An alert when a smaller share of the requests (20 or more) found a used socket; 0 never.',
  ),
  alert_idle: knob(
    'alertIdle',
    countOf('sockets', 1, 1_000_000),
    50,
    'An alert when more are idle in all pools together. It is told of the pool that has the most, by the value of that pool.',
  ),
  alert_full_secs: knob(
    'alertFullMs',
    secs(1, 86_400),
    60,
    'An alert when an origin has had its max_connections for so long.',
  ),
  alert_age_secs: knob(
    'alertAgeMs',
    secs(0, 86_400),
    10,
    'An alert when the sockets are younger on average, in a pool that was not begun or flushed in the last minute; 0 never.',
  ),
  http2: knob('http2', plain(z.boolean()), true, 'Speak HTTP/2 where the venue does.'),
} as const;

export const poolKnobs = schemasOf(POOL_KNOBS);

export type PoolKnobName = keyof typeof poolKnobs;
export type PoolKnobValues = { readonly [K in PoolKnobName]: z.infer<(typeof poolKnobs)[K]> };

/** What a pool does when nothing says otherwise (row P1). */
export const POOL_BUILT_IN: PoolKnobValues = builtInOf(POOL_KNOBS);

/** Named sets of values; a pool's own keys win over its profile. */
export const POOL_PROFILES = {
  busy: { warm_sockets: 10, max_idle_per_host: 20, max_connections: 100 },
  frugal: { warm_sockets: 1, max_idle_per_host: 2, max_connections: 10, idle_timeout_secs: 15 },
  batch: {
    warm_sockets: 0,
    max_idle_per_host: 5,
    max_connections: 20,
    idle_timeout_secs: 30,
    request_timeout_secs: 120,
  },
} as const satisfies Record<string, Partial<PoolKnobValues>>;

export const POOL_PROFILE_NAMES = [
  'busy',
  'frugal',
  'batch',
] as const satisfies readonly (keyof typeof POOL_PROFILES)[];

/** The keys of a `[pool.NAME]` table; none is required. */
export function optionalPoolKnobs(): Optional<typeof poolKnobs> {
  return optionalOf(poolKnobs);
}

/** The same for all pools, in `[connection]`. */
export function httpKnobs(): Prefixed<'http_', typeof poolKnobs> {
  return prefixedOf('http_', poolKnobs);
}
