import { afterEach, expect, it } from 'vitest';
import { SnapshotFeed } from '../../src/main/engine/publisher.ts';
import { applyDelta, type Snapshot } from '../../src/shared/snapshot.ts';
import { monoMs, wallMs } from '../../src/shared/units.ts';
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
