import fc from 'fast-check';
import { expect, test } from 'vitest';
import { awayOf, keptSince } from '../../src/renderer/charts/outages.ts';
import type { LinkEvent, LinkHappening } from '../../src/shared/events.ts';
import { EVENTS_KEPT, keptEvents, nextEvents } from '../../src/shared/keptEvents.ts';
import type { LinkState } from '../../src/shared/linkState.ts';
import { monoMs, wallMs } from '../../src/shared/units.ts';

const MINUTE_MS = 60_000;
const WALL_MS = 1_763_000_000_000;

const UP = { kind: 'up', since: monoMs(0) } as LinkState;
const DOWN = { kind: 'waiting', attempt: 1 } as LinkState;
const DIALS = { kind: 'connecting', attempt: 2 } as LinkState;
const turn = (from: LinkState, to: LinkState): LinkHappening => ({ kind: 'state', from, to, because: '' });

/** Numbered in the order of their moments. */
function history(...parts: (readonly (readonly [link: string, atMs: number, happening: LinkHappening])[])[]) {
  const all = parts.flat().toSorted(([, a], [, b]) => a - b);
  return all.map(
    ([link, atMs, happening], i): LinkEvent => ({
      seq: i + 1,
      at: monoMs(atMs),
      wall: wallMs(WALL_MS + atMs),
      link,
      generation: 1,
      happening,
    }),
  );
}

const outage = (link: string, atMs: number) =>
  [
    [link, atMs, turn(UP, DOWN)],
    [link, atMs + 1000, turn(DOWN, DIALS)],
    [link, atMs + 2000, turn(DIALS, UP)],
  ] as const;

/** Lost at `fromMs` for good, and dialled every 3 s. */
const dead = (link: string, fromMs: number, dials: number) => [
  [link, fromMs, turn(UP, DOWN)] as const,
  ...Array.from({ length: dials }, (_, i) => [link, fromMs + i * 3000 + 1, turn(DOWN, DIALS)] as const),
  ...Array.from({ length: dials }, (_, i) => [link, fromMs + i * 3000 + 2, turn(DIALS, DOWN)] as const),
];

const ofLink = (events: readonly LinkEvent[], link: string) => events.filter((event) => event.link === link);

test('[D2] links that dial again and again push no outage of the last hour out, of another link or their own', () => {
  const all = history(
    outage('a', 2 * MINUTE_MS),
    outage('a', 30 * MINUTE_MS),
    dead('b', MINUTE_MS, 1190),
    dead('c', 3 * MINUTE_MS, 1150),
  );
  const kept = keptEvents(all);
  expect(all.length).toBeGreaterThan(EVENTS_KEPT + 750);
  expect(kept.length).toBe(EVENTS_KEPT);
  expect(ofLink(kept, 'a')).toEqual(ofLink(all, 'a'));
  for (const link of ['b', 'c']) {
    expect(awayOf(kept, link)).toEqual(awayOf(all, link));
    expect(ofLink(kept, link).at(-1)).toMatchObject({ seq: ofLink(all, link).at(-1)?.seq });
    const skipped = ofLink(kept, link).reduce((sum, event) => sum + (event.skipped ?? 0), 0);
    expect(skipped).toBe(ofLink(all, link).length - ofLink(kept, link).length);
  }
});

test('[D2] what is too old for every chart goes first, but for the last event of each link', () => {
  const links = Array.from({ length: 1000 }, (_, i) => `idle ${i}`);
  const start = history(
    ...links.map((link) => [...outage(link, 0), [link, 3000, { kind: 'breaker', open: false }]] as const),
  );
  const kept = keptEvents([
    ...start,
    ...history(outage('a', 70 * MINUTE_MS)).map((event) => ({ ...event, seq: event.seq + 4000 })),
  ]);
  expect(kept.length).toBe(1003);
  expect(ofLink(kept, 'idle 7')).toMatchObject([{ skipped: 3, happening: { kind: 'breaker' } }]);
  expect(keptSince(kept, new Set(['a']))).toBeNull();
  expect(keptSince(kept, new Set(['a', 'idle 7']))).toBe(WALL_MS + 3000);
});

