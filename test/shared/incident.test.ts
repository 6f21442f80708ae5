import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Course, decide, NEW_COURSE } from '../../src/main/engine/link/machine.ts';
import type { Step } from '../../src/main/engine/link/step.ts';
import type { LinkEvent, LinkHappening } from '../../src/shared/events.ts';
import type { HealthLevel } from '../../src/shared/health.ts';
import type { HealthReason } from '../../src/shared/healthReason.ts';
import type { Incident } from '../../src/shared/incident.ts';
import {
  type IncidentTrack,
  NEW_TRACK,
  RELAPSE_MS,
  removeTrack,
  stepIncident,
  toldIncidents,
} from '../../src/shared/incidentTrack.ts';
import type { DownReason, LinkState } from '../../src/shared/linkState.ts';
import { type MonoMs, monoMs, wallMs } from '../../src/shared/units.ts';
import type { Verdict } from '../../src/shared/verdict/verdict.ts';
import { POLICY } from '../support/linkConfig.ts';

const CUT: DownReason = { kind: 'cut', code: 'ECONNRESET' };
const UP: LinkState = { kind: 'up', since: monoMs(0) };
const WAITING: LinkState = { kind: 'waiting', attempt: 2, delayMs: 100, until: monoMs(0), reason: CUT };
const CONNECTING: LinkState = { kind: 'connecting', attempt: 2, phase: 'tcp', since: monoMs(0) };
const HALF_OPEN: Verdict = { cause: 'half-open', blame: 'path', certainty: 'likely', evidence: ['writes succeeded'] };

/** A story of one link: when, on which socket, what. The wall clock goes with the other one. */
function tell(...story: readonly [atMs: number, generation: number, happening: LinkHappening][]): {
  readonly incidents: readonly Incident[];
  readonly track: IncidentTrack;
} {
  const byId = new Map<string, Incident>();
  let track = NEW_TRACK;
  for (const [seq, [atMs, generation, happening]] of story.entries()) {
    const next = stepIncident(track, eventAt(seq, atMs, generation, happening));
    for (const incident of toldIncidents(track, next)) byId.set(incident.id, incident);
    track = next;
  }
  return { incidents: [...byId.values()], track };
}

function eventAt(seq: number, atMs: number, generation: number, happening: LinkHappening): LinkEvent {
  return { seq, at: monoMs(atMs), wall: wallMs(1_700_000_000_000 + atMs), link: 'venue', generation, happening };
}

const state = (to: LinkState, because = ''): LinkHappening => ({ kind: 'state', from: UP, to, because });
const health = (to: HealthLevel, ...reasons: HealthReason[]): LinkHappening => ({
  kind: 'health',
  from: to === 'healthy' ? 'degraded' : 'healthy',
  to,
  reasons,
});
const slower = (p95Ms: number): HealthReason => ({ kind: 'p95', p95Ms, pings: 12 });
const gate = (open: boolean, atMs: number): LinkHappening => ({
  kind: 'gate',
  gate: open
    ? { kind: 'open', since: monoMs(atMs) }
    : { kind: 'closed', since: monoMs(atMs), reasons: [{ kind: 'not-started' }], cleanSince: null, opensAt: null },
});
const healthy: readonly [number, number, LinkHappening][] = [
  [0, 1, state(UP)],
  [1, 1, health('healthy')],
  [2, 1, gate(true, 2)],
];

