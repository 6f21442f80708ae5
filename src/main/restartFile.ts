import { z } from 'zod';
import type { RestartTimes } from '../shared/restartHabit.ts';
import { type DiskCalls, realDisk } from './settings/disk.ts';
import { SparingFile } from './settings/sparingFile.ts';

const Contents = z.strictObject({ version: z.literal(1), restarts: z.record(z.string(), z.array(z.number())) });

/** When venues stopped their feeds, kept over restarts of Warmwire: a daily one is told only by who was there yesterday. */
export class RestartFile {
  readonly #file: string;
  readonly #calls: DiskCalls;
  readonly #disk: SparingFile;
  readonly #onTrouble: (message: string) => void;
  #writing: Promise<void> = Promise.resolve();

  /** `onTrouble`: what could not be read or written, in words. */
  constructor(file: string, onTrouble: (message: string) => void, calls: DiskCalls = realDisk) {
    this.#file = file;
    this.#onTrouble = onTrouble;
    this.#calls = calls;
    this.#disk = new SparingFile(file, calls);
  }

  /** Nothing where there is no file, or none of ours. Nothing is written before. Never rejects. */
  read(): Promise<RestartTimes> {
    const reading = this.#read();
    this.#writing = reading.then(() => undefined);
    return reading;
  }

  async #read(): Promise<RestartTimes> {
    try {
      return Contents.parse(JSON.parse(await this.#calls.readFile(this.#file, 'utf8'))).restarts;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      this.#disk.spare();
      this.#onTrouble(`${this.#file} cannot be read: daily restarts are learned anew, and it will be set aside`);
      return {};
    }
  }

  /** Written as a whole, one after the other; a few times a day. */
  save(restarts: RestartTimes): void {
    this.#writing = this.#writing.then(async () => {
      const text = `${JSON.stringify({ version: 1, restarts })}\n`;
      const problem = await this.#disk.write(text);
      if (problem !== null) this.#onTrouble(`restarts of venues cannot be kept: ${problem} (${this.#file})`);
    });
  }

  /** Resolves when everything is written. */
  close(): Promise<void> {
    return this.#writing;
  }
}
