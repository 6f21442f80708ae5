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
import { HELD_UP, type SaveResult } from './heldPresses.ts';
import { HeldSaves } from './heldSaves.ts';
import { InForce, type TextOrigin } from './inForce.ts';
import { LastGood } from './lastGood.ts';
import { inTime, LateAnswers } from './lateAnswers.ts';
import { Listeners } from './listeners.ts';
import { Previews } from './previews.ts';
import { brokenFile, closing, conflictWith, nothingToUndo, unknownLink } from './refusals.ts';
import { type Evaluated, type Evaluation, evaluate, evaluateNow } from './running.ts';
import type { Began, SettingsOptions, SettingsStore } from './settingsStore.ts';
import { bestOf, isHeldUp, LATE_START_MS, readAtStart } from './startReading.ts';
import { Turns } from './turns.ts';
import { viewOf } from './viewOf.ts';
import { type FileWatch, watchFile } from './watch.ts';

const LATE_SAVE_MS = 1_000;
const RETRY_SAVE_MS = 10_000;

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
  readonly #copy: LastGood;
  readonly #listeners = new Listeners<SettingsView>();
  #disk: DiskState = NOTHING_READ;
  readonly #inForce: InForce;
  readonly #heldSaves: HeldSaves;
  #edits = 0;
  #news = 0;
  readonly #previews: Previews;
  readonly #lateAnswers = new LateAnswers(LATE_SAVE_MS);
  readonly #turns = new Turns();
  #watch: Promise<FileWatch> | null = null;
  readonly #ignoreNews: () => void;
  #closed = false;

  constructor(options: SettingsOptions) {
    const { retrySaveMs: retryMs = RETRY_SAVE_MS } = options;
    this.#options = options;
    this.#calls = options.calls ?? realDisk;
    this.#previews = new Previews(options.surroundings);
    this.#copy = new LastGood(options.lastGoodFile, this.#calls, () => this.#tell(), retryMs);
    this.#inForce = new InForce(evaluate(options.defaultText, options.surroundings).partial);
    this.#heldSaves = new HeldSaves(this.#inForce, {
      file: options.file,
      text: () => this.#disk.text,
      save: (text) => this.#save(text, 'press', this.#disk.revision),
      tell: () => this.#tell(),
      again: () => this.#saveHeldLater(),
      retryMs,
    });
    this.#ignoreNews = options.surroundings.onNews(() => void this.#turns.take(() => this.#judgeAgain()));
  }

  async open(): Promise<void> {
    await this.#turns.take(() => this.#start());
    this.#watch = watchFile(this.#options.file, this.#look, () => isUnreadable(this.#disk));
    // What happened between the reading and the watch was seen by nobody.
    const standing = this.#watch.then(() => this.#look());
    if (!isHeldUp(this.#disk)) await inTime<unknown>(LATE_START_MS, standing, () => undefined);
  }

  view = (): SettingsView => viewOf(this.#options.file, this.#disk, this.#inForce, this.#copy.trouble, this.#news);
  config = (): EngineConfig => this.#inForce.config;
  settings = (): Settings => this.#inForce.running.settings;
  notices = (): NoticeSettings => this.#inForce.running.notices;
  effective = (link: string): readonly EffectiveValue[] | null => this.#inForce.effective(link);
  poolEffective = (pool: string): readonly EffectiveValue[] | null => this.#inForce.poolEffective(pool);

  subscribe = (listener: (view: SettingsView) => void): (() => void) => this.#listeners.add(listener);

  async preview(text: string): Promise<Preview> {
    const { good, problems } = await this.#previews.evaluate(text);
    return { problems, changes: good === null ? [] : this.#inForce.changesBy(good) };
  }

  explain = (text: string, path: readonly string[]): readonly EffectiveValue[] => this.#previews.explain(text, path);
  edits = (): number => this.#edits;

  apply(text: string, basedOn: string | null, began?: Began): Promise<Outcome<ApplyResult>> {
    return this.#command(async () => {
      const conflict = basedOn !== null && (basedOn !== this.#disk.revision || isUnreadable(this.#disk));
      if (conflict) return conflictWith(this.#disk);
      const saved = await this.#saveEdit(text, 'edit', basedOn);
      if (saved.ok && saved.value.kind === 'applied') began?.(this.#edits, saved.value.changes);
      return saved;
    });
  }

  undo(basedOn: string): Promise<Outcome<ApplyResult>> {
    return this.#command(async () =>
      basedOn === this.#disk.revision ? this.#undo(this.#inForce.undo.text) : conflictWith(this.#disk),
    );
  }

  takeBack(edit: number, isWanted: () => boolean): Promise<Outcome<ApplyResult>> {
    return this.#command(async () =>
      edit === this.#edits && isWanted() ? this.#undo(this.#inForce.undo.textBefore(edit)) : conflictWith(this.#disk),
    );
  }

  setLinkEnabled(link: string, enabled: boolean): Promise<Outcome<null>> {
    // At once: the file may take its time, and the disk for ever.
    const turn = this.#closed ? null : this.#pressing(link, () => this.#inForce.press(link, enabled));
    const saved = this.#turns.take(async () => {
      await this.#refresh();
      if (this.#closed && turn === null) return closing(this.#options.file);
      if (this.#inForce.isOn(link) === null) return unknownLink(link, this.#options.file);
      this.#pressing(link, () => this.#inForce.settle(link, enabled, turn));
      if (!(await this.#heldSaves.save())) this.#tell();
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
    this.#heldSaves.end();
    this.#copy.end();
    this.#ignoreNews();
    this.#listeners.clear();
    // What is in force by a press is not to be forgotten: it is tried once.
    const saved = this.#turns.take(() => this.#heldSaves.save());
    await (await this.#watch)?.close();
    await saved;
    await this.#copy.done;
  }

  /** In its turn, on the file as it is at that moment. */
  #command(task: () => Promise<Outcome<ApplyResult>>): Promise<Outcome<ApplyResult>> {
    return this.#turns.take(async () => {
      await this.#refresh();
      return this.#closed ? closing(this.#options.file) : task();
    });
  }

  /** What the disk holds runs, or what stands in for it. */
  async #start(): Promise<void> {
    const found = await readAtStart(this.#options, this.#copy, this.#calls, () => void this.#look());
    if (found.shown !== null) this.#disk = found.shown;
    else if (found.reading.kind !== 'missing') await this.#take(found.reading, 'start');
    const best = this.#inForce.fileRuns ? null : bestOf(found, this.#options.surroundings);
    if (best !== null) this.#inForce.fallBack(best);
  }

  async #startAgain(): Promise<void> {
    await this.#start();
    this.#changed('text');
  }

  /** With a certificate that has come late, or other presets. What runs goes on without what is missing. */
  async #judgeAgain(): Promise<void> {
    this.#news += 1;
    this.#tell();
    if (this.#closed || (await this.#refresh())) return;
    if (this.#inForce.isMakeshift) await this.#startAgain();
    else if (this.#disk.trouble === null) {
      const now = evaluate(this.#disk.text, this.#options.surroundings);
      const isOther = now.good === null || this.#inForce.changesBy(now.good).length > 0;
      if (isOther || !this.#inForce.fileRuns) this.#judged(this.#disk, now, 'file');
    }
    await this.#heldSaves.save();
  }

  #look = (): Promise<boolean> => this.#turns.take(() => this.#refresh());

  /** False when there was nothing new; else it has tried to save the presses, too. */
  async #refresh(): Promise<boolean> {
    if (this.#closed) return false;
    const { file, pause = delay } = this.#options;
    const unlessClosed: Pause = async (ms) => this.#closed || pause(ms);
    const reading = await readSettled(file, this.#disk.revision, this.#calls, unlessClosed);
    // Whoever writes it at the end may not be done, and the next start reads it anew.
    if (this.#closed || readingRevision(reading) === this.#disk.revision) return false;
    this.#edits += 1;
    await (isHeldUp(this.#disk) ? this.#startAgain() : this.#take(reading, 'file'));
    await this.#heldSaves.save();
    return true;
  }

  /** What was read becomes what is shown and, without errors, what runs. */
  async #take(reading: FileReading, by: 'start' | 'file'): Promise<void> {
    if (reading.kind === 'text') {
      return this.#judged(reading, await evaluateNow(reading.text, this.#options.surroundings), by);
    }
    this.#disk = withoutText(reading, this.#disk);
    this.#outlive(by);
  }

  #judged({ text, revision }: Pick<DiskState, 'text' | 'revision'>, of: Evaluation, by: 'start' | 'file'): void {
    this.#disk = { text, revision, trouble: null, problems: of.problems };
    if (of.good === null) this.#outlive(by);
    else this.#run(of.good, by);
  }

  #outlive(by: 'start' | 'file'): void {
    this.#inForce.outlive();
    if (by === 'file') this.#tell();
  }

  async #undo(text: string | null): Promise<Outcome<ApplyResult>> {
    if (!this.#inForce.fileRuns) return brokenFile(this.#disk, this.#options.file);
    return text === null ? nothingToUndo() : this.#saveEdit(text, 'undo', this.#disk.revision);
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
      const problem = await replaceFile(this.#options.file, text, this.#calls, over);
      if (problem !== null) return { ok: false, problem };
    }
    const changes = this.#inForce.changesBy(good);
    if (by !== 'press') this.#edits += 1;
    this.#disk = { text, revision, trouble: null, problems };
    this.#run(good, by);
    // In a turn of its own: who applied a text is answered before the presses are written into it.
    if (by !== 'press') this.#saveHeldLater();
    return ok({ kind: 'applied', changes, revision });
  }

  #run(next: Evaluated, by: TextOrigin): void {
    this.#inForce.run(next, by, this.#edits);
    if (by !== 'start') this.#changed('text');
    this.#copy.keep(next.text, by !== 'start' && by !== 'file');
  }

  /** In a turn of its own, on the file as it is then. */
  #saveHeldLater(): void {
    void this.#turns.take(async () => {
      if (!(await this.#refresh())) await this.#heldSaves.save();
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

  #tell(): void {
    this.#listeners.tell(this.view());
  }
}
