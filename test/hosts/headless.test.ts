import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startHeadless } from '../../src/main/hosts/headless.ts';
import { ask } from '../api/apiServer.ts';
import { GymVenue } from '../gym/venue.ts';
import { fakeApp } from '../support/fakeApp.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { type Knock, knock as knockAt } from '../support/knock.ts';
import { mustBeClosed } from '../support/leaks.ts';
import { portOf, type Run, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

const TOKEN = 'the-right-token-of-this-test';
const knock = (port: number, change: Knock = {}) => knockAt(port, { token: TOKEN, ...change });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-headless-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(...args: string[]): Run {
  return startWith({}, ...args);
}

function startWith(env: Record<string, string>, ...args: string[]): Run {
  return startBare(env, '--no-open', ...args);
}

function startBare(env: Record<string, string>, ...args: string[]): Run {
  return startProgram({ folder, token: TOKEN, env }, ...args);
}

async function startUp(): Promise<Run & { port: number }> {
  const run = start('--port', '0');
  return { ...run, port: await portOf(run) };
}

async function stop(run: Run): Promise<void> {
  run.child.kill('SIGTERM');
  expect(await run.exit, run.err()).toBe(0);
}

/** Sends an upgrade by hand and keeps its own half of the connection open, as no browser does but any program can. */
function rawUpgrade(port: number, path: string, host: string): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  mustBeClosed(
    'a raw client',
    () => !socket.destroyed,
    () => socket.destroy(),
  );
  return socket;
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

function get(port: number, path: string, host = `127.0.0.1:${port}`): Promise<Answer> {
  return new Promise((resolveAnswer, reject) => {
    request({ port, path, host: '127.0.0.1', headers: { host } }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => resolveAnswer({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

it('[G4] prints exactly one line on stdout, with the address and the token; the log goes to stderr', async () => {
  const run = await startUp();
  await stop(run);
  expect(run.out()).toBe(`Warmwire: http://127.0.0.1:${run.port}/#token=${TOKEN}\n`);
  for (const line of run.err().trim().split('\n'))
    expect(JSON.parse(line)).toMatchObject({ utc: expect.any(String), level: expect.any(String) });
  expect(run.err()).not.toContain(TOKEN);
});

it('[G4] the wire opens only with the right token, from the own page, by the own name', async () => {
  const run = await startUp();
  const { port } = run;
  expect(await knock(port)).toBe('open');
  expect(await knock(port, { host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe('open');
  expect(await knock(port, { token: 'wrong-token' })).toBe('4401');
  expect(await knock(port, { token: '' })).toBe('4401');
  expect(await knock(port, { token: `${TOKEN}x` })).toBe('4401');
  expect(await knock(port, { origin: 'https://evil.example' })).toBe('HTTP 403');
  expect(await knock(port, { origin: `http://127.0.0.1:${port + 1}` })).toBe('HTTP 403');
  expect(await knock(port, { host: `evil.example:${port}` })).toBe('HTTP 403');
  expect(await knock(port, { path: '/other' }), 'no wire is there').toBe('HTTP 404');
  expect(await knock(port, { path: '/api/links' }), 'its guard asks for the token in the header').toBe('HTTP 401');
  await stop(run);
});

it('[G4] the page comes with a strict policy, and nothing outside its folder can be named', async () => {
  const run = await startUp();
  const page = await get(run.port, '/');
  expect(page.status).toBe(200);
  const policy = String(page.headers['content-security-policy']);
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
  expect(page.body).toContain(nonce);
  expect((await get(run.port, '/')).body).not.toContain(nonce);
  expect(policy).not.toMatch(/unsafe/);
  expect(page.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  const outside = [
    '/../main/cli.js',
    '/..%2fmain%2fcli.js',
    '/%2e%2e/main/cli.js',
    '/assets/../../main/cli.js',
    '/%00',
    '/%',
    '//etc/passwd',
    '/nothing.js',
  ];
  for (const path of outside) expect([path, (await get(run.port, path)).status]).not.toEqual([path, 200]);
  expect(await get(run.port, '/', `evil.example:${run.port}`)).toMatchObject({
    status: 403,
    body: expect.stringContaining('127.0.0.1'),
  });
  await stop(run);
});

it('[G4] a port in use is a sentence that says what to do, on stderr, and the exit code is 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const run = start('--port', String(port));
  expect(await run.exit).toBe(1);
  expect(run.out()).toBe('');
  expect(run.err()).toMatch(new RegExp(`port ${port} is in use by another program; .*--port 0`));
  other.close();
});

it('[L22] a start that fails because its port is in use dials nobody and writes nothing but its one line', async () => {
  const venue = await GymVenue.open();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  writeFileSync(join(folder, 'w.toml'), `[link.one]\nurl = "${venue.url}"\n`);
  const run = start('--port', String((taken.address() as AddressInfo).port));
  expect(await run.exit).toBe(1);
  expect(venue.guests).toHaveLength(0);
  expect(run.err().trim().split('\n')).toHaveLength(1);
  taken.close();
  await venue.close();
});

it('[G4] until the app is up the page is there and its wire is answered that Warmwire is starting', async () => {
  const pageFolder = resolve(import.meta.dirname, '../../out/renderer');
  const host = await startHeadless({ port: 0, token: TOKEN, pageFolder });
  if (!host.ok) throw new Error(host.problem.message);
  const { port, serve, stop: stopHost } = host.value;
  expect((await get(port, '/')).status).toBe(200);
  expect(await knock(port)).toBe('HTTP 503');
  const early = await fetch(`http://127.0.0.1:${port}/api/links`);
  expect([early.status, await early.json()]).toMatchObject([503, { success: false, error: { code: 'starting' } }]);
  let served = 0;
  await serve(
    fakeApp(folder, () => {
      served += 1;
    }),
  );
  expect(await knock(port)).toBe('open');
  expect(served).toBe(1);
  const authorization = `Bearer ${TOKEN}`;
  expect((await fetch(`http://127.0.0.1:${port}/api/openapi.json`, { headers: { authorization } })).status).toBe(200);
  await stopHost();
});

it('[G4] who guesses tokens at the wire is turned away after 60 in a minute; the right one gets in all the same', async () => {
  const clock = new FakeClock();
  const host = await startHeadless({ port: 0, token: TOKEN, pageFolder: folder, clock });
  if (!host.ok) throw new Error(host.problem.message);
  const { port, serve, stop: stopHost } = host.value;
  await serve(fakeApp(folder));
  const guesses = await Promise.all(Array.from({ length: 62 }, (_, i) => knock(port, { token: `guess-${i}` })));
  expect(guesses.filter((end) => end === '4401').length).toBe(60);
  expect(guesses.filter((end) => end === 'HTTP 429').length).toBe(2);
  expect(await knock(port)).toBe('open');
  clock.sleep(60_000);
  expect(await knock(port, { token: 'guess' })).toBe('4401');
  await stopHost();
});

it.each([
  [['--prot', '1'], /Unknown option '--prot'/],
  [['--port', 'many'], /--port many is not a port/],
  [['--port', '70000'], /--port 70000 is not a port/],
  [['--port', ''], /--port {2}is not a port/],
  [['--port', '0x10'], /--port 0x10 is not a port/],
  [['--config', ''], /--config names no file/],
])('[G4] wrong arguments %j are answered with the usage and exit code 2', async (args, message) => {
  const run = start(...args);
  expect(await run.exit).toBe(2);
  expect(run.err()).toMatch(message);
  expect(run.err()).toContain('usage: npm start');
});

it('[L17] a second signal ends the program at once, while the first still waits for a venue that does not answer', async () => {
  const deaf = await GymVenue.open();
  const settings = `[app]\nshutdown_grace_secs = 60\n[link.deaf]\nurl = "${deaf.url}"\nclose_timeout_secs = 30\n`;
  writeFileSync(join(folder, 'w.toml'), settings);
  deaf.onGuest = ({ socket }) => socket.pause();
  const run = await startUp();
  while (!run.err().includes('→ up')) await once(run.child.stderr as NodeJS.ReadableStream, 'data');
  run.child.kill('SIGINT');
  while (!run.err().includes('up → closing')) await once(run.child.stderr as NodeJS.ReadableStream, 'data');
  const pressing = setInterval(() => run.child.kill('SIGINT'), 50);
  await run.exit;
  clearInterval(pressing);
  expect(run.child.signalCode).toBe('SIGINT');
  await deaf.close();
});

it('[C1] a settings file that is named and not there ends the start in one line, and nothing is made', async () => {
  const run = start('--port', '0', '--config', join(folder, 'warmwir.toml'));
  expect(await run.exit).toBe(1);
  expect(run.err()).toMatch(
    /^Warmwire cannot start: there is no settings file \/.*\/warmwir\.toml: --config takes .*\.\n$/,
  );
  expect(run.out()).toBe('');
  expect(readdirSync(folder)).toEqual([]);
});

it('[C1] a first start writes the commented settings, and a file that is a folder is said and harms nothing', async () => {
  const run = await startUp();
  await stop(run);
  expect(readFileSync(join(folder, 'w.toml'), 'utf8')).toContain('[link.demo-frankfurt]');
  const odd = start('--port', '0', '--config', folder);
  await Promise.race([once(odd.child.stdout as NodeJS.ReadableStream, 'data'), odd.exit]);
  await stop(odd);
  expect(odd.err()).toMatch(/folder|directory/);
  expect(existsSync(folder)).toBe(true);
});

it('[G4] a reader that sends no JSON is cut, and the others go on', async () => {
  const run = await startUp();
  const ws = new WebSocket(`ws://127.0.0.1:${run.port}/wire`, ['warmwire.v1', `warmwire.token.${TOKEN}`], {
    origin: `http://127.0.0.1:${run.port}`,
  });
  await once(ws, 'open');
  ws.send('not json');
  expect((await once(ws, 'close'))[0]).toBe(1007);
  expect(await knock(run.port)).toBe('open');
  await stop(run);
});

it.each(['h2c', 'TLS/1.2', 'websocket'])(
  '[G2] the API answers who asks to go on by %s as it answers others: Java’s own client asks for h2c',
  async (upgrade) => {
    const run = await startUp();
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade, 'http2-settings': 'AAEAAEAAAAIAAAAB' };
    expect((await ask(run.port, '/api/openapi.json', { token: TOKEN, headers })).status).toBe(200);
    expect((await ask(run.port, '/api/openapi.json', { token: 'wrong', headers })).status).toBe(401);
    const body = '{"protocol":"https"}';
    const nowhere = '/api/nothing';
    const json = { ...headers, 'content-type': 'application/json' };
    expect((await ask(run.port, nowhere, { token: TOKEN, method: 'POST', headers: json, body })).status).toBe(404);
    expect((await ask(run.port, '/', { headers })).status).toBe(200);
    expect((await ask(run.port, '/', { headers: { ...headers, host: 'evil.example' } })).status).toBe(403);
    if (upgrade !== 'websocket') expect((await ask(run.port, '/wire', { headers })).status).toBe(404);
    await stop(run);
  },
);

it('[G4] an upgrade whose path is no address is refused, and the program goes on', async () => {
  const run = await startUp();
  const socket = rawUpgrade(run.port, '//', 'evil.example');
  const answer = await Promise.race([once(socket, 'data').then(([bytes]) => String(bytes)), run.exit]);
  expect(answer).toContain('HTTP/1.1 403');
  expect((await get(run.port, '//')).status).toBe(404);
  expect(await knock(run.port)).toBe('open');
  socket.destroy();
  await stop(run);
});

it('[L17] a refused client that never hangs up does not hold up the end', async () => {
  const run = await startUp();
  const socket = rawUpgrade(run.port, '/wire', 'evil.example');
  await once(socket, 'data');
  await stop(run);
  socket.destroy();
});

it('[S4] a reader of stderr that goes away does not end the program', async () => {
  const run = await startUp();
  run.child.stderr?.destroy();
  const logFolder = join(folder, 'data/log');
  const logged = new Promise<void>((resolveLogged) => {
    const watcher = watch(logFolder, () => {
      if (!readFileSync(join(logFolder, 'warmwire.log'), 'utf8').includes('settings applied')) return;
      watcher.close();
      resolveLogged();
    });
    void run.exit.then(() => watcher.close());
  });
  const file = join(folder, 'w.toml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('shutdown_grace_secs = 3', 'shutdown_grace_secs = 2'));
  expect(await Promise.race([logged, run.exit])).toBe(undefined);
  expect(await knock(run.port)).toBe('open');
  await stop(run);
});

it('[G4] a token that can be guessed is refused in words before anything starts', async () => {
  const run = startWith({ WARMWIRE_TOKEN: 'fifteen-letters' }, '--port', '0');
  await Promise.race([once(run.child.stdout as NodeJS.ReadableStream, 'data'), run.exit]);
  expect(run.out()).toBe('');
  expect(await run.exit).toBe(2);
  expect(run.err()).toMatch(/^WARMWIRE_TOKEN has 15 characters, .*at least 16.*\.\n$/);
  expect(run.err()).not.toContain('fifteen');
});

it.runIf(process.platform === 'linux')('[G4] the pages and the API wait for the engine, not it for them', async () => {
  const run = start('--port', '0');
  await portOf(run);
  const tasks = `/proc/${run.child.pid}/task`;
  expect(niceOf(`${tasks}/${run.child.pid}/stat`)).toBe(10);
  const nice = readdirSync(tasks).map((id) => niceOf(`${tasks}/${id}/stat`));
  expect(nice.filter((value) => value === 0).length).toBeGreaterThan(2);
  run.child.kill('SIGTERM');
  await run.exit;
});

/** The 19th field; the second one, a name in brackets, may hold spaces. `null` of a thread that has just ended. */
function niceOf(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8').split(') ')[1]?.split(' ')[16]);
  } catch {
    return null;
  }
}

it('[G4] a token that no browser can send back is refused in words before anything starts', async () => {
  const run = startWith({ WARMWIRE_TOKEN: 'ab/c= d' }, '--port', '0');
  await Promise.race([once(run.child.stdout as NodeJS.ReadableStream, 'data'), run.exit]);
  expect(run.out()).toBe('');
  expect(await run.exit).toBe(2);
  expect(run.err()).toMatch(/WARMWIRE_TOKEN/);
  expect(run.err()).not.toContain('ab/c');
});

it.skipIf(process.platform !== 'linux')(
  '[D1] the browser is opened without the token in its command line, which works while Warmwire runs, and no file is left',
  async () => {
    const given = join(folder, 'given');
    writeFileSync(
      join(folder, 'xdg-open'),
      `#!/bin/sh\nprintf '%s\\n' "$@" > "${given}.new"\nmv "${given}.new" "${given}"\n`,
      {
        mode: 0o755,
      },
    );
    const run = startBare({ DISPLAY: ':0', PATH: `${folder}:${process.env.PATH}` }, '--port', '0');
    await until(() => expect(existsSync(given), run.err()).toBe(true));
    const [address = '', ...rest] = readFileSync(given, 'utf8').trim().split('\n');
    expect(rest).toEqual([]);
    const port = Number(/^http:\/\/127\.0\.0\.1:(\d+)\/open\/[0-9a-f]{64}$/.exec(address)?.[1]);
    // A person opens the printed one, as often as it takes.
    expect(run.out()).toBe(`Warmwire: http://127.0.0.1:${port}/#token=${TOKEN}\n`);
    const { pathname } = new URL(address);
    expect([(await get(port, pathname)).status, (await get(port, pathname)).status]).toEqual([200, 410]);
    expect(
      readdirSync(join(folder, 'data'), { recursive: true }).filter((name) => `${name}`.endsWith('.html')),
    ).toEqual([]);
    await stop(run);
    expect(run.err()).not.toContain(pathname);
    expect(run.err()).not.toContain(TOKEN);
  },
);

it('[G4] without a browser to be found the page is served all the same', async () => {
  const run = startBare({ DISPLAY: ':0', PATH: folder }, '--port', '0');
  const port = await portOf(run);
  expect((await get(port, '/')).status).toBe(200);
  await stop(run);
});
