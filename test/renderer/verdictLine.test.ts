import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextSpoken, type Spoken, verdictLine, verdictText } from '../../src/renderer/verdictLine.ts';
import { isQuick } from '../../src/renderer/views/overview/filter.ts';
import { groupSum } from '../../src/renderer/views/overview/groupSum.ts';
import type { HealthReason } from '../../src/shared/healthReason.ts';
import type { LinkState } from '../../src/shared/linkState.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import type { UnfitReason } from '../../src/shared/unfitReason.ts';
import { monoMs } from '../../src/shared/units.ts';
import { FakeLink, type FakeSpec, TEN_LINKS } from './fakeLinks.ts';
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
const lineOf = (views: readonly LinkView[]) =>
  verdictLine({
    at,
    order: views.map(({ name }) => name),
    links: Object.assign(Object.create(null), ...views.map((view) => ({ [view.name]: view }))),
  });
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

test('[H5] the line says how many are fit, and names the others with cause and time, worst first', () => {
  const views = [
    viewOf(up('a')),
    quiet('kraken-spot', 72_000),
    viewOf(up('b')),
    waiting('okx', 2, 1800),
    viewOf(up('c')),
  ];
  expect(verdictText(lineOf(views))).toBe(
    '3 of 5 fit to trade: okx reconnecting (attempt 2, next in 1.8 s), kraken-spot quiet 1 m 12 s',
  );
});

test('[G1] a link that is fit again is not fit to trade before its gate has opened, and the line says when', () => {
  const [open, again, stalled] = [viewOf(up('a')), viewOf(up('b')), viewOf(up('c'))];
  const closed = {
    kind: 'closed',
    since: at,
    reasons: [{ kind: 'not-up', state: 'suspect' }],
    cleanSince: at,
  } as const;
  const reopening = { ...again, gate: { ...closed, opensAt: monoMs(at + 4_200) } };
  const held: LinkView = {
    ...stalled,
    gate: { ...closed, reasons: [{ kind: 'held-up' }], cleanSince: null, opensAt: null },
  };
  const line = lineOf([open, reopening, held]);
  expect(verdictText(line)).toBe(
    '1 of 3 fit to trade: c this machine is held up, so nothing it measures can be relied on, b gate opening in 4.2 s',
  );
  expect(line).toMatchObject({ tone: 'warn', named: [{ tone: 'warn' }, { tone: 'warn' }] });
  expect([open, reopening, held].filter(isQuick.unfit)).toEqual([reopening, held]);
  expect(groupSum([open, reopening, held])).toMatchObject({ active: 3, fit: 1, gatesOpen: 1 });
});

test('[H5] paused links are counted apart, measuring says how far, and more than three links are counted by kind', () => {
  const line = lineOf(TEN_LINKS.map(viewOf));
  expect(line.tone).toBe('bad');
  expect(verdictText(line)).toBe(
    '1 of 9 fit to trade, 1 paused: 1 given up, 3 down, 1 suspect, 1 without pongs, 2 coming back',
  );
  expect(line.named.map(({ name, word, detail }) => `${name} ${word} ${detail}`.trim())).toEqual([
    'deribit-options gave up after 10 attempts',
    'kraken-v2 breaker open (next try in 10 s)',
    'okx-spot reconnecting (attempt 5, next in 13 s)',
    'bybit-linear connecting (attempt 2, TLS)',
    'binance-futures suspect (2 probes)',
    'demo-newyork restoring 3/4',
    'polymarket-rtds not measurable: the venue answers no ping',
    'demo-frankfurt measuring 8/20',
  ]);
});

test('[H5] kinds stay while breakers turn and figures move: nothing of the line changes, and nothing is said anew', () => {
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
  const ill = (name: string, reason: HealthReason, level: 'degraded' | 'unhealthy' = 'degraded'): LinkView => ({
    ...viewOf(up(name)),
    health: { level, reasons: [reason] },
  });
  const unfit = (name: string, reason: UnfitReason): LinkView => ({
    ...viewOf(up(name)),
    fit: { fit: false, reasons: [reason] },
  });
  const turned = (turn: number) => [
    ...[0, 1, 2].map((i) => down(i, turn)),
    quiet('quiet', 61_000 + turn),
    ill('slow', { kind: 'p95', p95Ms: 200 + turn, pings: 26 }),
    unfit('slower', { kind: 'p99', p99Ms: 300 + turn, limitMs: 100, pings: 67 }),
    unfit('losing', { kind: 'success', percent: 90 - turn, limitPercent: 99, pings: 67 }),
    ill('flapping', { kind: 'failures', count: 5 + turn, wasOpen: true }, 'unhealthy'),
    ill('waits', { kind: 'stale', why: 'none yet', subscribed: true }),
  ];
  const texts = [1, 2, 3].map((turn) => verdictText(lineOf(turned(turn))));
  expect(new Set(texts)).toEqual(
    new Set(['3 of 9 fit to trade: 3 down, 2 without data, 2 slow, 1 losing pings, 1 unhealthy']),
  );
  const held = nextSpoken(null, lineOf(turned(1)), 0);
  expect(nextSpoken(held, lineOf(turned(2)), 60_000)).toBe(held);
});

