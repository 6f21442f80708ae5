/** Texts in the browser's storage. Where that is full or blocked, what is kept lives as long as the page, and nothing throws. */
export class Kept {
  readonly #storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly #held = new Map<string, string>();
  readonly #listeners = new Set<() => void>();

  /** `storage` is asked each time: a blocked one throws when it is only looked at. */
  constructor(storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
    this.#storage = storage;
  }

  read(key: string): string | null {
    const held = this.#held.get(key);
    if (held !== undefined) return held;
    try {
      return this.#storage().getItem(key);
    } catch {
      return null;
    }
  }

  /** What the browser's storage has under names that begin so. */
  names(start: string): readonly string[] {
    try {
      return Object.keys(this.#storage()).filter((name) => name.startsWith(start));
    } catch {
      return [];
    }
  }

  /** `null` forgets it. */
  keep(key: string, text: string | null): void {
    this.#held.delete(key);
    try {
      if (text === null) this.#storage().removeItem(key);
      else this.#storage().setItem(key, text);
    } catch {
      if (text !== null) this.#held.set(key, text);
    }
    for (const listener of this.#listeners) listener();
  }

  /** Told of what this page keeps, not of what others in the same storage do. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}

/** For every tab of this browser, and its next start. */
export const keptHere = new Kept(() => localStorage);

/** For this tab, over a reload. */
export const keptInTab = new Kept(() => sessionStorage);
