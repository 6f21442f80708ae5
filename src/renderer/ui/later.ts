import { type ComponentType, createElement, type FunctionComponent, use } from 'react';

type Load<P> = () => Promise<{ readonly default: ComponentType<P> }>;

/** The code of a part did not come: the host was not there just then, or has other parts by now. */
export class NotLoaded extends Error {}

/** What a browser says of it names the module that was wanted. */
const MODULE_URL = /\b\w+:\/\/\S+\.js\b/;

/** One part, fetched once; what failed is asked for again only after `forget`, or a render would ask without end. */
class Part<P> {
  readonly #load: Load<P>;
  #shown: ComponentType<P> | null = null;
  #coming: Promise<ComponentType<P>> | null = null;
  #failed = false;
  #url: string | null = null;
  #again = 0;

  constructor(load: Load<P>) {
    this.#load = load;
  }

  /** `null` as long as its code is not here. */
  get shown(): ComponentType<P> | null {
    return this.#shown;
  }

  fetch(): Promise<ComponentType<P>> {
    this.#coming ??= this.#fetch();
    return this.#coming;
  }

  forget(): void {
    if (!this.#failed) return;
    this.#failed = false;
    this.#coming = null;
  }

  async #fetch(): Promise<ComponentType<P>> {
    try {
      const { default: shown } = await (this.#url === null ? this.#load() : this.#retry(this.#url));
      this.#shown = shown;
      return shown;
    } catch (error) {
      this.#failed = true;
      const said = error instanceof Error ? error.message : String(error);
      this.#url ??= MODULE_URL.exec(said)?.[0] ?? null;
      throw new NotLoaded(said);
    }
  }

  /**
   * The browser keeps a failed fetch for the life of the page, so that the module is asked for by another name. Nothing but
   * its own code is loaded by that: what it shares with others it imports by their one name. Where one of those has failed
   * to come, only a reload helps.
   */
  #retry(url: string): ReturnType<Load<P>> {
    this.#again += 1;
    return import(/* @vite-ignore */ `${url}?again=${this.#again}`);
  }
}

const parts: { readonly shown: unknown; fetch(): Promise<unknown>; forget(): void }[] = [];

/**
 * A part of the page whose code is fetched when it is wanted, or by `fetchAll`. It stands in a `Suspense`, and throws a
 * `NotLoaded` where its code did not come. Call at the top of a module.
 */
export function later<P extends object>(load: Load<P>): FunctionComponent<P> {
  const part = new Part(load);
  parts.push(part);
  return (props) => createElement(part.shown ?? use(part.fetch()), props);
}

/** What did not come is asked for again where it is wanted. */
export function forgetFailures(): void {
  for (const part of parts) part.forget();
}

/** After a failure, before the next part: it may be the host that restarts. */
const PAUSE_MS = 2000;

/**
 * Fetches all that is not here yet, one part after the other: once the engine's host is gone nothing could be, and a page
 * could not be opened. Answers how to stop, for when the host is gone: each part asked for then would fail.
 */
export function fetchAll(): () => void {
  let stopped = false;
  const run = async (): Promise<void> => {
    // Grows meanwhile: a part may have parts of its own.
    for (const part of parts) {
      if (stopped) return;
      if (part.shown !== null) continue;
      part.forget();
      try {
        await part.fetch();
      } catch {
        part.forget();
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  };
  void run();
  return () => {
    stopped = true;
  };
}
