import { z } from 'zod';
import type { Percentiles } from './histogram.ts';
import type { MonoMs } from './units.ts';

/** HTTP pools: what the engine is told of them, and what everybody sees (rows P1 to P6). */

export const PoolPolicySchema = z.strictObject({
  maxConnections: z.number().int().positive(),
  maxIdle: z.number().int().min(0),
  warmSockets: z.number().int().min(0),
  connectTimeoutMs: z.number().positive(),
  idleTimeoutMs: z.number().positive(),
  /** 0: off. */
  tcpKeepAliveMs: z.number().min(0),
  noDelay: z.boolean(),
  maxSocketAgeMs: z.number().positive(),
  requestTimeoutMs: z.number().positive(),
  cleanUpMs: z.number().positive(),
  warmUpLimitMs: z.number().positive(),
  /** 0: never. */
  coldProbeMs: z.number().min(0),
  /** 0: never. */
  alertReusePercent: z.number().min(0).max(100),
  alertIdle: z.number().int().positive(),
  alertFullMs: z.number().positive(),
  /** 0: never. */
  alertAgeMs: z.number().min(0),
  http2: z.boolean(),
});

export const OriginConfigSchema = z.strictObject({
  /** As the settings have it, shown to people: `https://api.kraken.com`, `demo://rest`. */
  url: z.string(),
  /** Where the sockets go: scheme, host and port. */
  dialUrl: z.string(),
  /** The cheapest request that the venue answers. */
  warmMethod: z.enum(['HEAD', 'GET']),
  warmPath: z.string(),
});

export const PoolConfigSchema = z.strictObject({
  name: z.string(),
  enabled: z.boolean(),
  demo: z.boolean(),
  presetName: z.string().nullable(),
  origins: z.array(OriginConfigSchema).min(1),
  /** PEM text of an own certificate authority. */
  ca: z.string().nullable(),
  policy: PoolPolicySchema,
});

export type PoolPolicy = z.infer<typeof PoolPolicySchema>;
export type OriginConfig = z.infer<typeof OriginConfigSchema>;
export type PoolConfig = z.infer<typeof PoolConfigSchema>;

export const HTTP_PROTOCOLS = ['http', 'https'] as const;
export type HttpProtocol = (typeof HTTP_PROTOCOLS)[number];

/** Row P6, milliseconds; `null` where the phase did not take place: a reused socket has no DNS, TCP or TLS. */
export interface RequestTimings {
  readonly queueMs: number;
  readonly dnsMs: number | null;
  readonly tcpMs: number | null;
  readonly tlsMs: number | null;
  /** From the request's last byte out to the first byte of the answer. */
  readonly firstByteMs: number;
  readonly totalMs: number;
}

/** How an origin's idle limit is known: nobody has seen it, the venue's `Keep-Alive` header names it, or sockets showed it. */
export interface IdleLimit {
  readonly ms: number;
  readonly source: 'setting' | 'announced' | 'learned';
  /** Sockets that the venue closed while they were idle; what `learned` stands on. */
  readonly closes: number;
}

/** By a shorter limit of the venue's no socket can be kept ready: it would be asked all the time. */
export const LEAST_IDLE_LIMIT_MS = 3_000;

export type OriginState =
  | { readonly kind: 'off' }
  /** Nothing is kept ready: `warm_sockets` is 0, or it was destroyed and nothing asked for it since. */
  | { readonly kind: 'cold' }
  | { readonly kind: 'warming' }
  | { readonly kind: 'warm' }
  /** The last try to open a socket, or the last warm-up request, failed; the next try is at `retryAt`. */
  | { readonly kind: 'failing'; readonly why: string; readonly attempts: number; readonly retryAt: MonoMs };

/** Row P5. */
export interface OriginView {
  readonly url: string;
  readonly state: OriginState;
  readonly protocol: 'h1' | 'h2' | null;
  /** The peer of the youngest socket. */
  readonly address: string | null;
  /** Sockets ready to fire now, and since when each has been idle, the freshest first. */
  readonly ready: number;
  readonly idleSince: readonly MonoMs[];
  readonly wanted: number;
  readonly active: number;
  readonly connecting: number;
  /** Requests that wait for a socket. */
  readonly pending: number;
  readonly idleLimit: IdleLimit;
  readonly nextRefreshAt: MonoMs | null;
  readonly lastWarmMs: number | null;
  readonly lastColdMs: number | null;
  readonly last: RequestTimings | null;
}

/** Since the engine started. Requests that only keep sockets warm count; nothing of the cold probe's does. */
export interface PoolCounters {
  /** Sent; a second try is a request of its own. */
  readonly requests: number;
  /** Requests on a socket that had carried one before. */
  readonly reused: number;
  /** Requests without an answer, also those that were never sent. */
  readonly failures: number;
  /** Requests that were sent again because their socket had been closed under them. */
  readonly retries: number;
  readonly connects: number;
  readonly connectFailures: number;
  readonly tlsHandshakes: number;
  readonly closedByPeer: number;
  readonly flushes: number;
}

/** Row P4. `setting` is the key that the alert is about. */
export interface PoolAlert {
  readonly kind: 'reuse' | 'idle' | 'full' | 'young';
  readonly text: string;
  readonly setting: PoolAlertSetting;
}
export type PoolAlertSetting =
  | 'idle_timeout_secs'
  | 'max_idle_per_host'
  | 'max_connections'
  | 'max_socket_age_secs'
  | 'warm_sockets';

export interface PoolView {
  readonly name: string;
  readonly demo: boolean;
  readonly enabled: boolean;
  readonly presetName: string | null;
  readonly origins: readonly OriginView[];
  readonly counters: PoolCounters;
  readonly active: number;
  readonly idle: number;
  readonly pending: number;
  readonly maxConnections: number;
  /** Of the open sockets; `null` without any. */
  readonly averageAgeMs: number | null;
  /** Whole requests on a fresh socket (connect included) and on a ready one, since start; `null` without samples. */
  readonly cold: Percentiles | null;
  readonly warm: Percentiles | null;
  /** What a warm request saves at p50; `null` until both are measured. */
  readonly saving: { readonly ms: number; readonly percent: number } | null;
  /** The warm-up at start was not complete within its limit, or a refresh failed: never fatal. */
  readonly warnings: readonly string[];
  readonly alerts: readonly PoolAlert[];
}

/** Share of the requests that were sent on a used socket, 0 to 1; `null` without requests. */
export function reuseRatio({ requests, reused }: Pick<PoolCounters, 'requests' | 'reused'>): number | null {
  return requests === 0 ? null : reused / requests;
}

/** One frame: all pools, in the order of the settings. `at` is the engine's clock at that moment. */
export interface PoolsFrame {
  readonly at: MonoMs;
  readonly pools: readonly PoolView[];
}
