import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type LookupFunction, type Server } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../src/shared/engineConfig.ts';
import { reasonText } from '../../src/shared/linkState.ts';
import { type Certificate, GYM_CA, GymVenue } from '../gym/venue.ts';
import { EngineRig } from '../support/engineRig.ts';
import { JSON_PRESET, linkConfig, subscription } from '../support/linkConfig.ts';

let rig: EngineRig;
let venue: GymVenue;

beforeEach(async () => {
  rig = new EngineRig();
  venue = await GymVenue.open();
});
afterEach(async () => {
  await rig.stop();
  await venue.close();
});

const fast = { pongTimeoutMs: 200, initialReconnectDelayMs: 20, breakerFailures: 0 };
const toVenue = (change: Parameters<typeof linkConfig>[0] = {}): LinkConfig =>
  linkConfig({ dialUrl: venue.url, ...change, policy: { ...fast, ...change.policy } });

async function up(): Promise<void> {
  await rig.run(toVenue());
  await rig.state('up');
}

it('[L2] a real ping is answered, and its round trip is measured with its sample count', async () => {
  const before = rig.clock.now();
  await up();
  await rig.until(() => (rig.link()?.rtt.windows['1m']?.count ?? 0) > 0);
  expect(rig.link()?.rtt.lastMs).toBeGreaterThan(0);
  expect(rig.link()?.rtt.lastMs).toBeLessThan(rig.clock.now() - before);
  expect(rig.link()?.about.timings?.totalMs).toBeGreaterThan(0);
});

it('[L3] a protocol ping of the venue is answered with the same payload', async () => {
  await up();
  const payload = randomBytes(13);
  const [echoed] = await Promise.all([once(venue.newest.ws, 'pong'), venue.newest.ws.ping(payload)]);
  expect((echoed as Buffer[])[0]).toEqual(payload);
  await rig.until(() => rig.link()?.counters.venuePings === 1);
});

it('[L1] drop: a socket destroyed without a close frame is a cut, and the link is back by itself', async () => {
  await up();
  venue.newest.socket.destroy();
  expect((await rig.firstWait()).reason).toMatchObject({ kind: 'cut' });
  await rig.until(() => rig.link()?.state.kind === 'up' && rig.link()?.about.generation === 2);
  expect(venue.present.length).toBe(1);
});

it('[L16] a new address of this machine makes no link suspect whose venue answers, a sleep does until it has answered', async () => {
  await up();
  const suspicions = (): number =>
    rig.events.filter(({ happening }) => happening.kind === 'state' && happening.to.kind === 'suspect').length;
  const pings = rig.link()?.counters.pings ?? 0;
  await rig.engine.wake({ kind: 'network' });
  await rig.until(() => (rig.link()?.counters.pongs ?? 0) > pings);
  expect(suspicions()).toBe(0);
  await rig.engine.wake({ kind: 'sleep' });
  await rig.until(() => suspicions() === 1 && rig.link()?.state.kind === 'up');
});

it('[L4] freeze: a venue that holds the socket open and answers nothing is suspect, then dead', async () => {
  await up();
  venue.answersPings = false;
  await rig.state('suspect');
  expect(await rig.happened('socket-ended')).toMatchObject({ reason: { kind: 'dead' } });
});

it('[L1] refuse: nobody listens on the port', async () => {
  const url = venue.url;
  await venue.close();
  await rig.run(toVenue({ dialUrl: url }));
  expect((await rig.firstWait()).reason).toMatchObject({ kind: 'refused', code: 'ECONNREFUSED' });
});

it('[L1] RST in the middle of a frame is a cut, not a fault of the data', async () => {
  await up();
  const { socket } = venue.newest;
  socket.write(Buffer.from([0x81, 0x7e, 0x40, 0x00, 0x41, 0x41]), () => socket.resetAndDestroy());
  expect((await rig.firstWait()).reason).toEqual({ kind: 'cut', code: 'ECONNRESET' });
});

it('[L1] FIN in the middle of a frame is a cut, too', async () => {
  await up();
  const { socket } = venue.newest;
  socket.end(Buffer.from([0x81, 0x7e, 0x40, 0x00, 0x41, 0x41]));
  expect((await rig.firstWait()).reason).toMatchObject({ kind: 'cut' });
});

