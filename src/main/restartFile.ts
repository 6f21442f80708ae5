import { z } from 'zod';
import type { RestartTimes } from '../shared/restartHabit.ts';
import { type DiskCalls, realDisk, replaceFile } from './settings/disk.ts';

const Contents = z.strictObject({ version: z.literal(1), restarts: z.record(z.string(), z.array(z.number())) });

/** When venues stopped their feeds, kept over restarts of Warmwire: a daily one is told only by who was there yesterday. */
export class RestartFile {
  readonly #file: string;
  readonly #calls: DiskCalls;
  readonly #onTrouble: (message: string) => void;
  #writing: Promise<void> = Promise.resolve();

  /** `onTrouble`: what could not be read or written, in words. */
  constructor(file: string, onTrouble: (message: string) => void, calls: DiskCalls = realDisk) {
    this.#file = file;
    this.#onTrouble = onTrouble;
    this.#calls = calls;
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
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isMissing) this.#onTrouble(`${this.#file} cannot be read: daily restarts are learned anew`);
      return {};
    }
  }

  /** Written as a whole, one after the other; a few times a day. */
  save(restarts: RestartTimes): void {
    this.#writing = this.#writing.then(async () => {
      const text = `${JSON.stringify({ version: 1, restarts })}\n`;
      const problem = await replaceFile(this.#file, text, this.#calls);
      if (problem !== null) this.#onTrouble(`restarts of venues cannot be kept: ${problem.message} (${this.#file})`);
    });
  }

  /** Resolves when everything is written. */
  close(): Promise<void> {
    return this.#writing;
  }
}
