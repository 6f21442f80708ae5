import { createHash, randomBytes } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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
 * where a file with a process number would stay and name another one after a restart. While another process is there
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
  /** Not in the folder itself: a socket's path may have about a hundred bytes. */
  readonly #own: string;
  readonly #clock: Pick<Clock, 'now' | 'at'>;
  readonly #tell: (isShared: boolean) => void;
  #server: Server | null = null;
  #isShared = false;
  #released = false;
  #trying: Promise<void> = Promise.resolve();
  #cancel: Cancel = () => undefined;

  constructor(name: string, clock: Pick<Clock, 'now' | 'at'>, tell: (isShared: boolean) => void) {
    this.#name = name;
    this.#own = join(tmpdir(), `${name}.${randomBytes(4).toString('hex')}.sock`);
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
    this.#server ??= await listening(isPipe ? pipeOf(this.#name) : this.#own);
    this.#server?.unref();
    const isShared = isPipe
      ? this.#server === null && (await answerOf(pipeOf(this.#name))) === 'alive'
      : await anotherAnswers(this.#name, this.#own);
    if (this.#released) return;
    if (isShared !== this.#isShared) this.#tell(isShared);
    this.#isShared = isShared;
    if (isShared) this.#cancel = this.#clock.at(after(this.#clock.now(), TRY_AGAIN_MS), () => void this.try());
  }
}

const nameOf = (folder: string): string => `warmwire-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;

const isPipe = process.platform === 'win32';
const pipeOf = (name: string): string => `\\\\.\\pipe\\${name}`;

/** `null` where the name is taken, or cannot be used. */
function listening(name: string): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen(name, () => resolve(server));
  });
}

/**
 * Each listens at a path of its own first and looks for others then, so that of two at least one sees the other. With one
 * path for all, which a killed process leaves behind, two could each take it from the other.
 */
async function anotherAnswers(name: string, own: string): Promise<boolean> {
  const all = (await readdir(tmpdir()).catch(() => [])).map((file) => join(tmpdir(), file));
  const others = all.filter((path) => basename(path).startsWith(name) && path !== own);
  const answers = await Promise.all(others.map((path) => answerOf(path)));
  // Such a path is nobody's ever again.
  const left = others.filter((_, index) => answers[index] === 'left');
  await Promise.all(left.map((path) => unlink(path).catch(() => undefined)));
  return answers.includes('alive');
}

/** `left` by a process that was killed; another account's is none of ours. */
function answerOf(path: string): Promise<'alive' | 'left' | 'none'> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? 'left' : 'none'));
    socket.once('connect', () => {
      socket.destroy();
      resolve('alive');
    });
  });
}
