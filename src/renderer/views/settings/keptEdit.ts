import { keptHere } from '../../ui/kept.ts';
import { whileGone } from '../../ui/ownWindow.ts';

/** The edit of the text, and what stands in fields and cannot be written. */
const PARTS = ['draft', 'unwritten'] as const;
type Part = (typeof PARTS)[number];

/** How a window is named at the end of a key; nothing where none had a name yet. */
const WINDOW = /^(?: ([0-9a-f-]{36}))?$/;

/** What one window keeps of its edit of a file. One browser may look at several Warmwires, and in several windows. */
export class KeptEdit {
  readonly file: string;
  readonly #window: string;

  constructor(file: string, window: string) {
    this.file = file;
    this.#window = window;
  }

  read(part: Part): string | null {
    return keptHere.read(this.#key(part));
  }

  keep(part: Part, text: string | null): void {
    keptHere.keep(this.#key(part), text);
  }

  get isEmpty(): boolean {
    return PARTS.every((part) => this.read(part) === null);
  }

  /** Those of other windows, living or not. */
  others(): readonly KeptEdit[] {
    const starts = PARTS.map((part) => `warmwire.${part} ${this.file}`);
    const windows = starts.flatMap((start) =>
      keptHere.names(start).flatMap((name) => {
        const found = WINDOW.exec(name.slice(start.length));
        return found === null ? [] : [found[1] ?? ''];
      }),
    );
    return [...new Set(windows)]
      .filter((window) => window !== this.#window)
      .map((window) => new KeptEdit(this.file, window));
  }

  /** Takes over what one window that lives no more has left. */
  async adopt(): Promise<void> {
    for (const left of this.others()) {
      await whileGone(left.#window, () => this.#take(left));
      if (!this.isEmpty) return;
    }
  }

  #take(left: KeptEdit): void {
    if (!this.isEmpty) return;
    for (const part of PARTS) {
      this.keep(part, left.read(part));
      left.keep(part, null);
    }
  }

  #key(part: Part): string {
    return `warmwire.${part} ${this.file}${this.#window === '' ? '' : ` ${this.#window}`}`;
  }
}
