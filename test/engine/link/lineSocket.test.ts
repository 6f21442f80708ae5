import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LineSplitter } from '../../../src/main/engine/link/lineSocket.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import { EngineRig } from '../../support/engineRig.ts';
import { linkConfig } from '../../support/linkConfig.ts';

const LINES = PresetSchema.parse({
  venue: 'Lines',
  source: 'test',
  facts_as_of: '2026-11',
  ping: { kind: 'text', send: 'PING', reply: 'PONG' },
  ack: { kind: 'text', text: 'SUBSCRIBED:{symbol}' },
});
const BTC = {
  name: 'tick:BTC',
  channel: 'tick',
  symbol: 'BTC',
  subscribe: 'SUBSCRIBE:BTC',
  unsubscribe: null,
  data: ['TICK:BTC:'],
  sequence: null,
  identity: null,
};

let rig: EngineRig;
let server: Server;
let sockets: Socket[];
let heard: string;

beforeEach(async () => {
  rig = new EngineRig();
  sockets = [];
  heard = '';
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard += chunk.toString();
      for (const line of chunk.toString().split('\n')) {
        if (line === 'PING') socket.write('PONG\r\n');
        if (line === 'SUBSCRIBE:ETH') socket.write('UNSUBSCRIBED:ETH\nSUBSCRIBED:ETH2\nTICK:ETH:1\n');
        if (line === 'SUBSCRIBE:BTC') socket.write('SUBSCRIBED:BTC\nTICK:BTC:1\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await rig.stop();
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});

const link = (policy: object = {}) => {
  const dialUrl = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const change = { preset: LINES, subscriptions: [BTC], expectsData: true, url: dialUrl, dialUrl };
  return linkConfig({ ...change, policy: { initialReconnectDelayMs: 20, faultRetryMs: 100, ...policy } });
};

it('[L2] a link of lines is pinged with PING and its line feed, subscribed, and measured', async () => {
  await rig.run(link());
  await rig.until(() => rig.link()?.state.kind === 'up' && rig.link()?.rtt.lastMs !== null);
  expect(heard).toContain('SUBSCRIBE:BTC\n');
  expect(heard).toContain('PING\n');
  expect(rig.link()?.subscriptions).toMatchObject([{ status: 'acked' }]);
});

it('[L9] an ack is the whole line: that of a longer symbol, or of an unsubscribe, is none', async () => {
  const ETH = { ...BTC, name: 'tick:ETH', symbol: 'ETH', subscribe: 'SUBSCRIBE:ETH', data: ['TICK:ETH:'] };
  await rig.run({ ...link({ ackTimeoutMs: 20 }), subscriptions: [BTC, ETH] });
  await rig.until(() => rig.link()?.subscriptions[1]?.status === 'never-acked');
  expect(rig.link()?.subscriptions).toMatchObject([{ status: 'acked' }, { status: 'never-acked' }]);
});

it('[L1] its end is a cut, and it is back by itself; a line without end is 1009', async () => {
  await rig.run(link({ maxFrameBytes: 1_000 }));
  await rig.state('up');
  sockets[0]?.end();
  expect((await rig.firstWait()).reason).toMatchObject({ kind: 'cut' });
  await rig.until(() => rig.link()?.about.generation === 2 && rig.link()?.state.kind === 'up');
  rig.events.length = 0;
  sockets[1]?.write('x'.repeat(2_000));
  expect((await rig.firstWait()).reason).toMatchObject({ kind: 'protocol', code: 1009 });
});

it('[L2] however a stream is cut into pieces, its lines are the same', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z ]{1,20}$/), { minLength: 1, maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 50 }),
      fc.boolean(),
      (lines, cuts, carriage) => {
        const stream = Buffer.from(lines.map((line) => line + (carriage ? '\r\n' : '\n')).join(''));
        const splitter = new LineSplitter(1_000);
        const got: string[] = [];
        for (let at = 0, i = 0; at < stream.length; i += 1) {
          const length = cuts[i % cuts.length] ?? 1;
          for (const line of splitter.add(stream.subarray(at, at + length))) got.push(line.toString());
          at += length;
        }
        expect(got).toEqual(lines);
        expect(splitter.tooLong).toBe(false);
      },
    ),
  );
});