describe('an incident', () => {
  it('[S2] is a loss with its reason, the time without a socket, and the attempt that ended it', () => {
    const { incidents } = tell(
      ...healthy,
      [1_000, 1, gate(false, 1_000)],
      [1_000, 1, state(WAITING, 'the connection was cut')],
      [1_200, 1, health('degraded', { kind: 'waiting' })],
      [1_300, 1, state(CONNECTING)],
      [1_350, 2, state({ kind: 'restoring', acked: 0, wanted: 1, since: monoMs(1_350) })],
      [1_400, 2, state(UP)],
      [1_500, 2, health('healthy')],
      [4_000, 2, { kind: 'verdict', verdict: HALF_OPEN }],
      [9_000, 2, gate(true, 9_000)],
    );
    expect(incidents).toMatchObject([
      {
        link: 'venue',
        openedAt: 1_700_000_001_000,
        closedAt: 1_700_000_001_500,
        generations: { from: 1, to: 2 },
        what: 'the connection was cut',
        worst: 'degraded',
        verdicts: [HALF_OPEN],
        down: { ms: 350, since: null },
        gateClosed: { ms: 8_000, since: null },
        end: { kind: 'reconnected', attempt: 1 },
      },
    ]);
  });

  it('[S2] is not the first connect, not a pause, and not a link that never was healthy', () => {
    const { incidents } = tell(
      [0, 0, state(CONNECTING)],
      [10, 1, state(UP)],
      [20, 1, health('degraded', { kind: 'stale', why: 'none yet', subscribed: true })],
      [30, 1, state(WAITING, 'cut')],
      [40, 1, state(UP)],
      [50, 2, health('healthy')],
      [60, 2, state({ kind: 'closing', deadline: monoMs(70), next: 'paused' })],
      [70, 2, state({ kind: 'paused' })],
      [80, 2, state(CONNECTING)],
      [90, 3, state(WAITING, 'cut')],
    );
    expect(incidents).toEqual([]);
  });

  const dialsFail = (count: number, fromMs = 0): [number, number, LinkHappening][] =>
    Array.from({ length: count }, (_, i) => fromMs + i * 100).flatMap((at) => [
      [at, 0, state(CONNECTING)] as [number, number, LinkHappening],
      [at + 50, 0, state(WAITING, 'refused')],
    ]);

  it('[S2] [H2] is a link that never came up, from its first failure on and until it is up, with its verdict', () => {
    expect(tell(...dialsFail(2)).incidents).toEqual([]);
    const story = [
      ...dialsFail(3),
      [260, 0, { kind: 'verdict', verdict: HALF_OPEN }],
      [270, 0, health('unhealthy', { kind: 'breaker-open' })],
    ] as [number, number, LinkHappening][];
    const open = {
      openedAt: 1_700_000_000_050,
      what: 'never came up: refused',
      verdicts: [HALF_OPEN],
      worst: 'unhealthy',
    };
    expect(tell(...story).incidents).toMatchObject([
      { ...open, closedAt: null, down: { ms: 0, since: 50 }, gateClosed: { ms: 0, since: 50 } },
    ]);
    const up: [number, number, LinkHappening][] = [
      [400, 0, state(CONNECTING)],
      [450, 1, state({ kind: 'restoring', acked: 0, wanted: 1, since: monoMs(450) })],
      [500, 1, state(UP)],
      [600, 1, health('degraded', { kind: 'stale', why: 'none yet', subscribed: true })],
      [700, 1, health('healthy')],
    ];
    expect(tell(...story, ...up).incidents).toMatchObject([
      {
        ...open,
        closedAt: 1_700_000_000_500,
        down: { ms: 400, since: null },
        end: { kind: 'reconnected', attempt: 4 },
      },
    ]);
  });

  it('[S2] [H2] of a link that was not healthy yet needs failures in a row, and none that waits for its turn or was asked for', () => {
    const up: [number, number, LinkHappening] = [1_000, 1, state(UP)];
    expect(tell(...dialsFail(2), up, ...dialsFail(2, 1_100)).incidents).toEqual([]);
    const queued: LinkState = { ...WAITING, reason: { kind: 'queued', place: 3, origin: 'x' } };
    const turns = [10, 20, 30, 40].map((at): [number, number, LinkHappening] => [at, 0, state(queued)]);
    expect(tell(...turns).incidents).toEqual([]);
    expect(tell(up, ...dialsFail(3, 1_100)).incidents).toMatchObject([{ what: 'refused', closedAt: null }]);
    const gaveUp: LinkState = { kind: 'failed', attempts: 1, reason: CUT, acknowledged: false };
    expect(tell([0, 0, state(CONNECTING)], [5, 0, state(gaveUp, 'credentials refused')]).incidents).toMatchObject([
      { what: 'never came up: credentials refused', worst: 'unhealthy', closedAt: null },
    ]);
    expect(tell(...dialsFail(3), [900, 0, state({ kind: 'paused' })]).incidents).toMatchObject([
      { end: { kind: 'paused' } },
    ]);
  });

  it('[S2] [L12] with a standby that took over is over at once, without time down', () => {
    const { incidents } = tell(...healthy, [500, 2, { kind: 'promoted', reason: CUT }]);
    expect(incidents).toMatchObject([
      { down: { ms: 0, since: null }, end: { kind: 'promoted' }, generations: { from: 1, to: 2 } },
    ]);
    expect(incidents[0]?.closedAt).toBe(incidents[0]?.openedAt);
  });

  it('[S2] that nobody was told of in time is over when the link is up again', () => {
    const { incidents } = tell(
      ...healthy,
      [500, 1, state(WAITING, 'cut')],
      [600, 1, state(CONNECTING)],
      [650, 2, state(UP)],
    );
    expect(incidents).toMatchObject([{ down: { ms: 150, since: null }, end: { kind: 'reconnected', attempt: 1 } }]);
  });

  it('[S2] goes on after a relapse within 10 s, and is another one after that', () => {
    const relapse = (afterMs: number) =>
      tell(
        ...healthy,
        [1_000, 1, health('degraded', slower(180))],
        [2_000, 1, health('healthy')],
        [2_000 + afterMs, 1, health('degraded', slower(190))],
        [2_500 + afterMs, 1, health('healthy')],
      ).incidents;
    expect(relapse(RELAPSE_MS - 1)).toMatchObject([
      { relapses: 1, what: 'p95 RTT 180 ms of 12 pings', end: { kind: 'recovered' } },
    ]);
    expect(relapse(RELAPSE_MS).map(({ relapses }) => relapses)).toEqual([0, 0]);
  });

  it('[S2] leaves a gate that stayed closed to the next one: no second without trading is counted twice', () => {
    const { incidents } = tell(
      ...healthy,
      [1_000, 1, gate(false, 1_000)],
      [1_000, 1, state(WAITING, 'cut')],
      [1_400, 2, state(UP)],
      [1_500, 2, health('healthy')],
      [21_000, 2, state(WAITING, 'cut again')],
      [21_400, 3, state(UP)],
      [21_500, 3, health('healthy')],
      [50_000, 3, gate(true, 50_000)],
    );
    expect(incidents.map(({ what, gateClosed }) => ({ what, gateClosed }))).toEqual([
      { what: 'cut', gateClosed: { ms: 20_000, since: null } },
      { what: 'cut again', gateClosed: { ms: 29_000, since: null } },
    ]);
  });

  it('[S2] is named by the loss, not by the suspicion before it, and is as bad as it ever was', () => {
    const { incidents } = tell(
      ...healthy,
      [900, 1, { kind: 'verdict', verdict: HALF_OPEN }],
      [1_000, 1, health('degraded', { kind: 'suspect', why: 'silence' })],
      [3_000, 1, state({ kind: 'blocked', attempt: 2, until: monoMs(13_000), reason: CUT }, 'three pings unanswered')],
      [3_100, 1, health('unhealthy', { kind: 'breaker-open' })],
      [13_000, 1, state(CONNECTING)],
      [14_000, 1, health('degraded', { kind: 'connecting' })],
    );
    expect(incidents).toMatchObject([
      {
        what: 'three pings unanswered',
        worst: 'unhealthy',
        verdicts: [HALF_OPEN],
        closedAt: null,
        down: { ms: 0, since: 3_000 },
      },
    ]);
  });

  it('[S2] tells both where something had been wrong for a while before the loss, but no reason as that of the whole while', () => {
    const { incidents } = tell(
      ...healthy,
      [1_000, 1, health('degraded', slower(210))],
      [46_000, 1, state(WAITING, '4 pings in a row unanswered')],
    );
    expect(incidents).toMatchObject([
      {
        what: '4 pings in a row unanswered; not healthy for 45 s before, which began with p95 RTT 210 ms of 12 pings',
      },
    ]);
  });

  it('[S2] tells of what came before the loss only how long, and why, the link had not been well without a break', () => {
    const slow = (atMs: number): [number, number, LinkHappening][] => [
      [atMs, 1, health('degraded', slower(atMs))],
      [atMs + 500, 1, health('healthy')],
    ];
    const flaps = Array.from({ length: 10 }, (_, i) => slow(1_000 + i * 9_900)).flat();
    const lastWell = 1_000 + 9 * 9_900 + 500;
    const whatOf = (...story: [number, number, LinkHappening][]) => tell(...healthy, ...flaps, ...story).incidents;
    const cut = (afterMs: number): [number, number, LinkHappening] => [lastWell + afterMs, 1, state(WAITING, 'cut')];
    expect(whatOf(cut(9_000))).toMatchObject([{ what: 'cut', relapses: 10 }]);
    const again = [lastWell + 1_000, 1, health('degraded', slower(300))] as [number, number, LinkHappening];
    expect(whatOf(again, cut(5_000))).toMatchObject([{ what: 'cut', relapses: 10 }]);
    expect(whatOf(again, cut(31_000))).toMatchObject([
      { what: 'cut; not healthy for 30 s before, which began with p95 RTT 300 ms of 12 pings' },
    ]);
  });

  it('[S2] is ended by a pause, and by leaving the settings', () => {
    const broken = tell(...healthy, [1_000, 1, state(WAITING, 'cut')]);
    expect(removeTrack(broken.track, 'settings', monoMs(1_500)).incident).toMatchObject({
      closedAt: 1_700_000_001_500,
      down: { ms: 500, since: null },
      end: { kind: 'removed', by: 'settings' },
    });
    const { incidents } = tell(
      ...healthy,
      [1_000, 1, gate(false, 1_000)],
      [1_000, 1, state(WAITING, 'cut')],
      [1_700, 1, state({ kind: 'paused' })],
    );
    expect(incidents).toMatchObject([
      { closedAt: 1_700_000_001_700, end: { kind: 'paused' }, gateClosed: { ms: 700, since: null } },
    ]);
  });

  it('[S2] keeps its length when the wall clock is set back meanwhile', () => {
    const before = tell(...healthy, [1_000, 1, state(WAITING, 'cut')]).track;
    const later = { ...eventAt(9, 3_000, 2, state(UP)), wall: wallMs(1_600_000_000_000) };
    expect(stepIncident(before, later).incident?.closedAt).toBe(1_700_000_003_000);
  });
});