it('[L2] a pong with a foreign payload and an unsolicited pong answer nothing', async () => {
  venue.answersPings = false;
  venue.onGuest = ({ ws }) => {
    ws.pong('unsolicited');
    ws.on('ping', () => ws.pong('undefined'));
  };
  await rig.run(toVenue());
  await rig.until(() => (rig.link()?.counters.foreignPongs ?? 0) >= 2);
  expect(rig.link()?.counters.pongs).toBe(0);
  expect((await rig.happened('foreign-pong')).what).toContain('unsolicited');
  expect(await rig.happened('socket-ended')).toMatchObject({ reason: { kind: 'dead' } });
});

it('[L21] a handshake that never ends is given up at the connect timeout, at the upgrade', async () => {
  venue.door = { kind: 'hang' };
  await rig.run(toVenue({ policy: { connectTimeoutMs: 150 } }));
  expect((await rig.firstWait()).reason).toEqual({ kind: 'dial-timeout', phase: 'upgrade', limitMs: 150 });
});

it('[L1] a TCP server that accepts and says nothing is the same', async () => {
  const mute: Server = createServer((socket) => socket.on('error', () => undefined));
  mute.listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const { port } = mute.address() as { port: number };
  await rig.run(toVenue({ dialUrl: `ws://127.0.0.1:${port}/`, policy: { connectTimeoutMs: 150 } }));
  expect((await rig.firstWait()).reason).toMatchObject({ kind: 'dial-timeout', phase: 'upgrade' });
  mute.close();
});

it('[L1] a 101 with the wrong Sec-WebSocket-Accept is a wrong handshake, and is retried', async () => {
  venue.door = { kind: 'wrong-accept' };
  await rig.run(toVenue());
  expect((await rig.firstWait()).reason).toMatchObject({
    kind: 'handshake',
    message: expect.stringContaining('Sec-WebSocket-Accept'),
  });
  venue.door = { kind: 'open' };
  await rig.state('up');
});

it.each([503, 502])('[L1] HTTP %i on the upgrade is reported as such, and leads to one retry', async (status) => {
  venue.door = { kind: 'status', status };
  await rig.run(toVenue());
  expect((await rig.firstWait()).reason).toEqual({ kind: 'http', status, retryAfterMs: null });
  venue.door = { kind: 'open' };
  await rig.state('up');
  expect(venue.present.length).toBe(1);
});

it.each([301, 400, 404])(
  '[L18] HTTP %i is a fault of the address: said at once, and retried slowly',
  async (status) => {
    venue.door = { kind: 'status', status };
    await rig.run(toVenue({ policy: { slowRetryMs: 300 } }));
    expect(await rig.firstWait()).toMatchObject({ delayMs: 300, reason: { kind: 'http', status } });
    expect(await rig.happened('alarm')).toMatchObject({ reason: { kind: 'http', status } });
    venue.door = { kind: 'open' };
    await rig.state('up');
  },
);

it.each([401, 403])(
  '[L18] HTTP %i is about credentials: the link stops, and a click starts it again',
  async (status) => {
    venue.door = { kind: 'status', status };
    await rig.run(toVenue());
    await rig.state('failed');
    expect(await rig.happened('alarm')).toMatchObject({ reason: { kind: 'http', status } });
    venue.door = { kind: 'open' };
    await rig.engine.reconnectLink({ link: 'venue', manner: 'hard' });
    await rig.state('up');
  },
);

it('[L6] HTTP 429 with Retry-After is not dialled again before', async () => {
  venue.door = { kind: 'status', status: 429, headers: { 'retry-after': '30' } };
  await rig.run(toVenue());
  const wait = await rig.firstWait();
  expect(wait.reason).toEqual({ kind: 'http', status: 429, retryAfterMs: 30_000 });
  expect(wait.delayMs).toBeCloseTo(30_000);
});

it('[L1] an answer that is not HTTP is a wrong handshake', async () => {
  venue.door = { kind: 'raw', bytes: 'SSH-2.0-OpenSSH_9.2p1\r\n' };
  await rig.run(toVenue());
  expect((await rig.firstWait()).reason).toMatchObject({
    kind: 'handshake',
    message: expect.stringContaining('Parse Error'),
  });
});

it('[L1] 1 MB of garbage after the upgrade is a protocol fault of the venue, named, and retried', async () => {
  await rig.run(toVenue({ policy: { faultRetryMs: 200 } }));
  await rig.state('up');
  venue.newest.socket.write(Buffer.alloc(1_000_000, 0xff));
  expect((await rig.firstWait()).reason).toMatchObject({ kind: 'protocol', code: 1002 });
  await rig.until(() => rig.link()?.about.generation === 2 && rig.link()?.state.kind === 'up');
});

