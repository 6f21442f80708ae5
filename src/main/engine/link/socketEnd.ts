import type net from 'node:net';
import tls from 'node:tls';
import type { DownReason } from '../../../shared/linkState.ts';
import { tlsText } from '../tlsText.ts';
import { hostOf, isSecure } from './tcpSocket.ts';

/** What is known about a socket when it ends. */
export interface Evidence {
  socket: net.Socket | null;
  socketError: NodeJS.ErrnoException | null;
  /** As it was dialled; read again only when something has failed. */
  readonly url: string;
  /** The largest message that is taken. */
  readonly limitBytes: number;
}

const RESOLVE_CODES = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NONAME',
  'EAI_NODATA',
  'EAI_FAIL',
  'ENODATA',
  'ESERVFAIL',
]);
const REFUSED_CODES = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'EACCES',
  'ENETDOWN',
  'EHOSTDOWN',
]);
const CUT_CODES = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** Names the layer that failed: what the TCP socket said outranks `ws`'s own 1006. */
export function errorReason(error: NodeJS.ErrnoException, { url: text, socket, limitBytes }: Evidence): DownReason {
  const code = codeOf(error);
  const url = new URL(text);
  if (RESOLVE_CODES.has(code)) return { kind: 'resolve', host: hostOf(url), code };
  if (REFUSED_CODES.has(code)) return { kind: 'refused', address: url.host, code };
  if (code.startsWith('WS_ERR_'))
    return { kind: 'protocol', code: protocolCode(error), message: protocolText(error, limitBytes) };
  if (CUT_CODES.has(code)) return { kind: 'cut', code };
  const secured = isSecure(url) && !(socket instanceof tls.TLSSocket && socket.authorized);
  if (secured && isTlsCode(code)) return { kind: 'tls', code, message: tlsText(error.message) };
  if (error.message === 'socket hang up') return { kind: 'cut', code: 'closed during the handshake' };
  return { kind: 'handshake', message: code === '' ? error.message : `${error.message} (${code})` };
}

function isTlsCode(code: string): boolean {
  return (
    code.startsWith('ERR_TLS') ||
    code.startsWith('ERR_SSL') ||
    code.startsWith('CERT_') ||
    /CERT|SIGNATURE|ISSUER|EPROTO/.test(code)
  );
}

/** Happy-eyeballs failures come as one error around one per address; the first one speaks for all. */
function codeOf(error: NodeJS.ErrnoException): string {
  if (error.code !== undefined) return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0] as NodeJS.ErrnoException) : '';
}

/** `ws` carries the close code that a protocol error deserves under a symbol of its own. */
function protocolCode(error: NodeJS.ErrnoException): number {
  if (error.code === 'WS_ERR_INVALID_UTF8') return 1007;
  return error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 1009 : 1002;
}

/** Pings of the venue that came in one piece are all answered; one that sends more than these without taking a pong is cut. */
export const MAX_PENDING_PONGS = 4096;

export function closeReason(code: number, text: string, { socket, socketError }: Evidence): DownReason {
  if (code !== 1006) return { kind: 'closed', code, text };
  // Neither an end nor an error came from the other side: `ws` has cut it itself.
  if (socketError === null && socket?.readableEnded === false)
    return {
      kind: 'protocol',
      code: 1008,
      message: `${MAX_PENDING_PONGS} pings of the venue whose pongs it does not take`,
    };
  return { kind: 'cut', code: socketError === null ? 'the venue ended the TCP connection' : codeOf(socketError) };
}

function protocolText(error: NodeJS.ErrnoException, limitBytes: number): string {
  return protocolCode(error) === 1009 ? `a message over the limit of ${limitBytes} bytes` : error.message;
}
