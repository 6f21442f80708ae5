import { afterEach, describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const preset = PresetSchema.parse({ ...JSON_PRESET, ping: { kind: 'none' } });
const BTC = { ...subscription('BTC'), data: ['"s":"BTC"'] };
/** A venue that answers no ping. */
const mute = (change: Parameters<typeof linkConfig>[0] = {}): LinkConfig =>
  linkConfig({
    preset,
    subscriptions: [BTC],
    expectsData: true,
    ...change,
    policy: { dataTimeoutMs: 60_000, ...change.policy },
  });

const tick = (socket: FakeSocket): void => socket.text('{"s":"BTC"}');
const first = () => rig.net.sockets[0] as FakeSocket;
const second = () => rig.net.sockets[1] as FakeSocket;

/** A message every 100 ms: the learned silence is 1 s. */
async function flowing(messages = 60): Promise<void> {
  letIn(first());
  for (let i = 0; i < messages; i += 1) {
    await rig.clock.advance(100);
    tick(first());
  }
}

const met = new WeakSet<FakeSocket>();
function letIn(socket: FakeSocket): void {
  met.add(socket);
  socket.open();
  letAck(socket);
}

function letAck(socket: FakeSocket): void {
  for (const text of socket.sent) {
    const { op, id } = JSON.parse(text);
    if (op === 'sub') socket.text(`{"op":"subscribed","id":${id}}`);
  }
}

/** The venue lets in whatever is dialled, acks it and is silent. */
async function quiet(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    await rig.clock.advance(50);
    for (const socket of rig.net.open) {
      if (!met.has(socket)) letIn(socket);
    }
  }
}

const REFUSED = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' } as const;
const about = () => rig.link.figures.view().about;
const provedQuiet = () => rig.link.witness().open?.provedQuiet;