it('[L21] a frame over the limit is 1009, and text that is not UTF-8 is 1007', async () => {
  await rig.run(toVenue({ policy: { maxFrameBytes: 1000, faultRetryMs: 200 } }));
  await rig.state('up');
  venue.newest.ws.send('x'.repeat(1001));
  const { reason } = await rig.firstWait();
  expect(reason).toMatchObject({ kind: 'protocol', code: 1009 });
  expect(reasonText(reason)).toContain('sent more than is taken here');
  await rig.until(() => rig.link()?.about.generation === 2 && rig.link()?.state.kind === 'up');
  rig.events.length = 0;
  venue.newest.socket.write(Buffer.from([0x81, 0x02, 0xc3, 0x28]));
  expect((await rig.firstWait()).reason).toMatchObject({ kind: 'protocol', code: 1007 });
});

it('[L1] a close frame’s code and text are kept', async () => {
  await up();
  venue.newest.ws.close(4001, 'bye for now');
  expect((await rig.firstWait()).reason).toEqual({ kind: 'closed', code: 4001, text: 'bye for now' });
});

it('[L19] a close frame ends the link within the close deadline with its own code, though the venue never hangs up', async () => {
  await rig.run(toVenue({ policy: { closeTimeoutMs: 200, pongTimeoutMs: 5000 } }));
  await rig.state('up');
  venue.newest.socket.write(Buffer.from([0x88, 0x02, 0x03, 0xf4]));
  venue.newest.socket.pause();
  expect((await rig.firstWait()).reason).toEqual({ kind: 'closed', code: 1012, text: '' });
});

it('[L1] an address that no socket can be made for is a reason, and harms no other link', async () => {
  await rig.run(toVenue({ name: 'odd', dialUrl: 'ws://256.1.1.1/' }), toVenue());
  expect((await rig.firstWait('odd')).reason).toMatchObject({ kind: 'handshake' });
  await rig.state('up');
});

it('[L19] closing never waits for the venue: a venue that ignores the close frame is cut at the deadline', async () => {
  await rig.run(toVenue({ policy: { closeTimeoutMs: 100 } }));
  await rig.state('up');
  const { socket } = venue.newest;
  socket.pause();
  await rig.run(toVenue({ enabled: false, policy: { closeTimeoutMs: 100 } }));
  await rig.state('paused');
  expect(rig.link()?.health).toEqual({ level: 'none' });
});

it('[L1] a name that does not resolve is a reason of its own, and one that resolves again is dialled', async () => {
  let answers = 0;
  const lookup: LookupFunction = (host, _options, callback) => {
    answers += 1;
    const error = Object.assign(new Error(`getaddrinfo EAI_AGAIN ${host}`), { code: 'EAI_AGAIN' });
    if (answers < 3) callback(error, '', 0);
    else callback(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  const flapping = new EngineRig({ lookup });
  await flapping.run(toVenue({ dialUrl: `ws://venue.example:${venue.port}/` }));
  expect((await flapping.firstWait()).reason).toEqual({ kind: 'resolve', host: 'venue.example', code: 'EAI_AGAIN' });
  await flapping.state('up');
  expect(answers).toBe(3);
  await flapping.stop();
});

it('[L3] JSON: subscriptions are restored, the venue’s ping is echoed byte for byte, and a graceful reconnect overlaps', async () => {
  venue.onText = ({ ws }, text) => {
    const message = JSON.parse(text);
    if (message.op === 'ping') ws.send(`{"op":"pong","id":${message.id}}`);
    if (message.op === 'sub') {
      ws.send(`{"op":"subscribed","id":${message.id}}`);
      ws.send('{"s":"BTC","p":1}');
    }
  };
  await rig.run(toVenue({ preset: JSON_PRESET, subscriptions: [subscription('BTC')], expectsData: true }));
  await rig.state('up');
  venue.newest.ws.send('{"ping":9007199254740993}');
  while (!venue.newest.received.includes('{"pong":9007199254740993}')) await once(venue.newest.ws, 'message');
  const old = venue.newest;
  const closed = once(old.ws, 'close');
  await rig.engine.reconnectLink({ link: 'venue', manner: 'graceful' });
  expect((await closed)[0]).toBe(1000);
  expect(venue.newest.id).toBe(2);
  expect(rig.events.some(({ happening }) => happening.kind === 'replaced')).toBe(true);
  expect(rig.events.some(({ happening }) => happening.kind === 'state' && happening.to.kind === 'waiting')).toBe(false);
});

it('[L17] shutdown closes every socket with 1000 and ends within the grace, even if a venue ignores it', async () => {
  const deaf = await GymVenue.open();
  await rig.run(toVenue({ name: 'polite' }), toVenue({ name: 'deaf', dialUrl: deaf.url }));
  await rig.state('up', 'polite');
  await rig.state('up', 'deaf');
  deaf.newest.socket.pause();
  const closed = once(venue.newest.ws, 'close');
  await rig.stop();
  expect((await closed)[0]).toBe(1000);
  await deaf.close();
});

it.each([
  ['speaks no TLS', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'wrong version number: the other side does not speak TLS here'],
  ['refuses the handshake', '\x15\x03\x01\x00\x02\x02\x28', 'ssl/tls alert handshake failure'],
])(
  '[L1] TLS: a server that %s is told in plain words, without addresses and source files',
  async (_, answer, message) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(Buffer.from(answer, 'latin1')));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    for (const dialUrl of [`wss://127.0.0.1:${port}/`, `tls://127.0.0.1:${port}`]) {
      const own = new EngineRig();
      await own.run(toVenue({ dialUrl }));
      expect((await own.firstWait()).reason).toMatchObject({ kind: 'tls', message });
      await own.stop();
    }
    await new Promise((closed) => server.close(closed));
  },
);