test('[D2] a link that is cut without end keeps the last of its outages, and what is kept begins where it says', () => {
  const all = history(...Array.from({ length: 1700 }, (_, i) => outage('a', i * 2250)));
  const kept = keptEvents(all);
  const since = keptSince(kept, new Set(['a']));
  expect(since).toBe(kept[0]?.wall);
  const later = (events: readonly LinkEvent[]) => awayOf(events, 'a').filter(({ fromMs }) => fromMs >= (since ?? 0));
  expect(later(kept)).toEqual(later(all));
  expect(kept.length).toBeLessThanOrEqual(EVENTS_KEPT);
});

const verdict = { kind: 'verdict' } as LinkHappening;
const missed = { kind: 'pong-missed', waitedMs: 100, inARow: 1 } as unknown as LinkHappening;
const HAPPENINGS = [verdict, missed, turn(UP, DOWN), turn(DOWN, UP)];

/** As an engine keeps them, one by one. */
function keptOf(all: readonly LinkEvent[]): readonly LinkEvent[] {
  let held: LinkEvent[] = [];
  for (const event of all) {
    held.push(event);
    const kept = keptEvents(held);
    if (kept !== held) held = [...kept];
  }
  return held;
}

function expectAllCounted(all: readonly LinkEvent[]): void {
  const kept = keptOf(all);
  for (const [link, own] of Map.groupBy(all, (event) => event.link)) {
    const left = ofLink(kept, link);
    const skipped = left.reduce((sum, event) => sum + (event.skipped ?? 0), 0);
    expect(left.length + skipped, link).toBe(own.length);
    expect(left.at(-1)?.seq, link).toBe(own.at(-1)?.seq);
  }
}

test('[D2] of each link the last event is kept, and what is kept says of all the others that they were there', () => {
  const links = Array.from({ length: 200 }, (_, i) => `l${i}`);
  const rounds = Array.from({ length: 20 }, (_, round) =>
    links.flatMap((link) => [[link, round * 1000, verdict] as const, [link, round * 1000 + 1, missed] as const]),
  );
  for (const end of [[], links.map((link) => [link, 60_000, missed] as const)]) {
    const all = history(...rounds, end);
    expect(keptOf(all).length).toBeLessThan(all.length / 2);
    expectAllCounted(all);
  }
});

test('[D2] whatever happens to however many links, what is kept and what is skipped is all there was', () => {
  const pieces = fc.record({
    link: fc.nat(40),
    happening: fc.constantFrom(...HAPPENINGS),
    count: fc.integer({ min: 1, max: 1500 }),
    everyMs: fc.constantFrom(1, 1000, 60_000),
  });
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 4, maxLength: 12 }), (all) => {
      const parts = all.map(({ link, happening, count, everyMs }) =>
        Array.from({ length: count }, (_, i) => [`l${link}`, i * everyMs, happening] as const),
      );
      expectAllCounted(history(...parts));
    }),
    { numRuns: 20 },
  );
});

test('[D2] few events are all kept', () => {
  const all = history(outage('a', 0), outage('b', 2 * MINUTE_MS));
  expect(keptEvents(all)).toBe(all);
});

test('[D2] events are kept once each, in whatever pieces they come; those of a new engine replace the old', () => {
  const all = history(outage('a', 0), outage('b', 5000), outage('c', 10_000));
  const first = nextEvents([], all.slice(3, 6));
  expect(nextEvents(first, all.slice(5, 8))).toEqual(all.slice(3, 8));
  expect(nextEvents(first, all.slice(3, 6))).toBe(first);
  expect(nextEvents(first, [])).toBe(first);
  const older = nextEvents(first, all.slice(0, 3));
  expect(nextEvents(older, all.slice(6))).toEqual(all);
  const another = history(outage('a', 0)).map((event) => ({ ...event, wall: wallMs(event.wall + 60_000) }));
  expect(nextEvents(first, another)).toEqual(another);
});
