import { afterEach, describe, expect, it, vi } from 'vitest';
import { DIAL_RANK } from '../../../src/main/engine/dialGate.ts';
import { SpareWaits } from '../../../src/main/engine/link/spareWaits.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PLAIN_PRESET, PresetSchema } from '../../../src/shared/preset.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const REFUSED: DownReason = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' };
const TOO_MANY: DownReason = { kind: 'http', status: 429, retryAfterMs: 120_000 };
const NO_KEY: DownReason = { kind: 'http', status: 401, retryAfterMs: null };

/** Opens the socket in use; from then on every other dial ends with `reason`. Answers when each of those went out, ms. */
class OnlyOne {
  readonly dials: number[] = [];
  readonly #from = rig.clock.now();
  readonly #seen = new Set<FakeSocket>();
  readonly #reason: DownReason;

  constructor(reason: DownReason) {
    this.#reason = reason;
    this.use(rig.net.newest);
    this.#refuse();
  }

  use(socket: FakeSocket): void {
    this.#seen.add(socket);
    socket.open();
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      await rig.clock.advance(50);
      this.#refuse();
      for (const socket of rig.net.open) socket.answer();
    }
  }

  #refuse(): void {
    for (const socket of rig.net.sockets) {
      if (this.#seen.has(socket)) continue;
      this.#seen.add(socket);
      this.dials.push(rig.clock.now() - this.#from);
      socket.end(this.#reason);
    }
  }
}

const alarms = () => rig.kinds().filter((kind) => kind === 'alarm').length;
const standby = (policy: NonNullable<Parameters<typeof linkConfig>[0]>['policy'] = {}) =>
  linkConfig({ policy: { standby: true, breakerFailures: 0, ...policy } });

describe('standby', () => {
  it('[L6] what a standby was told is obeyed by the link, too, and is why it waits; a click is not held back', async () => {
    rig = new LinkRig(standby());
    const venue = new OnlyOne(TOO_MANY);
    await venue.pass(60_000);
    const dialled = rig.net.sockets.length;
    rig.net.sockets[0]?.end(REFUSED);
    await venue.pass(59_000);
    expect(rig.net.sockets).toHaveLength(dialled);
    expect(rig.view().state).toMatchObject({ kind: 'waiting', reason: { kind: 'http', status: 429 } });
    rig.link.reconnect('hard');
    expect(rig.net.sockets).toHaveLength(dialled + 1);
    venue.use(rig.net.newest);
    await venue.pass(500);
    expect(rig.state).toBe('up');
    // It was let in: nothing is asked of the others any more, either.
    expect(venue.dials).toHaveLength(2);
  });

  it('[L6] of two requests the longer one counts', async () => {
    rig = new LinkRig(standby({ connectTimeoutMs: 60_000 }));
    rig.net.newest.open();
    await rig.clock.advance(3);
    rig.net.newest.end({ ...TOO_MANY, retryAfterMs: 3_600_000 } as DownReason);
    rig.net.sockets[0]?.end({ ...TOO_MANY, retryAfterMs: 1_000 } as DownReason);
    await rig.clock.advance(600_000);
    expect(rig.net.sockets).toHaveLength(2);
  });

  it('[L6] what a venue asked before it let the link in is no reason to wait after the next loss', async () => {
    rig = new LinkRig(linkConfig());
    rig.net.newest.end({ ...TOO_MANY, retryAfterMs: 3_600_000 } as DownReason);
    await rig.clock.advance(60_000);
    expect(rig.net.sockets).toHaveLength(1);
    rig.link.reconnect('hard');
    rig.net.newest.open();
    await rig.answering(120_000);
    rig.net.newest.end(REFUSED);
    await rig.clock.advance(200);
    expect(rig.net.sockets).toHaveLength(3);
  });

  it('[L18] an end that is told at once is told as it was, though the link waits for what a standby was told', async () => {
    rig = new LinkRig(standby());
    const venue = new OnlyOne(TOO_MANY);
    await venue.pass(1_000);
    rig.net.sockets[0]?.end({ kind: 'closed', code: 1008, text: 'policy violation' });
    expect(rig.happenings.flatMap(({ happening }) => (happening.kind === 'alarm' ? [happening.reason] : []))).toEqual([
      { kind: 'closed', code: 1008, text: 'policy violation' },
    ]);
    const dialled = rig.net.sockets.length;
    await venue.pass(118_000);
    expect(rig.net.sockets).toHaveLength(dialled);
  });

  it('[L6] [L13] what one address asked is not asked of another host', async () => {
    const routes = ['ws://a.example/', 'ws://b.example/'].map((url) => ({ url, dialUrl: url }));
    rig = new LinkRig({ ...linkConfig(), routes, url: 'ws://a.example/', dialUrl: 'ws://a.example/' });
    rig.net.newest.end({ kind: 'http', status: 503, retryAfterMs: 600_000 });
    await rig.clock.advance(200);
    expect(rig.net.sockets.map(({ target }) => target.url)).toEqual(['ws://a.example/', 'ws://b.example/']);
  });

  it('[L6] what it was told is over for all once the venue lets in a socket, a graceful successor, too', async () => {
    rig = new LinkRig(standby());
    const venue = new OnlyOne({ ...TOO_MANY, retryAfterMs: 3_600_000 } as DownReason);
    await venue.pass(20_000);
    expect(venue.dials).toHaveLength(1);
    rig.link.reconnect('graceful');
    venue.use(rig.net.newest);
    await venue.pass(500);
    expect(rig.view().about.generation).toBe(3);
    expect(venue.dials).toHaveLength(2);
  });

  it('[L6] what it was told after a successor was let in is not over when that one is ready', async () => {
    rig = new LinkRig({ ...standby(), preset: JSON_PRESET, subscriptions: [subscription('BTC')], expectsData: true });
    rig.bringUp(0);
    await rig.clock.advance(1_500);
    rig.link.reconnect('graceful');
    const [, spare, successor] = rig.net.sockets;
    successor?.open();
    spare?.end(TOO_MANY);
    successor?.text(`{"op":"subscribed","id":${JSON.parse(successor.sent[0] ?? '{}').id}}`);
    successor?.text('{"s":"BTC","n":1}');
    expect(rig.view().about.generation).toBe(3);
    await rig.clock.advance(900);
    expect(rig.net.sockets).toHaveLength(3);
  });

  it('[L6] [L12] a rotation that was told to wait goes on when the venue lets a standby in meanwhile', async () => {
    rig = new LinkRig(standby({ rotateAfterMs: 2_000, connectTimeoutMs: 60_000 }));
    await rig.openAndAnswer();
    const first = rig.net.sockets[0] as FakeSocket;
    for (let passed = 0; passed < 3_000; passed += 100) {
      await rig.clock.advance(100);
      first.answer();
    }
    const [, spare, successor] = rig.net.sockets;
    expect(rig.net.sockets).toHaveLength(3);
    successor?.end({ ...TOO_MANY, retryAfterMs: 3_600_000 } as DownReason);
    await rig.clock.advance(500);
    expect(rig.net.sockets).toHaveLength(3);
    spare?.open();
    await rig.clock.advance(500);
    expect(rig.net.sockets).toHaveLength(4);
  });

  it('[L6] a change of settings is not dialled before the time that a standby was told, however the link itself ended', async () => {
    rig = new LinkRig(standby());
    const venue = new OnlyOne({ ...TOO_MANY, retryAfterMs: 3_600_000 } as DownReason);
    await venue.pass(20_000);
    rig.net.sockets[0]?.end({ kind: 'closed', code: 1008, text: '' });
    rig.link.configure(standby({ compression: true }));
    await rig.clock.advance(60_000);
    expect(rig.net.sockets).toHaveLength(2);
    expect(rig.view().state).toMatchObject({ kind: 'waiting', reason: { kind: 'http', status: 429 } });
  });

  it('[L8] a slot that is taken is no failure, though the link waits for what a standby was told', async () => {
    const preset = PresetSchema.parse({
      ...PLAIN_PRESET,
      closes: [{ code: 4000, class: 'slot', text: 'taken', match: '' }],
    });
    rig = new LinkRig({ ...standby(), preset });
    const venue = new OnlyOne({ ...TOO_MANY, retryAfterMs: 3_600_000 } as DownReason);
    await venue.pass(20_000);
    rig.net.sockets[0]?.end({ kind: 'closed', code: 4000, text: '' });
    expect(rig.view().state).toMatchObject({ kind: 'waiting', reason: { kind: 'http', status: 429 } });
    expect(rig.view().counters.failuresInARow).toBe(0);
  });

  it('[L6] the link dials again when the time that its standby was told is over', async () => {
    rig = new LinkRig(standby());
    const venue = new OnlyOne(TOO_MANY);
    await venue.pass(60_000);
    const dialled = rig.net.sockets.length;
    rig.net.sockets[0]?.end(REFUSED);
    await rig.clock.advance(59_900);
    expect(rig.net.sockets).toHaveLength(dialled);
    await rig.clock.advance(200);
    expect(rig.net.sockets).toHaveLength(dialled + 1);
  });

  it('[L18] one whose credentials are refused is given up, and told at once; a person starts it again', async () => {
    rig = new LinkRig(standby());
    const venue = new OnlyOne(NO_KEY);
    await venue.pass(600_000);
    expect(venue.dials).toHaveLength(1);
    expect(alarms()).toBe(1);
    expect(rig.link.figures.view().about.standby).toBe('off');
    expect(rig.state).toBe('up');
    rig.link.reconnect('hard');
    venue.use(rig.net.newest);
    await venue.pass(1_000);
    expect(venue.dials).toHaveLength(2);
  });

  it('[L18] after its socket broke the protocol it is tried as rarely as the link itself would be', async () => {
    rig = new LinkRig(standby());
    const venue = new OnlyOne({ kind: 'protocol', code: 1002, message: 'x' });
    await venue.pass(299_000);
    expect(venue.dials).toHaveLength(1);
    await venue.pass(2_000);
    expect(venue.dials).toHaveLength(2);
  });

  it('[L18] a standby that the venue closes for its rate of messages slows the next sockets down', async () => {
    const preset = PresetSchema.parse({ ...PLAIN_PRESET, limits: { messages: 10 } });
    rig = new LinkRig({ ...standby(), preset });
    rig.net.newest.open();
    expect(rig.link.figures.view().budget?.windowMs).toBe(1_050);
    await rig.clock.advance(1);
    rig.net.newest.open();
    rig.net.newest.end({ kind: 'closed', code: 1008, text: 'Too many requests' });
    rig.link.reconnect('hard');
    rig.net.newest.open();
    expect(rig.link.figures.view().budget?.windowMs).toBe(2_100);
  });

  it('[L22] one that cannot be had leaves the dials of an hour to the link that is lost meanwhile', async () => {
    const preset = PresetSchema.parse({ ...PLAIN_PRESET, limits: { dials: 36, dials_window_secs: 3_600 } });
    rig = new LinkRig({ ...standby(), preset });
    const venue = new OnlyOne(REFUSED);
    await venue.pass(1_200_000);
    expect(venue.dials.length).toBeGreaterThan(10);
    rig.net.sockets[0]?.end({ kind: 'cut', code: 'ECONNRESET' });
    await rig.clock.advance(200);
    expect(rig.state).toBe('connecting');
  });

  it('[L11] a person who reconnects gracefully ends its wait, also where the new socket takes over after it', async () => {
    rig = new LinkRig(standby());
    const venue = new OnlyOne({ kind: 'protocol', code: 1002, message: 'x' });
    await venue.pass(1_100);
    rig.link.reconnect('graceful');
    const [successor, second] = rig.net.sockets.slice(2);
    if (successor === undefined || second === undefined) throw new Error('both were to be dialled');
    venue.use(successor);
    venue.use(second);
    await venue.pass(1_000);
    expect(rig.link.figures.view().about).toMatchObject({ generation: 3, standby: 'ready' });
    expect(venue.dials).toHaveLength(1);
  });

  it('[L6] [L12] one that was stable itself is built anew as soon after its end as the first one was', async () => {
    rig = new LinkRig(standby({ jitterFactor: 0 }));
    const venue = new OnlyOne(REFUSED);
    await venue.pass(60_000);
    const waits: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const dialled = rig.net.sockets.length;
      while (rig.net.sockets.length === dialled) await rig.clock.advance(50);
      const spare = rig.net.newest;
      venue.use(spare);
      await venue.pass(60_000);
      spare.end({ kind: 'cut', code: 'ECONNRESET' });
      const endedAt = rig.clock.now();
      while (rig.net.newest === spare) await rig.clock.advance(50);
      waits.push(rig.clock.now() - endedAt);
      rig.net.newest.end(REFUSED);
    }
    expect(waits).toEqual([100, 100, 100, 100]);
  });

  it('[L6] decorrelated jitter grows from one wait to the next', async () => {
    rig = new LinkRig(standby({ jitter: 'decorrelated' }));
    const venue = new OnlyOne(REFUSED);
    await venue.pass(120_000);
    const waits = venue.dials.slice(1).map((at, i) => at - (venue.dials[i] ?? 0));
    expect(Math.max(...waits)).toBeGreaterThan(10_000);
    expect(venue.dials.length).toBeLessThan(25);
  });
});

