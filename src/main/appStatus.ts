import type { Unsubscribe } from '../shared/rpc.ts';

/** What the user is told of that belongs to no link, and who is to look again when anything of the app has changed. */
export class AppStatus {
  readonly #warnings = new Map<string, string>();
  readonly #readers = new Set<() => void>();

  /** One sentence for each `about`; `null` takes it back. */
  warn(about: string, message: string | null): void {
    if (message === null) this.#warnings.delete(about);
    else this.#warnings.set(about, message);
    this.publish();
  }

  get warnings(): readonly string[] {
    return [...this.#warnings.values()];
  }

  publish(): void {
    for (const look of this.#readers) look();
  }

  follow(look: () => void): Unsubscribe {
    const own = (): void => look();
    this.#readers.add(own);
    return () => void this.#readers.delete(own);
  }
}
