import { type DiskCalls, replaceFile } from './disk.ts';

/** A file of ours that is written as a whole, and never over what an earlier start has kept in it and this one could not read. */
export class SparingFile {
  readonly #file: string;
  readonly #calls: DiskCalls;
  #isUnread = false;

  constructor(file: string, calls: DiskCalls) {
    this.#file = file;
    this.#calls = calls;
  }

  /** What is there now, if anything is, is set aside before the next writing. */
  spare(): void {
    this.#isUnread = true;
  }

  /** Answers why it is not written, in words. Never rejects. */
  async write(text: string): Promise<string | null> {
    if (this.#isUnread) {
      const why = await setAside(this.#file, this.#calls);
      if (why !== null) return `what is in it could not be read, and cannot be set aside: ${why}`;
      this.#isUnread = false;
    }
    return (await replaceFile(this.#file, text, this.#calls))?.message ?? null;
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** As `FILE.earlier`, or with the first number after it that is free. */
async function setAside(file: string, calls: DiskCalls): Promise<string | null> {
  try {
    for (let count = 1; ; count += 1) {
      const aside = `${file}.earlier${count === 1 ? '' : `-${count}`}`;
      const isFree = await calls.stat(aside).then(() => false, onlyMissing);
      if (isFree) return await calls.rename(file, aside).then(() => null);
    }
  } catch (error) {
    return isMissing(error) ? null : (error as Error).message;
  }
}

function onlyMissing(error: unknown): true {
  if (isMissing(error)) return true;
  throw error;
}
