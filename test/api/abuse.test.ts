import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MAX_READERS } from '../../src/main/api/sse.ts';
import { type Headless, startHeadless } from '../support/headless.ts';
import { ask, Listener } from './apiServer.ts';

/** A running Warmwire whose API is asked as no one should. */
const LINKS = ['demo-frankfurt', 'demo-tokyo', 'demo-chicago'];
let warmwire: Headless;

beforeEach(async () => {
  warmwire = await startHeadless();
  const listener = await Listener.open(warmwire.port, '/api/gate/stream', { token: warmwire.token });
  const open = new Set<string>();
  await listener.until(() => {
    for (const { data } of listener.events)
      for (const gate of [data].flat() as { link: string; open: boolean }[]) if (gate.open) open.add(gate.link);
    return LINKS.every((link) => open.has(link));
  });
  listener.close();
});
afterEach(() => warmwire.stop());

interface Link {
  readonly name: string;
  readonly state: string;
  readonly counters: { readonly connects: number; readonly missedPongs: number; readonly messages: number };
}
async function links(): Promise<readonly Link[]> {
  const { json } = await ask(warmwire.port, '/api/links', { token: warmwire.token });
  return (json as { data: Link[] }).data.filter(({ name }) => LINKS.includes(name));
}
async function memoryMiB(): Promise<number> {
  const { text } = await ask(warmwire.port, '/metrics', { token: warmwire.token });
  return Number(/^process_resident_memory_bytes (.*)$/m.exec(text)?.[1]) / 2 ** 20;
}

/** Asks for all gates and never reads a byte. */
async function deaf(): Promise<Socket> {
  const { port, token } = warmwire;
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write(
    `GET /api/gate/stream?heartbeat_secs=1 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
  return socket;
}

it('G2: 500 readers that never read and a scrape every 100 ms disturb no link', async () => {
  const { port, token } = warmwire;
  const before = await links();
  const memory = await memoryMiB();
  const sockets = await Promise.all(Array.from({ length: 500 }, deaf));
  const refused = await ask(port, '/api/gate/stream', { token });
  expect([refused.status, (refused.json as { error: { message: string } }).error.message]).toEqual([
    503,
    `${MAX_READERS} streams are open, and no more are given.`,
  ]);
  const scrapes: Promise<{ readonly status: number }>[] = [];
  await new Promise<void>((done) => {
    const every = setInterval(() => {
      scrapes.push(ask(port, '/metrics', { token }));
      if (scrapes.length < 50) return;
      clearInterval(every);
      done();
    }, 100);
  });
  const statuses = (await Promise.all(scrapes)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  const after = await links();
  for (const [i, link] of after.entries()) {
    expect(link).toMatchObject({ name: before[i]?.name, state: 'up' });
    expect(link.counters.connects).toBe(before[i]?.counters.connects);
    expect(link.counters.missedPongs).toBe(before[i]?.counters.missedPongs);
    expect(link.counters.messages).toBeGreaterThan(before[i]?.counters.messages ?? 0);
  }
  expect((await memoryMiB()) - memory).toBeLessThan(150);
  for (const socket of sockets) socket.destroy();
});
