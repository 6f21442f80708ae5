import { afterEach, expect, it } from 'vitest';
import { PresetSchema } from '../../../src/shared/preset.ts';
import { resolved } from '../../settings/fixtures.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const about = () => rig.view().about;
const CUT = { kind: 'cut', code: 'ECONNRESET' } as const;

/** Acks the subscription of the newest socket. */
function ack(): void {
  const sent = rig.net.newest.sent.map((text) => JSON.parse(text)).find(({ op }) => op === 'sub');
  rig.net.newest.text(`{"op":"subscribed","id":${sent?.id}}`);
}

it('[L14] each dial keeps what its parts took: until the upgrade, the last ack, and the first data', async () => {
  rig = new LinkRig(linkConfig({ preset: JSON_PRESET, subscriptions: [subscription('BTC')], expectsData: true }));
  await rig.clock.advance(40);
  rig.net.newest.open();
  await rig.clock.advance(25);
  ack();
  await rig.clock.advance(7);
  rig.net.newest.text('{"s":"BTC","n":1}');
  expect(about().dials).toMatchObject([
    { generation: 1, tcpMs: 1, upgradeMs: 1, dnsMs: null, subscribeMs: 25, firstDataMs: 7, totalMs: 72, failed: null },
  ]);
  expect(about().restoredMs).toBe(72);
});

it('[L14] a dial that failed says how far it had come, and only the last six are kept', async () => {
  rig = new LinkRig(linkConfig({ policy: { breakerFailures: 0, maxReconnectDelayMs: 100 } }));
  for (let i = 0; i < 9; i += 1) {
    await rig.clock.advance(50);
    rig.net.newest.end({ kind: 'refused', address: '127.0.0.1:1', code: 'ECONNREFUSED' });
    await rig.clock.advance(400);
  }
  const { dials } = about();
  expect(dials.map(({ generation }) => generation)).toEqual([5, 6, 7, 8, 9, 10]);
  expect(dials.at(-2)).toMatchObject({
    totalMs: expect.any(Number),
    failed: { phase: 'resolving', why: expect.stringContaining('ECONNREFUSED') },
  });
  expect(dials.at(-1)).toMatchObject({ totalMs: null, failed: null });
});

it('[L12] [L19] every socket is listed with its role: in use, standby, successor, retiring', async () => {
  rig = new LinkRig(linkConfig({ policy: { standby: true, rotateAfterMs: 3_600_000, standbyOverlapMs: 1_000 } }));
  const roles = () =>
    about().sockets.map(({ generation, role, openedAt }) => `${generation} ${role}${openedAt === null ? '' : ' open'}`);
  expect(roles()).toEqual(['1 in use']);
  rig.net.newest.open();
  expect(roles()).toEqual(['1 in use open', '2 standby']);
  rig.net.newest.open();
  expect(about().rotation).toMatchObject({ dueAt: rig.clock.now() + 3_600_000, proof: null });
  rig.link.rotate();
  expect(roles()).toEqual(['1 in use open', '3 successor', '2 standby open']);
  rig.net.newest.open();
  expect(roles().slice(0, 2)).toEqual(['3 in use open', '1 retiring open']);
  await rig.clock.advance(1_500);
  expect(about().rotation.proof).toMatchObject({ missed: null, duplicates: 0 });
  expect(about().rotation.dueAt).toBe(rig.clock.now() + 3_600_000 - 1_500);
  rig.link.reconnect('hard');
  expect(about().rotation.dueAt).toBeNull();
});

it('[L13] what a switch of address needs is told only where there is another', async () => {
  rig = new LinkRig(linkConfig({}));
  expect(about().routing).toBeNull();
  rig.end();
  const routes = ['ws://a/', 'ws://b/'].map((url) => ({ url, dialUrl: url }));
  rig = new LinkRig(linkConfig({ routes, policy: { routeBetterMs: 10, routeBetterPercent: 20 } }));
  expect(about().routing).toEqual({
    betterMs: 10,
    betterPercent: 20,
    betterForMs: 60_000,
    dwellMs: 300_000,
    candidate: null,
    switchedAt: null,
  });
});

it('[H2] a p95 over the limit of its settings degrades a link, and the charts are told of that limit', async () => {
  const withKey = (line: string) => {
    const { policy } = resolved(`[link.venue]\nurl = "wss://a/"\n${line}\n`).config.links[0] ?? {};
    return linkConfig({ policy: { ...policy, jitterFactor: 0 } });
  };
  rig = new LinkRig(withKey('degraded_p95_ms = 20'));
  rig.net.newest.open();
  for (let ping = 0; ping < 10; ping += 1) {
    await rig.clock.advance(50);
    rig.net.newest.answer();
    await rig.clock.advance(950);
  }
  expect(about().degradedP95Ms).toBe(20);
  expect(rig.view().health).toEqual({ level: 'degraded', reasons: [{ kind: 'p95', p95Ms: 50, pings: 10 }] });
  rig.link.configure(withKey(''));
  expect(about().degradedP95Ms).toBe(100);
  expect(rig.view().health).toEqual({ level: 'healthy' });
});

it('[H2] more failures than the settings let pass for degraded make a link unhealthy', async () => {
  rig = new LinkRig(linkConfig({ policy: { breakerFailures: 0, degradedFailures: 1 } }));
  const fail = async () => {
    rig.net.newest.end({ kind: 'refused', address: '127.0.0.1:1', code: 'ECONNREFUSED' });
    const { level } = rig.view().health;
    await rig.clock.advance(1_000);
    return level;
  };
  expect([await fail(), await fail()]).toEqual(['degraded', 'unhealthy']);
});

it('[L9] both limits on our messages are told with what is used of them, and each ack with its moment', async () => {
  const limits = { messages: 5, messages_window_secs: 1, subscribes: 480 };
  const preset = PresetSchema.parse({ ...JSON_PRESET, limits });
  rig = new LinkRig(linkConfig({ preset, subscriptions: [subscription('BTC'), subscription('ETH')] }));
  expect(rig.view().subscriptions[0]).toMatchObject({ status: 'unsent', since: null });
  rig.net.newest.open();
  const openedAt = rig.clock.now();
  expect(rig.view().budget).toEqual({ used: 3, limit: 5, windowMs: 1_050, shared: false });
  expect(rig.view().subscribeBudget).toEqual({ used: 2, limit: 480, windowMs: 3_780_000, shared: false });
  await rig.clock.advance(30);
  ack();
  expect(rig.view().subscriptions).toMatchObject([
    { status: 'acked', since: openedAt + 30 },
    { status: 'sent', since: openedAt },
  ]);
  rig.net.newest.end(CUT);
  expect(rig.view()).toMatchObject({ budget: null, subscribeBudget: null });
});
