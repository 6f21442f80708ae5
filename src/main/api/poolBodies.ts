import { z } from 'zod';
import { type OriginView, type PoolView, reuseRatio } from '../../shared/pool.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import type { Unheard } from './unheard.ts';

/**
 * Row G2: the bodies of `/api/connections`. A provider is a pool; rates in percent, `null` before the first request.
 * `none`: the engine is not heard, so counts are as it last told them, and nothing is said to be ready or well.
 */

const Rate = z.number().min(0).max(100).nullable();
const Count = z.number().int().min(0);
const Protocol = z.enum(['http', 'https', 'mixed']).meta({ description: 'Of its origins; mixed where they differ.' });

const ProviderStats = z.strictObject({
  provider: z.string(),
  protocol: Protocol,
  activeConnections: Count,
  idleConnections: Count,
  totalRequests: Count,
  reuseCount: Count,
  reuseRate: Rate,
});

const totals = {
  totalProviders: Count,
  totalActiveConnections: Count,
  totalIdleConnections: Count,
  totalRequests: Count,
  overallReuseRate: Rate,
};

export const StatsSchema = z.strictObject({ ...totals, providers: z.array(ProviderStats) });

const Status = z.enum(['off', 'failing', 'warning', 'warming', 'cold', 'healthy', 'unknown']).meta({
  description:
    'The gravest that holds: an origin is failing, an alert stands, not all sockets ready. unknown: the engine is not heard.',
});

const ProviderDetails = z.strictObject({
  provider: z.string(),
  protocol: Protocol,
  connections: z.strictObject({ active: Count, idle: Count, total: Count }),
  performance: z.strictObject({
    totalRequests: Count,
    reuseCount: Count,
    reuseRate: Rate,
    averageConnectionAge: z.number().nullable().meta({ description: 'Seconds, of the open sockets.' }),
  }),
  status: Status,
});

export const DetailsSchema = z.strictObject({
  overview: z.strictObject(totals),
  providers: z.array(ProviderDetails),
});

export const ProvidersSchema = z.array(z.strictObject({ provider: z.string(), protocol: Protocol, status: Status }));

const Origin = z.strictObject({
  url: z.string(),
  state: z.enum(['off', 'cold', 'warming', 'warm', 'failing', 'unknown']),
  why: z.string().nullable().meta({ description: 'Why it fails.' }),
  ready: Count.meta({ description: 'Sockets ready to fire now: open, idle, and answered on before.' }),
  wanted: Count,
  idleSecs: z.array(z.number()).meta({ description: 'For how long each ready socket has been idle.' }),
  idleLimitSecs: z.number(),
  idleLimitSource: z.enum(['setting', 'announced', 'learned']),
  nextRefreshInSecs: z.number().nullable(),
  lastWarmMs: z.number().nullable(),
  lastColdMs: z.number().nullable(),
});

/** One provider: its details and, row P5, how ready each of its origins is. */
export const ProviderSchema = ProviderDetails.extend({
  origins: z.array(Origin),
  issues: z.array(z.string()),
});

export const HealthSchema = z.strictObject({
  healthy: z.boolean(),
  totalConnections: Count,
  activeConnections: Count,
  idleConnections: Count,
  reuseRate: Rate,
  issues: z.array(z.string()).meta({
    description: 'Alerts, warnings and origins that are failing, or that the engine is not heard, as sentences.',
  }),
});

export function statsBody(pools: readonly PoolView[]): z.infer<typeof StatsSchema> {
  const providers = pools.map((pool) => ({
    provider: pool.name,
    protocol: protocolOf(pool),
    activeConnections: pool.active,
    idleConnections: pool.idle,
    totalRequests: pool.counters.requests,
    reuseCount: pool.counters.reused,
    reuseRate: rate(pool.counters),
  }));
  return { ...overview(pools), providers };
}

export function detailsBody(pools: readonly PoolView[], none: Unheard | null): z.infer<typeof DetailsSchema> {
  return { overview: overview(pools), providers: pools.map((pool) => providerDetails(pool, none)) };
}

export function providersBody(pools: readonly PoolView[], none: Unheard | null): z.infer<typeof ProvidersSchema> {
  return pools.map((pool) => ({ provider: pool.name, protocol: protocolOf(pool), status: statusOf(pool, none) }));
}

