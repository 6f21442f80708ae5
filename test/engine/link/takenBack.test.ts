import { afterEach, expect, it } from 'vitest';
import { eventText } from '../../../src/shared/events.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const CUT: DownReason = { kind: 'cut', code: 'ECONNRESET' };
const EVICTED: DownReason = { kind: 'closed', code: 4002, text: '' };
const preset = PresetSchema.parse({
  ...JSON_PRESET,
  notices: [{ match: '"op":"bye"', text: 'bye' }],
  closes: [{ code: 4002, class: 'evicted', text: 'another session' }],
});
const link = (change: NonNullable<Parameters<typeof linkConfig>[0]>['policy'] = {}, symbols = ['BTC']) =>
  linkConfig({ preset, subscriptions: symbols.map(subscription), expectsData: true, policy: change });

const socket = (index: number): FakeSocket => rig.net.sockets[index] as FakeSocket;
const roles = () => rig.view().about.sockets.map(({ role, generation }) => `${role} ${generation}`);
const met = new WeakSet<FakeSocket>();

/** The venue works for so long; a socket that is not `fit` is cut 100 ms after it was let in. */
async function pass(ms: number, fit: (index: number) => boolean = () => true): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    await rig.clock.advance(100);
    for (const [index, one] of rig.net.sockets.entries()) {
      if (one.isCut) continue;
      if (!met.has(one)) {
        met.add(one);
        rig.bringUp(index);
      } else if (!fit(index)) {
        one.end(CUT);
        continue;
      }
      one.answer();
      one.text('{"s":"BTC"}');
    }
  }
}

async function rotated(policy: Parameters<typeof link>[0] = {}): Promise<void> {
  rig = new LinkRig(link(policy));
  await pass(40_000);
  const before = rig.link.generation;
  rig.link.rotate();
  await pass(100);
  expect(roles()).toEqual(expect.arrayContaining([`retiring ${before}`, `in use ${rig.net.sockets.length}`]));
}

it('[L12] a new socket that is lost in the overlap gives its place back to the old one, which lives', async () => {
  await rotated();
  const before = rig.view().counters.messages;
  socket(1).end(CUT);
  expect(rig.state).toBe('up');
  expect(roles()).toEqual(['in use 1']);
  expect(socket(0).closedWith).toBeNull();
  const [told] = rig.happenings.flatMap(({ happening }) =>
    happening.kind === 'promoted' ? [eventText(happening)] : [],
  );
  expect(told).toContain('The socket before it is in use again');
  expect(rig.lost).toHaveLength(1);
  await pass(60_000);
  expect(roles()).toEqual(['in use 1']);
  expect(rig.net.sockets).toHaveLength(2);
  expect(rig.view().counters.messages).toBeGreaterThan(before);
});

it('[L12] its bytes are counted once', async () => {
  rig = new LinkRig(link());
  socket(0).traffic = () => ({ bytesIn: 1_000, bytesOut: 100 });
  await pass(40_000);
  rig.link.rotate();
  await pass(100);
  const { messages } = rig.view().counters;
  socket(1).end(CUT);
  expect(rig.view().counters).toMatchObject({ bytesIn: 1_000, bytesOut: 100, messages });
});

it('[L12] [L6] a planned rotation is then made again by its backoff, and the old socket stays in use meanwhile', async () => {
  rig = new LinkRig(link({ rotateAfterMs: 60_000 }));
  await pass(200_000, (index) => index === 0);
  expect(roles()).toContain('in use 1');
  expect(rig.kinds()).not.toContain('waiting');
  expect(rig.net.sockets.length).toBeGreaterThan(5);
  expect(rig.net.sockets.length).toBeLessThan(25);
  await pass(40_000);
  expect(roles()).toEqual([`in use ${rig.net.sockets.length}`]);
});

it('[L12] [L18] so is one that the venue’s notice wanted', async () => {
  rig = new LinkRig(link());
  await pass(40_000);
  socket(0).text('{"op":"bye"}');
  await pass(200);
  socket(1).end(CUT);
  expect(roles()).toContain('in use 1');
  await pass(10_000);
  expect(roles()).toEqual(['in use 3']);
});

it('[L12] [H3] it has ended once when it ends, and never came anew', async () => {
  rig = new LinkRig(link({ rotateAfterMs: 60_000 }));
  await pass(200_000, (index) => index === 0);
  const { connects, disconnects } = rig.view().counters;
  expect(connects).toBe(rig.net.sockets.length);
  expect(disconnects).toBe(connects - roles().length);
  expect(rig.link.generation).toBe(1);
  socket(0).end(CUT);
  expect(rig.view().counters.disconnects).toBe(disconnects + 1);
});

