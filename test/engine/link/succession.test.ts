import { afterEach, describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { healthReasons } from '../../../src/shared/health.ts';
import { healthText } from '../../../src/shared/healthReason.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PLAIN_PRESET, PresetSchema } from '../../../src/shared/preset.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const REFUSED: DownReason = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' };
const NO_KEY: DownReason = { kind: 'http', status: 401, retryAfterMs: null };
const wait = (retryAfterMs: number | null): DownReason => ({ kind: 'http', status: 429, retryAfterMs });

type Change = NonNullable<Parameters<typeof linkConfig>[0]>['policy'];
const config = (policy: Change = {}) => linkConfig({ policy: { pingIntervalMs: 1_000, warmupPings: 0, ...policy } });

/** The venue answers every ping of every open socket. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    await rig.clock.advance(50);
    for (const socket of rig.net.open) socket.answer();
    if (passed % 1_000 === 0) rig.tick();
  }
}

async function up(policy: Change = {}): Promise<void> {
  rig = new LinkRig(config(policy));
  rig.net.newest.open();
  await pass(2_000);
}

/** A setting that only a new socket can have. */
const configure = (policy: Change = {}): void => rig.link.configure(config({ compression: true, ...policy }));
const inForce = () => rig.net.sockets[rig.link.generation - 1]?.target.compression;
const health = () => healthText(healthReasons(rig.view().health));
const NOT_IN_FORCE = 'new settings not in force';

describe('a wish that stands', () => {
  it('[D3] is met after a click that came in between has failed', async () => {
    await up();
    configure();
    await pass(500);
    rig.link.reconnect('graceful');
    rig.net.newest.end(REFUSED);
    expect(health()).toContain(NOT_IN_FORCE);
    await pass(1_000);
    rig.net.newest.open();
    await pass(100);
    expect(inForce()).toBe(true);
    expect(health()).not.toContain(NOT_IN_FORCE);
  });

  it('[D3] is met by a click that succeeds: nothing is dialled for it any more', async () => {
    await up();
    configure();
    rig.net.newest.end(wait(null));
    rig.link.reconnect('graceful');
    rig.net.newest.open();
    await pass(100);
    expect(inForce()).toBe(true);
    const dialled = rig.net.sockets.length;
    await pass(600_000);
    expect(rig.net.sockets).toHaveLength(dialled);
    expect(rig.state).toBe('up');
  });

  it('[D3] is tried at once when a person has done something about the link', async () => {
    await up();
    configure();
    rig.net.newest.end({ kind: 'http', status: 404, retryAfterMs: null });
    await pass(5_000);
    expect(rig.net.sockets).toHaveLength(2);
    configure({ standby: true });
    await pass(100);
    expect(rig.view().about.sockets.map(({ role }) => role)).toContain('successor');
  });

  it('[L12] is a planned rotation, too', async () => {
    await up({ rotateAfterMs: 60_000 });
    await pass(59_000);
    expect(rig.net.sockets).toHaveLength(2);
    rig.link.reconnect('graceful');
    rig.net.newest.end(REFUSED);
    await pass(1_000);
    expect(rig.net.sockets).toHaveLength(4);
    rig.net.newest.open();
    await pass(100);
    expect(rig.link.generation).toBe(4);
  });

  it('[L12] is a rotation whose time came while another successor was made, which failed', async () => {
    await up({ rotateAfterMs: 60_000, connectTimeoutMs: 30_000 });
    await pass(50_000);
    rig.link.reconnect('graceful');
    await pass(10_000);
    rig.net.newest.end(REFUSED);
    await pass(1_000);
    expect(rig.net.sockets).toHaveLength(3);
  });

  it('[L18] is a venue’s notice that came while another successor was made, which failed', async () => {
    const preset = PresetSchema.parse({ ...PLAIN_PRESET, notices: [{ match: 'going down', text: 'server shutdown' }] });
    rig = new LinkRig({ ...config(), preset });
    rig.net.newest.open();
    await pass(2_000);
    rig.link.reconnect('graceful');
    rig.net.sockets[0]?.text('going down');
    expect(rig.net.sockets).toHaveLength(2);
    rig.net.newest.end(REFUSED);
    await pass(1_000);
    expect(rig.net.sockets).toHaveLength(3);
  });

  it.each([
    ['refused credentials', NO_KEY],
    ['a wait that the venue asks for', wait(600_000)],
  ])('[H2] of settings is seen as long as %s keeps it, whatever else comes due', async (_, reason) => {
    await up({ rotateAfterMs: 60_000 });
    configure({ rotateAfterMs: 60_000 });
    rig.net.newest.end(reason);
    expect(health()).toContain(NOT_IN_FORCE);
    await pass(120_000);
    expect(rig.net.sockets).toHaveLength(2);
    expect(inForce()).toBe(false);
    expect(health()).toContain(NOT_IN_FORCE);
  });
});

describe('what a refusal keeps from being met', () => {
  const roles = () => rig.view().about.sockets.map(({ role }) => role);

  it('[D3] [L18] is tried again once the venue has let in a standby, with the new settings', async () => {
    await up({ standby: true });
    rig.net.newest.open();
    await pass(1_000);
    configure({ standby: true });
    rig.net.newest.end(NO_KEY);
    await pass(2_000);
    expect(roles()).toEqual(['in use', 'standby']);
    expect(health()).toContain(NOT_IN_FORCE);
    rig.net.newest.open();
    await pass(1_000);
    rig.net.newest.open();
    await pass(100);
    expect(inForce()).toBe(true);
    expect(health()).not.toContain(NOT_IN_FORCE);
  });

  it('[L12] [L18] is a planned rotation, too', async () => {
    await up({ standby: true, rotateAfterMs: 60_000 });
    const standby = rig.net.newest;
    standby.open();
    await pass(58_500);
    expect(roles()).toContain('successor');
    rig.net.newest.end(NO_KEY);
    await pass(60_000);
    expect(roles()).toEqual(['in use', 'standby']);
    standby.end(REFUSED);
    await pass(1_000);
    rig.net.newest.open();
    await pass(1_000);
    rig.net.newest.open();
    await pass(100);
    expect(rig.kinds()).toContain('replaced');
    expect(rig.view().about.rotation.dueAt).toBeGreaterThan(rig.clock.now());
  });

  it('[L10] [L18] is not tried again because of a socket whose login has no answer yet', async () => {
    const preset = PresetSchema.parse({ ...JSON_PRESET, login: '{"op":"login"}' });
    const withLogin = (policy: Change = {}): LinkConfig => ({
      ...config({ standby: true, ...policy }),
      subscriptions: [subscription('BTC')],
      preset,
    });
    rig = new LinkRig(withLogin());
    rig.bringUp(0);
    rig.bringUp(1);
    rig.link.configure(withLogin({ compression: true }));
    rig.net.newest.end(NO_KEY);
    await pass(1_100);
    const dialled = rig.net.sockets.length;
    rig.net.newest.open();
    await pass(1_100);
    expect(rig.net.sockets).toHaveLength(dialled);
    for (const text of rig.net.newest.sent) {
      const { op, id } = JSON.parse(text);
      if (op === 'sub') rig.net.newest.text(`{"op":"subscribed","id":${id}}`);
    }
    await pass(1_000);
    expect(rig.net.sockets).toHaveLength(dialled + 1);
  });

  it('[L6] [L18] is tried ever more rarely where the venue lets in one socket and refuses another', async () => {
    await up({ standby: true });
    await pass(40_000);
    configure({ standby: true });
    let refusals = 0;
    const met = new Set(rig.net.sockets.slice(0, 1));
    const isSuccessor = (socket: FakeSocket): boolean =>
      rig
        .view()
        .about.sockets.some((one) => one.role === 'successor' && rig.net.sockets[one.generation - 1] === socket);
    for (let passed = 0; passed < 120_000; passed += 50) {
      for (const socket of rig.net.open) {
        if (met.has(socket)) continue;
        met.add(socket);
        if (isSuccessor(socket)) {
          refusals += 1;
          socket.end(NO_KEY);
        } else {
          socket.open();
          socket.end(REFUSED);
        }
      }
      await pass(50);
    }
    expect(refusals).toBeGreaterThan(3);
    expect(refusals).toBeLessThan(15);
  });
});

it('[H2] settings that wait for what came of another socket before them say so, not themselves', async () => {
  await up();
  rig.link.reconnect('graceful');
  rig.net.newest.end(wait(null));
  configure();
  await pass(1_000);
  expect(rig.net.sockets).toHaveLength(2);
  expect(health()).toContain('new settings not in force: the venue answered HTTP 429');
});

async function settingsWaitBesideStandby(): Promise<void> {
  await up({ standby: true });
  rig.net.newest.open();
  await pass(1_000);
  configure({ standby: true });
  rig.net.newest.end(wait(null));
  await pass(1_000);
  rig.net.newest.open();
  await pass(1_000);
}

describe('a standby beside it', () => {
  it('[L18] that takes over is warned by the venue’s notice, too: its successor is still wanted', async () => {
    const preset = PresetSchema.parse({ ...PLAIN_PRESET, notices: [{ match: 'going down', text: 'server shutdown' }] });
    rig = new LinkRig({ ...config({ standby: true }), preset });
    rig.net.newest.open();
    await pass(2_000);
    rig.net.newest.open();
    await pass(1_000);
    rig.net.sockets[0]?.text('going down');
    rig.net.newest.end(wait(null));
    rig.net.sockets[0]?.end(REFUSED);
    expect(rig.kinds()).toContain('promoted');
    const roles = () => rig.view().about.sockets.map(({ role }) => role);
    for (let passed = 0; passed < 600_000 && !roles().includes('successor'); passed += 500) await pass(500);
    expect(roles()).toContain('successor');
  });

  it('[L12] is built while settings wait', async () => {
    await settingsWaitBesideStandby();
    expect(rig.view().about.standby).toBe('ready');
    expect(health()).toContain(NOT_IN_FORCE);
  });

  it('[D3] [L12] that takes over has the new settings: nothing is dialled for them any more', async () => {
    await settingsWaitBesideStandby();
    rig.net.sockets[0]?.end(REFUSED);
    expect(inForce()).toBe(true);
    expect(rig.kinds()).toContain('promoted');
    expect(health()).not.toContain(NOT_IN_FORCE);
    await pass(1_000);
    rig.net.newest.open();
    const dialled = rig.net.sockets.length;
    await pass(600_000);
    expect(rig.net.sockets).toHaveLength(dialled);
  });
});

it('[L11] what is made ready is told with the next view, and that it has gone', async () => {
  await up();
  const seen = () => rig.view().about.replacing;
  const { number } = rig.link.revision;
  rig.link.reconnect('graceful');
  expect(rig.link.revision.number).toBeGreaterThan(number);
  expect(seen()).toEqual({ kind: 'asked', by: 'user' });
  const dialling = rig.link.revision.number;
  rig.net.newest.end(REFUSED);
  expect(rig.link.revision.number).toBeGreaterThan(dialling);
  expect(seen()).toBeNull();
});
