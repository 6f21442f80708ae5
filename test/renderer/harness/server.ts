import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer } from 'ws';
import { appContract } from '../../../src/shared/contract.ts';
import { serve } from '../../../src/shared/rpc.ts';
import type { WallMs } from '../../../src/shared/units.ts';
import { FakeApp } from '../fakeApp.ts';
import { HOSTILE_LINKS, TEN_LINKS } from '../fakeLinks.ts';
import { type FakePoolSpec, SIX_POOLS } from '../fakePools.ts';
import { late } from './slow.ts';

/** Serves the built page with the product's strict policy and a made-up engine: `node server.ts [folder] [port]`. */
export const TOKEN = 'harness';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface Harness {
  readonly port: number;
  readonly app: FakeApp;
  /** Ends every wire, as when the engine's host goes away; new ones are taken again unless `refuse`. */
  cut(refuse?: boolean): void;
  close(): Promise<void>;
}

export async function startHarness(
  folder: string,
  port = 0,
  links = TEN_LINKS,
  pools: readonly FakePoolSpec[] = SIX_POOLS,
  frozenAt: WallMs | null = null,
): Promise<Harness> {
  const app = new FakeApp(links, pools, frozenAt);
  let refusing = false;
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://x').pathname);
    const file = path === '/' ? '/index.html' : path;
    if (file.endsWith('.js')) await new Promise<void>((sent) => late(sent, 2));
    try {
      let body: Buffer | string = await readFile(join(folder, file));
      const nonce = randomBytes(16).toString('base64');
      if (file === '/index.html') body = body.toString().replaceAll('__CSP_NONCE__', nonce);
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
      response.setHeader(
        'content-security-policy',
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self' ws://127.0.0.1:*; font-src 'self'; base-uri 'none'; form-action 'none'`,
      );
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  const sockets = new WebSocketServer({ server, path: '/wire', handleProtocols: () => 'warmwire.v1' });
  sockets.on('connection', (socket, request) => {
    if (refusing) return socket.terminate();
    const offered = String(request.headers['sec-websocket-protocol']);
    if (!offered.split(/,\s*/).includes(`warmwire.token.${TOKEN}`)) return socket.close(4401, 'token');
    serve(appContract, app.client, {
      send: (message) => late(() => socket.send(JSON.stringify(message)), 2),
      onMessage: (listener) => void socket.on('message', (data) => late(() => listener(JSON.parse(String(data))))),
      onClose: (listener) => void socket.on('close', listener),
      close: () => socket.close(1000),
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    app,
    cut: (refuse = false) => {
      refusing = refuse;
      for (const socket of sockets.clients) socket.terminate();
    },
    close: async () => {
      app.stop();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  const links = process.argv.includes('--hostile') ? HOSTILE_LINKS : TEN_LINKS;
  const harness = await startHarness(
    process.argv[2] ?? '/tmp/warmwire-renderer',
    Number(process.argv[3] ?? 5199),
    links,
  );
  process.stdout.write(`http://127.0.0.1:${harness.port}/#token=${TOKEN}\n`);
}
