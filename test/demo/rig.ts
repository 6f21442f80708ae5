import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { Exchange } from '../../src/main/demo/exchange.ts';
import { DemoFeed } from '../../src/main/demo/feed.ts';
import { DEMO_VENUES, type DemoAddress, type DemoVenue } from '../../src/main/demo/venue.ts';
import type { Clock } from '../../src/main/engine/ports.ts';

export function venueOf(name: string): { readonly venue: DemoVenue; readonly address: DemoAddress } {
  for (const venue of DEMO_VENUES) {
    const address = venue.addresses.find((one) => one.name === name);
    if (address !== undefined) return { venue, address };
  }
  throw new Error(`the demo has no address ${name}`);
}

export const feedOf = (name: string, clock: Clock): DemoFeed =>
  new DemoFeed(venueOf(name).venue.market, clock, Math.random);

/** One address of a demo exchange, by itself. */
export function openExchange(name: string, clock: Clock, random = Math.random): Promise<Exchange> {
  const { venue, address } = venueOf(name);
  return Exchange.open({ address, dialect: venue.dialect, feed: feedOf(name, clock), clock, random });
}

/** What was heard and not yet asked for, and the next of it with a piece. */
interface Hearing {
  readonly heard: string[];
  readonly next: (has: string) => Promise<string>;
}

export type WebSocketClient = Hearing & { readonly ws: WebSocket };

export async function webSocketClient({ url }: Pick<Exchange, 'url'>): Promise<WebSocketClient> {
  const ws = new WebSocket(url);
  onTestFinished(() => ws.terminate());
  const heard: string[] = [];
  ws.on('message', (data) => heard.push(data.toString()));
  await once(ws, 'open');
  return { ws, heard, next: (has) => nextOf(heard, has, () => once(ws, 'message')) };
}

export type LineClient = Hearing & { readonly socket: Socket; readonly say: (text: string) => void };

export async function lineClient(exchange: Exchange): Promise<LineClient> {
  const socket = net.connect({ host: '127.0.0.1', port: Number(new URL(exchange.url).port) });
  onTestFinished(() => void socket.destroy());
  const heard: string[] = [];
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    heard.push(...lines);
  });
  await once(socket, 'connect');
  const next = (has: string): Promise<string> => nextOf(heard, has, () => once(socket, 'data'));
  return { socket, heard, next, say: (text) => void socket.write(text) };
}

/** Also by a reset, which `once` would reject. */
export const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));

async function nextOf(heard: string[], has: string, more: () => Promise<unknown>): Promise<string> {
  for (;;) {
    const found = heard.find((text) => text.includes(has));
    if (found !== undefined) {
      heard.splice(0, heard.indexOf(found) + 1);
      return found;
    }
    await more();
  }
}
