import { z } from 'zod';
import { type Notice, NoticeRecord } from '../../shared/notice.ts';
import { after } from '../../shared/units.ts';
import type { Clock } from '../engine/ports.ts';
import { type DiskCalls, realDisk } from '../settings/disk.ts';
import { SparingFile } from '../settings/sparingFile.ts';

/** What a restart must not forget: the notices, and until when a person wants nothing to be heard (wall, ms). */
export interface Kept {
  readonly notices: readonly Notice[];
  readonly quietUntil: number | null;
}

const NOTHING_KEPT: Kept = { notices: [], quietUntil: null };

const SAVE_AFTER_MS = 500;
const TRY_AGAIN_MS = 60_000;
const Head = z.strictObject({ version: z.literal(1), quietUntil: z.number().nullable() });

export interface NoticeFileOptions {
  readonly file: string;
  readonly clock: Pick<Clock, 'now' | 'at'>;
  /** What is wrong with the file, in words; `null` when it is right again. */
  readonly onTrouble: (message: string | null) => void;
  /** Default: the real file system. */
  readonly calls?: DiskCalls;
}

/**
 * JSON lines: a head, then a notice a line. Always written as a whole, half a second after a change, so that a crash
 * finds the file as it was or as it is to be. What cannot be written is tried again; nothing waits for it.
 */
export class NoticeFile {
  readonly #options: NoticeFileOptions;
  readonly #calls: DiskCalls;
  readonly #disk: SparingFile;
  #wanted: Kept | null = null;
  #disarm: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();
  #troubled = false;

  constructor(options: NoticeFileOptions) {
    this.#options = options;
    this.#calls = options.calls ?? realDisk;
    this.#disk = new SparingFile(options.file, this.#calls);
  }

  /** A file that is none of ours is set aside under another name, and the start is empty. Nothing is written before. Never rejects. */
  read(): Promise<Kept> {
    const reading = this.#read();
    this.#writing = reading.then(() => undefined);
    return reading;
  }

  async #read(): Promise<Kept> {
    const { file, onTrouble } = this.#options;
    const text = await this.#calls.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') this.#spare(`cannot be read: ${error.message}`);
      return null;
    });
    if (text === null) return NOTHING_KEPT;
    try {
      const [head = '', ...lines] = text.trimEnd().split('\n');
      const { quietUntil } = Head.parse(JSON.parse(head));
      return { notices: lines.map((line) => NoticeRecord.parse(JSON.parse(line))), quietUntil };
    } catch {
      const aside = `${file}.broken`;
      const moved = await this.#calls.rename(file, aside).then(
        () => `it was set aside as ${aside}`,
        () => 'it will be written over',
      );
      onTrouble(`the file of notices ${file} is damaged; ${moved}, and notices begin anew`);
      return NOTHING_KEPT;
    }
  }

  /** For who waits for the reading no longer: notices begin anew. */
  late(): Kept {
    this.#spare('are not shown: their disk does not answer');
    return NOTHING_KEPT;
  }

  /** Said until others are written. */
  #spare(why: string): void {
    const { file, onTrouble } = this.#options;
    this.#disk.spare();
    this.#troubled = true;
    onTrouble(`the notices of earlier ${why}; they will be set aside as ${file}.earlier, or with a number after it`);
  }

  save(wanted: Kept): void {
    this.#wanted = wanted;
    if (this.#disarm === null) this.#arm(SAVE_AFTER_MS);
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    this.#rest();
    await this.#writing;
    await this.#write();
    this.#rest();
  }

  #rest(): void {
    this.#disarm?.();
    this.#disarm = null;
  }

  #arm(delayMs: number): void {
    const { clock } = this.#options;
    this.#disarm = clock.at(after(clock.now(), delayMs), () => {
      this.#disarm = null;
      this.#writing = this.#writing.then(() => this.#write());
    });
  }

  async #write(): Promise<void> {
    const { file, onTrouble } = this.#options;
    const wanted = this.#wanted;
    if (wanted === null) return;
    this.#wanted = null;
    const head = { version: 1, quietUntil: wanted.quietUntil };
    const text = [head, ...wanted.notices].map((line) => `${JSON.stringify(line)}\n`).join('');
    const problem = await this.#disk.write(text);
    if (problem !== null) {
      this.#wanted ??= wanted;
      if (this.#disarm === null) this.#arm(TRY_AGAIN_MS);
      if (!this.#troubled) onTrouble(`notices cannot be kept over a restart: ${problem} (${file})`);
    } else if (this.#troubled) onTrouble(null);
    this.#troubled = problem !== null;
  }
}
