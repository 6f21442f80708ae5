import { setValue } from '../../shared/toml/edit.ts';
import { isEnabled, linkOf, type Wanted } from './heldPresses.ts';
import { loadSettings } from './load.ts';

const MAX_UNDO = 50;

interface Entry {
  /** From before an edit. */
  readonly text: string;
  /** The number of that edit. */
  readonly edit: number;
  /** What was pressed since then, by link: an undo takes back the edit and not the press. */
  readonly presses: Map<string, boolean>;
  /** The text with the presses in it, `null` before it was asked for. */
  made: string | null;
}

/** The texts that Undo puts back, newest last. */
export class UndoHistory {
  #entries: readonly Entry[] = [];

  /** `presses` are in force and not in the text. */
  push(text: string, presses: Wanted, edit: number): void {
    this.#entries = [...this.#entries, { text, edit, presses: new Map(presses), made: null }].slice(-MAX_UNDO);
  }

  pop(): void {
    this.#entries = this.#entries.slice(0, -1);
  }

  pressed(link: string, enabled: boolean): void {
    for (const entry of this.#entries) {
      entry.presses.set(link, enabled);
      entry.made = null;
    }
  }

  /** What the next undo puts back, with every press since in it; `null` when there is nothing to undo. */
  get text(): string | null {
    const entry = this.#entries.at(-1);
    if (entry === undefined) return null;
    entry.made ??= [...entry.presses].reduce(withPress, entry.text);
    return entry.made;
  }

  /** The same where that takes back the edit of this number, else `null`. */
  textBefore(edit: number): string | null {
    return this.#entries.at(-1)?.edit === edit ? this.text : null;
  }
}

/** A link that the text does not have was added by the edit, and goes with it. */
function withPress(text: string, [link, enabled]: readonly [string, boolean]): string {
  const { readable } = loadSettings(text);
  if (linkOf(readable, link) === undefined || isEnabled(readable, link) === enabled) return text;
  const edited = setValue(text, ['link', link, 'enabled'], enabled);
  return edited.ok ? edited.value : text;
}