/** One more thing that can happen to a link, and how long after the last. */
type Turn = { readonly afterMs: number } & (
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'told'; readonly happening: LinkHappening }
  | { readonly kind: 'judged'; readonly well: boolean }
);

const STEPS: readonly Step[] = [
  { kind: 'start' },
  { kind: 'due' },
  { kind: 'restoring', acked: 0, wanted: 1 },
  { kind: 'restored' },
  { kind: 'stable' },
  { kind: 'replaced' },
  { kind: 'redial' },
  { kind: 'suspect', probes: 1, why: 'silence' },
  { kind: 'ended', reason: CUT, consequence: { kind: 'retry', loud: false } },
  { kind: 'due' },
  { kind: 'restored' },
  { kind: 'open-breaker' },
  { kind: 'close-breaker' },
  { kind: 'pause' },
  { kind: 'closed' },
];
/** From the start to a healthy link. */
const WELL: readonly Turn[] = [
  { kind: 'step', step: { kind: 'start' }, afterMs: 0 },
  { kind: 'judged', well: false, afterMs: 1 },
  { kind: 'step', step: { kind: 'restored' }, afterMs: 1 },
  { kind: 'judged', well: true, afterMs: 1 },
];
const TOLD: readonly LinkHappening[] = [
  { kind: 'promoted', reason: CUT },
  { kind: 'replaced', oldGeneration: 1, because: CUT },
  { kind: 'verdict', verdict: HALF_OPEN },
  gate(true, 0),
  gate(false, 0),
  { kind: 'quiet', ageMs: 1 },
];
const turns: fc.Arbitrary<Turn> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      step: fc.constantFrom(...STEPS),
      afterMs: fc.nat(12_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('judged' as const), well: fc.boolean(), afterMs: fc.nat(12_000) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('told' as const),
      happening: fc.constantFrom(...TOLD),
      afterMs: fc.nat(12_000),
    }),
  },
);

