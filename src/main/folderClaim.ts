import { createHash } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from '../shared/units.ts';
import type { Cancel, Clock } from './engine/ports.ts';

const TRY_AGAIN_MS = 2_000;

/** What a process does to use a data folder by itself, until `release`. */
export interface FolderClaim {
  /** May be called twice. */
  release(): Promise<void>;
}

/**
 * Claims a data folder by listening on a name made of it: the system takes that back when a process ends, however it ends,
 * where a file with a process number would stay and name another one after a restart. While another process has the name
 * this one tries again: else the other, once it is started anew, would be told that it is alone. `tell` hears `true` before
 * this resolves if the folder is another's, and `false` when that is over. Never rejects.
 */
export async function claimFolder(
  folder: string,
  clock: Pick<Clock, 'now' | 'at'>,
  tell: (isShared: boolean) => void,
): Promise<FolderClaim> {
  const claim = new Claim(nameOf(folder), clock, tell);
  await claim.try();
  return claim;
}

class Claim implements FolderClaim {
  readonly #name: string;
  readonly #clock: Pick<Clock, 'now' | 'at'>;
  readonly #tell: (isShared: boolean) => void;
  #server: Server | null = null;
  #isShared = false;
  #released = false;
  #trying: Promise<void> = Promise.resolve();
  #cancel: Cancel = () => undefined;

  constructor(name: string, clock: Pick<Clock, 'now' | 'at'>, tell: (isShared: boolean) => void) {
    this.#name = name;
    this.#clock = clock;
    this.#tell = tell;
  }

  try(): Promise<void> {
    this.#trying = this.#try();
    return this.#trying;
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#cancel();
    await this.#trying;
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async #try(): Promise<void> {
    const name = this.#name;
    this.#server = (await listening(name)) ?? ((await isAnswered(name)) ? null : await listeningAgain(name));
    this.#server?.unref();
    // A name that cannot be used at all is nobody's.
    const isShared = this.#server === null && (await isAnswered(name));
    if (this.#released) return;
    if (isShared !== this.#isShared) this.#tell(isShared);
    this.#isShared = isShared;
    if (isShared) this.#cancel = this.#clock.at(after(this.#clock.now(), TRY_AGAIN_MS), () => void this.try());
  }
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
