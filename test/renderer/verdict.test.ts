import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UNFIT_KINDS } from '../../src/renderer/band/kinds.ts';
import { nextSpoken, type Spoken } from '../../src/renderer/band/spoken.ts';
import {
  countText,
  kindTexts,
  titleText,
  toneUnder,
  type Verdict,
  verdictOf,
} from '../../src/renderer/band/verdict.ts';
import { NO_FILTER, passing } from '../../src/renderer/views/overview/filter.ts';
import { groupSum } from '../../src/renderer/views/overview/groupSum.ts';
import type { HealthReason } from '../../src/shared/healthReason.ts';
import type { LinkState } from '../../src/shared/linkState.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import type { UnfitReason } from '../../src/shared/unfitReason.ts';
import { monoMs } from '../../src/shared/units.ts';
import { FakeLink, type FakeSpec } from './fakeLinks.ts';
import { seeded } from './seeded.ts';

const at = monoMs(5_000_000);
const up = (name: string, more: Partial<FakeSpec> = {}): FakeSpec => ({
  name,
  venue: 'V',
  url: 'wss://v.example/',
  rttMs: 5,
  state: 'up',
  ...more,
});
const viewOf = (spec: FakeSpec): LinkView => new FakeLink(spec, seeded(1), at).view(at);
const verdictIn = (views: readonly LinkView[]): Verdict =>
  verdictOf({
    at,
    order: views.map(({ name }) => name),
    links: Object.assign(Object.create(null), ...views.map((view) => ({ [view.name]: view }))),
  });
const namedIn = ({ named }: Verdict): string[] =>
  named.map(({ name, word, detail }) => `${name} ${word} ${detail}`.trim());
const counted = ({ tiles }: Verdict) => Object.fromEntries(Object.entries(tiles).filter(([, n]) => n > 0));
const quiet = (name: string, ms: number): LinkView => {
  const view = viewOf(up(name, { quietMs: ms }));
  return { ...view, fit: { fit: false, reasons: [{ kind: 'stale', why: 'silent' }] } };
};
const waiting = (name: string, attempt: number, leftMs: number, queued = false): LinkView => {
  const reason = queued
    ? ({ kind: 'queued', place: 3, origin: 'v.example' } as const)
    : ({ kind: 'cut', code: 'ECONNRESET' } as const);
  const state: LinkState = { kind: 'waiting', attempt, delayMs: 3000, until: monoMs(at + leftMs), reason };
  return { ...viewOf(up(name, { state: 'waiting' })), state };
};

test('[H5] the verdict says how many are fit, and names the others with cause and time, worst first', () => {
  const views = [
    viewOf(up('a')),
    quiet('kraken-spot', 72_000),
    viewOf(up('b')),
    waiting('okx', 2, 1800),
    viewOf(up('c')),
  ];
  const verdict = verdictIn(views);
  expect(verdict).toMatchObject({ tone: 'bad', fit: 3, on: 5 });
  expect(namedIn(verdict)).toEqual(['okx reconnecting (attempt 2, next in 1.8 s)', 'kraken-spot quiet 1 m 12 s']);
  expect(titleText(verdict)).toBe('okx reconnecting · 3 of 5 fit to trade');
});

const HELD_UP: UnfitReason = { kind: 'held-up' };

test('[G1] a link that is fit again is not fit to trade before its gate has opened, and the verdict says when', () => {
  const [open, again, stalled] = [viewOf(up('a')), viewOf(up('b')), viewOf(up('c'))];
  const closed = {
    kind: 'closed',
    since: at,
    reasons: [{ kind: 'not-up', state: 'suspect' }],
    cleanSince: at,
  } as const;
  const reopening = { ...again, gate: { ...closed, opensAt: monoMs(at + 4_200) } };
  const held: LinkView = { ...stalled, gate: { ...closed, reasons: [HELD_UP], cleanSince: null, opensAt: null } };
  const verdict = verdictIn([open, reopening, held]);
  expect(namedIn(verdict)).toEqual(['c this machine is held up', 'b gate opening in 4.2 s']);
  expect(verdict).toMatchObject({ tone: 'warn', fit: 1, on: 3 });
  expect(counted(verdict)).toEqual({ 'held up': 1, measuring: 1 });
  expect(groupSum([open, reopening, held])).toMatchObject({ active: 3, fit: 1, gatesOpen: 1 });
});