describe('successor', () => {
  it('[L6] a planned rotation that is banned for an hour is not dialled again within it', async () => {
    rig = new LinkRig(linkConfig({ policy: { rotateAfterMs: 60_000 } }));
    const venue = new OnlyOne({ kind: 'http', status: 418, retryAfterMs: 3_600_000 });
    await venue.pass(3_600_000);
    expect(venue.dials).toHaveLength(1);
    await venue.pass(120_000);
    expect(venue.dials).toHaveLength(2);
  });

  it('[L6] a change of settings to the same host waits as long as the venue asked, one to another host does not', async () => {
    rig = new LinkRig(linkConfig({ policy: { rotateAfterMs: 60_000 } }));
    const venue = new OnlyOne(TOO_MANY);
    await venue.pass(61_000);
    rig.link.configure(linkConfig({ policy: { rotateAfterMs: 60_000, compression: true } }));
    await venue.pass(60_000);
    expect(venue.dials).toHaveLength(1);
    expect(rig.link.figures.view().health).toMatchObject({
      reasons: [{ kind: 'settings-pending' }],
    });
    rig.link.configure(linkConfig({ url: 'ws://b/', dialUrl: 'ws://b/', policy: { rotateAfterMs: 60_000 } }));
    await venue.pass(100);
    expect(venue.dials).toHaveLength(2);
  });

  it('[L6] [L22] that failed long ago has the backoff, and the places of the gate, of one that never did', async () => {
    rig = new LinkRig(linkConfig({ policy: { rotateAfterMs: 3_600_000, jitterFactor: 0 } }));
    const venue = new OnlyOne(REFUSED);
    await venue.pass(40_000);
    for (let clicks = 0; clicks < 5; clicks += 1) {
      expect(rig.link.rotate()).toBeNull();
      await venue.pass(1_000);
    }
    expect(venue.dials).toHaveLength(5);
    const ranks = vi.spyOn(rig.gate, 'pass');
    await venue.pass(3_557_000);
    expect(venue.dials.slice(5, 8).map((at) => at - (venue.dials[5] ?? 0))).toEqual([0, 100, 300]);
    expect(ranks.mock.calls.slice(0, 3).map(([, rank]) => rank)).toEqual([
      DIAL_RANK.live,
      DIAL_RANK.other,
      DIAL_RANK.other,
    ]);
  });

  it('[L18] new settings that are refused for their credentials are tried once, and stay shown as not in force', async () => {
    rig = new LinkRig(linkConfig());
    const venue = new OnlyOne(NO_KEY);
    await venue.pass(1_000);
    rig.link.configure(linkConfig({ policy: { compression: true } }));
    await venue.pass(600_000);
    expect(venue.dials).toHaveLength(1);
    expect(alarms()).toBe(1);
    expect(rig.link.figures.view().health).toMatchObject({
      reasons: [{ kind: 'settings-pending' }],
    });
    rig.link.reconnect('graceful');
    await venue.pass(100);
    expect(venue.dials).toHaveLength(2);
  });
});

