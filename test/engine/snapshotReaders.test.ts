import { expect, it } from 'vitest';
import { lineupOf } from '../../src/main/engine/lineup.ts';
import type { Link } from '../../src/main/engine/link/link.ts';
import { SnapshotReaders } from '../../src/main/engine/snapshotReaders.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import { applyDelta, type Snapshot, type SnapshotFrame } from '../../src/shared/snapshot.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { linkConfig } from '../support/linkConfig.ts';
import { LinkRig } from '../support/linkRig.ts';

/** Links whose view takes 0.6 ms to make: two of them fill a turn. `version` stands for what a link is in. */
function rig(count: number, isDue = () => true) {
  const clock = new FakeClock();
  const model = new LinkRig(linkConfig({ name: 'model' }));
  const blank = model.view();
  model.end();
  let version = 1;
  const links = new Map<string, Link>();
  for (let i = 0; i < count; i += 1) links.set(`link-${i}`, { name: `link-${i}`, revision: { place: i } } as Link);
  let lineup = lineupOf(links.values());
  const readers = new SnapshotReaders({
    clock,
    machine: () => ({
      loopP99Ms: 0,
      loopMaxMs: 0,
      stalls: 0,
      rssBytes: 0,
      heapBytes: 0,
      heapLimitBytes: 0,
      inflatedBytes: 0,
    }),
    links: {
      get lineup() {
        if (lineup.links.length !== links.size) lineup = lineupOf(links.values());
        return lineup;
      },
    },
    views: {
      isDue,
      of: ({ name }): LinkView => {
        clock.sleep(0.6);
        return { ...blank, name, about: { ...blank.about, generation: version } };
      },
    },
  });
  return {
    clock,
    links,
    readers,
    change: () => {
      version += 1;
    },
    read: (input: Parameters<SnapshotReaders['follow']>[0] = null) => {
      const seen: { whole: Snapshot | null; told: number } = { whole: null, told: 0 };
      readers.follow(input, (frame: SnapshotFrame) => {
        seen.told += 1;
        seen.whole = frame.kind === 'whole' ? frame.snapshot : seen.whole && applyDelta(seen.whole, frame.delta);
      });
      return {
        get told() {
          return seen.told;
        },
        get generations() {
          return (seen.whole?.order ?? []).map((name) => seen.whole?.links[name]?.about.generation);
        },
        get order() {
          return seen.whole?.order;
        },
      };
    },
  };
}

it('[D1] a frame of many links is gathered in turns, and told when it is whole', async () => {
  const { clock, readers, read, change } = rig(5);
  const page = read();
  change();
  let done = 0;
  readers.gather(() => {
    done += 1;
  });
  expect([page.told, done]).toEqual([1, 0]);
  await clock.advance(10);
  expect([page.told, done]).toEqual([2, 1]);
  expect(page.generations).toEqual([2, 2, 2, 2, 2]);
});

it('[D1] what a command did is told after the frame that was half gathered, and stands', async () => {
  const { clock, readers, read, change, links } = rig(5);
  const page = read();
  readers.gather(() => undefined);
  change();
  links.delete('link-1');
  readers.publishNow();
  expect(page.generations).toEqual([2, 2, 2, 2]);
  const { told } = page;
  await clock.advance(10);
  expect(page.told).toBe(told);
  expect(page.generations).toEqual([2, 2, 2, 2]);
});

it('[D1] a newcomer in the middle of a frame is told the state of now, and never an older one', async () => {
  const { clock, readers, read, change } = rig(5);
  read();
  readers.gather(() => undefined);
  change();
  const late = read();
  expect(late.generations).toEqual([2, 2, 2, 2, 2]);
  await clock.advance(10);
  expect([late.told, ...late.generations]).toEqual([1, 2, 2, 2, 2, 2]);
});

it('[D1] a link that is taken out while a frame is gathered is not in it', async () => {
  const { clock, readers, read, links } = rig(5);
  const page = read();
  readers.gather(() => undefined);
  links.delete('link-4');
  await clock.advance(10);
  expect(page.order).toEqual(['link-0', 'link-1', 'link-2', 'link-3']);
});

it('[D1] a hidden page whose turn comes while nothing is gathered is told whole links, later', async () => {
  const { clock, readers, read } = rig(3);
  const page = read({ pace: 'hidden' });
  await clock.advance(1990);
  readers.gather(() => undefined);
  clock.sleep(5);
  await clock.advance(5);
  expect([page.told, page.order?.length]).toEqual([1, 3]);
  readers.gather(() => undefined);
  await clock.advance(5);
  expect([page.told, page.order?.length]).toEqual([2, 3]);
});

it('[D1] a newcomer in the middle of the first frame of other links is told all of them', async () => {
  const { clock, readers, read, links } = rig(5, () => false);
  const page = read();
  links.delete('link-4');
  readers.gather(() => undefined);
  const all = ['link-0', 'link-1', 'link-2', 'link-3'];
  expect(read().order).toEqual(all);
  await clock.advance(10);
  expect(page.order).toEqual(all);
});