/** The events that the real machine makes of these turns; health is healthy only where the state is up. */
function eventsOf(history: readonly Turn[]): LinkEvent[] {
  let course: Course = NEW_COURSE;
  let level: HealthLevel | null = null;
  let at = 1_000;
  let generation = 0;
  const events: LinkEvent[] = [];
  const add = (happening: LinkHappening): void => void events.push(eventAt(events.length, at, generation, happening));
  for (const turn of history) {
    at += turn.afterMs;
    if (turn.kind === 'told') {
      if (turn.happening.kind !== 'promoted' || course.state.kind === 'up') add(turn.happening);
    } else if (turn.kind === 'step') {
      const { state: from } = course;
      course = decide(course, turn.step, { now: monoMs(at), random: 0.5, policy: POLICY, queue: null }).course;
      if (course.state.kind === 'connecting' && from.kind !== 'connecting') generation += 1;
      if (course.state.kind !== from.kind) add({ kind: 'state', from, to: course.state, because: '' });
    } else {
      const { kind } = course.state;
      const next: HealthLevel | null =
        kind === 'paused' || kind === 'closing'
          ? null
          : kind === 'up' && turn.well
            ? 'healthy'
            : kind === 'blocked'
              ? 'unhealthy'
              : 'degraded';
      if (level !== null && next !== null && next !== level)
        add({ kind: 'health', from: level, to: next, reasons: [{ kind: 'waiting' }] });
      level = next;
    }
  }
  return events;
}

