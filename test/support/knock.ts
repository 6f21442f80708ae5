import { WebSocket } from 'ws';

/** What an attempt to open the wire says other than the page would. */
export interface Knock {
  readonly token?: string;
  readonly origin?: string;
  readonly host?: string;
  readonly path?: string;
}

/** How the server ends an attempt to open the wire: `open`, a close code, or an HTTP status. */
export function knock(port: number, change: Knock & { readonly token: string }): Promise<string> {
  const ws = new WebSocket(
    `ws://127.0.0.1:${port}${change.path ?? '/wire'}`,
    ['warmwire.v1', `warmwire.token.${change.token}`],
    { origin: change.origin ?? `http://127.0.0.1:${port}`, headers: { host: change.host ?? `127.0.0.1:${port}` } },
  );
  return new Promise((resolveEnd) => {
    ws.on('unexpected-response', (_request, response) => resolveEnd(`HTTP ${response.statusCode}`));
    ws.on('error', () => undefined);
    ws.on('close', (code) => resolveEnd(String(code)));
    ws.on('open', () => ws.send(JSON.stringify({ t: 'open', id: 1, name: 'app', input: null })));
    ws.on('message', () => {
      resolveEnd('open');
      ws.terminate();
    });
  });
}
