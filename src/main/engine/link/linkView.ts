import type { LinkConfig } from '../../../shared/engineConfig.ts';
import { fitnessOf } from '../../../shared/fitness.ts';
import { type FreshnessFacts, NOTHING_SAME, stalenessOf } from '../../../shared/freshness.ts';
import { type Health, healthOf } from '../../../shared/health.ts';
import type { LinkClocks, LinkView } from '../../../shared/linkView.ts';
import type { SocketView } from '../../../shared/socketView.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { probesMs } from '../../../shared/watchTimes.ts';
import { probeLimit } from './budget.ts';
import type { Ledger } from './ledger.ts';
import type { Course } from './machine.ts';
import type { RttWindows } from './rtt.ts';
import type { Session } from './session.ts';
import type { Sockets } from './sockets.ts';
import type { Spares } from './spares.ts';

/** The fields of a view that only the engine can fill: they need more than one link. */
export type EngineField = 'verdicts' | 'skew' | 'gate';

/** Everything that is known about a link at one moment. */
export interface LinkFacts {
  readonly config: LinkConfig;
  readonly course: Course;
  /** The socket in use, if any, and what is known of all of them. */
  readonly session: Session | null;
  readonly sockets: Pick<Sockets, 'lastGeneration' | 'staleLimitMs' | 'dials' | 'retiring' | 'pace'>;
  /** What the link keeps beside that socket. */
  readonly spares: Pick<Spares, 'succession' | 'standby' | 'routes' | 'plan' | 'overlap' | 'measuring'>;
  /** How many times slower than its own baseline, while the alert stands. */
  readonly degradedBy: number | null;
  readonly ledger: Ledger;
  readonly rtt: RttWindows;
  /** When the last socket that was open in use was heard; `null` before the first. */
  readonly lastHeard: LinkClocks | null;
  readonly now: MonoMs;
}

/** What the socket in use goes by: the link's own settings may not be in force yet. */
export function inForce({ config, session }: Pick<LinkFacts, 'config' | 'session'>): LinkConfig {
  return session?.config ?? config;
}

/** The facts as the freshness of data is judged by, for whoever asks (rows H2, H3, H5). */
export function freshnessFrom(facts: Pick<LinkFacts, 'config' | 'session' | 'now'>): FreshnessFacts {
  const { session, now } = facts;
  const config = inForce(facts);
  const dataAt = session?.clocks.dataAt ?? null;
  const awayUntil = session?.awayUntil ?? null;
  return {
    expectsData: config.expectsData,
    dataAgeMs: dataAt === null ? null : elapsedMs(dataAt, now),
    sleptSince: dataAt !== null && awayUntil !== null && dataAt <= awayUntil,
    dataNoticeMs: config.policy.dataNoticeMs,
    frozenMs: session?.content?.frozenMs ?? 0,
    same: session?.streams.sameness(now, config.policy.dataNoticeMs) ?? NOTHING_SAME,
    lagGrowthMs: session?.content?.growthMs ?? 0,
  };
}

/** The facts as health reads them (row H2). */
export function healthFrom(facts: LinkFacts): Health {
  const { course, session, spares, degradedBy, ledger, rtt, now } = facts;
  const config = inForce(facts);
  return healthOf({
    ...freshnessFrom(facts),
    now,
    state: course.state,
    pingIntervalMs: config.policy.pingIntervalMs,
    pongs: config.preset.ping.kind !== 'none',
    upSince: session?.openedAt ?? null,
    lastPongAt: session?.clocks.pongAt ?? null,
    missedSinceLastPong: ledger.missedInARow,
    rtt: rtt.percentiles('1m', now),
    wanted: session?.wanted ?? 0,
    acked: session?.acked ?? 0,
    failures: course.failures,
    wasOpen: ledger.connects > 0,
    notInForce: session?.subscriptions.notInForce ?? [],
    subscriptionsSilent: session?.fresh.silent(session.subscriptionViews()) ?? [],
    degradedBy,
    pendingSettings: spares.succession.pending,
    limits: { p95Ms: facts.config.policy.degradedP95Ms, failures: facts.config.policy.degradedFailures },
  });
}

/** The facts as a trade reads them (row H5). */
export function fitnessFrom(facts: LinkFacts): LinkView['fit'] {
  const { config, course, session, ledger } = facts;
  return fitnessOf({
    state: course.state,
    pongs: inForce(facts).preset.ping.kind !== 'none',
    pings: session?.pings ?? null,
    missedSinceLastPong: ledger.missedInARow,
    stale: stalenessOf(freshnessFrom(facts)),
    wanted: session?.wanted ?? 0,
    notInForce: session?.subscriptions.notInForce ?? [],
    limits: { p99Ms: config.policy.fitP99Ms, successPercent: config.policy.fitSuccessPercent },
  });
}

