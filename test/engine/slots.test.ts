import { afterEach, expect, it } from 'vitest';
import { Slots } from '../../src/main/engine/slots.ts';
import type { LinkConfig } from '../../src/shared/engineConfig.ts';
import { PLAIN_PRESET, PresetSchema } from '../../src/shared/preset.ts';
import { linkConfig } from '../support/linkConfig.ts';
import { LinkRig } from '../support/linkRig.ts';

let rigs: LinkRig[] = [];
let slots = new Slots();
afterEach(() => {
  for (const rig of rigs) rig.end();
  rigs = [];
  slots = new Slots();
});

const allowing = (sockets: number) => PresetSchema.parse({ ...PLAIN_PRESET, limits: { sockets } });
const routes = ['ws://a/', 'ws://b/', 'ws://c/'].map((url) => ({ url, dialUrl: url }));

function link(change: Partial<Parameters<typeof linkConfig>[0]>): LinkRig {
  const rig = new LinkRig(linkConfig(change), undefined, undefined, slots);
  rigs.push(rig);
  return rig;
}

const letIn = new WeakSet<object>();
function letAllIn(rig: LinkRig): void {
  for (const socket of rig.net.sockets) {
    if (!socket.isCut && !letIn.has(socket)) socket.open();
    letIn.add(socket);
  }
}

/** Lets every socket in, also those that are dialled because of it, and a second pass. */
async function serve(): Promise<void> {
  for (const rig of rigs) {
    rig.tick();
    letAllIn(rig);
    for (let i = 0; i < 4; i += 1) {
      await rig.clock.advance(250);
      for (const socket of rig.net.open) socket.answer();
    }
  }
}

const roles = (rig: LinkRig) => rig.link.figures.view().about.sockets.map(({ role }) => role);
const open = () => rigs.reduce((sum, rig) => sum + rig.net.open.length, 0);
const why = (rig: LinkRig) =>
  rig.happenings.flatMap(({ happening }) =>
    happening.kind === 'declined' ? [`${happening.what}: ${happening.why}`] : [],
  );

it('[L12] standbys and measuring sockets count: no more are open than the venue allows, and what is left out is told once', async () => {
  const config: Partial<LinkConfig> = { preset: allowing(4), routes, url: 'ws://a/', dialUrl: 'ws://a/' };
  const first = link({ ...config, policy: { standby: true } });
  await serve();
  expect(roles(first)).toEqual(['in use', 'standby', 'measuring', 'measuring']);
  const second = link({ ...config, policy: { standby: true } });
  for (let i = 0; i < 5; i += 1) {
    await serve();
    expect(open()).toBe(4);
  }
  expect(roles(first)).toEqual(['in use', 'standby', 'measuring']);
  expect(roles(second)).toEqual(['in use']);
  expect(why(first)).toEqual([
    'Measuring every other address: Plain WebSocket allows 4 connections, and 2 links with 2 spare sockets use them',
  ]);
  expect(why(second)).toHaveLength(1);
});

it('[L12] a new link is dialled at once, a spare gives its place up for it, and has it back a second after it is free', async () => {
  const preset = allowing(2);
  const first = link({ preset, policy: { standby: true } });
  await serve();
  expect(first.link.figures.view().about.standby).toBe('ready');
  const second = link({ preset });
  expect(second.state).toBe('connecting');
  expect(roles(first)).toEqual(['in use']);
  await serve();
  second.link.configure(linkConfig({ preset, enabled: false }));
  for (let i = 0; i < 3; i += 1) await serve();
  expect(first.link.figures.view().about.standby).toBe('ready');
});

it('[L12] a rotation takes the place of the standby, which is built anew after it', async () => {
  const rig = link({ preset: allowing(2), policy: { standby: true, standbyOverlapMs: 2_000 } });
  await serve();
  expect(rig.link.rotate()).toBeNull();
  expect(roles(rig)).toEqual(['in use', 'successor']);
  letAllIn(rig);
  expect(roles(rig)).toEqual(['in use', 'retiring']);
  for (const socket of rig.net.sockets.slice(0, 1)) socket.answer();
  await serve();
  expect(rig.net.open.length).toBe(2);
  await serve();
  rig.net.sockets[0]?.end({ kind: 'closed', code: 1000, text: '' });
  await serve();
  await serve();
  expect(rig.link.figures.view().about.generation).toBe(3);
  expect(rig.link.figures.view().about.standby).toBe('ready');
  expect(why(rig)).toEqual([]);
});

it('[L12] a trial has the place of a spare, too', async () => {
  const preset = allowing(2);
  const rig = link({ preset, policy: { standby: true } });
  await serve();
  expect(slots.refusalOfOneMore(linkConfig({ preset }))).toBeNull();
  slots.hold({}, linkConfig({ preset }));
  expect(roles(rig)).toEqual(['in use']);
});
