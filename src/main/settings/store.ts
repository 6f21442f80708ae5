import { setTimeout as delay } from 'node:timers/promises';
import type { ApplyResult, EffectiveValue, Preview } from '../../shared/contract.ts';
import type { EngineConfig } from '../../shared/engineConfig.ts';
import type { NoticeSettings } from '../../shared/noticeRule.ts';
import { type Outcome, ok } from '../../shared/outcome.ts';
import type { Settings } from '../../shared/settings.ts';
import type { SettingsView } from '../../shared/settingsView.ts';
import {
  type DiskCalls,
  type FileReading,
  type Pause,
  readingRevision,
  readSettled,
  realDisk,
  replaceFile,
  revisionOf,
} from './disk.ts';
import { type DiskState, isUnreadable, NOTHING_READ, withoutText } from './diskState.ts';
import { explain } from './explain.ts';
import { HELD_UP, type SaveResult, whyNotTaken } from './heldPresses.ts';
import { InForce, type TextOrigin } from './inForce.ts';
import { keepLastGood } from './lastGood.ts';
import { LateAnswers } from './lateAnswers.ts';
import { brokenFile, closing, conflictWith, nothingToUndo, unknownLink } from './refusals.ts';
import { type Evaluated, type Evaluation, evaluate, evaluateNow } from './running.ts';
import type { SettingsOptions, SettingsStore } from './settingsStore.ts';
import { standIn } from './standIn.ts';
import { readAtStart } from './startReading.ts';
import { Turns } from './turns.ts';
import { type FileWatch, watchFile } from './watch.ts';

const RETRY_SAVE_MS = 10_000;
const LATE_SAVE_MS = 1_000;

/**
 * Opens the settings, creating the file at the first start. Never rejects: with a file that cannot be used, the best
 * stand-in runs, or else the built-in settings, and the view says so.
 *
 * 1. What runs came from a text without errors; at a start without any, it is what a faulty one says without error (or
 *    the built-in text, as far as it goes).
 * 2. `disk` is what was last read; every command reads again first, so an edit of somebody else is never overwritten.
 * 3. The file is only written by `save`, and only after its text had no errors.
 * 4. A press of Pause or Resume is `held`: in force at once, over what runs, until it is saved.
 */
export async function openSettings(options: SettingsOptions): Promise<SettingsStore> {
  const store = new FileSettings(options);
  await store.open();
  return store;
}

class FileSettings implements SettingsStore {
  readonly #options: SettingsOptions;
  readonly #calls: DiskCalls;
  readonly #listeners = new Set<(view: SettingsView) => void>();
  #disk: DiskState = NOTHING_READ;
  readonly #inForce: InForce;
  #edits = 0;
  /** What was previewed last: its values are asked for next. */
  #previewed: { readonly text: string; readonly evaluation: Evaluation } | null = null;
  #retry: NodeJS.Timeout | undefined;
  readonly #lateAnswers = new LateAnswers(LATE_SAVE_MS);
  readonly #turns = new Turns();
  #watch: FileWatch | null = null;
  #closed = false;

  constructor(options: SettingsOptions) {
    this.#options = options;
    this.#calls = options.calls ?? realDisk;
    this.#inForce = new InForce(evaluate(options.defaultText, options.surroundings).partial);
  }