it('[S2] whatever happens to a link, its incidents do not overlap, and each is open or ends after it began', () => {
  let seen = 0;
  fc.assert(
    fc.property(fc.array(turns, { maxLength: 80, size: 'max' }), fc.boolean(), (history, fromWell) => {
      const byId = new Map<string, Incident>();
      let track = NEW_TRACK;
      for (const event of eventsOf([...(fromWell ? WELL : []), ...history])) {
        const before = track.incident;
        const after = stepIncident(track, event);
        for (const incident of toldIncidents(track, after)) byId.set(incident.id, incident);
        track = after;
        if (track.incident === null) continue;
        if (before !== null && before.id !== track.incident.id) expect(before.closedAt).not.toBeNull();
        sound(track.incident, event.at);
      }
      const all = [...byId.values()];
      seen += all.length;
      for (const [i, incident] of all.entries()) {
        const next = all[i + 1];
        if (next === undefined) continue;
        expect(incident.closedAt).not.toBeNull();
        expect(next.openedAt).toBeGreaterThanOrEqual(incident.closedAt ?? Number.POSITIVE_INFINITY);
        expect(next.since).toBeGreaterThan(incident.since);
        expect(incident.gateClosed.since).toBeNull();
        expect(incident.since + incident.gateClosed.ms).toBeLessThanOrEqual(next.since);
      }
      expect(track.incident === null || track.incident === all.at(-1)).toBe(true);
      if (track.state?.kind === 'paused') expect(track.incident?.closedAt ?? 0).not.toBeNull();
    }),
    { numRuns: 600 },
  );
  expect(seen).toBeGreaterThan(300);
});

function sound({ openedAt, closedAt, since, end, down, gateClosed, generations }: Incident, now: MonoMs): void {
  expect(closedAt === null).toBe(end === null);
  const lengthMs = (closedAt ?? openedAt + (now - since)) - openedAt;
  expect(lengthMs).toBeGreaterThanOrEqual(0);
  const downMs = down.ms + (down.since === null ? 0 : now - down.since);
  expect(downMs).toBeGreaterThanOrEqual(0);
  expect(downMs).toBeLessThanOrEqual(lengthMs);
  if (closedAt !== null) expect(down.since).toBeNull();
  expect(gateClosed.ms).toBeGreaterThanOrEqual(0);
  expect(gateClosed.since ?? since).toBeGreaterThanOrEqual(since);
  expect(generations.to).toBeGreaterThanOrEqual(generations.from);
}