describe('measuring another address', () => {
  const two = linkConfig({ routes: ['ws://a/', 'ws://b/'].map((url) => ({ url, dialUrl: url })) });

  it('[L6] obeys Retry-After', async () => {
    rig = new LinkRig(two);
    const venue = new OnlyOne({ kind: 'http', status: 418, retryAfterMs: 600_000 });
    await venue.pass(599_000);
    expect(venue.dials).toHaveLength(1);
    await venue.pass(2_000);
    expect(venue.dials).toHaveLength(2);
  });

  it('[L18] is given up where the credentials are refused, and that is told', async () => {
    rig = new LinkRig(two);
    const venue = new OnlyOne(NO_KEY);
    await venue.pass(600_000);
    expect(venue.dials).toHaveLength(1);
    expect(alarms()).toBe(1);
  });

  it('[L18] one that was refused is measured again once a person has reconnected', async () => {
    rig = new LinkRig(two);
    const venue = new OnlyOne(NO_KEY);
    await venue.pass(10_000);
    rig.link.reconnect('graceful');
    const successor = rig.net.sockets[2];
    if (successor === undefined) throw new Error('no successor was dialled');
    venue.use(successor);
    await venue.pass(1_000);
    expect(venue.dials).toHaveLength(2);
  });

  it('[L18] one that was refused is measured again once the venue has let in another socket of the link', async () => {
    rig = new LinkRig(linkConfig({ routes: two.routes, policy: { rotateAfterMs: 60_000 } }));
    const venue = new OnlyOne(NO_KEY);
    await venue.pass(59_000);
    expect(venue.dials).toHaveLength(1);
    while (rig.net.sockets.length === 2) await rig.clock.advance(50);
    venue.use(rig.net.newest);
    await venue.pass(10_000);
    expect(venue.dials).toHaveLength(2);
  });

  it('[L18] one that is let in shows that the credentials are good: settings they were refused for are tried again', async () => {
    rig = new LinkRig(linkConfig({ routes: two.routes, policy: { compression: true } }));
    rig.net.newest.open();
    rig.link.configure(two);
    rig.net.newest.end(NO_KEY);
    expect(rig.view().health).toMatchObject({ reasons: [{ kind: 'settings-pending' }] });
    await rig.clock.advance(1_000);
    const before = rig.net.sockets.length;
    expect(rig.net.newest.target.url).toBe('ws://b/');
    rig.net.newest.open();
    await rig.clock.advance(200);
    expect(rig.net.sockets.slice(before).map(({ target }) => target.url)).toEqual(['ws://a/']);
  });

  it('[L18] one that is let in says nothing of a login, which it does not send', async () => {
    const preset = { ...PLAIN_PRESET, login: 'me' };
    rig = new LinkRig(linkConfig({ preset, routes: two.routes, policy: { standby: true } }));
    rig.net.newest.open();
    await rig.clock.advance(3);
    const [first, spare, scout] = rig.net.sockets as [FakeSocket, FakeSocket, FakeSocket];
    expect([spare, scout].map(({ target }) => target.url)).toEqual(['ws://a/', 'ws://b/']);
    spare.open();
    spare.end({ kind: 'told', class: 'credentials', text: 'no such key' });
    scout.open();
    await rig.clock.advance(1_000);
    first.answer();
    expect(rig.state).toBe('up');
    expect(rig.net.sockets).toHaveLength(3);
  });

  it('[L13] goes on while new settings have to wait for what the venue asked', async () => {
    rig = new LinkRig(two);
    rig.net.newest.open();
    await rig.clock.advance(1);
    rig.net.newest.open();
    rig.link.rotate();
    rig.net.newest.end(TOO_MANY);
    rig.link.configure(linkConfig({ routes: two.routes, policy: { compression: true } }));
    expect(rig.view().health).toMatchObject({ reasons: [{ kind: 'settings-pending' }] });
    await rig.clock.advance(1);
    expect(rig.net.newest.target).toMatchObject({ url: 'ws://b/', compression: true });
    expect(rig.net.sockets[0]?.closedWith).toBeNull();
  });

  it('[L12] one that is refused takes no place from an address that is not', async () => {
    const preset = PresetSchema.parse({ ...PLAIN_PRESET, limits: { sockets: 2 } });
    const three = ['ws://a/', 'ws://b/', 'ws://c/'].map((url) => ({ url, dialUrl: url }));
    rig = new LinkRig(linkConfig({ preset, routes: three }));
    rig.net.newest.open();
    await rig.clock.advance(1);
    expect(rig.net.newest.target.url).toBe('ws://b/');
    rig.net.newest.end(NO_KEY);
    rig.tick();
    expect(rig.net.newest.target.url).toBe('ws://c/');
  });

  it('[L13] other settings of a socket are those of the measuring ones, too', async () => {
    rig = new LinkRig(two);
    rig.net.newest.open();
    await rig.clock.advance(1);
    rig.net.newest.open();
    rig.link.configure(linkConfig({ routes: two.routes, policy: { compression: true } }));
    const measured = () => rig.link.figures.view().about.sockets.find(({ role }) => role === 'measuring');
    expect(measured()).toBeUndefined();
    rig.net.newest.open();
    await rig.clock.advance(1);
    const socket = rig.net.sockets[(measured()?.generation ?? 0) - 1];
    expect(socket?.target).toMatchObject({ url: 'ws://b/', compression: true });
  });
});

it('[L6] [L18] a refusal that is over because another socket was let in leaves the backoff, which grows', () => {
  const clock = new FakeClock();
  const config = () => linkConfig({ policy: { jitterFactor: 0 } });
  const waits = new SpareWaits({ config, clock, random: () => 0.5, askedMs: () => 0 });
  const left = [1, 2, 3, 4].map(() => {
    waits.failed({ kind: 'stop', loud: true });
    expect(waits.leftMs).toBe(Number.POSITIVE_INFINITY);
    expect(waits.letIn()).toBe(true);
    return waits.leftMs;
  });
  expect(left).toEqual([100, 200, 400, 800]);
  expect(waits.letIn()).toBe(false);
});
