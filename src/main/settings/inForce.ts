import type { EffectiveValue } from '../../shared/contract.ts';
import type { EngineConfig } from '../../shared/engineConfig.ts';
import type { RunningText, SettingsChange } from '../../shared/settingsView.ts';
import { diffSettings } from './diff.ts';
import { heldBackText } from './heldBack.ts';
import { HeldPresses, isEnabled, linkOf, type Wanted, withPresses } from './heldPresses.ts';
import type { Evaluated } from './running.ts';
import { isPart, type StandIn } from './standIn.ts';
import { UndoHistory } from './undoHistory.ts';

/** Where a text that is to run comes from. Only an edit can be undone, here or in the file. */
export type TextOrigin = 'start' | 'file' | 'edit' | 'undo' | 'press';

/** What is in force: the text that runs, the presses over it that are not saved yet, and the texts that ran before. */
export class InForce {
  readonly undo = new UndoHistory();
  readonly held = new HeldPresses();
  #source: RunningText = 'the built-in settings';
  #running: Evaluated;
  #heldBack: Wanted = new Map();

  constructor(first: Evaluated) {
    this.#running = first;
  }

  get running(): Evaluated {
    return this.#running;
  }

  get source(): RunningText {
    return this.#source;
  }

  get fileRuns(): boolean {
    return this.#source === 'this file';
  }

  /** It runs only because no text was sound at the start. */
  get isMakeshift(): boolean {
    return isPart(this.#source) || this.#source === 'the built-in settings';
  }

  get config(): EngineConfig {
    return withPresses(this.#running.config, this.held.staying(this.#running.settings, false));
  }

  /** Whether a link is to run; `null` for one that the settings do not have. */
  isOn(link: string): boolean | null {
    const { settings } = this.#running;
    if (linkOf(settings, link) === undefined) return null;
    return this.held.staying(settings, false).get(link) ?? isEnabled(settings, link);
  }

  /** Before the file is looked at. Answers its number until then, `null` for a link that the settings do not have. */
  press(link: string, enabled: boolean): number | null {
    if (this.isOn(link) === null) return null;
    this.undo.pressed(link, enabled);
    return this.held.hold(link, enabled, this.#running.settings);
  }

  /** On the file as it is at that moment. */
  settle(link: string, enabled: boolean, turn: number | null): void {
    if (turn === null) this.undo.pressed(link, enabled);
    this.held.settle(link, enabled, this.#running.settings, turn);
  }

  /** A sentence for each link that a faulty file holds paused. */
  get heldBack(): readonly string[] {
    return [...this.#heldBack.keys()].filter((link) => this.isOn(link) === false).map(heldBackText);
  }

  /** `null` for a link that does not run. */
  effective(link: string): readonly EffectiveValue[] | null {
    const values = this.#running.effective.get(link);
    if (values === undefined) return null;
    const pressed = this.held.staying(this.#running.settings, false).get(link);
    if (pressed === undefined) return values;
    const note = 'pressed, and not yet saved';
    return values.map((row) => (row.key === 'enabled' ? { ...row, value: String(pressed), note } : row));
  }

  /** `null` for a pool without a table. */
  poolEffective(pool: string): readonly EffectiveValue[] | null {
    return this.#running.poolEffective.get(pool) ?? null;
  }

  /** What would be different if this ran. */
  changesBy(next: Evaluated): SettingsChange[] {
    return diffSettings(this.config, withPresses(next.config, this.held.staying(next.settings, true)));
  }

  /** A text without errors runs from now on. `edit`: the number of the last one. */
  run(next: Evaluated, by: TextOrigin, edit: number): void {
    const isEdit = by === 'edit' || by === 'file';
    const { text, settings } = this.#running;
    if (by === 'undo') this.undo.pop();
    // Nobody can go back to a text with errors: it would not be taken.
    if (isEdit && next.text !== text && !isPart(this.#source)) {
      this.undo.push(text, new Map([...this.#heldBack, ...this.held.staying(settings, false)]), edit);
    }
    this.held.keepOnly(next.settings, by === 'edit' || by === 'undo');
    this.#running = next;
    this.#heldBack = new Map();
    this.#source = 'this file';
  }

  /** For want of the file. */
  fallBack({ evaluated, source, heldBack }: StandIn): void {
    this.#running = evaluated;
    this.#heldBack = heldBack;
    this.#source = source;
  }

  /** The file is not what runs any more. */
  outlive(): void {
    if (this.fileRuns) this.#source = 'the last good settings';
  }
}
