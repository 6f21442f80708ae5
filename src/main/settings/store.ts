import type { ApplyResult, EffectiveValue, Preview } from '../../shared/contract.ts';
import type { EngineConfig } from '../../shared/engineConfig.ts';
import { failed, type Outcome, ok } from '../../shared/outcome.ts';
import type { Settings } from '../../shared/settings.ts';
import type { SettingsView } from '../../shared/settingsView.ts';
import { diffSettings } from './diff.ts';
import {
  type DiskCalls,
  type FileReading,
  NO_FILE,
  readingRevision,
  readSettingsFile,
  readSettled,
  realDisk,
  replaceFile,
  revisionOf,
} from './disk.ts';
import { setValue } from './edit.ts';
import { keepLastGood, readLastGood } from './lastGood.ts';
import { type Evaluated, evaluate } from './running.ts';
import type { SettingsOptions, SettingsStore } from './settingsStore.ts';
import { type FileWatch, watchFile } from './watch.ts';

const MAX_UNDO = 50;

export type { SettingsOptions, SettingsStore } from './settingsStore.ts';

/**
 * Opens the settings, creating the file where there is none. Never rejects: with a file that cannot be used, the last
 * good settings run, or else the built-in ones, and the view says so.
 *
 * 1. What runs came from a text without errors (or is the built-in text, as far as it goes).
 * 2. `disk` is what was last read; every command reads again first, so an edit of somebody else is never overwritten.
 * 3. The file is only written by `save`, and only after its text had no errors.
 */
export async function openSettings(options: SettingsOptions): Promise<SettingsStore> {
  const store = new FileSettings(options);
  await store.open();
  return store;
}

type DiskState = Pick<SettingsView, 'text' | 'revision' | 'problems'> & { readonly trouble: string | null };

const NOTHING_READ: DiskState = { text: '', revision: NO_FILE, trouble: null, problems: [] };

class FileSettings implements SettingsStore {
  readonly #options: SettingsOptions;
  readonly #calls: DiskCalls;
  readonly #listeners = new Set<(view: SettingsView) => void>();
  #disk: DiskState = NOTHING_READ;
  #running: Evaluated;
  #source: SettingsView['running'] = 'the built-in settings';
  #undo: string[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #watch: FileWatch | null = null;
  #closed = false;
  /** Counts the edits of others, so that an undo does not undo one that nobody has seen yet. */
  #foreign = 0;

  constructor(options: SettingsOptions) {
    this.#options = options;
    this.#calls = options.calls ?? realDisk;
    this.#running = evaluate(options.defaultText, options.surroundings).partial;
  }

