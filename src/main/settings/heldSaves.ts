import type { Outcome } from '../../shared/outcome.ts';
import { type SaveResult, whyNotTaken } from './heldPresses.ts';
import type { InForce } from './inForce.ts';

export interface HeldSavesPorts {
  readonly file: string;
  /** Of the file as it was last read. */
  readonly text: () => string;
  /** Over that text only. */
  readonly save: (text: string) => Promise<Outcome<SaveResult>>;
  readonly tell: () => void;
  /** Calls `save` again, on the file as it is then. */
  readonly again: () => void;
  readonly retryMs: number;
}

/** Writes the presses that are in force and not in the file yet into it, at their places. */
export class HeldSaves {
  readonly #inForce: InForce;
  readonly #ports: HeldSavesPorts;
  #retry: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(inForce: InForce, ports: HeldSavesPorts) {
    this.#inForce = inForce;
    this.#ports = ports;
  }

  /** False when nothing was written. What could not be saved is tried again later. */
  async save(): Promise<boolean> {
    clearTimeout(this.#retry);
    const { held, running, fileRuns } = this.#inForce;
    if (!fileRuns) return false;
    const { file, text, save, tell, again, retryMs } = this.#ports;
    const wanted = held.toSave(running.settings);
    const written = held.writtenInto(text(), wanted);
    if (written === text()) return false;
    const saved = await save(written);
    const problem = saved.ok ? whyNotTaken(saved.value, file) : saved.problem;
    if (problem === null) return true;
    for (const link of wanted.keys()) held.failed(link, problem);
    tell();
    if (!this.#ended) this.#retry = setTimeout(again, retryMs).unref();
    return false;
  }

  /** Nothing is tried again by itself from now on. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#retry);
  }
}
