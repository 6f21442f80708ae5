import type { ControlUpdate } from '../../shared/controlFrame.ts';
import type { ControlLog } from './link/controlLog.ts';

type Tell = (update: ControlUpdate) => void;

interface Reader {
  readonly link: string;
  readonly tell: Tell;
  /** What was told last: a link that was taken out and put in again has another log. */
  log: ControlLog | null;
  revision: number;
  seq: number;
}

/** Who looks at the control exchanges of which link. Nobody does most of the time, and then nothing is read or copied. */
export class ControlReaders {
  readonly #logOf: (link: string) => ControlLog | null;
  readonly #readers = new Set<Reader>();

  constructor(logOf: (link: string) => ControlLog | null) {
    this.#logOf = logOf;
  }

  follow(link: string, tell: Tell): () => void {
    const reader: Reader = { link, tell, log: null, revision: 0, seq: 0 };
    this.#readers.add(reader);
    this.#whole(reader, this.#logOf(link));
    return () => void this.#readers.delete(reader);
  }

  /** Call at the rate of snapshots. */
  tick(): void {
    for (const reader of this.#readers) {
      const log = this.#logOf(reader.link);
      if (log !== reader.log) this.#whole(reader, log);
      else if (log !== null && log.revision !== reader.revision) {
        const frames = log.since(reader.seq);
        this.#note(reader, log);
        reader.tell({ kind: 'more', frames });
      }
    }
  }

  #whole(reader: Reader, log: ControlLog | null): void {
    this.#note(reader, log);
    reader.tell({ kind: 'whole', frames: log?.since(0) ?? [] });
  }

  #note(reader: Reader, log: ControlLog | null): void {
    reader.log = log;
    reader.revision = log?.revision ?? 0;
    reader.seq = log?.seq ?? 0;
  }
}
