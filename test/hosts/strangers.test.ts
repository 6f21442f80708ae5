import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startHeadless } from '../../src/main/hosts/headless.ts';
import { createHttpServer } from '../../src/main/hosts/httpServer.ts';
import { pageFile, readPage } from '../../src/main/hosts/pageFiles.ts';
import { MAX_CONNECTIONS, MAX_UNANSWERED } from '../../src/main/hosts/strangers.ts';
import { ask, Listener, serveApi } from '../api/apiServer.ts';
import { FakeEngine, fakeSource } from '../api/fakeEngine.ts';
import { fakeApp } from '../support/fakeApp.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { knock } from '../support/knock.ts';
import { until } from '../support/until.ts';

async function stranger(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** As many as the server takes, each with half a request. */
async function crowd(port: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < MAX_CONNECTIONS) {
    const socket = await stranger(port);
    socket.write('GET / HTTP/1.1\r\nHost:');
    sockets.push(socket);
  }
  return sockets;
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'warmwire-strangers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A server that counts what it is asked for, and answers after a moment. */
async function counting(): Promise<{ port: number; asked: () => number }> {
  const server = createHttpServer();
  let asked = 0;
  server.get('/', async () => {
    asked += 1;
    await new Promise(setImmediate);
    return 'answer';
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return { port: (server.server.address() as AddressInfo).port, asked: () => asked };
}

it('[G4] who sends a thousand requests at once and reads no answer is cut off, and few of them are looked at', async () => {
  const { port, asked } = await counting();
  const socket = await stranger(port);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1_000));
  await once(socket.resume(), 'close');
  expect(asked()).toBe(MAX_UNANSWERED);
});

it('[G1] one connection is good for as many requests as are asked one after the other', async () => {
  const { port, asked } = await counting();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  let opened = 0;
  for (let i = 0; i < 3 * MAX_UNANSWERED; i += 1) {
    const request = get({ host: '127.0.0.1', port, agent });
    request.once('socket', (socket) => {
      if (socket.connecting) opened += 1;
    });
    const [response] = await once(request, 'response');
    await once(response.resume(), 'end');
  }
  expect([asked(), opened]).toEqual([3 * MAX_UNANSWERED, 1]);
});

it('[G4] all who ask for a file of the page share one piece of memory, and no disk is read for them', async () => {
  const folder = temporary();
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets/page.js'), 'as it was');
  writeFileSync(join(folder, 'index.html'), '<p nonce="__CSP_NONCE__">');
  writeFileSync(join(folder, 'notes.txt'), 'none of the page');
  const page = await readPage(folder);
  writeFileSync(join(folder, 'assets/page.js'), 'of another build');
  const [one, two] = [pageFile(page, '/assets/page.js', null), pageFile(page, '/assets/page.js', null)];
  expect(String(one.body)).toBe('as it was');
  expect(two.body).toBe(one.body);
  expect(pageFile(page, '/', null).body).not.toBe(pageFile(page, '/index.html', null).body);
  const statuses = ['/notes.txt', '/assets', '/assets/', '/page.js', ''].map(
    (path) => pageFile(page, path, null).status,
  );
  expect(statuses).toEqual(statuses.map(() => 404));
});

it('[G4] a page that cannot be read is a sentence that says what to do', async () => {
  const started = await startHeadless({ port: 0, token: 'right', pageFolder: join(temporary(), 'none') });
  expect(started).toMatchObject({
    ok: false,
    problem: { kind: 'page-unreadable', hint: expect.stringContaining('install') },
  });
});

it('[G1] [G2] a crowd of strangers takes nothing from whoever has the token: the oldest of them goes', async () => {
  const clock = new FakeClock();
  const engine = new FakeEngine(clock);
  const source = fakeSource(engine, clock);
  source.mirror.follow(engine);
  const server = await serveApi({ clock, source });
  engine.open('a');
  const reader = await Listener.open(server.port, '/api/gate/stream');
  await reader.said(1);
  const strangers = await crowd(server.port);
  await until(() => expect(strangers[0]?.destroyed).toBe(true));
  expect(strangers.filter((socket) => socket.destroyed)).toHaveLength(1);
  for (let i = 0; i < 3; i += 1) expect(await ask(server.port, '/api/gate/a')).toMatchObject({ status: 200 });
  engine.close('a', { kind: 'stale', why: 'silent' });
  await reader.said(2);
  expect(reader.ended).toBe(false);
  reader.close();
  await server.close();
});

it('[G4] nor from the page, however long its wire has been open', async () => {
  const token = 'the-right-token-of-this-test';
  const folder = temporary();
  const started = await startHeadless({ port: 0, token, pageFolder: folder });
  if (!started.ok) throw new Error(started.problem.message);
  const { port, serve, stop } = started.value;
  onTestFinished(stop);
  await serve(fakeApp(folder));
  const protocols = ['warmwire.v1', `warmwire.token.${token}`];
  const wire = new WebSocket(`ws://127.0.0.1:${port}/wire`, protocols, { origin: `http://127.0.0.1:${port}` });
  await once(wire, 'open');
  const [first] = await crowd(port);
  await until(() => expect(first?.destroyed).toBe(true));
  expect(await knock(port, { token })).toBe('open');
  expect(wire.readyState).toBe(WebSocket.OPEN);
});