refusesCertificate('good', null, { kind: 'tls' });
refusesCertificate('expired', GYM_CA, { kind: 'tls', code: 'CERT_HAS_EXPIRED' });
refusesCertificate('other', GYM_CA, { kind: 'tls', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });

function refusesCertificate(certificate: Certificate, ca: string | null, reason: object): void {
  it(`[L1] TLS: the ${certificate} certificate ${ca === null ? 'without' : 'with'} its authority is refused by name`, async () => {
    const secure = await GymVenue.open(certificate);
    await rig.run(toVenue({ dialUrl: secure.url, ca }));
    expect((await rig.firstWait()).reason).toMatchObject(reason);
    await secure.close();
  });
}

it('[L1] TLS: a good certificate of an own authority comes up, with the phases of the dial timed', async () => {
  const secure = await GymVenue.open('good');
  await rig.run(toVenue({ dialUrl: secure.url, ca: GYM_CA }));
  await rig.state('up');
  const timings = rig.link()?.about.timings;
  expect(timings?.tlsMs).toBeGreaterThan(0);
  expect(timings?.upgradeMs).toBeGreaterThan(0);
  await rig.stop();
  await secure.close();
});

it('[D1] commands for a link that does not exist, or is paused, answer a problem', async () => {
  await rig.run(toVenue({ enabled: false }));
  expect(await rig.engine.reconnectLink({ link: 'nope', manner: 'hard' })).toMatchObject({
    ok: false,
    problem: { kind: 'unknown-link' },
  });
  expect(await rig.engine.reconnectLink({ link: 'venue', manner: 'hard' })).toMatchObject({
    ok: false,
    problem: { kind: 'paused' },
  });
  expect(await rig.engine.rotateLink({ link: 'venue' })).toMatchObject({
    ok: false,
    problem: { kind: 'not-rotated', message: 'venue: it has no open socket' },
  });
});

it('[L8] [L11] a breaker that a person holds open is closed by a person, and not by a reconnect', async () => {
  await up();
  expect(await rig.engine.setBreaker({ link: 'venue', open: true })).toEqual({ ok: true, value: null });
  for (const manner of ['graceful', 'hard'] as const) {
    expect(await rig.engine.reconnectLink({ link: 'venue', manner })).toMatchObject({
      ok: false,
      problem: { kind: 'breaker-held' },
    });
  }
  expect(rig.link()?.state).toMatchObject({ kind: 'blocked', until: null });
  expect(await rig.engine.setBreaker({ link: 'venue', open: false })).toEqual({ ok: true, value: null });
  await rig.state('up');
});

it('[L5] while a link is down its clocks are those of the last socket, so that the age of its last data is seen', async () => {
  await up();
  const bytesAt = rig.link()?.clocks.bytesAt ?? null;
  expect(bytesAt).not.toBeNull();
  await rig.engine.setBreaker({ link: 'venue', open: true });
  expect(rig.link()?.state.kind).toBe('blocked');
  expect(rig.link()?.clocks.bytesAt).toBe(bytesAt);
  await rig.engine.setBreaker({ link: 'venue', open: false });
  await rig.state('up');
  expect(rig.link()?.clocks.bytesAt).toBeGreaterThan(bytesAt ?? 0);
});
