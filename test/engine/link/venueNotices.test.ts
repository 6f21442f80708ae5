import { afterEach, describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { type Preset, PresetSchema } from '../../../src/shared/preset.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const BYE = '{"op":"bye"}';
const NEVER = Number.POSITIVE_INFINITY;
const CUT = { kind: 'cut', code: 'ECONNRESET' } as const;
const warns = (notice: Partial<Preset['notices'][number]> = {}, limits: Partial<Preset['limits']> = {}): Preset =>
  PresetSchema.parse({ ...JSON_PRESET, notices: [{ match: '"op":"bye"', text: 'bye', ...notice }], limits });
const link = (preset: Preset, policy: Partial<LinkConfig['policy']> = {}): LinkConfig =>
  linkConfig({ preset, subscriptions: [subscription('BTC')], expectsData: true, policy });

const socket = (index: number): FakeSocket => rig.net.sockets[index] as FakeSocket;
const dials = () => rig.net.sockets.length;
const roles = () => rig.view().about.sockets.map(({ role, generation }) => `${role} ${generation}`);

const openedAt = new WeakMap<FakeSocket, number>();
const told = new WeakSet<FakeSocket>();

/** The venue works for so long, and says to each new socket after `saysAfterMs` that it will cut it; it never does. */
async function telling(ms: number, saysAfterMs = 200): Promise<{ readonly inUseMs: readonly number[] }> {
  const toldAt = new Map<number, number>();
  const leftAfter = new Map<number, number>();
  for (let passed = 0; passed < ms; passed += 50) {
    await rig.clock.advance(50);
    for (const [index, one] of rig.net.sockets.entries()) {
      if (one.isCut) continue;
      if (!openedAt.has(one)) {
        openedAt.set(one, rig.clock.now());
        rig.bringUp(index);
      }
      one.answer();
      one.text('{"s":"BTC"}');
      const isDue = rig.clock.now() - (openedAt.get(one) ?? 0) >= saysAfterMs;
      if (isDue && !told.has(one)) {
        told.add(one);
        toldAt.set(index + 1, rig.clock.now());
        one.text(BYE);
      }
    }
    for (const [generation, at] of toldAt) {
      if (rig.link.generation > generation && !leftAfter.has(generation))
        leftAfter.set(generation, rig.clock.now() - at);
    }
    if (passed % 1_000 === 0) rig.tick();
  }
  return { inUseMs: [...leftAfter.values()] };
}

describe('the venue’s notice', () => {
  it('[L18] on every new socket leads to ever rarer changes of sockets, and to no end of them', async () => {
    rig = new LinkRig(link(warns()));
    await telling(300_000);
    expect(dials()).toBeGreaterThan(10);
    expect(dials()).toBeLessThan(22);
    expect(rig.state).toBe('up');
    const before = dials();
    await telling(300_000);
    expect(dials() - before).toBeGreaterThanOrEqual(8);
    expect(dials() - before).toBeLessThan(12);
  });

  it('[L18] on every new socket, where the venue allows one, closes it once in the stability time', async () => {
    rig = new LinkRig(link(warns({}, { sockets: 1 })));
    await telling(300_000);
    expect(dials()).toBeGreaterThan(8);
    expect(dials()).toBeLessThanOrEqual(11);
  });

  it('[L18] is met in time where the venue says when it cuts, however often it says so', async () => {
    rig = new LinkRig(link(warns({ cut_in_secs: 30 }), { maxReconnectDelayMs: 300_000 }));
    const { inUseMs } = await telling(600_000);
    expect(Math.max(...inUseMs)).toBeGreaterThan(10_000);
    expect(Math.max(...inUseMs)).toBeLessThan(16_000);
  });

  it('[L18] is met at once a while after a rotation, and after a stable socket whatever was before', async () => {
    rig = new LinkRig(link(warns()));
    await telling(1_000, NEVER);
    socket(0).text(BYE);
    await telling(5_000, NEVER);
    socket(1).text(BYE);
    expect(dials()).toBe(3);
    await telling(120_000);
    await telling(70_000, NEVER);
    for (let more = 0; more < 2; more += 1) {
      const before = dials();
      rig.net.newest.text(BYE);
      expect(dials()).toBe(before + 1);
      await telling(200, NEVER);
    }
  });

  it('[L18] that is said again on the same socket is the same one', async () => {
    rig = new LinkRig(link(warns()));
    rig.bringUp(0);
    for (let said = 0; said < 5; said += 1) socket(0).text(BYE);
    expect(dials()).toBe(2);
    rig.bringUp(1);
    await rig.answering(20_000);
    expect(roles()).toEqual(['in use 2']);
  });

  it('[L18] that waits is forgotten with its socket by a pause', async () => {
    rig = new LinkRig(link(warns()));
    await telling(40_000);
    const known = dials();
    rig.link.configure({ ...link(warns()), enabled: false });
    await rig.clock.advance(2_000);
    expect(rig.state).toBe('paused');
    expect(rig.clock.pending).toBe(0);
    expect(dials()).toBe(known);
  });
});

describe('the venue’s notice to a socket that is not in use', () => {
  it('[L18] counts when the successor that it came on has taken over', async () => {
    rig = new LinkRig(link(warns()));
    rig.bringUp(0);
    rig.link.rotate();
    socket(1).open();
    socket(1).text(BYE);
    expect(dials()).toBe(2);
    rig.bringUp(1);
    await rig.clock.advance(500);
    expect(roles()).toContain('successor 3');
    rig.bringUp(2);
    await rig.answering(20_000);
    expect(roles()).toEqual(['in use 3']);
    expect(rig.happenings.filter(({ happening }) => happening.kind === 'notice')).toMatchObject([{ generation: 2 }]);
  });

  it('[L18] counts when the dial that it came on has become the link’s own', async () => {
    rig = new LinkRig(link(warns()));
    rig.bringUp(0);
    rig.link.rotate();
    socket(1).open();
    socket(1).text(BYE);
    socket(0).end(CUT);
    rig.bringUp(1);
    expect(roles()).toContain('successor 3');
  });

  it('[L18] [L12] has a standby built anew, and by its backoff where each is told', async () => {
    rig = new LinkRig(link(warns(), { standby: true }));
    await telling(1_000, NEVER);
    expect(roles()).toEqual(['in use 1', 'standby 2']);
    socket(1).text(BYE);
    expect(roles()).toEqual(['in use 1', 'standby 3']);
    await telling(50, NEVER);
    told.add(socket(0)).add(socket(1));
    await telling(300_000);
    expect(roles()).toEqual(['in use 1', `standby ${dials()}`]);
    expect(dials()).toBeGreaterThan(10);
    expect(dials()).toBeLessThan(30);
  });

  it('[L18] [L12] counts when a standby that was told takes over', async () => {
    rig = new LinkRig(link(warns(), { standby: true }));
    told.add(socket(0));
    await telling(60_000);
    const standby = dials();
    expect(roles()).toEqual(expect.arrayContaining(['in use 1', `standby ${standby}`]));
    socket(0).end(CUT);
    expect(rig.kinds()).toContain('promoted');
    expect(roles()).toEqual(expect.arrayContaining([`in use ${standby}`, `successor ${standby + 1}`]));
  });
});
