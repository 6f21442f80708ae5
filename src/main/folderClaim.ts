import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after } from '../shared/units.ts';
import type { Cancel, Clock } from './engine/ports.ts';

const TRY_AGAIN_MS = 2_000;

/** What a process does to use a data folder by itself, until `release`. */
export interface FolderClaim {
  /** False where no folder takes a socket: another process could not notice this one. */
  readonly isVisible: boolean;
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
  own: Partial<Calls> & { machine?: string } = {},
): Promise<FolderClaim> {
  const { machine = hostname(), ...calls } = own;
  const claim = new Claim(folder, clock, tell, { ...fs, ...calls }, machine);
  await claim.try();
  return claim;
}

type Calls = Pick<typeof fs, 'open' | 'unlink' | 'lstat'>;

class Claim implements FolderClaim {
  readonly #pipe: string;
  readonly #places: readonly Place[];
  /** Of its own socket, in whichever place: this machine's, and this process's. */
  readonly #machine: string;
  readonly #id: string;
  readonly #calls: Calls;
  readonly #clock: Pick<Clock, 'now' | 'at'>;
  readonly #tell: (isShared: boolean) => void;
  #server: Server | null = null;
  #isShared = false;
  #released = false;
  #trying: Promise<void> = Promise.resolve();
  #cancel: Cancel = () => undefined;

  constructor(
    folder: string,
    clock: Pick<Clock, 'now' | 'at'>,
    tell: (isShared: boolean) => void,
    calls: Calls,
    machine: string,
  ) {
    const name = `warmwire-${digest(folder, 16)}`;
    this.#machine = digest(machine, 6);
    this.#id = `${this.#machine}-${randomBytes(4).toString('hex')}`;
    this.#calls = calls;
    this.#pipe = `\\\\.\\pipe\\${name}`;
    this.#places = [
      { folder, name: 'claim', isPublic: false },
      { folder: tmpdir(), name, isPublic: true },
    ];
    this.#clock = clock;
    this.#tell = tell;
  }

  get isVisible(): boolean {
    return isPipe || this.#server !== null;
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
    if (server === null) return;
    // Its end would take the path away on this thread, which a disk that hangs holds up: this is waited for before.
    if (!isPipe) await this.#calls.unlink(String(server.address())).catch(() => undefined);
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /**
   * In the data folder, where whoever uses it looks; in the system's folder for such things, of which there may be another
   * for each service, only where the path is too long or the disk takes no sockets.
   */
  async #listen(): Promise<Server | null> {
    for (const place of this.#places) {
      const path = socketIn(place, this.#id);
      if (Buffer.byteLength(path) > MOST_PATH_BYTES || !(await this.#takesFiles(path))) continue;
      const server = await listening(path);
      if (server !== null) return server;
    }
    return null;
  }

  /** Asked before each bind: that is done on this thread, which a disk that hangs would hold up with all that runs on it. */
  async #takesFiles(path: string): Promise<boolean> {
    const probe = `${path}.new`;
    try {
      await (await this.#calls.open(probe, 'wx')).close();
      await this.#calls.unlink(probe);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Each listens at a path of its own first and looks for others then, so that of two at least one sees the other. With one
   * path for all, which a killed process leaves behind, two could each take it from the other.
   */
  async #anotherAnswers(): Promise<boolean> {
    const found = await Promise.all(this.#places.map((place) => this.#othersIn(place)));
    const others = found.flat();
    const answers = await Promise.all(others.map((path) => answerOf(path)));
    // Such a path is nobody's ever again; another machine's refuses here, too, while its process lives.
    const left = others.filter(
      (path, index) => answers[index] === 'left' && basename(path).includes(`.${this.#machine}-`),
    );
    await Promise.all(left.map((path) => this.#calls.unlink(path).catch(() => undefined)));
    return answers.includes('alive');
  }

  async #othersIn({ folder, name, isPublic }: Place): Promise<string[]> {
    const files = await fs.readdir(folder).catch(() => []);
    const sockets = files
      .filter((file) => file.startsWith(`${name}.`) && file.endsWith('.sock') && !file.includes(this.#id))
      .map((file) => join(folder, file));
    if (!isPublic) return sockets;
    const mayClaim = await Promise.all(sockets.map((path) => this.#isOwn(path)));
    return sockets.filter((_, index) => mayClaim[index]);
  }

  /** Root's count, too: it may have been started so once. Gone ones do not. */
  async #isOwn(path: string): Promise<boolean> {
    try {
      const { uid } = await this.#calls.lstat(path);
      return uid === process.getuid?.() || uid === 0;
    } catch {
      return false;
    }
  }

  async #try(): Promise<void> {
    this.#server ??= isPipe ? await listening(this.#pipe) : await this.#listen();
    this.#server?.unref();
    const isShared = isPipe
      ? this.#server === null && (await answerOf(this.#pipe)) === 'alive'
      : await this.#anotherAnswers();
    if (this.#released) return;
    if (isShared !== this.#isShared) this.#tell(isShared);
    this.#isShared = isShared;
    if (isShared) this.#cancel = this.#clock.at(after(this.#clock.now(), TRY_AGAIN_MS), () => void this.try());
  }
}

/** Where sockets may lie, and what their names begin with. */
interface Place {
  readonly folder: string;
  readonly name: string;
  /** Any account may put one there: those of others claim nothing. */
  readonly isPublic: boolean;
}

const digest = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

const isPipe = process.platform === 'win32';

const socketIn = ({ folder, name }: Place, id: string): string => join(folder, `${name}.${id}.sock`);

/** What every system takes as a socket's path; a longer one may be cut short. */
const MOST_PATH_BYTES = 100;

/** `null` where the name is taken, or cannot be used. */
function listening(name: string): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen(name, () => resolve(server));
  });
}

/** `left` by a process that was killed, or another machine's; another account's is none of ours. */
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
