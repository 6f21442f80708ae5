import net from 'node:net';
import tls from 'node:tls';
import { ATTEMPT_MS } from '../attempt.ts';

/** `url` as a socket: TLS where its scheme says so, without Nagle's delay. `options` come from whoever asks for it. */
export function connectSocket(
  options: tls.ConnectionOptions & net.TcpNetConnectOpts,
  url: URL,
  lookup: net.LookupFunction | undefined,
): net.Socket {
  const given = { ...options, autoSelectFamilyAttemptTimeout: ATTEMPT_MS };
  const withLookup = lookup === undefined ? given : { ...given, lookup };
  const socket = isSecure(url)
    ? tls.connect({
        ...withLookup,
        path: undefined,
        servername: net.isIP(hostOf(url)) === 0 ? hostOf(url) : '',
      } as tls.ConnectionOptions)
    : net.connect({ ...withLookup, path: undefined } as unknown as net.TcpNetConnectOpts);
  socket.setNoDelay(true);
  return socket;
}

export function isSecure(url: URL): boolean {
  return url.protocol === 'wss:' || url.protocol === 'tls:';
}

export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** It speaks lines over TCP or TLS, and no WebSocket. */
export const isLines = (url: string): boolean => /^(tcp|tls):/.test(url);