describe('[L5] a second connection that is as silent', () => {
  it('is closed and shows that the venue is quiet: the age of the data goes on, and the limit is twice as long', async () => {
    rig = new LinkRig(mute());
    await flowing();
    const { dataAt } = rig.link.figures.view().clocks;
    await quiet(12_000);
    expect(second().closedWith).toBe(1000);
    expect(rig.state).toBe('up');
    expect(about()).toMatchObject({ generation: 1, dataTimeoutMs: 120_000 });
    expect(rig.link.figures.view().clocks.dataAt).toBe(dataAt);
    expect(provedQuiet()).toBe(true);
    expect(rig.kinds()).not.toContain('replaced');
  });

  it('is so where the venue never acks, too', async () => {
    rig = new LinkRig(mute({ preset: PresetSchema.parse({ ...preset, ack: { kind: 'data' } }) }));
    await flowing();
    await rig.clock.advance(1_100);
    second().open();
    await rig.clock.advance(11_000);
    expect(second().closedWith).toBe(1000);
    expect(provedQuiet()).toBe(true);
  });

  it('is made again and again while the silence lasts, ever more rarely, and the limit is doubled once', async () => {
    rig = new LinkRig(mute());
    await flowing();
    await quiet(118_000);
    expect(rig.net.sockets.length).toBeGreaterThanOrEqual(4);
    expect(rig.net.sockets.length).toBeLessThanOrEqual(8);
    expect(about()).toMatchObject({ generation: 1, dataTimeoutMs: 120_000 });
    await quiet(2_100);
    expect(rig.kinds()).toContain('socket-ended');
  });

  it('is forgotten when data flow again: a silence after them is judged by the limit of the settings', async () => {
    rig = new LinkRig(mute());
    await flowing();
    await quiet(12_000);
    tick(first());
    expect(about().dataTimeoutMs).toBe(60_000);
    expect(provedQuiet()).toBe(false);
    for (let passed = 0; passed < 60_100; passed += 50) {
      await rig.clock.advance(50);
      for (const socket of rig.net.open) if (!met.has(socket)) socket.end(REFUSED);
    }
    expect(rig.happenings.map(({ happening }) => happening)).toContainEqual(
      expect.objectContaining({ kind: 'socket-ended', reason: { kind: 'stale', ageMs: 60_000 } }),
    );
  });

  it('is asked for again only after a silence of twice the time', async () => {
    rig = new LinkRig(mute());
    await flowing();
    await quiet(11_500);
    expect(second().closedWith).toBe(1000);
    expect(rig.net.sockets.length).toBe(2);
    await quiet(1_000);
    expect(rig.net.sockets.length).toBe(2);
    await quiet(1_500);
    expect(rig.net.sockets.length).toBe(3);
  });

  it('is waited for as long as the first has taught to be no silence', async () => {
    rig = new LinkRig(mute({ policy: { dataTimeoutMs: 300_000 } }));
    letIn(first());
    for (let i = 0; i < 30; i += 1) {
      await rig.clock.advance(20_000);
      tick(first());
    }
    await quiet(60_500);
    expect(rig.net.sockets.length).toBe(2);
    await quiet(19_000);
    expect(second().closedWith).toBeNull();
    tick(second());
    expect(about().generation).toBe(2);
    expect(about().dataTimeoutMs).toBe(300_000);
  });

  it.each(['an ack', 'none'])('has its time also after a frame that is of no subscription, with %s', async (ack) => {
    const silent = PresetSchema.parse({ ...preset, ...(ack === 'none' ? { ack: { kind: 'data' } } : {}) });
    rig = new LinkRig(mute({ preset: silent }));
    await flowing();
    await rig.clock.advance(1_100);
    second().open();
    second().text('{"type":"status","market":"open"}');
    letAck(second());
    met.add(second());
    await rig.clock.advance(9_500);
    expect(second().closedWith).toBeNull();
    expect(provedQuiet()).toBe(false);
    await rig.clock.advance(1_000);
    expect(second().closedWith).toBe(1000);
    expect(provedQuiet()).toBe(true);
  });

  it.each(['refused', 'never acknowledged'])('shows nothing if its subscription was %s', async (how) => {
    rig = new LinkRig(mute());
    await flowing();
    for (let passed = 0; passed < 40_000; passed += 50) {
      await rig.clock.advance(50);
      for (const socket of rig.net.open) {
        if (met.has(socket)) continue;
        met.add(socket);
        socket.open();
        const id = JSON.parse(socket.sent[0] ?? '{}').id;
        if (how === 'refused') socket.text(`{"op":"error","id":${id}}`);
      }
    }
    expect(rig.net.sockets.length).toBeGreaterThan(1);
    expect(provedQuiet()).toBe(false);
    expect(about()).toMatchObject({ generation: 1, dataTimeoutMs: 60_000 });
  });

  it.each([
    ['is not acknowledged, either,', 'never', 'never', true],
    ['is acknowledged', 'never', 'acked', true],
    ['is refused', 'never', 'refused', false],
    ['is refused, too,', 'refused', 'refused', true],
  ] as const)(
    'that %s shows as much where the first had data without an ack (%s, %s)',
    async (_, firstHears, hears, shows) => {
      rig = new LinkRig(mute());
      const answer = (socket: FakeSocket, how: typeof hears | typeof firstHears): void => {
        met.add(socket);
        socket.open();
        const { id } = JSON.parse(socket.sent[0] ?? '{}');
        if (how === 'acked') socket.text(`{"op":"subscribed","id":${id}}`);
        if (how === 'refused') socket.text(`{"op":"error","id":${id}}`);
      };
      answer(first(), firstHears);
      for (let i = 0; i < 150; i += 1) {
        await rig.clock.advance(100);
        tick(first());
      }
      for (let passed = 0; passed < 40_000; passed += 50) {
        await rig.clock.advance(50);
        for (const socket of rig.net.open) if (!met.has(socket)) answer(socket, hears);
      }
      expect(rig.net.sockets.length).toBeGreaterThan(1);
      expect(provedQuiet()).toBe(shows);
      expect(about().generation).toBe(1);
    },
  );

  it('says nothing where the first one flows again meanwhile', async () => {
    rig = new LinkRig(mute());
    await flowing();
    await quiet(5_000);
    for (let i = 0; i < 100; i += 1) {
      await rig.clock.advance(100);
      tick(first());
    }
    expect(second().closedWith).toBe(1000);
    expect(about()).toMatchObject({ generation: 1, dataTimeoutMs: 60_000 });
    expect(provedQuiet()).toBe(false);
  });

  it('is waited for as long as first data may take also where nothing is subscribed', async () => {
    rig = new LinkRig(mute({ subscriptions: [] }));
    await flowing();
    await quiet(10_500);
    expect(second().closedWith).toBeNull();
    expect(about().generation).toBe(1);
    await quiet(1_500);
    expect(second().closedWith).toBe(1000);
    expect(provedQuiet()).toBe(true);
  });
});

