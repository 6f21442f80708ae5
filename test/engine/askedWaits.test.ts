import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Engine } from '../../src/main/engine/engine.ts';
import type { DownReason, LinkState } from '../../src/shared/linkState.ts';
import { applyDelta, type Snapshot } from '../../src/shared/snapshot.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { FakeNet } from '../support/fakeNet.ts';
import { engineConfig, linkConfig } from '../support/linkConfig.ts';
import { realPorts } from '../support/realPorts.ts';

const ASKED: DownReason = { kind: 'http', status: 418, retryAfterMs: 600_000 };
const [A, B] = ['ws://a/', 'ws://b/'] as const;
type Change = Parameters<typeof linkConfig>[0];
const at = (...urls: readonly string[]): Change => ({
  url: urls[0] as string,
  dialUrl: urls[0] as string,
  routes: urls.map((url) => ({ url, dialUrl: url })),
});

let clock: FakeClock;
let net: FakeNet;
let engine: Engine;
let snapshot: Snapshot | null;

beforeEach(() => {
  clock = new FakeClock();
  net = new FakeNet();
  snapshot = null;
  engine = new Engine(realPorts({ clock, random: () => 0.5, dial: net.dial }));
  engine.snapshots(null, (frame) => {
    snapshot = frame.kind === 'whole' ? frame.snapshot : snapshot && applyDelta(snapshot, frame.delta);
  });
});
afterEach(async () => {
  const ended = engine.shutdown(null);
  await clock.advance(2_000);
  await ended;
  for (const socket of net.open) socket.isCut = true;
});

/** From now on these links are there. */
const run = (...changes: Change[]) => engine.configure(engineConfig(changes.map((change) => linkConfig(change))));
const dialled = () => net.sockets.map(({ target }) => target.url);

async function state(name = 'venue'): Promise<LinkState | undefined> {
  await clock.advance(300);
  return snapshot?.links[name]?.state;
}

describe('a link that the venue has asked to wait', () => {
  beforeEach(async () => {
    await run({});
    net.newest.end(ASKED);
    await clock.advance(1_000);
  });

  it('[L6] waits for the rest of it when it is resumed, and says why; a click dials', async () => {
    for (let i = 0; i < 5; i += 1) {
      await run({ enabled: false });
      await clock.advance(500);
      await run({});
      await clock.advance(500);
    }
    expect(net.sockets.length).toBe(1);
    expect(await state()).toMatchObject({ kind: 'waiting', attempt: 1, reason: ASKED });
    await clock.advance(600_000 - 6_400);
    expect(net.sockets.length).toBe(1);
    await clock.advance(400);
    expect(net.sockets.length).toBe(2);
    net.newest.end(ASKED);
    await engine.reconnectLink({ link: 'venue', manner: 'graceful' });
    expect(net.sockets.length).toBe(3);
  });

  it('[L6] [L16] is not hurried then', async () => {
    await run({ enabled: false });
    await run({});
    await engine.wake({ kind: 'network' });
    await clock.advance(5_000);
    expect(net.sockets.length).toBe(1);
  });

  it('[L6] waits under another name, too, and when it was taken out and comes back', async () => {
    await run({ name: 'renamed' });
    expect(await state('renamed')).toMatchObject({ kind: 'waiting', reason: ASKED });
    await run();
    await clock.advance(1_000);
    await run({ name: 'back' });
    await clock.advance(500_000);
    expect(net.sockets.length).toBe(1);
    await clock.advance(100_000);
    expect(net.sockets.length).toBe(2);
  });

  it('[L6] holds up no link at another origin, and none that runs', async () => {
    await run({}, { name: 'runs', ...at(A) });
    await run({}, { name: 'runs', ...at('ws://127.0.0.1:1/beside') });
    net.newest.open();
    await clock.advance(50);
    net.newest.end({ kind: 'cut', code: 'ECONNRESET' });
    await clock.advance(200);
    expect(dialled().slice(1)).toEqual([A, 'ws://127.0.0.1:1/beside', 'ws://127.0.0.1:1/beside']);
  });

  it('[L6] [L8] stays blocked while a person holds its breaker, whatever is resumed', async () => {
    await engine.setBreaker({ link: 'venue', open: true });
    await run({ enabled: false });
    await run({});
    await clock.advance(700_000);
    expect(await state()).toMatchObject({ kind: 'blocked', until: null });
    expect(net.sockets.length).toBe(1);
  });
});

it('[L6] once the venue has let a socket in, a link that comes back is dialled at once', async () => {
  await run({});
  net.newest.end(ASKED);
  await engine.reconnectLink({ link: 'venue', manner: 'hard' });
  net.newest.open();
  await run();
  await clock.advance(2_000);
  await run({ name: 'renamed' });
  expect(net.sockets.length).toBe(3);
});

describe('a link with another address than the one that has asked to wait', () => {
  const standby = { ...at(A, B), policy: { standby: true } };
  /** In use at A, where a standby is told to wait. */
  beforeEach(async () => {
    await run(standby);
    net.newest.open();
    await clock.advance(50);
    for (const socket of net.sockets.slice(1)) if (socket.target.url === A) socket.end(ASKED);
    await clock.advance(50);
  });

  it('[L6] [L8] is dialled there when a person closes its breaker', async () => {
    await engine.setBreaker({ link: 'venue', open: true });
    await clock.advance(2_000);
    await engine.setBreaker({ link: 'venue', open: false });
    expect(dialled().at(-1)).toBe(B);
    expect(await state()).toMatchObject({ kind: 'connecting' });
  });

  it('[L6] is dialled there when it is resumed', async () => {
    await run({ ...standby, enabled: false });
    await clock.advance(2_000);
    await run(standby);
    expect(dialled().at(-1)).toBe(B);
    expect(await state()).toMatchObject({ kind: 'connecting' });
  });

  it('[L8] stays where it is when the breaker that is closed was not open', async () => {
    const before = dialled().length;
    await engine.setBreaker({ link: 'venue', open: false });
    await clock.advance(1_000);
    expect(dialled().slice(before)).not.toContain(A);
    expect(snapshot?.links.venue?.state.kind).toBe('up');
    expect(snapshot?.links.venue?.about.routes.find(({ inUse }) => inUse)?.url).toBe(A);
  });
});
