import { afterEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const BTC = { ...subscription('BTC'), data: ['"s":"BTC"'] };
const jsonLink = (subscriptions: LinkConfig['subscriptions']): LinkConfig =>
  linkConfig({ preset: JSON_PRESET, subscriptions, expectsData: true, policy: { dataTimeoutMs: 60_000 } });

function openAndAck(): void {
  rig.net.newest.open();
  rig.net.newest.text('{"op":"subscribed","id":1}');
}

const stale = () =>
  rig.happenings.flatMap(({ happening }) =>
    happening.kind === 'socket-ended' && happening.reason.kind === 'stale' ? [happening.reason] : [],
  );

it('[L5] a frame that is of no subscription does not end the patience with those that are quiet', async () => {
  rig = new LinkRig(jsonLink([BTC]));
  openAndAck();
  await rig.answering(61_000);
  expect(rig.net.sockets.length).toBe(2);
  openAndAck();
  await rig.answering(80_000);
  rig.net.newest.text('{"event":"maintenance"}');
  await rig.answering(38_000);
  expect(rig.net.sockets.length).toBe(2);
  await rig.answering(3_000);
  expect(rig.net.sockets.length).toBe(3);
  expect(stale()).toEqual([
    { kind: 'stale', ageMs: 60_000 },
    { kind: 'stale', ageMs: 120_000 },
  ]);
});

it('[L5] a time without subscriptions is no sleep of this machine', async () => {
  rig = new LinkRig(jsonLink([BTC]));
  openAndAck();
  rig.net.newest.text('{"s":"BTC"}');
  await rig.answering(1_000);
  rig.link.configure(jsonLink([]));
  await rig.answering(90_000);
  rig.link.configure(jsonLink([BTC]));
  await rig.answering(250);
  expect(JSON.stringify(rig.view().health)).not.toContain('away');
});