  async open(): Promise<void> {
    const { file, surroundings } = this.#options;
    const { reading, kept, shown } = await readAtStart(this.#options, this.#calls);
    if (shown !== null) this.#disk = shown;
    else if (reading.kind !== 'missing') await this.#take(reading, false);
    if (!this.#inForce.fileRuns) {
      const own = reading.kind === 'text' ? evaluate(reading.text, surroundings) : null;
      const best = standIn(own, kept.kind === 'text' ? kept.evaluation : null);
      if (best !== null) this.#inForce.fallBack(best);
    }
    this.#watch = await watchFile(file, () => void this.#turns.take(() => this.#refresh()));
    // What happened between the reading and the watch was seen by nobody.
    await this.#turns.take(() => this.#refresh());
  }

  view(): SettingsView {
    const { text, revision, problems, trouble } = this.#disk;
    return {
      file: this.#options.file,
      text,
      revision,
      problems,
      running: this.#inForce.source,
      fileTrouble: trouble,
      undoText: this.#inForce.fileRuns ? this.#inForce.undo.text : null,
      unsaved: this.#inForce.held.sentences(this.#inForce.running.settings, this.#fileTrouble()),
    };
  }

  config = (): EngineConfig => this.#inForce.config;
  settings = (): Settings => this.#inForce.running.settings;
  notices = (): NoticeSettings => this.#inForce.running.notices;
  effective = (link: string): readonly EffectiveValue[] | null => this.#inForce.effective(link);
  poolEffective = (pool: string): readonly EffectiveValue[] | null =>
    this.#inForce.running.poolEffective.get(pool) ?? null;

  subscribe(listener: (view: SettingsView) => void): () => void {
    const own = (view: SettingsView): void => listener(view);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  async preview(text: string): Promise<Preview> {
    const evaluation = await evaluateNow(text, this.#options.surroundings);
    this.#previewed = { text, evaluation };
    const { good, problems } = evaluation;
    return { problems, changes: good === null ? [] : this.#inForce.changesBy(good) };
  }

  explain(text: string, path: readonly string[]): readonly EffectiveValue[] {
    const previewed = this.#previewed?.text === text ? this.#previewed.evaluation : null;
    return explain((previewed ?? evaluate(text, this.#options.surroundings)).partial, path);
  }

  edits = (): number => this.#edits;

  apply(text: string, basedOn: string | null): Promise<Outcome<ApplyResult>> {
    return this.#command<ApplyResult>(async () => {
      const conflict = basedOn !== null && (basedOn !== this.#disk.revision || isUnreadable(this.#disk));
      return conflict ? conflictWith(this.#disk) : this.#saveEdit(text, 'edit', basedOn);
    });
  }

  undo(basedOn: string): Promise<Outcome<ApplyResult>> {
    return this.#command<ApplyResult>(async () => {
      if (!this.#inForce.fileRuns) return brokenFile(this.#disk, this.#options.file);
      const { text } = this.#inForce.undo;
      if (text === null) return nothingToUndo();
      if (basedOn !== this.#disk.revision) return conflictWith(this.#disk);
      return this.#saveEdit(text, 'undo', basedOn);
    });
  }

  setLinkEnabled(link: string, enabled: boolean): Promise<Outcome<null>> {
    // At once: the file may take its time, and the disk for ever.
    const turn = this.#closed ? null : this.#pressing(link, () => this.#inForce.press(link, enabled));
    const saved = this.#command(async () => {
      if (this.#inForce.isOn(link) === null) return unknownLink(link, this.#options.file);
      this.#pressing(link, () => this.#inForce.settle(link, enabled, turn));
      if (!(await this.#saveHeld())) this.#tell();
      return ok(null);
    });
    if (turn === null) return saved;
    return this.#lateAnswers.of(saved, () => {
      this.#inForce.held.failed(link, HELD_UP);
      this.#tell();
      return ok(null);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#listeners.clear();
    await this.#watch?.close();
    await this.#turns.done;
  }

  /** A command in its turn, on the file as it is at that moment */
  #command<T>(task: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return this.#turns.take(async () => {
      await this.#refresh();
      if (this.#closed) return closing(this.#options.file);
      return task();
    });
  }

  /** False when there was nothing new; else it has tried to save the presses, too. */
  async #refresh(): Promise<boolean> {
    if (this.#closed) return false;
    const { file, pause = delay } = this.#options;
    const unlessClosed: Pause = async (ms) => this.#closed || pause(ms);
    const reading = await readSettled(file, this.#disk.revision, this.#calls, unlessClosed);
    // Whoever writes it at the end may not be done, and the next start reads it anew.
    if (this.#closed || readingRevision(reading) === this.#disk.revision) return false;
    this.#edits += 1;
    await this.#take(reading, true);
    await this.#saveHeld();
    return true;
  }

  /** What was read becomes what is shown and, without errors, what runs. */
  async #take(reading: FileReading, tell: boolean): Promise<void> {
    if (reading.kind === 'text') {
      const { good, problems } = await evaluateNow(reading.text, this.#options.surroundings);
      this.#disk = { text: reading.text, revision: reading.revision, trouble: null, problems };
      if (good !== null) return void (await this.#run(good, tell ? 'file' : 'start'));
    } else {
      this.#disk = withoutText(reading, this.#disk);
    }
    this.#inForce.outlive();
    if (tell) this.#tell();
  }

  async #saveEdit(text: string, by: 'edit' | 'undo', basedOn: string | null): Promise<Outcome<ApplyResult>> {
    const saved = await this.#save(text, by, basedOn);
    if (saved.ok || saved.problem.kind !== 'changed') return saved;
    await this.#refresh();
    return conflictWith(this.#disk);
  }

  /** `over`: the revision that may be replaced, `null` for any. */
  async #save(text: string, by: 'edit' | 'undo' | 'press', over: string | null): Promise<Outcome<SaveResult>> {
    const { good, problems } = await evaluateNow(text, this.#options.surroundings);
    if (good === null) return ok({ kind: 'problems', problems });
    const revision = revisionOf(text);
    if (revision !== this.#disk.revision) {
      const expected = over === null ? {} : { expected: over };
      const problem = await replaceFile(this.#options.file, text, this.#calls, expected);
      if (problem !== null) return { ok: false, problem };
    }
    const changes = this.#inForce.changesBy(good);
    if (by !== 'press') this.#edits += 1;
    this.#disk = { text, revision, trouble: null, problems };
    const warning = await this.#run(good, by);
    // In a turn of its own: who applied a text is answered before the presses are written into it.
    if (by !== 'press') this.#saveHeldLater();
    return ok({ kind: 'applied', changes, warning, revision });
  }

  /** Answers what could not be kept beside it, in words. */
  async #run(next: Evaluated, by: TextOrigin): Promise<string | null> {
    this.#inForce.run(next, by);
    if (by !== 'start') this.#changed('text');
    const isApplied = by !== 'start' && by !== 'file';
    return keepLastGood(this.#options.lastGoodFile, next.text, isApplied, this.#calls);
  }

  /**
   * Writes the presses that are not in the file yet into it, at their places. False when nothing was written; what could
   * not be saved is tried again later.
   */
  async #saveHeld(): Promise<boolean> {
    clearTimeout(this.#retry);
    if (this.#closed || !this.#inForce.fileRuns) return false;
    const wanted = this.#inForce.held.toSave(this.#inForce.running.settings);
    const text = this.#inForce.held.writtenInto(this.#disk.text, wanted);
    if (text === this.#disk.text) return false;
    const saved = await this.#save(text, 'press', this.#disk.revision);
    const problem = saved.ok ? whyNotTaken(saved.value, this.#options.file) : saved.problem;
    if (problem === null) return true;
    for (const link of wanted.keys()) this.#inForce.held.failed(link, problem);
    this.#tell();
    const retryMs = this.#options.retrySaveMs ?? RETRY_SAVE_MS;
    this.#retry = setTimeout(() => this.#saveHeldLater(), retryMs).unref();
    return false;
  }

  /** In a turn of its own, on the file as it is then. */
  #saveHeldLater(): void {
    void this.#turns.take(async () => {
      if (!(await this.#refresh())) await this.#saveHeld();
    });
  }

  /** The engine is told when it changes whether the link is to run. */
  #pressing<T>(link: string, press: () => T): T {
    const before = this.#inForce.isOn(link);
    const answer = press();
    if (this.#inForce.isOn(link) !== before) this.#changed('press');
    return answer;
  }

  #changed(because: 'text' | 'press'): void {
    this.#options.onChange({ config: this.config(), settings: this.#inForce.running.settings, because });
    this.#tell();
  }

  #fileTrouble(): string | null {
    if (this.#inForce.fileRuns) return null;
    return this.#disk.trouble ?? 'the settings file has problems';
  }

  #tell(): void {
    const view = this.view();
    for (const listener of this.#listeners) listener(view);
  }
}
