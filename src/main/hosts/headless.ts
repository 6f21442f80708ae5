import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { WebSocketServer } from 'ws';
import { failed, type Outcome, ok } from '../../shared/outcome.ts';
import { api, sendError } from '../api/api.ts';
import { ApiError } from '../api/envelope.ts';
import type { App } from '../app.ts';
import type { Clock } from '../engine/ports.ts';
import { systemClock } from '../engine/systemClock.ts';
import { admits, isOwnHost, isOwnOrigin, PROTOCOL, wireTokenOf } from './admission.ts';
import { createHttpServer } from './httpServer.ts';
import { OneTimeCode } from './oneTimeCode.ts';
import { isOpening, tokenPage, usedPage } from './opening.ts';
import { type PageFile, pageFile, readPage } from './pageFiles.ts';
import { isOwnPeer } from './peer.ts';
import { Refusals } from './refusals.ts';
import { socketWire } from './socketWire.ts';

/** The page is told by this close code that its token is not the one of this run. */
const REFUSED = 4401;

export interface HeadlessHost {
  readonly port: number;
  /** An address for the browser that is opened at the start: without the token, and good for one time within a minute. */
  readonly openingAddress: () => string;
  /** From now on wires and the API lead to this app. Until then they are answered with 503. */
  serve(app: App): Promise<void>;
  /** Ends every connection at once. */
  stop(): Promise<void>;
}

/**
 * Serves the page, its wire and the API on 127.0.0.1. The page itself is no secret; wire and API want the token, and Host
 * and Origin of this very server. It listens before there is an app, so that a port in use costs no dial at any venue.
 * Problems: `page-unreadable`, `port-in-use`, `port-forbidden`.
 */
export async function startHeadless(options: {
  readonly port: number;
  readonly token: string;
  readonly pageFolder: string;
  readonly clock?: Pick<Clock, 'now'>;
  /** Whose the other end of a connection is; asked once for each address that the browser is started with. */
  readonly isOwn?: typeof isOwnPeer;
}): Promise<Outcome<HeadlessHost>> {
  const page = await readPage(options.pageFolder).catch((error: Error) => error);
  if (page instanceof Error) {
    const message = `its page cannot be read (${page.message})`;
    return failed('page-unreadable', message, options.pageFolder, 'build or install Warmwire anew');
  }
  let app: App | null = null;
  /** A server of its own that never listens: routes cannot be added to one that does. */
  let apiServer: FastifyInstance | null = null;
  /** Another account took the address that was made for the browser, and got nothing. */
  let turnedAway = false;
  const { clock = systemClock, isOwn = isOwnPeer } = options;
  const code = new OneTimeCode(clock);
  const refusals = new Refusals(clock);
  const server = createHttpServer(asksForWire);
  const wires = new WebSocketServer({
    noServer: true,
    maxPayload: 4 * 2 ** 20,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  const portInUse = (): number => (server.server.address() as AddressInfo).port;

  server.addHook('onRequest', async (request, reply) => {
    if (isOfApi(request.url)) {
      if (apiServer === null) return sendError(reply, STARTING);
      reply.hijack();
      apiServer.routing(request.raw, reply.raw);
      return;
    }
    if (isOwnHost(request.raw, portInUse())) return;
    await refuse(reply, `Warmwire answers only at http://127.0.0.1:${portInUse()}/`);
  });
  const opening = { exposeHeadRoute: false } as const;
  server.get<{ Params: { code: string } }>('/open/:code', opening, async (request, reply) => {
    if (!isOpening(request.raw, portInUse())) return refuse(reply, 'This address is for your browser to open.');
    if (!code.take(request.params.code)) return give(reply, usedPage(turnedAway));
    turnedAway = !isOwn(request.socket);
    if (turnedAway) return refuse(reply, 'This address is for a browser of the account that runs Warmwire.');
    return give(reply, tokenPage(options.token));
  });
  server.get('/*', async (request, reply) =>
    give(reply, pageFile(page, pathOf(request.url), `ws://${request.headers.host}`)),
  );
  server.server.on('upgrade', (request, socket, head) => upgrade(request, socket, head));

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined);
    if (!isOwnHost(request, portInUse()) || !isOwnOrigin(request, portInUse())) {
      return turnAway(socket, '403 Forbidden', 'The wire is for the page that this Warmwire has served.\n');
    }
    const served = app;
    if (served === null) {
      return turnAway(socket, '503 Service Unavailable', 'Warmwire is starting; try again in a second.\n');
    }
    const isAdmitted = admits(request, wireTokenOf(request), options.token);
    const waitSecs = isAdmitted ? null : refusals.add();
    if (waitSecs !== null) {
      const why = `Too many wrong tokens; try again in ${waitSecs} s.\n`;
      return turnAway(socket, `429 Too Many Requests\r\nRetry-After: ${waitSecs}`, why);
    }
    wires.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', () => undefined);
      if (isAdmitted) served.serveWire(socketWire(ws));
      else ws.close(REFUSED, 'the token is not the one of this run');
    });
  }

  try {
    await server.listen({ host: '127.0.0.1', port: options.port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const where = `127.0.0.1:${options.port}`;
    if (code === 'EADDRINUSE') {
      const hint = 'stop the other program, or start with --port 0 to take any free port';
      return failed('port-in-use', `port ${options.port} is in use by another program`, where, hint);
    }
    return failed('port-forbidden', `cannot listen on ${where} (${code})`, where, 'choose another port with --port N');
  }
  return ok({
    port: portInUse(),
    openingAddress: () => `http://127.0.0.1:${portInUse()}/open/${code.make()}`,
    serve: async (started) => {
      app = started;
      const own = createHttpServer();
      await own.register(api, { source: started.api, clock: systemClock, token: options.token, port: portInUse });
      await own.ready();
      apiServer = own;
    },
    stop: async () => {
      for (const ws of wires.clients) ws.terminate();
      await apiServer?.close();
      await server.close();
    },
  });
}

const give = (reply: FastifyReply, { status, headers, body }: PageFile): FastifyReply =>
  reply.code(status).headers(headers).send(body);

const refuse = (reply: FastifyReply, why: string): FastifyReply =>
  reply.code(403).type('text/plain').header('cache-control', 'no-store').send(`${why}\n`);

/** Destroyed, not only ended: a client that keeps its half open would hold up the end of the program. */
function turnAway(socket: Duplex, status: string, text: string): void {
  const lines = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: ${text.length}\r\n\r\n`;
  socket.end(lines + text, () => socket.destroy());
}

const STARTING = new ApiError(503, 'starting', 'Warmwire is starting.', 'try again in a second', {
  'retry-after': '1',
});

/** The API refuses strangers in its own form. */
const isOfApi = (url: string): boolean => /^\/(api\/|metrics$)/.test(pathOf(url));

const asksForWire = ({ url, headers }: IncomingMessage): boolean =>
  pathOf(url ?? '/') === '/wire' && headers.upgrade?.toLowerCase() === 'websocket';

/** Not `new URL`: that throws on `//` and the like, and what a stranger sends must not end the program. */
function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? target;
}