it('[L12] [H2] [L8] a link whose old socket has been stable stays healthy, however many changes fail', async () => {
  rig = new LinkRig(link({ rotateAfterMs: 60_000 }));
  await pass(120_000, (index) => index === 0);
  expect(rig.net.sockets.length).toBeGreaterThan(5);
  expect(rig.view()).toMatchObject({ health: { level: 'healthy' }, counters: { failuresInARow: 0 } });
  socket(0).end(CUT);
  expect(rig.state).toBe('waiting');
});

it('[L12] [L8] one that was not stable yet is so by its own time, and not by that of the other', async () => {
  rig = new LinkRig(link({ standbyOverlapMs: 60_000 }));
  await pass(1_000);
  socket(0).end(CUT);
  await pass(5_000);
  rig.link.rotate();
  await pass(10_000);
  socket(2).end(CUT);
  expect(roles()).toEqual(['in use 2']);
  expect(rig.view().counters.failuresInARow).toBe(1);
  await pass(31_000);
  expect(rig.view().counters.failuresInARow).toBe(0);
});

it('[L12] [L6] a rotation whose sockets die soon does not begin its backoff anew with each', async () => {
  rig = new LinkRig(link({ rotateAfterMs: 60_000 }));
  await pass(200_000, (index) => index === 0);
  const before = rig.net.sockets.length;
  await pass(300_000, (index) => index === 0);
  expect(rig.net.sockets.length - before).toBeLessThanOrEqual(10);
});

it('[L12] what is being made ready for a planned rotation goes on', async () => {
  await rotated({ standbyOverlapMs: 600_000, rotateAfterMs: 60_000 });
  await pass(58_000);
  for (let i = 0; i < 100 && rig.net.sockets.length < 3; i += 1) {
    await rig.clock.advance(100);
    for (const one of rig.net.sockets.slice(0, 2)) one.answer();
  }
  expect(roles()).toContain('successor 3');
  socket(1).end(CUT);
  expect(roles()).toEqual(expect.arrayContaining(['in use 1', 'successor 3']));
});

it('[L12] a ready standby comes first', async () => {
  await rotated({ standby: true });
  const [standby] = roles().filter((role) => role.startsWith('standby'));
  socket(rig.link.generation - 1).end(CUT);
  expect(roles()).toContain(`in use ${standby?.split(' ')[1]}`);
});

it.each([
  ['the venue has another session in the link’s place', () => EVICTED],
  [
    'it has not the settings of now',
    () => {
      rig.link.configure(link({}, ['BTC', 'ETH']));
      return CUT;
    },
  ],
])('[L12] the old socket is not taken back where %s', async (_what, reason) => {
  await rotated();
  socket(1).end(reason());
  expect(rig.state).toBe('waiting');
  expect(socket(0).closedWith).toBe(1000);
});

it('[L12] [L4] nor where it is doubted itself', async () => {
  rig = new LinkRig(link({ standbyOverlapMs: 60_000, pingIntervalMs: 1_000 }));
  await pass(40_000);
  rig.link.rotate();
  await pass(100);
  for (let passed = 0; passed < 2_500; passed += 100) {
    await rig.clock.advance(100);
    socket(1).answer();
    socket(1).text('{"s":"BTC"}');
  }
  expect(roles()).toContain('retiring 1');
  socket(1).end(CUT);
  expect(rig.state).toBe('waiting');
});

it.each([
  ['[L16] after a sleep it is asked like the others, and not taken before it has answered', 'wake', 'waiting'],
  ['[L16] on a new network it is asked, too, and trusted meanwhile', 'networkChanged', 'up'],
] as const)('%s', async (_what, happens, state) => {
  await rotated({ standbyOverlapMs: 60_000 });
  const pings = socket(0).pingCount;
  rig.link[happens]();
  expect(socket(0).pingCount).toBe(pings + 1);
  socket(1).end(CUT);
  expect(rig.state).toBe(state);
});

it('[L16] [H5] taken back after a sleep it is not fit before its own data have come', async () => {
  await rotated({ standbyOverlapMs: 60_000 });
  rig.link.wake();
  socket(0).answer();
  socket(1).end(CUT);
  expect(roles()).toEqual(['in use 1']);
  expect(rig.link.figures.fit).toMatchObject({ reasons: expect.arrayContaining([{ kind: 'stale', why: 'slept' }]) });
});