describe('a second connection', () => {
  it('[L4] that flows takes over, also after it was ready without data', async () => {
    rig = new LinkRig(mute({ subscriptions: [] }));
    await flowing();
    await quiet(5_000);
    tick(second());
    expect(about().generation).toBe(2);
    expect(rig.state).toBe('up');
    expect(first().closedWith).toBe(1000);
  });

  it('[L4] is closed where the first one flows again before it is ready, so that its gap is learned', async () => {
    rig = new LinkRig(mute());
    await flowing();
    await rig.clock.advance(1_500);
    for (let i = 0; i < 20; i += 1) {
      await rig.clock.advance(100);
      tick(first());
    }
    letIn(second());
    tick(second());
    await rig.clock.advance(100);
    expect(about().generation).toBe(1);
    expect(second().closedWith).toBe(1000);
  });

  it.each([{ expectsData: false }, { policy: { firstDataMs: 0 } }])(
    '[L4] is closed where the first one flows again before it is ready, also with %j',
    async (change) => {
      rig = new LinkRig(mute(change));
      await flowing();
      await rig.clock.advance(1_100);
      tick(first());
      letIn(second());
      await rig.clock.advance(100);
      expect(about().generation).toBe(1);
      expect(second().closedWith).toBe(1000);
    },
  );

  it('[L4] is closed where it flows only after the first one does', async () => {
    rig = new LinkRig(mute({ subscriptions: [] }));
    await flowing();
    await quiet(5_000);
    tick(first());
    tick(second());
    expect(about().generation).toBe(1);
    expect(second().closedWith).toBe(1000);
  });

  it('[L18] that is ready takes over at once when the venue says that it will cut the first', async () => {
    const warns = PresetSchema.parse({ ...preset, notices: [{ match: 'going down', text: 'server shutdown' }] });
    rig = new LinkRig(mute({ preset: warns, subscriptions: [] }));
    await flowing();
    await quiet(5_000);
    first().text('going down');
    expect(about().generation).toBe(2);
    expect(rig.net.sockets.length).toBe(2);
  });

  it('[L12] [L4] that a rotation wants, too, and that stays silent while the first one flows again, takes over from nobody', async () => {
    rig = new LinkRig(mute({ policy: { rotateAfterMs: 10_000 } }));
    await flowing();
    await quiet(5_000);
    for (let i = 0; i < 140; i += 1) {
      await rig.clock.advance(100);
      tick(first());
    }
    expect(about().generation).toBe(1);
    expect(second().closedWith).toBe(1000);
  });

  it('[L16] takes over after a sleep although a frame that had waited in a queue came on the first', async () => {
    rig = new LinkRig(mute({ policy: { dataTimeoutMs: 300_000 } }));
    await flowing();
    rig.clock.sleep(60_000);
    rig.link.wake();
    tick(first());
    letIn(second());
    tick(second());
    expect(about().generation).toBe(2);
  });

  it('[L1] that was as silent is why the link is trusted again, not an answer', async () => {
    rig = new LinkRig(mute());
    await flowing();
    await rig.clock.advance(1_100);
    second().end(REFUSED);
    await quiet(15_000);
    const because = rig.happenings.flatMap(({ happening }) =>
      happening.kind === 'state' && happening.from.kind === 'suspect' ? [happening.because] : [],
    );
    expect(because).toEqual(['a new connection was as silent']);
  });

  it('[L16] that is ready takes over after a sleep, silent or not: of the first one less is known', async () => {
    rig = new LinkRig(mute());
    await flowing();
    rig.clock.sleep(60_000);
    rig.link.wake();
    await quiet(11_000);
    expect(about().generation).toBe(2);
    expect(provedQuiet()).toBe(false);
  });

  it('[L12] that is ready and silent is the link’s own, and up, when the first is lost', async () => {
    rig = new LinkRig(mute({ subscriptions: [] }));
    await flowing();
    await quiet(5_000);
    first().end({ kind: 'cut', code: 'ECONNRESET' });
    expect(about().generation).toBe(2);
    expect(rig.state).toBe('up');
  });
});