/** While no socket is open those of the last one, so that it can be seen how old the last data are. */
export function clocksFrom({
  course,
  session,
  lastHeard,
}: Pick<LinkFacts, 'course' | 'session' | 'lastHeard'>): LinkClocks {
  if (session !== null && session.openedAt !== null) return { ...session.clocks };
  return course.state.kind === 'paused' ? NO_CLOCKS : (lastHeard ?? NO_CLOCKS);
}

export type LatelyView = Pick<LinkView, 'clocks' | 'counters' | 'subscriptions'>;

/** The part of a view that every message changes. */
export function latelyFrom(facts: LinkFacts): LatelyView {
  const { config, course, session, ledger } = facts;
  return {
    clocks: clocksFrom(facts),
    counters: ledger.counters(session?.traffic() ?? null, course.failures),
    subscriptions:
      session?.subscriptionViews() ??
      config.subscriptions.map(({ name, data }) => ({ ...UNSENT, name, told: data.length > 0 })),
  };
}

/** The facts as everybody else sees them. */
export function viewFrom(facts: LinkFacts, health: Health): Omit<LinkView, EngineField> {
  const { config, course, session, sockets, spares, ledger, rtt, now } = facts;
  // A percentile is in it: asked once.
  const limits = session?.liveness.limits ?? null;
  const { expectsData, policy, preset } = inForce(facts);
  return {
    name: config.name,
    about: {
      url: config.url,
      address: session?.dial.address ?? null,
      venue: config.preset.venue,
      presetName: config.presetName,
      demo: config.demo,
      ping: preset.ping.kind,
      pingIntervalMs: policy.pingIntervalMs,
      pongTimeoutMs: policy.pongTimeoutMs,
      dataTimeoutMs: sockets.staleLimitMs,
      dataNoticeMs: policy.dataNoticeMs,
      expectsData,
      degradedP95Ms: config.policy.degradedP95Ms,
      fitP99Ms: config.policy.fitP99Ms,
      reconnectAboveP99Ms: config.policy.reconnectAboveP99Ms,
      generation: session?.generation ?? sockets.lastGeneration,
      timings: session?.dial.timings ?? null,
      restoredMs: session?.dial.restoredMs ?? null,
      silenceLimitMs: limits?.silenceMs ?? null,
      pongLimitMs: limits?.pongMs ?? null,
      probesMs: limits?.probesMs ?? probesMs(config.policy.missedPongs, probeLimit(config.preset, sockets.pace)),
      standby: standbyWord(spares.standby),
      routes: spares.routes.views(),
      sampled: session?.sampled ?? false,
      replacing: spares.succession.because,
      pendingSettings: spares.succession.pending !== null,
      sockets: socketViews(facts),
      dials: sockets.dials.map(({ view }) => view),
      routing: spares.routes.routing(config.policy),
      rotation: { dueAt: spares.plan.dueAt, proof: spares.overlap.proof },
      breakerFailures: config.policy.breakerFailures,
    },
    state: course.state,
    health,
    ...latelyFrom(facts),
    rtt: {
      lastMs: ledger.lastRttMs,
      windows: {
        '1m': rtt.percentiles('1m', now),
        '5m': rtt.percentiles('5m', now),
        '1h': rtt.percentiles('1h', now),
        start: rtt.percentiles('start', now),
      },
      stalledSamples: ledger.stalledSamples,
    },
    fit: fitnessFrom(facts),
    ...(session?.budgets() ?? NO_BUDGETS),
    lag: session?.content?.lag(now, policy.dataNoticeMs) ?? null,
    uptime: { upSince: session?.openedAt ?? null, ...ledger.times },
  };
}

function standbyWord({ isWanted, isReady }: Spares['standby']): LinkView['about']['standby'] {
  return isWanted ? (isReady ? 'ready' : 'building') : 'off';
}

function socketViews({ session, sockets, spares }: LinkFacts): readonly SocketView[] {
  const views = (role: SocketView['role'], ...those: readonly (Session | null)[]): SocketView[] =>
    those.flatMap((one) =>
      one === null ? [] : [{ generation: one.generation, role, url: one.url, openedAt: one.openedAt }],
    );
  return [
    ...views('in use', session),
    ...views('retiring', ...sockets.retiring),
    ...views('successor', spares.succession.session),
    ...views('standby', spares.standby.session),
    ...views('measuring', ...spares.measuring.sessions),
  ];
}

const NO_BUDGETS = { budget: null, subscribeBudget: null } as const;
const UNSENT = { status: 'unsent', since: null, dataAt: null, retried: false, againAt: null, sequence: null } as const;
const NO_CLOCKS = { bytesAt: null, pongAt: null, heartbeatAt: null, dataAt: null } as const;
