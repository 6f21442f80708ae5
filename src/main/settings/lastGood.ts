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
  readonly #tell: () => void;
  readonly #retryMs: number;
  #newest: Promise<string | null> | null = null;
  #trouble: string | null = null;
  #retry: NodeJS.Timeout | undefined;
  #ended = false;

  /** `tell`: the trouble is another. What could not be kept is tried again after `retryMs`. */
  constructor(file: string, calls: DiskCalls, tell: () => void, retryMs: number) {
    this.#file = file;
    this.#calls = calls;
    this.#tell = tell;
    this.#retryMs = retryMs;
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
    clearTimeout(this.#retry);
    const keeping = this.#turns.take(() => keepCopy(this.#file, text, isApplied, this.#calls));
    this.#newest = keeping;
    void this.#follow(keeping, () => this.keep(text, isApplied));
  }

  /** A sentence while what runs could not be kept, or is not kept within 2 s. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Nothing is tried again by itself from now on. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#retry);
  }

  /** When everything that was to be kept by now is, or could not be. */
  get done(): Promise<unknown> {
    return this.#turns.done;
  }

  async #follow(keeping: Promise<string | null>, again: () => void): Promise<void> {
    this.#say(keeping, await this.#lateAnswers.of(keeping, () => unkept('its disk does not answer')));
    const trouble = await keeping;
    this.#say(keeping, trouble);
    if (trouble === null || keeping !== this.#newest || this.#ended) return;
    this.#retry = setTimeout(again, this.#retryMs).unref();
  }

  #say(of: Promise<string | null>, trouble: string | null): void {
    if (of !== this.#newest || trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#tell();
  }
}

const unkept = (why: string): string => `The settings run, but no copy of them could be kept: ${why}`;

async function readCopy(file: string, calls: DiskCalls) {
  const kept = await readSettingsFile(file, calls);
  // One that an earlier version made may be everybody's to read.
  if (kept.kind === 'text') await calls.chmod(file, FOR_OWNER).catch(() => undefined);
  return kept;
}

/** An empty text takes the place of another one only when a person has applied it: a power cut may have left it so. */
async function keepCopy(file: string, text: string, isApplied: boolean, calls: DiskCalls): Promise<string | null> {
  if (isBlank(text) && !isApplied && (await holdsText(file, calls))) return null;
  const problem = await replaceFile(file, text, calls);
  return problem === null ? null : unkept(problem.message);
}

/** Or what cannot be read. */
async function holdsText(file: string, calls: DiskCalls): Promise<boolean> {
  const kept = await readSettingsFile(file, calls);
  return kept.kind === 'text' ? !isBlank(kept.text) : kept.kind === 'trouble';
}