const TOO_SLOW: UnfitReason = { kind: 'p99', p99Ms: 300, limitMs: 100, pings: 67 };
const LOSING: UnfitReason = { kind: 'success', percent: 98, limitPercent: 99, pings: 67 };
const measuring = (pings: number): UnfitReason => ({ kind: 'measuring', pings, of: 20 });
const SLOW: HealthReason = { kind: 'p95', p95Ms: 210, pings: 12 };

const unfit = (name: string, ...reasons: UnfitReason[]): LinkView => ({
  ...viewOf(up(name)),
  fit: { fit: false, reasons },
});
const ill = (name: string, reason: HealthReason, level: 'degraded' | 'unhealthy' = 'degraded'): LinkView => ({
  ...viewOf(up(name)),
  health: { level, reasons: [reason] },
});

test('[H5] each unfit link is of one kind by the gravest of its causes, and the kinds and the fit are all that are on', () => {
  const verdict = verdictIn([
    viewOf(up('fit')),
    ill('fit too', SLOW),
    unfit('no ack', { kind: 'not-in-force', names: ['b'], count: 1, wanted: 3 }, TOO_SLOW),
    unfit('slow', TOO_SLOW, LOSING),
    unfit('missing', { kind: 'ping-missed' }, measuring(3)),
    unfit('losing', LOSING),
    unfit('measured', measuring(3)),
    viewOf(up('mute', { ping: 'none' })),
    ...(['suspect', 'restoring', 'closing', 'failed', 'blocked', 'paused'] as const).map((state) =>
      viewOf(up(state, { state })),
    ),
  ]);
  expect(counted(verdict)).toEqual({
    down: 3,
    'no data': 1,
    'no pong': 4,
    slow: 1,
    measuring: 2,
    degraded: 1,
    paused: 1,
  });
  expect(UNFIT_KINDS.reduce((sum, kind) => sum + verdict.tiles[kind], verdict.fit)).toBe(verdict.on);
  expect(countText(verdict)).toBe('2 of 13 fit to trade, 1 paused');
  expect(namedIn(verdict)[0]).toMatch(/^failed gave up/);
});

const KINDS = fc.constantFrom(
  ...(['up', 'suspect', 'restoring', 'waiting', 'connecting', 'blocked', 'failed', 'paused', 'closing'] as const),
);
const REASONS = fc.constantFrom<UnfitReason>(
  { kind: 'stale', why: 'none yet' },
  { kind: 'stale', why: 'silent' },
  { kind: 'no-pongs' },
  { kind: 'ping-missed' },
  measuring(1),
  TOO_SLOW,
  LOSING,
);

test('[H5] whatever the links are, fit and unfit kinds add up to all that are on, and each number shows its own links', () => {
  const link = fc.record({ state: KINDS, reasons: fc.array(REASONS, { maxLength: 3 }), demo: fc.boolean() });
  fc.assert(
    fc.property(fc.array(link, { maxLength: 8 }), (specs) => {
      const views = specs.map(({ state, reasons, demo }, i): LinkView => {
        const view = viewOf(up(`l${i}`, { state, url: demo ? 'demo://x' : 'wss://x' }));
        return reasons.length === 0 ? view : { ...view, fit: { fit: false, reasons } };
      });
      const verdict = verdictIn(views);
      const { fit, on, tiles, demo } = verdict;
      expect(UNFIT_KINDS.reduce((sum, kind) => sum + tiles[kind], fit)).toBe(on);
      expect(on + tiles.paused + demo).toBe(views.length);
      const shows = (...quick: (typeof NO_FILTER)['quick']) => passing(views, { ...NO_FILTER, quick }).length;
      for (const tile of [...UNFIT_KINDS, 'degraded', 'paused'] as const) expect(shows(tile)).toBe(tiles[tile]);
      expect(shows('unfit')).toBe(on - fit);
      expect(shows('demo')).toBe(demo);
    }),
  );
});

const NONE_YET: UnfitReason = { kind: 'stale', why: 'none yet' };

test('[H5] a first start is neither well nor bad: it is measured, while it is dialled, waits for its data and its pings', () => {
  const first = (name: string, view: Partial<LinkView>): LinkView => {
    const made = viewOf(up(name, { state: 'connecting' }));
    return { ...made, counters: { ...made.counters, connects: 0 }, ...view };
  };
  const dialled: LinkState = { kind: 'connecting', attempt: 1, phase: 'tcp', since: at };
  const queued = waiting('x', 1, 400, true).state;
  const views = [first('a', { state: dialled }), first('b', { state: queued }), unfit('c', NONE_YET, measuring(2))];
  expect(verdictIn(views)).toMatchObject({ tone: 'idle', fit: 0, on: 3, tiles: { measuring: 3 } });
  // One that failed at it, or was open before, is down; data that stopped, or have had twenty pings to come, are missing.
  const late = [
    first('a', { state: { ...dialled, attempt: 2 } }),
    { ...viewOf(up('b', { state: 'connecting' })), state: dialled },
    unfit('c', { kind: 'stale', why: 'silent' }, measuring(2)),
    unfit('d', NONE_YET),
  ];
  expect(counted(verdictIn(late))).toEqual({ down: 2, 'no data': 2 });
});

