import { type DiskCalls, FOR_OWNER, isBlank, readSettingsFile, replaceFile } from './disk.ts';
import { LateAnswers } from './lateAnswers.ts';
import type { LiveSurroundings } from './resolve.ts';
import { type Evaluation, evaluateNow } from './running.ts';
import { Turns } from './turns.ts';

/** The last text without errors, for a start with a broken file, as it is judged today. */
export type KeptCopy =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'text'; readonly text: string; readonly evaluation: Evaluation };

const LATE_MS = 2_000;

/** The copy of what ran last. Nothing waits for its disk, which may be another than that of the settings, for over 2 s. */
export class LastGood {
  readonly #file: string;
  readonly #calls: DiskCalls;
  readonly #turns = new Turns();
  readonly #lateAnswers = new LateAnswers(LATE_MS);
  #kept: Promise<string | null> = Promise.resolve(null);

  constructor(file: string, calls: DiskCalls) {
    this.#file = file;
    this.#calls = calls;
  }

  /** One that does not come in time is `unreadable`. */
  async read(surroundings: LiveSurroundings): Promise<KeptCopy> {
    const reading = this.#turns.take(() => readCopy(this.#file, this.#calls));
    const kept = await this.#lateAnswers.of(reading, () => null);
    if (kept?.kind === 'missing') return { kind: 'none' };
    if (kept?.kind !== 'text') return { kind: 'unreadable' };
    return { kind: 'text', text: kept.text, evaluation: await evaluateNow(kept.text, surroundings) };
  }

  keep(text: string, isApplied: boolean): void {
    this.#kept = this.#turns.take(() => keepCopy(this.#file, text, isApplied, this.#calls));
  }

  /** A sentence when the last one could not be kept, or is not kept within 2 s. */
  trouble(): Promise<string | null> {
    return this.#lateAnswers.of(this.#kept, () => unkept('its disk does not answer'));
  }

  /** When everything that was to be kept by now is, or could not be. */
  get done(): Promise<unknown> {
    return this.#turns.done;
  }
}

const unkept = (why: string): string => `The settings run, but no copy of them could be kept: ${why}`;

async function readCopy(file: string, calls: DiskCalls) {
  const kept = await readSettingsFile(file, calls);
  // One that an earlier version made may be everybody's to read.
  if (kept.kind === 'text') await calls.chmod(file, FOR_OWNER).catch(() => undefined);
  return kept;
}

/**
 * A new one is for its owner only: the settings may be, too. An empty text takes the place of another one only when a person
 * has applied it: what is in the file may be what a power cut left of it.
 */
async function keepCopy(file: string, text: string, isApplied: boolean, calls: DiskCalls): Promise<string | null> {
  if (isBlank(text) && !isApplied && (await holdsText(file, calls))) return null;
  const problem = await replaceFile(file, text, calls, { newMode: FOR_OWNER });
  return problem === null ? null : unkept(problem.message);
}

/** Or what cannot be read. */
async function holdsText(file: string, calls: DiskCalls): Promise<boolean> {
  const kept = await readSettingsFile(file, calls);
  return kept.kind === 'text' ? !isBlank(kept.text) : kept.kind === 'trouble';
}
