import { afterEach, expect, it } from 'vitest';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

/** Lets seconds pass as the engine does, a look at the end of each. */
async function seconds(count: number): Promise<void> {
  for (let second = 0; second < count; second += 1) {
    await rig.clock.advance(1000);
    rig.tick();
  }
}
const view = () => rig.link.figures.view();

async function up(policy: Parameters<typeof linkConfig>[0] = {}): Promise<void> {
  rig = new LinkRig(linkConfig({ ...policy, policy: { pingIntervalMs: 600_000, warmupPings: 0, ...policy?.policy } }));
  await rig.openAndAnswer();
}

it.each([1, 2, 3, 4, 5])('[H3] after %i s at rest the messages of a second are of that second', async (rested) => {
  await up();
  await seconds(3 + rested);
  for (let i = 0; i < 10; i += 1) rig.net.newest.text('{"price":1}');
  await seconds(1);
  expect(view().counters.messagesPerSec).toBe(10);
  await seconds(1);
  expect(view().counters.messagesPerSec).toBe(0);
});

it('[H3] data that grow old while the link is at rest are old from that second', async () => {
  await up({ expectsData: true, policy: { dataNoticeMs: 10_000, dataTimeoutMs: 600_000 } });
  await seconds(1);
  rig.net.newest.text('{"price":1}');
  const before = view().uptime.freshMs;
  await seconds(30);
  expect(view().uptime.freshMs - before).toBe(10_000);
});

it('[L15] a number that stays away is told although nothing else happens', async () => {
  const watched = { ...subscription('BTC'), data: ['"s":"BTC"'], sequence: { field: 'n' }, identity: null };
  rig = new LinkRig(
    linkConfig({ preset: JSON_PRESET, subscriptions: [watched], policy: { pingIntervalMs: 600_000, warmupPings: 0 } }),
  );
  rig.bringUp(0, 1);
  rig.net.newest.answer();
  await seconds(5);
  await rig.clock.advance(998);
  rig.net.newest.text('{"s":"BTC","n":4}');
  // Looks that come a little early.
  for (const ms of [2, 997, 998]) {
    await rig.clock.advance(ms);
    rig.tick();
  }
  expect(rig.happenings.map(({ happening }) => happening)).toContainEqual({
    kind: 'gap',
    name: 'ticker:BTC',
    missing: 2,
  });
});