test('[H5] kinds stay while breakers turn and figures move, and nothing is said anew', () => {
  const down = (i: number, turn: number): LinkView => {
    const link = waiting(`down-${i}`, turn, 100 * turn);
    const until = monoMs(at + 100 * turn);
    const reason = { kind: 'cut', code: 'ECONNRESET' } as const;
    const steps: readonly LinkState[] = [
      link.state,
      { kind: 'connecting', attempt: turn, phase: 'tls', since: at },
      { kind: 'blocked', attempt: turn, until, reason },
    ];
    return { ...link, state: steps[(i + turn) % 3] ?? link.state };
  };
  const turned = (turn: number) => [
    ...[0, 1, 2].map((i) => down(i, turn)),
    quiet('quiet', 61_000 + turn),
    unfit('slower', { ...TOO_SLOW, pings: 60 + turn }),
    unfit('losing', { ...LOSING, pings: 60 + turn }),
  ];
  const texts = [1, 2, 3].map((turn) => kindTexts(verdictIn(turned(turn))).join());
  expect(new Set(texts)).toEqual(new Set(['3 down,1 no data,1 no pong,1 slow']));
  const held = nextSpoken(null, verdictIn(turned(1)), 0);
  expect(held.text).toBe('0 of 6 fit to trade: 3 down, 1 no data, 1 no pong, 1 slow');
  expect(nextSpoken(held, verdictIn(turned(2)), 60_000)).toBe(held);
});

test('[H2] [H5] a link that is fit and not healthy is counted apart, and not among the unfit', () => {
  const verdict = verdictIn([
    viewOf(up('a')),
    ill('b', SLOW),
    ill('c', { kind: 'failures', count: 5, wasOpen: true }, 'unhealthy'),
  ]);
  expect(verdict).toMatchObject({ tone: 'warn', fit: 3, on: 3, tiles: { degraded: 2 }, named: [] });
});

test('[H5] demo links are counted apart, and where no other link is on they are named as what they are', () => {
  const demo = viewOf(up('demo', { url: 'demo://tokyo' }));
  const [own, resting] = [waiting('own', 2, 500), viewOf(up('resting', { state: 'paused' }))];
  expect(verdictIn([demo, own])).toMatchObject({ tone: 'bad', fit: 0, on: 1, demo: 1, isDemo: false });
  const alone = verdictIn([demo, resting]);
  expect(alone).toMatchObject({ tone: 'good', fit: 1, on: 1, demo: 0, isDemo: true });
  expect(countText(alone)).toBe('demo: 1 of 1 fit to trade, 1 paused');
});

test('[C2] with other settings than those of the file no verdict is green, and with a makeshift it is red', () => {
  expect(toneUnder('this file', 'good')).toBe('good');
  expect(toneUnder('the last good settings', 'good')).toBe('warn');
  expect(toneUnder('the last good settings', 'bad')).toBe('bad');
  expect(toneUnder('the built-in settings', 'good')).toBe('bad');
  expect(toneUnder('what was sound of the file at the start', 'idle')).toBe('bad');
});

test('[L22] a link in the queue of dials says its number', () => {
  expect(namedIn(verdictIn([waiting('okx', 1, 400, true)]))).toEqual([
    'okx waits its turn (number 3 in the queue, next in 0.4 s)',
  ]);
});

test('[H5] all well, all paused and no links each have their own words', () => {
  const well = verdictIn([viewOf(up('a'))]);
  expect(well).toMatchObject({ tone: 'good', named: [] });
  expect([well, verdictIn([viewOf(up('a', { state: 'paused' }))]), verdictIn([])].map(countText)).toEqual([
    '1 of 1 fit to trade',
    'all 1 link paused',
    'no links yet',
  ]);
  expect(namedIn(verdictIn([viewOf(up('__proto__')), quiet('<script>', 61_000)]))).toEqual(['<script> quiet 1 m 01 s']);
});

