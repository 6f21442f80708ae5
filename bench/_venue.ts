import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { type WebSocket, WebSocketServer } from 'ws';
import { nowMs } from './_clock.ts';

/**
 * The other end of the detect and recover benches, on a thread of its own: a venue, and relays before it that can freeze.
 *
 * The address is `/NAME?rate=10&subs=5`: messages a second, and how many subscribe messages must be acked before the first
 * of them (which follows the last ack at once). Every message has a number that counts up for all sockets of one name.
 */
export interface VenuePorts {
  readonly venue: number;
  /** A relay that only forwards. */
  readonly relay: number;
  /** A relay that holds 2 % of the venue's messages back by 500 ms. Those behind one wait, so that all stay in order. */
  readonly late: number;
}
export type VenueOrder =
  /** The relay forwards nothing more on this name's sockets, both ways, and keeps them open. New ones work. */
  | { readonly order: 'freeze'; readonly name: string }
  /** The venue resets the socket of this name, the youngest or (from 1) the `nth` that was opened. */
  | { readonly order: 'reset'; readonly name: string; readonly nth?: number };
export interface VenueAnswer {
  readonly name: string;
  readonly at: number;
  readonly sockets: number;
}

const LATE_SHARE = 0.02;
const LATE_MS = 500;

interface Client {
  readonly nth: number;
  readonly ws: WebSocket;
  readonly tcp: Socket;
}

interface Stream {
  readonly clients: Set<Client>;
  opened: number;
  seq: number;
  timer: NodeJS.Timeout | undefined;
}

const streams = new Map<string, Stream>();
const flows = new Map<string, Set<{ frozen: boolean }>>();

const wss = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, backlog: 2048 });
wss.on('connection', (ws, request) => {
  const url = new URL(request.url ?? '/', 'ws://venue');
  const [rate, subs] = [Number(url.searchParams.get('rate') ?? 10), Number(url.searchParams.get('subs') ?? 0)];
  const stream = streamOf(url.pathname.slice(1));
  const client: Client = { nth: ++stream.opened, ws, tcp: request.socket };
  let acks = 0;
  ws.on('error', () => undefined);
  ws.on('close', () => stream.clients.delete(client));
  ws.on('message', (data) => {
    const { op, id } = JSON.parse(String(data)) as { op: string; id: number };
    if (op === 'ping') ws.send(`{"op":"pong","id":${id}}`);
    if (op !== 'sub') return;
    acks += 1;
    ws.send(`{"op":"subscribed","id":${id}}`);
    if (acks === subs) begin();
  });
  const begin = (): void => {
    stream.clients.add(client);
    ws.send(messageOf(stream.seq));
    if (stream.timer !== undefined) return;
    // By the clock, not by ticks: a late tick sends what it owes.
    const [from, first] = [nowMs(), stream.seq];
    stream.timer = setInterval(
      () => {
        if (stream.clients.size === 0) {
          clearInterval(stream.timer);
          stream.timer = undefined;
          return;
        }
        const due = first + Math.floor(((nowMs() - from) * rate) / 1000);
        while (stream.seq < due) {
          stream.seq += 1;
          for (const one of stream.clients) one.ws.send(messageOf(stream.seq));
        }
      },
      Math.max(1, 1000 / rate),
    );
  };
  if (subs === 0) begin();
});

function streamOf(name: string): Stream {
  const known = streams.get(name);
  if (known !== undefined) return known;
  const stream: Stream = { clients: new Set(), opened: 0, seq: 0, timer: undefined };
  streams.set(name, stream);
  return stream;
}

function messageOf(seq: number): string {
  return `{"ch":"trade","s":"BTC-USD","seq":${seq},"px":"64123.50","qty":"0.0100","side":"buy"}`;
}

function startRelay(lateShare: number): Promise<number> {
  const relay = createServer({ noDelay: true }, (inner) => {
    inner.on('error', () => undefined);
    inner.once('data', (head) => {
      const name = /^GET \/([^ ?]*)/.exec(head.toString('latin1'))?.[1] ?? '';
      const flow = { frozen: false };
      const ofName = flows.get(name) ?? new Set();
      flows.set(name, ofName.add(flow));
      const outer = connect((wss.address() as AddressInfo).port, '127.0.0.1').setNoDelay(true);
      outer.on('error', () => undefined);
      outer.write(head);
      inner.on('data', (chunk) => !flow.frozen && outer.write(chunk));
      const held: { readonly chunk: Buffer; readonly dueAt: number }[] = [];
      const flush = (): void => {
        while ((held[0]?.dueAt ?? Number.POSITIVE_INFINITY) <= nowMs()) {
          const { chunk } = held.shift() as { chunk: Buffer };
          if (!flow.frozen && inner.writable) inner.write(chunk);
        }
        if (held[0] !== undefined) setTimeout(flush, Math.max(1, held[0].dueAt - nowMs()));
      };
      outer.on('data', (chunk) => {
        if (flow.frozen) return;
        const late = lateShare > 0 && Math.random() < lateShare;
        if (!late && held.length === 0) return void inner.write(chunk);
        const dueAt = Math.max(held.at(-1)?.dueAt ?? 0, nowMs() + (late ? LATE_MS : 0));
        held.push({ chunk, dueAt });
        if (held.length === 1) flush();
      });
      inner.on('close', () => {
        ofName.delete(flow);
        outer.destroy();
      });
      outer.on('close', () => !flow.frozen && inner.destroy());
    });
  });
  return new Promise((resolve) => {
    relay.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => resolve((relay.address() as AddressInfo).port));
  });
}

parentPort?.on('message', (order: VenueOrder) => {
  const { name } = order;
  let sockets = 0;
  const at = nowMs();
  if (order.order === 'freeze') {
    for (const flow of flows.get(name) ?? []) {
      flow.frozen = true;
      sockets += 1;
    }
  } else {
    const clients = [...streamOf(name).clients];
    const client = order.nth === undefined ? clients.at(-1) : clients.find(({ nth }) => nth === order.nth);
    if (client !== undefined) {
      client.tcp.resetAndDestroy();
      sockets = 1;
    }
  }
  parentPort?.postMessage({ name, at, sockets } satisfies VenueAnswer);
});

const [relay, late] = await Promise.all([startRelay(0), startRelay(LATE_SHARE)]);
const ports: VenuePorts = { venue: (wss.address() as AddressInfo).port, relay, late };
parentPort?.postMessage(ports);