  async open(): Promise<void> {
    const { file, defaultText, lastGoodFile, surroundings } = this.#options;
    let reading = await readSettingsFile(file, this.#calls);
    if (reading.kind === 'missing') {
      const problem = await replaceFile(file, defaultText, this.#calls);
      if (problem === null) reading = { kind: 'text', text: defaultText, revision: revisionOf(defaultText) };
      else this.#disk = { ...NOTHING_READ, text: defaultText, trouble: `${problem.message}; ${problem.hint}` };
    }
    if (reading.kind !== 'missing') await this.#take(reading, false);
    if (this.#source !== 'this file') {
      const good = await readLastGood(lastGoodFile, surroundings, this.#calls);
      if (good !== null) {
        this.#running = good;
        this.#source = 'the last good settings';
      }
    }
    this.#watch = await watchFile(file, () => void this.#inTurn(() => this.#refresh()));
    // What happened between the reading and the watch was seen by nobody.
    await this.#inTurn(() => this.#refresh());
  }

  view(): SettingsView {
    const { text, revision, problems, trouble } = this.#disk;
    return {
      file: this.#options.file,
      text,
      revision,
      problems,
      running: this.#source,
      fileTrouble: trouble,
      canUndo: this.#undo.length > 0,
    };
  }

  config = (): EngineConfig => this.#running.config;
  settings = (): Settings => this.#running.settings;
  effective = (link: string): readonly EffectiveValue[] | null => this.#running.effective.get(link) ?? null;
  poolEffective = (pool: string): readonly EffectiveValue[] | null => this.#running.poolEffective.get(pool) ?? null;

  subscribe(listener: (view: SettingsView) => void): () => void {
    const own = (view: SettingsView): void => listener(view);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  preview(text: string): Preview {
    const { good, problems } = evaluate(text, this.#options.surroundings);
    return { problems, changes: good === null ? [] : diffSettings(this.#running.config, good.config) };
  }

  apply(text: string, basedOn: string | null): Promise<Outcome<ApplyResult>> {
    return this.#command(async () => {
      const conflict = basedOn !== null && (basedOn !== this.#disk.revision || this.#unreadable());
      return conflict ? ok({ kind: 'conflict', diskText: this.#disk.text }) : this.#save(text, true);
    });
  }

  undo(): Promise<Outcome<ApplyResult>> {
    const foreign = this.#foreign;
    return this.#command(async () => {
      const text = this.#undo.at(-1);
      if (text === undefined) return failed('nothing-to-undo', 'there is no earlier text', 'Settings', 'edit the text');
      if (foreign !== this.#foreign) return ok({ kind: 'conflict', diskText: this.#disk.text });
      if (this.#source !== 'this file') return this.#broken();
      const result = await this.#save(text, false);
      if (result.ok && result.value.kind === 'applied') {
        this.#undo.pop();
        this.#tell();
      }
      return result;
    });
  }

  setLinkEnabled(link: string, enabled: boolean): Promise<Outcome<null>> {
    return this.#command(async () => {
      if (this.#source !== 'this file') return this.#broken();
      const links = this.#running.settings.link ?? {};
      const held = Object.hasOwn(links, link) ? links[link] : undefined;
      if (held === undefined) {
        return failed(
          'unknown-link',
          `the settings have no link called ${link}`,
          this.#options.file,
          'reload the page',
        );
      }
      if ((held.enabled ?? true) === enabled) return ok(null);
      const edited = setValue(this.#disk.text, ['link', link, 'enabled'], enabled);
      if (!edited.ok) return edited;
      const saved = await this.#save(edited.value, true);
      if (!saved.ok) return saved;
      return saved.value.kind === 'applied' ? ok(null) : this.#broken();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    await this.#watch?.close();
    await this.#turn;
  }

  /** A command in its turn, on the file as it is at that moment */
  #command<T>(task: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return this.#inTurn(async () => {
      if (this.#closed) return failed('closed', 'Warmwire is closing', this.#options.file, 'start it again');
      await this.#refresh();
      return task();
    });
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(task);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #refresh(): Promise<void> {
    if (this.#closed) return;
    const reading = await readSettled(this.#options.file, this.#disk.revision, this.#calls);
    if (readingRevision(reading) === this.#disk.revision) return;
    this.#foreign += 1;
    await this.#take(reading, true);
  }

  /** What was read becomes what is shown and, without errors, what runs. */
  async #take(reading: FileReading, tell: boolean): Promise<void> {
    if (reading.kind === 'text') {
      const { good, problems } = evaluate(reading.text, this.#options.surroundings);
      this.#disk = { text: reading.text, revision: reading.revision, trouble: null, problems };
      if (good !== null) return void (await this.#run(good, tell, true));
    } else if (reading.kind === 'missing') {
      // The text stays: saving it again is what a person will want.
      this.#disk = { ...NOTHING_READ, text: this.#disk.text, trouble: FILE_GONE };
    } else {
      this.#disk = { ...NOTHING_READ, revision: reading.revision, trouble: reading.trouble };
    }
    if (this.#source === 'this file') this.#source = 'the last good settings';
    if (tell) this.#tell();
  }

  async #save(text: string, undoable: boolean): Promise<Outcome<ApplyResult>> {
    const { good, problems } = evaluate(text, this.#options.surroundings);
    if (good === null) return ok({ kind: 'problems', problems });
    const revision = revisionOf(text);
    if (revision !== this.#disk.revision) {
      const problem = await replaceFile(this.#options.file, text, this.#calls);
      if (problem !== null) return { ok: false, problem };
    }
    const changes = diffSettings(this.#running.config, good.config);
    this.#disk = { text, revision, trouble: null, problems };
    return ok({ kind: 'applied', changes, warning: await this.#run(good, true, undoable) });
  }

  /** Answers what could not be kept beside it, in words. */
  async #run(next: Evaluated, tell: boolean, undoable: boolean): Promise<string | null> {
    const changed = next.text !== this.#running.text;
    if (tell && undoable && changed) this.#undo = [...this.#undo, this.#running.text].slice(-MAX_UNDO);
    this.#running = next;
    this.#source = 'this file';
    if (tell) {
      this.#options.onChange({ config: next.config, settings: next.settings });
      this.#tell();
    }
    return keepLastGood(this.#options.lastGoodFile, next.text, this.#calls);
  }

  #broken(): Outcome<never> {
    const { file } = this.#options;
    const what = this.#disk.trouble ?? 'the settings file has problems, so it is not changed';
    return failed('broken-settings', what, file, 'repair the file on the Settings page, then try again');
  }

  #unreadable(): boolean {
    return this.#disk.trouble !== null && this.#disk.revision !== NO_FILE;
  }

  #tell(): void {
    const view = this.view();
    for (const listener of this.#listeners) listener(view);
  }
}

const FILE_GONE =
  'the settings file is gone; what ran goes on. Apply the text on the Settings page to write the file again';