test('[D4] a screen reader is told when others are unfit or for another cause; never more often than in 5 s', () => {
  const told: Spoken[] = [];
  const tell = (views: readonly LinkView[], nowMs: number): void => {
    const held = told.at(-1) ?? null;
    const next = nextSpoken(held, verdictIn(views), nowMs);
    if (next !== held) told.push(next);
  };
  const fine = viewOf(up('a'));
  tell([fine, quiet('b', 61_000)], 0);
  for (let ms = 250; ms < 60_000; ms += 250) tell([fine, quiet('b', 61_000 + ms)], ms);
  expect(told.map(({ text }) => text)).toEqual(['1 of 2 fit to trade: b quiet']);
  tell([fine, waiting('b', 1, 100)], 60_000);
  tell([fine, waiting('b', 2, 900)], 60_250);
  tell([fine, viewOf(up('b'))], 61_000);
  expect(told.length).toBe(2);
  tell([fine, viewOf(up('b'))], 65_000);
  expect(told.map(({ text }) => text).slice(1)).toEqual([
    '1 of 2 fit to trade: b not connected',
    '2 of 2 fit to trade',
  ]);
  tell([fine, quiet('b', 61_000)], 10);
  expect(told.length).toBe(4);
});

test('[D4] [L8] links that are dialled and dialled again say so once, whatever step of it each is at', () => {
  const dialling = (name: string): LinkView => ({
    ...waiting(name, 1, 0),
    state: { kind: 'connecting', attempt: 9, phase: 'tcp', since: at },
  });
  const breaker = (name: string): LinkView => ({
    ...waiting(name, 1, 0),
    state: { kind: 'blocked', attempt: 9, until: monoMs(at + 9_000), reason: { kind: 'cut', code: 'ECONNRESET' } },
  });
  const steps = [waiting, breaker, dialling].map((step) => (name: string) => step(name, 1, 500));
  let held: Spoken | null = null;
  const heard = new Set<string>();
  for (let i = 0; i < 60; i += 1) {
    const links = ['a', 'b', 'c'].map((name, nth) => (steps[(i * (nth + 1)) % 3] as (of: string) => LinkView)(name));
    held = nextSpoken(held, verdictIn(links), i * 6000);
    heard.add(held.text);
  }
  expect([...heard]).toEqual(['0 of 3 fit to trade: a not connected, b not connected, c not connected']);
});

test('[H6] [G1] what this machine does to most links leads the verdict', () => {
  const heldUp = (name: string, opensAt: number | null): LinkView => {
    const [cleanSince, opens] = opensAt === null ? [null, null] : [at, monoMs(opensAt)];
    return { ...viewOf(up(name)), gate: { kind: 'closed', since: at, reasons: [HELD_UP], cleanSince, opensAt: opens } };
  };
  const fine = viewOf(up('fine'));
  expect(verdictIn([fine, heldUp('a', null), waiting('b', 2, 500)]).shared).toBe('');
  const most = verdictIn([fine, heldUp('a', null), heldUp('b', at + 3_000)]);
  expect(most.shared).toBe('this machine is held up');
  expect(titleText(most)).toBe('this machine is held up · 1 of 3 fit to trade');
  expect(nextSpoken(null, most, 0).text).toMatch(/^1 of 3 fit to trade: this machine is held up: /);
  expect(verdictIn([heldUp('a', at + 3_000), heldUp('b', at + 3_000)]).shared).toBe('this machine was held up');
});

test('[D4] whatever happens, two announcements are at least 5 s apart and the last one is true', () => {
  const kinds = [viewOf(up('a')), quiet('a', 61_000), waiting('a', 1, 100), viewOf(up('a', { state: 'suspect' }))];
  fc.assert(
    fc.property(fc.array(fc.record({ afterMs: fc.nat(4000), kind: fc.nat(3) }), { minLength: 1 }), (steps) => {
      let [now, held] = [0, null as Spoken | null];
      let last: Spoken | null = null;
      for (const { afterMs, kind } of steps) {
        now += afterMs;
        const next = nextSpoken(held, verdictIn([kinds[kind] as LinkView]), now);
        if (next !== held && held !== null) expect(next.at - held.at).toBeGreaterThanOrEqual(5000);
        held = next;
        last = nextSpoken(null, verdictIn([kinds[kind] as LinkView]), now);
      }
      const settled = nextSpoken(held, verdictIn([kinds[steps.at(-1)?.kind ?? 0] as LinkView]), now + 5000);
      expect(settled.text).toBe(last?.text);
    }),
  );
});