export function healthBody(pools: readonly PoolView[], none: Unheard | null): z.infer<typeof HealthSchema> {
  const { totalActiveConnections: active, totalIdleConnections: idle, overallReuseRate } = overview(pools);
  const issues = none === null ? pools.flatMap(issuesOf) : [none.sentence];
  return {
    healthy: issues.length === 0,
    totalConnections: active + idle,
    activeConnections: active,
    idleConnections: idle,
    reuseRate: overallReuseRate,
    issues,
  };
}

export function providerBody(pool: PoolView, now: MonoMs, none: Unheard | null): z.infer<typeof ProviderSchema> {
  const origins = pool.origins.map((origin) => {
    const body = originBody(origin, now);
    return none === null ? body : unknownOrigin(body);
  });
  return { ...providerDetails(pool, none), origins, issues: none === null ? issuesOf(pool) : [none.sentence] };
}

function overview(pools: readonly PoolView[]) {
  const sum = (of: (pool: PoolView) => number): number => pools.reduce((total, pool) => total + of(pool), 0);
  const requests = sum(({ counters }) => counters.requests);
  const reused = sum(({ counters }) => counters.reused);
  return {
    totalProviders: pools.length,
    totalActiveConnections: sum(({ active }) => active),
    totalIdleConnections: sum(({ idle }) => idle),
    totalRequests: requests,
    overallReuseRate: rate({ requests, reused }),
  };
}

function providerDetails(pool: PoolView, none: Unheard | null): z.infer<typeof ProviderDetails> {
  return {
    provider: pool.name,
    protocol: protocolOf(pool),
    connections: { active: pool.active, idle: pool.idle, total: pool.active + pool.idle },
    performance: {
      totalRequests: pool.counters.requests,
      reuseCount: pool.counters.reused,
      reuseRate: rate(pool.counters),
      averageConnectionAge: pool.averageAgeMs === null ? null : pool.averageAgeMs / 1000,
    },
    status: statusOf(pool, none),
  };
}

const unknownOrigin = (known: z.infer<typeof Origin>): z.infer<typeof Origin> => ({
  ...known,
  state: 'unknown',
  why: null,
  ready: 0,
  idleSecs: [],
  nextRefreshInSecs: null,
});

function originBody(origin: OriginView, now: MonoMs): z.infer<typeof Origin> {
  const { state, idleLimit, nextRefreshAt } = origin;
  return {
    url: origin.url,
    state: state.kind,
    why: state.kind === 'failing' ? state.why : null,
    ready: origin.ready,
    wanted: origin.wanted,
    idleSecs: origin.idleSince.map((since) => Math.max(0, elapsedMs(since, now) / 1000)),
    idleLimitSecs: idleLimit.ms / 1000,
    idleLimitSource: idleLimit.source,
    nextRefreshInSecs: nextRefreshAt === null ? null : Math.max(0, elapsedMs(now, nextRefreshAt) / 1000),
    lastWarmMs: origin.lastWarmMs,
    lastColdMs: origin.lastColdMs,
  };
}

function issuesOf(pool: PoolView): string[] {
  const failing = pool.origins.flatMap(({ url, state }) =>
    state.kind === 'failing' ? [`${url} is failing: ${state.why}`] : [],
  );
  return [...failing, ...pool.warnings, ...pool.alerts.map(({ text }) => text)].map((text) => `${pool.name}: ${text}`);
}

function statusOf(pool: PoolView, none: Unheard | null): z.infer<typeof Status> {
  if (none !== null) return 'unknown';
  if (!pool.enabled) return 'off';
  const kinds = new Set(pool.origins.map(({ state }) => state.kind));
  if (kinds.has('failing')) return 'failing';
  if (pool.alerts.length > 0 || pool.warnings.length > 0) return 'warning';
  if (kinds.has('warming')) return 'warming';
  return kinds.has('cold') ? 'cold' : 'healthy';
}

/** The demo's own origins (`demo://`) speak HTTPS. */
function protocolOf({ origins }: PoolView): z.infer<typeof Protocol> {
  const kinds = new Set(origins.map(({ url }) => (url.startsWith('http:') ? 'http' : 'https')));
  if (kinds.size > 1) return 'mixed';
  return kinds.has('http') ? 'http' : 'https';
}

function rate(counters: Pick<PoolView['counters'], 'requests' | 'reused'>): number | null {
  const ratio = reuseRatio(counters);
  return ratio === null ? null : 100 * ratio;
}
