import { afterEach, expect, it } from 'vitest';
import { Engine } from '../../src/main/engine/engine.ts';
import { SnapshotFeed } from '../../src/main/engine/publisher.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import { applyDelta, type Snapshot } from '../../src/shared/snapshot.ts';
import { monoMs, wallMs } from '../../src/shared/units.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { linkConfig } from '../support/linkConfig.ts';
import { LinkRig } from '../support/linkRig.ts';

const rigs: LinkRig[] = [];
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.end();
});

const rigOf = (name: string): LinkRig => {
  const rig = new LinkRig(linkConfig({ name }));
  rigs.push(rig);
  return rig;
};
const QUIET = { loopP99Ms: 0, loopMaxMs: 0, stalls: 0, rssBytes: 0, heapBytes: 0, heapLimitBytes: 0, inflatedBytes: 0 };
const frame = (feed: SnapshotFeed, links: readonly LinkRig[]) =>
  feed.next(
    monoMs(1),
    wallMs(1),
    QUIET,
    links.map((rig) => rig.view()),
  );

it('[D1] the first frame is whole, the next holds only what changed, and applied it gives the same picture', async () => {
  const [a, b] = [rigOf('a'), rigOf('b')];
  const feed = new SnapshotFeed();
  const first = frame(feed, [a, b]);
  if (first.kind !== 'whole') throw new Error('the first frame must be whole');
  expect(frame(feed, [a, b])).toEqual({ kind: 'delta', delta: { at: 1, wall: 1, links: {} } });
  a.net.newest.open();
  const second = frame(feed, [a, b]);
  if (second.kind !== 'delta') throw new Error('the second frame must be a delta');
  expect(Object.keys(second.delta.links)).toEqual(['a']);
  expect(Object.keys(second.delta.links['a'] ?? {})).not.toContain('rtt');
  const now: Snapshot = applyDelta(first.snapshot, second.delta);
  expect(now.links['a']).toEqual(a.view());
  expect(now.links['b']).toBe(first.snapshot.links['b']);
});

it('[D1] a removed link leaves the order and the picture; a new one comes whole', () => {
  const [a, b] = [rigOf('a'), rigOf('b')];
  const feed = new SnapshotFeed();
  const first = frame(feed, [a]);
  const second = frame(feed, [b]);
  if (first.kind !== 'whole' || second.kind !== 'delta') throw new Error('unexpected frames');
  const now = applyDelta(first.snapshot, second.delta);
  expect(now.order).toEqual(['b']);
  expect(now.links).toEqual({ b: b.view() });
});

/** Everything of a view that changes while data flows. */
const flowing = (view: LinkView, n: number): LinkView => ({
  ...view,
  gate: { kind: 'open', since: monoMs(n) },
  clocks: { ...view.clocks, bytesAt: monoMs(n), dataAt: monoMs(n) },
  counters: { ...view.counters, messages: n, bytesIn: 100 * n },
  uptime: { ...view.uptime, upMs: n, observedMs: n },
});

it('[D1] a lean reader is told of its gate in each frame, of clocks and counts in every fourth, of totals in every twentieth', () => {
  const bare = rigOf('a').view();
  const feed = new SnapshotFeed('seen');
  const fields = new Map<string, number>();
  let picture: Snapshot | null = null;
  for (let n = 1; n <= 41; n += 1) {
    const next = feed.next(monoMs(n), wallMs(n), QUIET, [flowing(bare, n)]);
    if (next.kind === 'whole') picture = next.snapshot;
    else {
      picture = picture && applyDelta(picture, next.delta);
      const change = next.delta.links['a'] ?? {};
      for (const field of Object.keys(change)) fields.set(field, (fields.get(field) ?? 0) + 1);
      if (change.clocks !== undefined) expect(Object.keys(change.clocks)).toEqual(['bytesAt', 'dataAt']);
    }
    expect(picture?.links['a']?.gate).toEqual(flowing(bare, n).gate);
  }
  expect(Object.fromEntries(fields)).toEqual({ gate: 40, clocks: 10, counters: 10, uptime: 2 });
});

it('[D1] a hidden page is told how a link stands in each frame, and no figures until another state', () => {
  const bare = rigOf('a').view();
  const feed = new SnapshotFeed('hidden');
  const tell = (view: LinkView) => {
    const next = feed.next(monoMs(1), wallMs(1), QUIET, [view]);
    return next.kind === 'whole' ? next.snapshot.links['a'] : next.delta.links['a'];
  };
  expect(tell(bare)).toEqual(bare);
  for (let n = 1; n <= 40; n += 1) expect(Object.keys(tell(flowing(bare, n)) ?? {}).sort()).toEqual(['clocks', 'gate']);
  const paused = { ...flowing(bare, 41), state: { kind: 'paused' as const } };
  expect(tell(paused)).toMatchObject({ state: { kind: 'paused' }, counters: { messages: 41 }, uptime: { upMs: 41 } });
});

it('[D1] with another state a lean reader is told everything at once; when all rests it has the whole picture', () => {
  const bare = rigOf('a').view();
  const feed = new SnapshotFeed('seen');
  const views = [flowing(bare, 1), flowing(bare, 2), { ...flowing(bare, 3), state: { kind: 'paused' as const } }];
  let picture: Snapshot | null = null;
  const tell = (view: LinkView): void => {
    const next = feed.next(monoMs(1), wallMs(1), QUIET, [view]);
    picture = next.kind === 'whole' ? next.snapshot : picture && applyDelta(picture, next.delta);
  };
  for (const view of views) tell(view);
  expect((picture as Snapshot | null)?.links['a']).toEqual(views[2]);
  const last = flowing(bare, 9);
  for (let i = 0; i < 20; i += 1) tell(last);
  expect((picture as Snapshot | null)?.links['a']).toEqual(last);
});

it('[D1] a page that is seen is told four times a second, a hidden one every two seconds, each at once when it comes', async () => {
  const clock = new FakeClock();
  const never = (): never => {
    throw new Error('nothing is dialled here');
  };
  const engine = new Engine({
    clock,
    random: () => 0.5,
    dial: never,
    openHttp: never,
    secret: () => null,
    networkAddresses: () => '',
    memory: () => ({ rssBytes: 0, heapBytes: 0, heapLimitBytes: 0 }),
    fetchText: () => Promise.reject(new Error('no web here')),
  });
  const [seen, hidden]: number[][] = [[], []];
  const stops = [
    engine.snapshots({ pace: 'seen' }, () => seen?.push(clock.now())),
    engine.snapshots({ pace: 'hidden' }, () => hidden?.push(clock.now())),
  ];
  await clock.advance(8_000);
  expect([seen?.length, hidden?.length]).toEqual([33, 5]);
  for (const stop of stops) stop();
  await clock.advance(4_000);
  expect([seen?.length, hidden?.length]).toEqual([33, 5]);
  await engine.shutdown(null);
});
