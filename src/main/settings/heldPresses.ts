import type { ApplyResult } from '../../shared/contract.ts';
import type { EngineConfig } from '../../shared/engineConfig.ts';
import { failed, type Problem } from '../../shared/outcome.ts';
import type { Settings } from '../../shared/settings.ts';

export type SaveResult = Exclude<ApplyResult, { kind: 'conflict' }>;

interface Held {
  readonly enabled: boolean;
  /** What the settings that ran said when it was pressed. */
  readonly before: boolean | undefined;
  /** Why the last try to save it failed, `null` before the first. */
  readonly trouble: Problem | null;
}

/** What is wanted of links against what their settings say, by name. */
export type Wanted = ReadonlyMap<string, boolean>;

/**
 * Presses of Pause and Resume that are in force and not in the file yet. One of them holds until it is saved, until the
 * settings say the same, until its link is gone, or until the person decides otherwise.
 */
export class HeldPresses {
  readonly #held = new Map<string, Held>();

  get size(): number {
    return this.#held.size;
  }

  hold(link: string, enabled: boolean, settings: Settings): void {
    const before = this.#held.get(link)?.before ?? enabledIn(settings, link);
    this.#held.set(link, { enabled, before, trouble: null });
  }

  /** False when none was held. */
  drop(link: string): boolean {
    return this.#held.delete(link);
  }

  failed(link: string, trouble: Problem): void {
    const held = this.#held.get(link);
    if (held !== undefined) this.#held.set(link, { ...held, trouble });
  }

  /** Those that stay with these settings; a text that a person applies decides where it says something new. */
  staying(settings: Settings, applied: boolean): Wanted {
    const staying = [...this.#held].filter(([link, held]) => {
      if (linkOf(settings, link) === undefined || isEnabled(settings, link) === held.enabled) return false;
      return !(applied && this.#saysOtherwise(link, held, settings));
    });
    return new Map(staying.map(([link, { enabled }]) => [link, enabled]));
  }

  keepOnly(staying: Wanted): void {
    for (const link of this.#held.keys()) if (!staying.has(link)) this.#held.delete(link);
  }

  /** Those that belong into a text with these settings: where it says nothing new itself. */
  toSave(settings: Settings): Wanted {
    const open = [...this.#held].filter(([link, held]) => !this.#saysOtherwise(link, held, settings));
    return new Map(open.map(([link, { enabled }]) => [link, enabled]));
  }

  /** One sentence for each. `fileTrouble`: why the file is not what runs, `null` when it is. */
  sentences(settings: Settings, fileTrouble: string | null): string[] {
    return [...this.#held].map(([link, held]) => {
      const state = `${link} is ${held.enabled ? 'resumed' : 'paused'}; not yet saved`;
      if (fileTrouble !== null) {
        return `${state}: ${fileTrouble}. It holds while Warmwire runs, and is saved once the file is good again`;
      }
      if (this.#saysOtherwise(link, held, settings)) {
        const back = held.enabled ? 'Pause' : 'Resume';
        return `${state}: the file now says enabled = ${!held.enabled}. It holds while Warmwire runs, until you press ${back}`;
      }
      const why = held.trouble?.message ?? 'the file is being written';
      return `${state}: ${why}. It holds while Warmwire runs, and saving is tried again`;
    });
  }

  #saysOtherwise(link: string, held: Held, settings: Settings): boolean {
    const now = enabledIn(settings, link);
    return now !== undefined && now !== held.before && now !== held.enabled;
  }
}

/**
 * Why a text with a press in it was not taken, `null` when it was. The text was right when it came; what it names may be
 * gone by now, as a certificate.
 */
export function whyNotTaken(saved: SaveResult, file: string): Problem | null {
  if (saved.kind === 'applied') return null;
  // Not its line: that is a line of the text with the press in it.
  const { path, message } = saved.problems.find(({ severity }) => severity === 'error') ?? { path: '', message: '' };
  const what = `the settings file has a problem now: ${path === '' ? '' : `${path}: `}${message}`;
  return failed('problems', what, file, 'repair the file on the Settings page').problem;
}

export function withPresses(config: EngineConfig, wanted: Wanted): EngineConfig {
  if (wanted.size === 0) return config;
  return {
    ...config,
    links: config.links.map((link) => ({ ...link, enabled: wanted.get(link.name) ?? link.enabled })),
  };
}

/** Not `settings.link[link]`: a link may be called `constructor`. */
export function linkOf(settings: Settings, link: string) {
  const links = settings.link ?? {};
  return Object.hasOwn(links, link) ? links[link] : undefined;
}

const enabledIn = (settings: Settings, link: string): boolean | undefined => linkOf(settings, link)?.enabled;
export const isEnabled = (settings: Settings, link: string): boolean => enabledIn(settings, link) ?? true;