test('[H2] [H5] a link that is not healthy is named although it may be traded over: the line’s mark has its cause', () => {
  const fine = viewOf(up('a'));
  const slow: LinkView = {
    ...viewOf(up('b')),
    health: { level: 'degraded', reasons: [{ kind: 'p95', p95Ms: 210, pings: 12 }] },
  };
  const flapping: LinkView = {
    ...viewOf(up('c')),
    health: { level: 'unhealthy', reasons: [{ kind: 'failures', count: 5, wasOpen: true }] },
  };
  const line = lineOf([fine, slow, flapping]);
  expect(line.tone).toBe('bad');
  expect(verdictText(line)).toBe(
    '3 of 3 fit to trade: c unhealthy: 5 failures since it was last stable, b degraded: p95 RTT 210 ms of 12 pings',
  );
  const measured: LinkView = { ...flapping, fit: { fit: false, reasons: [{ kind: 'measuring', pings: 8, of: 20 }] } };
  expect(verdictText(lineOf([fine, measured]))).toContain('c unhealthy: 5 failures');
});

test('[L22] a link in the queue of dials says its number', () => {
  expect(verdictText(lineOf([waiting('okx', 1, 400, true)]))).toBe(
    '0 of 1 fit to trade: okx waits its turn (number 3 in the queue, next in 0.4 s)',
  );
});

test('[H5] all well, all paused and no links each have their own sentence', () => {
  expect(lineOf([viewOf(up('a'))])).toMatchObject({ tone: 'good', count: '1 of 1 fit to trade', named: [] });
  expect(lineOf([viewOf(up('a', { state: 'paused' }))])).toMatchObject({ tone: 'idle', count: 'all 1 link paused' });
  expect(lineOf([])).toMatchObject({ tone: 'idle', count: 'no links yet' });
  expect(verdictText(lineOf([viewOf(up('__proto__')), quiet('<script>', 61_000)]))).toBe(
    '1 of 2 fit to trade: <script> quiet 1 m 01 s',
  );
});

test('[D4] a screen reader is told when others are unfit or for another cause; never more often than in 5 s', () => {
  const told: Spoken[] = [];
  const tell = (views: readonly LinkView[], nowMs: number): void => {
    const held = told.at(-1) ?? null;
    const next = nextSpoken(held, lineOf(views), nowMs);
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
    held = nextSpoken(held, lineOf(links), i * 6000);
    heard.add(held.text);
  }
  expect([...heard]).toEqual(['0 of 3 fit to trade: a not connected, b not connected, c not connected']);
});

test('[H6] [G1] what this machine does to most links leads the line, and no link is named for it', () => {
  const heldUp = (name: string, opensAt: number | null): LinkView => {
    const reasons: readonly UnfitReason[] = [{ kind: 'held-up' }, { kind: 'not-up', state: 'blocked' }];
    const [cleanSince, opens] = opensAt === null ? [null, null] : [at, monoMs(opensAt)];
    return { ...viewOf(up(name)), gate: { kind: 'closed', since: at, reasons, cleanSince, opensAt: opens } };
  };
  const fine = viewOf(up('fine'));
  expect(lineOf([fine, heldUp('a', null), waiting('b', 2, 500)]).shared).toBe('');
  const most = lineOf([fine, heldUp('a', null), heldUp('b', at + 3_000)]);
  expect(verdictText(most)).toMatch(/^1 of 3 fit to trade: this machine is held up: /);
  expect(nextSpoken(null, most, 0).text).toMatch(/^1 of 3 fit to trade: this machine is held up: /);
  expect(lineOf([heldUp('a', at + 3_000), heldUp('b', at + 3_000)]).shared).toBe('this machine was held up');
});

test('[D4] whatever happens, two announcements are at least 5 s apart and the last one is true', () => {
  const kinds = [viewOf(up('a')), quiet('a', 61_000), waiting('a', 1, 100), viewOf(up('a', { state: 'suspect' }))];
  fc.assert(
    fc.property(fc.array(fc.record({ afterMs: fc.nat(4000), kind: fc.nat(3) }), { minLength: 1 }), (steps) => {
      let [now, held] = [0, null as Spoken | null];
      let last: Spoken | null = null;
      for (const { afterMs, kind } of steps) {
        now += afterMs;
        const next = nextSpoken(held, lineOf([kinds[kind] as LinkView]), now);
        if (next !== held && held !== null) expect(next.at - held.at).toBeGreaterThanOrEqual(5000);
        held = next;
        last = nextSpoken(null, lineOf([kinds[kind] as LinkView]), now);
      }
      const settled = nextSpoken(held, lineOf([kinds[steps.at(-1)?.kind ?? 0] as LinkView]), now + 5000);
      expect(settled.text).toBe(last?.text);
    }),
  );
});
