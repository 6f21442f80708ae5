import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The subprotocol that the page and the host agree on; the token travels as a second one, since a page cannot set headers. */
export const PROTOCOL = 'warmwire.v1';
const TOKEN_PROTOCOL = 'warmwire.token.';

/** True if the request was made to this server by a loopback name: a page elsewhere whose name was rebound is not. */
export function isOwnHost(request: IncomingMessage, port: number): boolean {
  return ownAddresses(port).includes(request.headers.host ?? '');
}

/** True if the page that asks was served by this server. A browser always sends an Origin with an upgrade. */
export function isOwnOrigin(request: IncomingMessage, port: number): boolean {
  const origin = request.headers.origin ?? '';
  return ownAddresses(port).some((address) => origin === `http://${address}`);
}

/** What the page that asks for its wire gives as the token; empty for none. */
export function wireTokenOf(request: IncomingMessage): string {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return offered.find((name) => name.startsWith(TOKEN_PROTOCOL))?.slice(TOKEN_PROTOCOL.length) ?? '';
}

/** The token of `Authorization: Bearer TOKEN`, or `null`. */
export function bearerOf(request: IncomingMessage): string | null {
  return /^Bearer +([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

const admitted = new WeakSet<Duplex>();

/** True if `given` is the token. Its connection counts as admitted from then on. */
export function admits(request: IncomingMessage, given: string, token: string): boolean {
  const isRight = isSameToken(given, token);
  if (isRight) admitted.add(request.socket);
  return isRight;
}

/** True once a request with the token has come on this connection. */
export const isAdmitted = (connection: Duplex): boolean => admitted.has(connection);

/** Compares in constant time; only the length can be told from outside. */
export function isSameToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const OWN_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
/** Clients leave it out of Host and Origin. */
const HTTP_PORT = 80;

function ownAddresses(port: number): string[] {
  return [...OWN_NAMES.map((name) => `${name}:${port}`), ...(port === HTTP_PORT ? OWN_NAMES : [])];
}
