import type { ApplyResult } from '../../shared/contract.ts';
import type { Outcome } from '../../shared/outcome.ts';
import { SETTINGS_BUILT_IN } from '../../shared/settings.ts';
import type { ProbationView } from '../../shared/settingsView.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import { Listeners } from './listeners.ts';
import { beginWatch, judge, lookAt, type Standings, sentencesOf, type Watch } from './rollback.ts';
import type { SettingsStore } from './settingsStore.ts';

export interface ProbationPorts {
  readonly now: () => MonoMs;
  /** Calls about once a second until the returned function is called. */
  readonly everySecond: (task: () => void) => () => void;
  /** How the links do now; `null` when the engine says nothing. */
  readonly standings: () => Standings | null;
  /** What a person must know on any page, besides the view; `null` takes it back. */
  readonly warn: (sentence: string | null) => void;
  readonly log: (line: string) => void;
}

interface Running {
  readonly watch: Watch;
  readonly edit: number;
  readonly text: string;
  /** A sentence for each link that is worse, once the edit is to be taken back; `null` before. */
  readonly worse: readonly string[] | null;
}

const NOTHING: ProbationView = { kind: 'none' };

/**
 * Watches the links after an edit was applied, and puts the text before it back when they are worse for it.
 *
 * 1. It does so by the store's own undo: through the same file, by the same graceful changes as when a person undoes.
 * 2. A later edit, here or in the file, ends the watch: an undo would take that back, too.
 * 3. A machine that slept, or a network that changed, says nothing of an edit: the watch ends.
 */
export class Probation {
  readonly #store: SettingsStore;
  readonly #ports: ProbationPorts;
  readonly #listeners = new Listeners<ProbationView>();
  #view: ProbationView = NOTHING;
  #running: Running | null = null;
  #stopTicking: (() => void) | null = null;

  constructor(store: SettingsStore, ports: ProbationPorts) {
    this.#store = store;
    this.#ports = ports;
  }

  get view(): ProbationView {
    return this.#view;
  }

  subscribe = (listener: (view: ProbationView) => void): (() => void) => this.#listeners.add(listener);

  apply(text: string, basedOn: string | null, watch: boolean): Promise<Outcome<ApplyResult>> {
    return this.#store.apply(text, basedOn, (edit, changes) => {
      this.#end(NOTHING);
      const { rollback_after_secs: secs = SETTINGS_BUILT_IN.app.rollback_after_secs } =
        this.#store.settings().app ?? {};
      const before = this.#ports.standings();
      if (!watch || secs === 0 || before === null || changes.length === 0) return;
      const begun = beginWatch(before, changes, this.#ports.now(), secs * 1000);
      if (begun !== null) this.#begin({ watch: begun, edit, text, worse: null });
    });
  }

  /** The edit stays, or what was said of it is known. */
  keep(): void {
    const watch = this.#running?.watch;
    this.#end(watch === undefined ? NOTHING : { kind: 'kept', links: watch.were.size, worse: sentencesOf(watch) });
  }

  disturbed(kind: 'sleep' | 'network'): void {
    if (this.#running === null) return;
    const what = kind === 'sleep' ? 'this machine slept' : 'this machine’s network changed';
    this.#end({ kind: 'not-judged', why: `${what} meanwhile, so how the links do says nothing of the edit; it stays` });
  }

  stop(): void {
    this.#end(NOTHING);
    this.#listeners.clear();
  }

  #begin(running: Running): void {
    this.#running = running;
    this.#stopTicking = this.#ports.everySecond(() => this.#tick());
    this.#tell(this.#watching(running.watch));
  }

  #tick(): void {
    const running = this.#running;
    if (running === null) return;
    if (running.worse !== null) return this.#heldUp(running.worse);
    if (this.#store.edits() !== running.edit) return this.#end({ kind: 'not-judged', why: OTHER_EDIT });
    const now = this.#ports.now();
    const watch = lookAt(running.watch, now, this.#ports.standings());
    const judged = judge(watch, now);
    switch (judged.kind) {
      case 'watching':
        this.#running = { ...running, watch };
        return this.#tell(this.#watching(watch));
      case 'good':
        return this.#end({ kind: 'kept', links: watch.were.size, worse: sentencesOf(watch) });
      case 'unheard':
        return this.#end({ kind: 'not-judged', why: 'the engine said nothing at the end of its time; the edit stays' });
      case 'worse':
        return void this.#putBack(running, judged.sentences);
    }
  }

  async #putBack({ watch, edit, text }: Running, worse: readonly string[]): Promise<void> {
    const due: Running = { watch, edit, text, worse };
    this.#running = due;
    const outcome = await this.#store.takeBack(edit, () => this.#running === due);
    if (outcome.ok && outcome.value.kind === 'applied') {
      this.#end({ kind: 'put-back', worse, text });
      return this.#ports.log(`the last edit of the settings was taken back: ${worse.join('. ')}`);
    }
    // Somebody has said Keep, or a later edit has its own watch.
    if (this.#running !== due) return;
    const why = whyNot(outcome);
    this.#end({ kind: 'not-judged', why: `${worse.join('. ')}. Not put back: ${why}` });
    this.#notPutBack(worse, why);
  }

  /** The disk does not answer. */
  #heldUp(worse: readonly string[]): void {
    this.#stopTicking?.();
    this.#notPutBack(
      worse,
      'the disk, or another program that writes the file, holds it up; it is done once that answers',
    );
  }

  #notPutBack(worse: readonly string[], why: string): void {
    this.#ports.log(`the last edit of the settings was not taken back: ${why}: ${worse.join('. ')}`);
    this.#ports.warn(
      `The last edit of the settings was to be taken back by itself (${howMany(worse)}) and was not: ${why}.`,
    );
  }

  #watching(watch: Watch): ProbationView {
    const leftSecs = Math.max(1, Math.ceil(elapsedMs(this.#ports.now(), watch.endsAt) / 1000));
    return { kind: 'watching', leftSecs, links: watch.were.size, worse: sentencesOf(watch) };
  }

  #end(view: ProbationView): void {
    this.#running = null;
    this.#stopTicking?.();
    this.#stopTicking = null;
    this.#ports.warn(null);
    this.#tell(view);
  }

  #tell(view: ProbationView): void {
    if (view.kind === 'none' && this.#view.kind === 'none') return;
    this.#view = view;
    this.#listeners.tell(view);
  }
}

const OTHER_EDIT = 'the settings were edited again meanwhile; nothing is put back over that';

const howMany = (worse: readonly string[]): string =>
  worse.length === 1 ? 'a link was worse for it' : `${worse.length} links were worse for it`;

function whyNot(outcome: Outcome<ApplyResult>): string {
  if (!outcome.ok) return outcome.problem.message;
  return outcome.value.kind === 'problems' ? 'the text before it has problems by now' : OTHER_EDIT;
}
