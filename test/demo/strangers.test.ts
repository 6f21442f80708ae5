import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { DelayRelay } from '../../src/main/demo/delayRelay.ts';
import type { Exchange } from '../../src/main/demo/exchange.ts';
import { DemoGuest } from '../../src/main/demo/guest.ts';
import { MAX_CONNECTIONS, MAX_SAID_A_SECOND, MAX_UNREAD_BYTES } from '../../src/main/demo/limits.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { until } from '../support/until.ts';
import { closed, feedOf, lineClient, openExchange, venueOf, webSocketClient } from './rig.ts';

/** What any account of this machine may do to the demo's exchanges, which always listen. */
async function exchangeOf(name: string): Promise<Exchange> {
  const exchange = await openExchange(name, systemClock);
  onTestFinished(() => exchange.close());
  return exchange;
}

it('[D5] a client that says thousands of lines at once is cut, and another one is answered', async () => {
  const exchange = await exchangeOf('chicago');
  const [loud, quiet] = [await lineClient(exchange), await lineClient(exchange)];
  loud.say('X\n'.repeat(30_000));
  await closed(loud.socket);
  quiet.say('PING\n');
  expect(await quiet.next('')).toBe('PONG');
  expect(exchange.view().clients).toBe(1);
});

it('[D5] a client that pings thousands of times at once is cut, and another one is answered', async () => {
  const exchange = await exchangeOf('frankfurt');
  const [loud, quiet] = [await webSocketClient(exchange), await webSocketClient(exchange)];
  loud.ws.on('error', () => undefined);
  for (let i = 0; i < 5_000; i += 1) loud.ws.ping('', true, () => undefined);
  await once(loud.ws, 'close');
  quiet.ws.send('{"op":"ping","id":1}');
  expect(await quiet.next('pong')).toContain('1');
  expect(exchange.view().clients).toBe(1);
});

/** One client of an exchange, and how it fares. */
function guestOf(clock: FakeClock, unread: () => number): { guest: DemoGuest; sent: string[]; isCut: () => boolean } {
  const sent: string[] = [];
  let isCut = false;
  const nothing = (): void => undefined;
  const wire = {
    send: (text: string) => void sent.push(text),
    pong: nothing,
    end: nothing,
    cut: () => {
      isCut = true;
    },
    pause: nothing,
    resume: nothing,
    unread,
    onClose: nothing,
  };
  const guest = new DemoGuest(wire, feedOf('chicago', clock), venueOf('chicago').address.latency, clock, Math.random);
  return { guest, sent, isCut: () => isCut };
}

it('[D5] a client may say as much again in each second', async () => {
  const clock = new FakeClock();
  const { guest, isCut } = guestOf(clock, () => 0);
  for (let second = 0; second < 3; second += 1) {
    await clock.advance(1_000);
    for (let said = 0; said < MAX_SAID_A_SECOND; said += 1) guest.message('PING');
  }
  expect(isCut()).toBe(false);
  guest.message('PING');
  expect([isCut(), clock.pending]).toEqual([true, 0]);
});

it('[D5] a client that does not read is cut before it fills the memory', () => {
  const clock = new FakeClock();
  let unread = MAX_UNREAD_BYTES;
  const { guest, sent, isCut } = guestOf(clock, () => unread);
  guest.send('one');
  unread += 1;
  expect([sent, isCut()]).toEqual([['one'], false]);
  guest.send('two');
  expect([sent, isCut(), clock.pending]).toEqual([['one'], true, 0]);
});

it('[D5] so is one that asks over HTTPS and does not read', async () => {
  const venue = net.createServer((socket) => {
    socket.on('error', () => undefined);
    const more = (): void => {
      while (!socket.destroyed && socket.write(Buffer.alloc(64 * 1024)));
    };
    socket.on('drain', more);
    more();
  });
  venue.listen(0, '127.0.0.1');
  await once(venue, 'listening');
  const toPort = (venue.address() as AddressInfo).port;
  const relay = new DelayRelay({ clock: systemClock, toPort, oneWayMs: () => 1, idleMs: () => null });
  await relay.open();
  const client = net.connect(relay.port, '127.0.0.1').pause();
  client.on('error', () => undefined);
  const [behind] = (await once(venue, 'connection')) as [Socket];
  await closed(behind);
  expect(relay.size).toBe(0);
  client.destroy();
  await relay.close();
  venue.close();
});

it('[D5] an exchange has so many connections at most, whoever opens them', async () => {
  const exchange = await exchangeOf('chicago');
  const first = await lineClient(exchange);
  for (let more = 1; more < MAX_CONNECTIONS; more += 1) await lineClient(exchange);
  const beyond = await lineClient(exchange);
  await closed(beyond.socket);
  await until(() => expect(exchange.view().clients).toBe(MAX_CONNECTIONS));
  first.say('PING\n');
  expect(await first.next('')).toBe('PONG');
});
