import * as fs from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { failed, type Outcome } from '../../shared/outcome.ts';
import { LateAnswers } from './lateAnswers.ts';
import { type ReadCalls, readSmallFile } from './smallFile.ts';
import { Turns } from './turns.ts';

const LATE_MS = 3_000;

/**
 * The certificates that links and pools name by `ca_file`, as PEM; a relative path is one in the settings file's folder. A settings text is judged by what is known of them, so
 * that no disk holds it up; whoever judges one has them looked at before.
 */
export class CaFiles {
  readonly #folder: string;
  readonly #calls: ReadCalls;
  readonly #lateMs: number;
  readonly #known = new Map<string, Outcome<string>>();
  readonly #folders = new Map<string, { readonly turns: Turns; readonly answers: LateAnswers }>();
  readonly #lateListeners = new Set<() => void>();

  /** `folder`: that of the settings file. */
  constructor(folder: string, calls: ReadCalls = fs, lateMs = LATE_MS) {
    this.#folder = folder;
    this.#calls = calls;
    this.#lateMs = lateMs;
  }

  readonly known = (path: string): Outcome<string> => this.#knownAt(resolve(this.#folder, path));

  /** Called when one that had not answered in time is known at last, or is not as it was known. */
  readonly onLate = (listener: () => void): (() => void) => {
    this.#lateListeners.add(listener);
    return () => void this.#lateListeners.delete(listener);
  };

  /** True when one of them is not as it was known. One whose disk does not answer within 3 s stays as it is known. */
  readonly look = async (paths: readonly string[]): Promise<boolean> => {
    const before = paths.map(this.known);
    await Promise.all(paths.map((path) => this.#lookAt(resolve(this.#folder, path))));
    return paths.some((path, index) => !isSame(this.known(path), before[index]));
  };

  #knownAt(path: string): Outcome<string> {
    return this.#known.get(path) ?? unread(path);
  }

  /** In a folder one after another: each call that a disk does not answer holds one of the few threads for all disks. */
  #lookAt(path: string): Promise<void> {
    const folder = dirname(path);
    const { turns, answers } = this.#folders.get(folder) ?? {
      turns: new Turns(),
      answers: new LateAnswers(this.#lateMs),
    };
    this.#folders.set(folder, { turns, answers });
    const read = turns.take(async () => {
      const found = await readCaFile(path, this.#calls);
      const isNews = !isSame(found, this.#knownAt(path));
      this.#known.set(path, found);
      return isNews;
    });
    const late = async (): Promise<void> => {
      if (await read) for (const listener of this.#lateListeners) listener();
    };
    return answers.of<unknown>(read, () => void late()).then(() => undefined);
  }
}

const isSame = (a: Outcome<string>, b: Outcome<string> | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

async function readCaFile(path: string, calls: ReadCalls): Promise<Outcome<string>> {
  const read = await readSmallFile(path, calls);
  if (!read.ok || read.value.includes('-----BEGIN CERTIFICATE-----')) return read;
  const hint = 'give a file that begins with -----BEGIN CERTIFICATE-----';
  return failed('bad-ca', `${path} holds no PEM certificate`, path, hint);
}

const unread = (path: string): Outcome<string> =>
  failed(
    'unread-ca',
    `${path} has not been read: its disk has not answered`,
    path,
    'look at the disk, then save again',
  );
