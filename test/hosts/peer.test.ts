import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isOwnPeer } from '../../src/main/hosts/peer.ts';

const STRANGER = 4_242;

/** A connection as its server has it. */
async function served(host: string): Promise<Socket> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect({ host, port: (server.address() as { port: number }).port });
  const [socket] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    for (const one of [client, socket]) one.destroy();
    server.close();
  });
  return socket;
}

/** What the system tells now, with something else in a column. */
function told(list: string, column: number, value: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'warmwire-peer-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'list');
  const [head, ...lines] = readFileSync(list, 'latin1').trim().split('\n');
  const changed = lines.map((line) => line.trim().split(/\s+/).with(column, value).join(' '));
  writeFileSync(file, [head, ...changed].join('\n'));
  return file;
}

it.runIf(process.platform === 'linux').each([
  ['127.0.0.1', '/proc/net/tcp'],
  ['::ffff:127.0.0.1', '/proc/net/tcp6'],
])('[G4] the account at the other end of a connection by %s is told by the system', async (host, list) => {
  const socket = await served(host);
  expect(isOwnPeer(socket)).toBe(true);
  const [own, foreign] = [STRANGER, STRANGER + 1];
  expect(isOwnPeer(socket, own, [told(list, 7, `${own}`)])).toBe(true);
  expect(isOwnPeer(socket, own, [told(list, 7, `${foreign}`)])).toBe(false);
  expect(isOwnPeer(socket, own, [told(list, 7, '0')]), 'root').toBe(true);
  expect(isOwnPeer(socket, own, [list, told(list, 7, `${foreign}`)]), 'two at these ports').toBe(false);
  expect(isOwnPeer(socket, process.getuid?.(), [told(list, 3, '05')]), 'one that was let go of').toBe(false);
});

it('[G4] where the system tells of no connection nobody is shut out', async () => {
  expect(isOwnPeer(await served('127.0.0.1'), STRANGER, ['/nowhere/tcp'])).toBe(true);
});
