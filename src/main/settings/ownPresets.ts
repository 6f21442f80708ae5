import type { Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { Preset } from '../../shared/preset.ts';
import { parsePreset } from './presets.ts';
import { type ReadCalls, readSmallFile } from './smallFile.ts';

export interface PresetCalls extends ReadCalls {
  readdir(folder: string): Promise<string[]>;
  stat(path: string): Promise<Pick<Stats, 'isFile' | 'size' | 'ino' | 'mtimeMs' | 'ctimeMs'>>;
}

export interface OwnPresetsOptions {
  /** Need not be there. */
  readonly folder: string;
  readonly builtIn: ReadonlyMap<string, Preset>;
  /** A sentence for what cannot be read, `null` when all can. */
  readonly onTrouble: (sentence: string | null) => void;
  /** Default: the real file system. */
  readonly calls?: PresetCalls;
}

/** A file as it was last read: what of it is in force, and what is wrong with its newest text. */
interface Reading {
  readonly revision: string;
  readonly preset: Preset | null;
  readonly trouble: string | null;
}

const LOOK_MS = 2_000;
const SUFFIX = '.toml';

/**
 * Row C3: presets of the user's own, each a file `NAME.toml` of one folder, besides those that come along and in place of one of
 * the same name. A file that has a fault stays in force as it was read without one.
 */
export class OwnPresets {
  readonly #options: OwnPresetsOptions;
  readonly #calls: PresetCalls;
  readonly #listeners = new Set<() => void>();
  #seen: ReadonlyMap<string, string> | null = null;
  #readings: ReadonlyMap<string, Reading> = new Map();
  #all: ReadonlyMap<string, Preset>;
  #trouble: string | null = null;
  /** One at a time: a disk may not answer. */
  #looking: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OwnPresetsOptions) {
    this.#options = options;
    this.#calls = options.calls ?? fs;
    this.#all = options.builtIn;
  }

  /** By name. */
  get all(): ReadonlyMap<string, Preset> {
    return this.#all;
  }

  /** Called when `all` is another. */
  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Resolves when the folder has been read; looks again every 2 s from now on. */
  start(): Promise<void> {
    this.#timer = setInterval(() => void this.look(), LOOK_MS).unref();
    return this.look();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }

  /** A change is taken once two looks have seen the same: its writer may not be done. The first look takes what is there. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const found = await this.#find();
    if (typeof found === 'string') return this.#tell(found);
    const before = this.#seen ?? found;
    this.#seen = found;
    const readings = new Map<string, Reading>();
    for (const name of [...new Set([...this.#readings.keys(), ...found.keys()])].sort()) {
      const reading = await this.#readingOf(name, found.get(name), before.get(name));
      if (reading !== undefined) readings.set(name, reading);
    }
    this.#take(readings);
  }

  async #readingOf(name: string, now: string | undefined, before: string | undefined): Promise<Reading | undefined> {
    const known = this.#readings.get(name);
    if (now === known?.revision || now !== before) return known;
    if (now === undefined) return undefined;
    const file = join(this.#options.folder, name + SUFFIX);
    const read = await readSmallFile(file, this.#calls);
    try {
      if (!read.ok) throw new Error(read.problem.message);
      const preset = parsePreset(name, read.value);
      const note = `Your own preset, from ${file}. ${preset.note ?? ''}`;
      return { revision: now, preset: { ...preset, note }, trouble: null };
    } catch (error) {
      const stays = known?.preset ?? null;
      const means = stays === null ? 'a link that names it cannot run' : 'it stays in force as it was before';
      return { revision: now, preset: stays, trouble: `${(error as Error).message}; ${means}` };
    }
  }

  #take(readings: ReadonlyMap<string, Reading>): void {
    const before = this.#readings;
    this.#readings = readings;
    this.#tell([...readings.values()].flatMap(({ trouble }) => trouble ?? []).join('. ') || null);
    const names = [...new Set([...before.keys(), ...readings.keys()])];
    const presetIn = (of: typeof before, name: string): Preset | null => of.get(name)?.preset ?? null;
    if (names.every((name) => presetIn(before, name) === presetIn(readings, name))) return;
    const own = [...readings].flatMap(([name, { preset }]) => (preset === null ? [] : [[name, preset] as const]));
    this.#all = new Map([...this.#options.builtIn, ...own]);
    for (const listener of this.#listeners) listener();
  }

  #tell(trouble: string | null): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#options.onTrouble(trouble);
  }

  /** The presets of the folder, by name, with what is another after each writing; or why it cannot be read. */
  async #find(): Promise<ReadonlyMap<string, string> | string> {
    const { folder } = this.#options;
    try {
      const files = await this.#calls.readdir(folder);
      const names = files.filter((file) => file.endsWith(SUFFIX) && !file.startsWith('.')).sort();
      const found = new Map<string, string>();
      for (const file of names) {
        const about = await this.#calls.stat(join(folder, file)).catch(() => null);
        const revision = JSON.stringify([about?.ino, about?.size, about?.mtimeMs, about?.ctimeMs]);
        found.set(file.slice(0, -SUFFIX.length), revision);
      }
      return found;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ENOENT'
        ? new Map()
        : `${folder} cannot be read (${code}); its presets stay as they were read before`;
    }
  }
}
