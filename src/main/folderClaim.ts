import { createHash } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** This process uses a data folder, until `release`. `isFirst`: nobody else did when it began. */
export interface FolderClaim {
  readonly isFirst: boolean;
  /** May be called twice. */
  release(): Promise<void>;
}

/**
 * Claims a data folder by listening on a name made of it: the system takes that back when a process ends, however it ends,
 * where a file with a process number would stay and name another one after a restart. Never rejects.
 */
export async function claimFolder(folder: string): Promise<FolderClaim> {
  const name = nameOf(folder);
  const server = (await listening(name)) ?? ((await isAnswered(name)) ? null : await listeningAgain(name));
  if (server === null) return { isFirst: !(await isAnswered(name)), release: () => Promise.resolve() };
  server.unref();
  return { isFirst: true, release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Not in the folder itself: a socket's path may have about a hundred bytes. */
function nameOf(folder: string): string {
  const name = `warmwire-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/** `null` where the name is taken, or cannot be used. */
function listening(name: string): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen(name, () => resolve(server));
  });
}

function isAnswered(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name);
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** A process that was killed leaves the name behind, and nobody answers there. */
async function listeningAgain(name: string): Promise<Server | null> {
  await unlink(name).catch(() => undefined);
  return listening(name);
}
