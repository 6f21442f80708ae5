import { afterEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { healthReasons } from '../../../src/shared/health.ts';
import { healthText } from '../../../src/shared/healthReason.ts';
import type { Preset } from '../../../src/shared/preset.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const told = (symbol: string) => ({ ...subscription(symbol), data: [`"s":"${symbol}"`] });
const [BTC, ETH] = [told('BTC'), told('ETH')];
const jsonLink = (subscriptions: LinkConfig['subscriptions'], expectsData = true): LinkConfig =>
  linkConfig({ preset: JSON_PRESET, subscriptions, expectsData, policy: { dataTimeoutMs: 60_000 } });

function ackAll(): void {
  for (const text of rig.net.newest.sent) {
    const { op, id } = JSON.parse(text);
    if (op === 'sub') rig.net.newest.text(`{"op":"subscribed","id":${id}}`);
  }
}

function openAndAck(): void {
  rig.net.newest.open();
  ackAll();
}

async function flowing(ms: number, symbol: string): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    rig.net.newest.text(`{"s":"${symbol}"}`);
    await rig.answering(500);
  }
}

const news = () =>
  rig.happenings.flatMap(({ happening }) =>
    happening.kind === 'subscription' ? [`${happening.name} ${happening.what}`] : [],
  );

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

it('[L5] frames that are of no subscription do not end the patience of the sockets that follow, either', async () => {
  rig = new LinkRig(jsonLink([BTC]));
  for (const limitMs of [60_000, 120_000, 240_000]) {
    openAndAck();
    rig.net.newest.text('{"type":"status"}');
    expect(rig.view().about.dataTimeoutMs).toBe(limitMs);
    await rig.answering(limitMs + 2_000);
  }
  expect(stale().map(({ ageMs }) => ageMs)).toEqual([60_000, 120_000, 240_000]);
});

it('[L5] once any flows, one that never did has the time of the settings, counted from there', async () => {
  rig = new LinkRig(jsonLink([BTC, ETH]));
  openAndAck();
  await rig.answering(61_000);
  openAndAck();
  await rig.answering(100_000);
  await flowing(59_000, 'BTC');
  expect(news()).not.toContain('ticker:ETH stale-resubscribed');
  await flowing(2_000, 'BTC');
  expect(news()).toContain('ticker:ETH stale-resubscribed');
  expect(rig.net.sockets.length).toBe(2);
});

it('[L5] a time without subscriptions is neither silence nor sleep of this machine', async () => {
  rig = new LinkRig(jsonLink([BTC]));
  openAndAck();
  rig.net.newest.text('{"s":"BTC"}');
  await rig.answering(1_000);
  rig.link.configure(jsonLink([]));
  await rig.answering(90_000);
  rig.link.configure(jsonLink([BTC]));
  await rig.answering(59_000);
  expect(rig.net.sockets.length).toBe(1);
  expect(rig.state).toBe('up');
  expect(healthText(healthReasons(rig.view().health))).not.toContain('away');
  await rig.answering(2_000);
  expect(stale()).toEqual([{ kind: 'stale', ageMs: 60_000 }]);
});

it('[L9] [L5] what is added to an old socket is as old as its subscription', async () => {
  rig = new LinkRig(jsonLink([BTC]));
  openAndAck();
  await flowing(120_000, 'BTC');
  rig.link.configure(jsonLink([BTC, ETH]));
  ackAll();
  await flowing(10_000, 'BTC');
  expect(news()).toEqual(['ticker:BTC acked', 'ticker:ETH acked']);
  expect(rig.net.newest.sent.filter((text) => text.includes('ETH'))).toHaveLength(1);
  expect(rig.link.witness().open?.silentAcked).toBe(0);
  await flowing(51_000, 'BTC');
  expect(news()).toContain('ticker:ETH stale-resubscribed');
  ackAll();
  expect(rig.link.witness().open?.silentAcked).toBe(1);
});

it('[L5] the time of a subscription that had to wait for its place counts from when it was sent', async () => {
  const limits = { ...JSON_PRESET.limits, messages: 1, messages_window_secs: 40 };
  const preset: Preset = { ...JSON_PRESET, ping: { kind: 'protocol' }, limits };
  rig = new LinkRig({ ...jsonLink([BTC, ETH]), preset });
  openAndAck();
  const ethSent = () => rig.net.newest.sent.some((text) => text.includes('ETH'));
  await flowing(41_500, 'BTC');
  expect(ethSent()).toBe(false);
  await flowing(1_000, 'BTC');
  expect(ethSent()).toBe(true);
  await flowing(59_000, 'BTC');
  expect(news()).not.toContain('ticker:ETH stale-resubscribed');
  await flowing(1_500, 'BTC');
  expect(news()).toContain('ticker:ETH stale-resubscribed');
});

it('[L5] one that was resubscribed for its silence, taken out and added again is a new one', async () => {
  rig = new LinkRig(jsonLink([BTC, ETH]));
  openAndAck();
  await flowing(61_000, 'BTC');
  rig.link.configure(jsonLink([BTC]));
  await flowing(1_000, 'BTC');
  rig.link.configure(jsonLink([BTC, ETH]));
  ackAll();
  await rig.clock.advance(1);
  expect(healthText(healthReasons(rig.view().health))).not.toContain('ticker:ETH');
  expect(rig.link.witness().open?.silentAcked).toBe(0);
  const resubscribed = () => news().filter((text) => text === 'ticker:ETH stale-resubscribed').length;
  expect(resubscribed()).toBe(1);
  await flowing(61_000, 'BTC');
  expect(resubscribed()).toBe(2);
});

it('[L9] [L5] one that takes the place of the only other does not end an old socket', async () => {
  rig = new LinkRig(jsonLink([BTC]));
  openAndAck();
  await flowing(120_000, 'BTC');
  await rig.answering(50_000);
  rig.link.configure(jsonLink([ETH]));
  ackAll();
  await rig.answering(59_000);
  expect(rig.net.sockets.length).toBe(1);
  await rig.answering(2_000);
  expect(stale()).toEqual([{ kind: 'stale', ageMs: 60_000 }]);
});

it.each(['a first subscription', 'data expected'])('[L5] %s on an old socket has its time from there', async (what) => {
  const isFirst = what === 'a first subscription';
  rig = new LinkRig(isFirst ? jsonLink([]) : jsonLink([BTC], false));
  openAndAck();
  await rig.answering(120_000);
  rig.link.configure(jsonLink([BTC]));
  ackAll();
  await rig.answering(500);
  expect(rig.link.witness().open?.silentMs).toBe(500);
  await rig.answering(58_500);
  expect(rig.net.sockets.length).toBe(1);
  await rig.answering(2_000);
  expect(rig.net.sockets.length).toBe(2);
});
