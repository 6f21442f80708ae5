import { afterEach, expect, it } from 'vitest';
import type { Preset } from '../../../src/shared/preset.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

function start(preset: Partial<Preset>, limits: Partial<Preset['limits']>): void {
  const subscriptions = ['A', 'B', 'C', 'D'].map(subscription);
  const whole: Preset = {
    ...JSON_PRESET,
    ping: { kind: 'none' },
    ...preset,
    limits: { ...JSON_PRESET.limits, ...limits },
  };
  rig = new LinkRig(linkConfig({ preset: whole, subscriptions }));
  rig.net.newest.open();
}

const sent = (piece: string) => rig.net.newest.sent.filter((text) => text.includes(piece)).length;
const used = () => rig.link.figures.view().budget?.used;

it('[L9] the login counts, first of all', () => {
  start({ login: '{"op":"login"}' }, { messages: 2 });
  expect(rig.net.newest.sent.map((text) => JSON.parse(text).op)).toEqual(['login', 'sub']);
  expect(used()).toBe(2);
});

it('[L9] [L3] an answer to the venue’s ping waits for nobody, and counts: the subscriptions wait for it', async () => {
  start({}, { messages: 3 });
  // One place of three is left for answers.
  expect(sent('"op":"sub"')).toBe(2);
  for (let i = 0; i < 3; i += 1) rig.net.newest.text(`{"ping":${i}}`);
  expect(sent('pong')).toBe(3);
  expect(used()).toBe(5);
  await rig.clock.advance(1_000);
  expect(sent('"op":"sub"')).toBe(2);
  await rig.clock.advance(100);
  expect(sent('"op":"sub"')).toBe(4);
});

it('[L9] a keep-alive waits for its place, and goes before subscriptions that wait, too', async () => {
  start({ keepalive: { send: 'alive', every_secs: 2, answers: [] } }, { messages: 1, messages_window_secs: 4 });
  const at: number[] = [];
  for (let ms = 0; ms < 17_000; ms += 100) {
    const before = rig.net.newest.sent.length;
    await rig.clock.advance(100);
    for (let i = before; i < rig.net.newest.sent.length; i += 1) at.push(ms);
  }
  expect(rig.net.newest.sent.map((text) => (text === 'alive' ? text : 'sub'))).toEqual([
    'sub',
    'alive',
    'sub',
    'alive',
    'sub',
  ]);
  for (const [i, ms] of at.entries()) expect(ms - (at[i - 1] ?? 0)).toBeGreaterThanOrEqual(4_000);
});

it('[L9] where a connection is usable only after the venue’s welcome the subscriptions wait for it', () => {
  start({ ready: '"op":"welcome"' }, {});
  expect(sent('"op":"sub"')).toBe(0);
  rig.net.newest.text('{"op":"other"}');
  expect(sent('"op":"sub"')).toBe(0);
  rig.net.newest.text('{"op":"welcome"}');
  expect(sent('"op":"sub"')).toBe(4);
});

it('[L9] but no longer than for an ack, and what is asked for meanwhile waits with them', async () => {
  start({ ready: '"op":"welcome"' }, {});
  const { subscriptions, ...config } = linkConfig({
    preset: { ...JSON_PRESET, ping: { kind: 'none' }, ready: '"op":"welcome"' },
  });
  rig.link.configure({ ...config, subscriptions: ['A', 'B', 'C', 'D', 'E'].map(subscription) });
  await rig.clock.advance(4_900);
  expect(sent('"op":"sub"')).toBe(0);
  await rig.clock.advance(200);
  expect(sent('"op":"sub"')).toBe(5);
});
