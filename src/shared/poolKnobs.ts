import { z } from 'zod';
import { key, number, type Optional, optionalOf, type Prefixed, prefixedOf, whole } from './settingsKey.ts';

/**
 * Every behaviour of an HTTP pool that can be tuned (row P1). A `[pool.NAME]` sets it by this name; `[connection]` sets it
 * for all pools by the same name with `http_` in front. None of them closes a socket that is in use.
 */
export const poolKnobs = {
  max_connections: key(whole(1, 1000), 'live', 'sockets', 'Most sockets to one origin; further requests wait.'),
  max_idle_per_host: key(whole(0, 1000), 'live', 'sockets', 'Idle sockets kept to one origin; more are closed.'),
  warm_sockets: key(whole(0, 100), 'live', 'sockets', 'Sockets kept ready to each origin; 0 keeps none warm.'),
  connect_timeout_secs: key(number(0.1, 120), 'live', 's', 'One connect, from name resolution to TLS, in all.'),
  idle_timeout_secs: key(number(0.1, 86_400), 'live', 's', 'A socket idle for so long is closed.'),
  tcp_keepalive_secs: key(number(0, 86_400), 'live', 's', 'TCP keep-alive of open sockets; 0 turns it off.'),
  tcp_nodelay: key(z.boolean(), 'live', '', 'Send small requests at once (TCP_NODELAY).'),
  max_socket_age_secs: key(
    number(1, 86_400),
    'live',
    's',
    'A socket of this age is closed after the request it carries; 0 is not allowed: load balancers move.',
  ),
  request_timeout_secs: key(number(0.1, 3600), 'live', 's', 'One request, from the queue to the last byte.'),
  cleanup_interval_secs: key(number(0.1, 3600), 'live', 's', 'How often idle and old sockets are looked for.'),
  warmup_timeout_secs: key(
    number(0.1, 120),
    'live',
    's',
    'How long the warm-up at start may take before it is a notice.',
  ),
  cold_probe_secs: key(
    number(0, 86_400),
    'live',
    's',
    'How often a cold connection is opened to compare with the warm ones; 0 never.',
  ),
  alert_reuse_percent: key(
    number(0, 100),
    'live',
    '%',
    'An alert when a smaller share of the requests (20 or more) found a used socket; 0 never.',
  ),
  alert_idle: key(
    whole(1, 1_000_000),
    'live',
    'sockets',
    'An alert when more are idle in all pools together. It is told of the pool that has the most, by the value of that pool.',
  ),
  alert_full_secs: key(
    number(1, 86_400),
    'live',
    's',
    'An alert when an origin has had its max_connections for so long.',
  ),
  alert_age_secs: key(
    number(0, 86_400),
    'live',
    's',
    'An alert when the sockets are younger on average, in a pool that was not begun or flushed in the last minute; 0 never.',
  ),
  http2: key(z.boolean(), 'live', '', 'Speak HTTP/2 where the venue does.'),
} as const;

export type PoolKnobName = keyof typeof poolKnobs;
export type PoolKnobValues = { readonly [K in PoolKnobName]: z.infer<(typeof poolKnobs)[K]> };

/** What a pool does when nothing says otherwise (row P1). */
export const POOL_BUILT_IN: PoolKnobValues = {
  max_connections: 50,
  max_idle_per_host: 10,
  warm_sockets: 2,
  connect_timeout_secs: 5,
  idle_timeout_secs: 90,
  tcp_keepalive_secs: 60,
  tcp_nodelay: true,
  max_socket_age_secs: 600,
  request_timeout_secs: 30,
  cleanup_interval_secs: 60,
  warmup_timeout_secs: 5,
  cold_probe_secs: 600,
  alert_reuse_percent: 70,
  alert_idle: 50,
  alert_full_secs: 60,
  alert_age_secs: 10,
  http2: true,
};

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
