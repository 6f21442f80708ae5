import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOpenHttp } from '../../../src/main/engine/pool/httpSocket.ts';
import type { HttpOpened, HttpRequest, HttpResult, HttpSocket, HttpTarget } from '../../../src/main/engine/ports.ts';
import { systemClock } from '../../../src/main/engine/systemClock.ts';
import { freePort } from '../../support/freePort.ts';
import { HttpVenue, VENUE_CA } from '../../support/httpVenue.ts';
import { mustBeClosed } from '../../support/leaks.ts';

/** Every name has two addresses, and nobody listens at the first. */
const open = createOpenHttp(systemClock, (_host, _options, callback) =>
  setImmediate(() =>
    (callback as (error: null, addresses: { address: string; family: number }[]) => void)(null, [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ]),
  ),
);

const GET: HttpRequest = { method: 'GET', path: '/time', headers: {}, body: null };
const HEAD: HttpRequest = { ...GET, method: 'HEAD' };

interface Opened {
  readonly socket: HttpSocket;
  readonly opened: Promise<HttpOpened>;
  readonly ended: Promise<string>;
  send(request: HttpRequest): Promise<HttpResult>;
}

function dial(url: string, own: Partial<HttpTarget> = {}): Opened {
  let told: (opened: HttpOpened) => void = () => undefined;
  let over: (why: string) => void = () => undefined;
  let isOpen = true;
  const opened = new Promise<HttpOpened>((resolve) => {
    told = resolve;
  });
  const ended = new Promise<string>((resolve) => {
    over = resolve;
  });
  const target = { url, ca: VENUE_CA, http2: true, noDelay: true, tcpKeepAliveMs: 60_000, ...own };
  const socket = open(target, {
    opened: told,
    ended: (why) => {
      isOpen = false;
      over(why);
    },
  });
  const cut = (): void => {
    isOpen = false;
    socket.cut();
  };
  mustBeClosed('an HTTP socket', () => isOpen, cut);
  cuts.push(cut);
  return { socket, opened, ended, send: (request) => new Promise((resolve) => void socket.send(request, resolve)) };
}

let cuts: (() => void)[] = [];
let venue: HttpVenue;

beforeEach(() => {
  cuts = [];
});
afterEach(async () => {
  for (const cut of cuts) cut();
  await venue.close();
});

describe.each(['http', 'https', 'h2'] as const)('over %s', (kind) => {
  beforeEach(async () => {
    venue = await HttpVenue.open(kind);
  });

  it('P6: opens by itself, tells its phases, and carries many requests on one connection', async () => {
    const one = dial(venue.url);
    const opened = await one.opened;
    expect(opened.protocol).toBe(kind === 'h2' ? 'h2' : 'h1');
    expect(opened.address).toBe(`127.0.0.1:${venue.port}`);
    expect(opened.dnsMs).toBeNull();
    expect(opened.tcpMs).toBeGreaterThan(0);
    if (kind === 'http') expect(opened.tlsMs).toBeNull();
    else expect(opened.tlsMs).toBeGreaterThan(0);
    for (const request of [GET, HEAD, GET, HEAD, { ...GET, method: 'POST', body: 'order' }]) {
      const result = await one.send(request);
      expect(result).toMatchObject({ kind: 'answer', status: 200, reusable: true });
      if (result.kind !== 'answer') return;
      expect(result.sentAt).toBeLessThanOrEqual(result.firstByteAt);
      expect(result.firstByteAt).toBeLessThanOrEqual(result.endedAt);
      expect(Buffer.from(result.body).toString()).toBe(request.method === 'HEAD' ? '' : '{}');
    }
    expect(venue.heard.map(({ connection }) => connection)).toEqual([1, 1, 1, 1, 1]);
    expect(venue.heard.at(-1)?.body).toBe('order');
  });

  it('P6: a socket that the venue closes while idle is told as ended, and never opens again', async () => {
    const one = dial(venue.url);
    await one.opened;
    await one.send(GET);
    venue.cutAll();
    await one.ended;
    expect(await one.send(GET)).toMatchObject({ kind: 'failed', unanswered: true });
    expect(venue.connections).toBe(1);
  });

  it('P6: a request that is cut under way by the venue has failed without an answer', async () => {
    venue.behaviour = (_answer, _heard, socket) => void (kind === 'h2' ? venue.cutAll() : socket.destroy());
    const one = dial(venue.url);
    await one.opened;
    expect(await one.send(GET)).toMatchObject({ kind: 'failed', unanswered: true });
    await one.ended;
  });
});

describe('one socket', () => {
  beforeEach(async () => {
    venue = await HttpVenue.open('http');
  });

  it('P1: a name is resolved, that phase has its own time, and IPv4 is taken where IPv6 does not answer', async () => {
    const { dnsMs, address } = await dial(`http://venue.test:${venue.port}`).opened;
    expect(dnsMs).toBeGreaterThan(0);
    expect(address).toBe(`127.0.0.1:${venue.port}`);
  });

  it('P2: `Connection: close` is told with the answer', async () => {
    venue.behaviour = (answer) => void answer.setHeader('connection', 'close').end('bye');
    const one = dial(venue.url);
    await one.opened;
    expect(await one.send(GET)).toMatchObject({ kind: 'answer', reusable: false });
    await one.ended;
  });

  it('P2: a venue’s `Keep-Alive: timeout` hint closes nothing by itself', async () => {
    venue.behaviour = (answer) => void answer.setHeader('keep-alive', 'timeout=0').end('{}');
    const one = dial(venue.url);
    await one.opened;
    expect(await one.send(GET)).toMatchObject({ kind: 'answer', reusable: true });
    expect(await one.send(GET)).toMatchObject({ kind: 'answer', reusable: true });
  });

  it('P1: a connect that is refused, and a certificate of another authority, end with the reason', async () => {
    expect(await dial(`http://127.0.0.1:${await freePort()}`).ended).toContain('ECONNREFUSED');
    const tls = await HttpVenue.open('https');
    expect(await dial(tls.url, { ca: null }).ended).toMatch(/certificate/);
    await tls.close();
  });

  it('P1: a socket that could not even be made ends like any other', async () => {
    expect(await dial('nonsense').ended).toMatch(/URL/);
  });

  it('P1: a request that is given up tells nothing, and costs its socket', async () => {
    venue.behaviour = () => undefined;
    const one = dial(venue.url);
    await one.opened;
    const cancel = one.socket.send(GET, () => {
      throw new Error('told');
    });
    await venue.until(() => venue.heard.length === 1);
    cancel();
    await one.ended;
  });
});
