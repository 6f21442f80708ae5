import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { WebSocket } from 'ws';
import { type AppClient, appContract } from '../../src/shared/contract.ts';
import { connect, type Wire } from '../../src/shared/rpc.ts';
import { mustBeClosed } from './leaks.ts';

const CLI = resolve(import.meta.dirname, '../../out/main/cli.js');

/** The built headless program on folders of its own. */
export interface Headless {
  readonly port: number;
  readonly token: string;
  readonly folder: string;
  /** What its page would do. */
  client(): Promise<AppClient>;
  stop(): Promise<void>;
}

/** `settings`: the text of its settings file; the default one without it. */
export async function startHeadless(settings?: string): Promise<Headless> {
  const folder = mkdtempSync(join(tmpdir(), 'warmwire-api-'));
  if (settings !== undefined) writeFileSync(join(folder, 'w.toml'), settings);
  const token = 'the-token-of-these-tests';
  const child = spawn(process.execPath, [CLI, '--headless', '--no-open', '--port', '0'], {
    env: {
      ...process.env,
      WARMWIRE_CONFIG: join(folder, 'w.toml'),
      WARMWIRE_DATA: join(folder, 'data'),
      WARMWIRE_TOKEN: token,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  mustBeClosed(
    'a headless Warmwire',
    () => child.exitCode === null && child.signalCode === null,
    () => child.kill('SIGKILL'),
  );
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4_000);
  });
  const exited = once(child, 'exit').then(() => Promise.reject(new Error(`Warmwire ended: ${complaints}`)));
  exited.catch(() => undefined);
  const [line] = (await Promise.race([once(child.stdout, 'data'), exited])) as [Buffer];
  const port = Number(/127\.0\.0\.1:(\d+)\//.exec(line.toString())?.[1]);
  const sockets: WebSocket[] = [];
  return {
    port,
    token,
    folder,
    client: async () => {
      const ws = new WebSocket(`ws://127.0.0.1:${port}/wire`, ['warmwire.v1', `warmwire.token.${token}`], {
        origin: `http://127.0.0.1:${port}`,
      });
      sockets.push(ws);
      await once(ws, 'open');
      return connect(appContract, wireOf(ws)).client;
    },
    stop: async () => {
      for (const ws of sockets) ws.terminate();
      const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const wireOf = (ws: WebSocket): Wire => ({
  send: (message) => ws.send(JSON.stringify(message)),
  onMessage: (listener) => void ws.on('message', (data) => listener(JSON.parse(data.toString()))),
  onClose: (listener) => void ws.on('close', listener),
  close: () => ws.close(),
});
