import type { ApplyResult } from '../../shared/contract.ts';
import type { EngineConfig } from '../../shared/engineConfig.ts';
import { failed, type Problem } from '../../shared/outcome.ts';
import type { Settings } from '../../shared/settings.ts';
import { setValue } from '../../shared/toml/edit.ts';

export type SaveResult = Exclude<ApplyResult, { kind: 'conflict' }>;

interface Held {
  readonly enabled: boolean;
  /** What the settings that ran said when it was pressed, or when its turn at the file had come. */
  readonly before: boolean | undefined;
  /** Why the last try to save it failed, `null` before the first. */
  readonly trouble: Problem | null;
  /** Its number until its turn at the file has come: so long it is newer than whatever comes from there. */
  readonly turn: number | null;
}

/** What is wanted of links against what their settings say, by name. */
export type Wanted = ReadonlyMap<string, boolean>;

/**
 * Presses of Pause and Resume that are in force and not in the file yet. One of them holds until it is saved, until the
 * settings say the same, until its link is gone, or until the person decides otherwise.
 */
export class HeldPresses {
  readonly #held = new Map<string, Held>();
  #presses = 0;

  /** Also what the settings say already: a file with an earlier press may be under way. Answers its number. */
  hold(link: string, enabled: boolean, settings: Settings): number {
    this.#presses += 1;
    this.#held.set(link, { enabled, before: enabledIn(settings, link), trouble: null, turn: this.#presses });
    return this.#presses;
  }

  /** Its turn at the file has come. `turn`: its number, `null` for one that could not be held before. The newest press of a link counts. */
  settle(link: string, enabled: boolean, settings: Settings, turn: number | null): void {
    if ((this.#held.get(link)?.turn ?? null) !== turn) return;
    if (isEnabled(settings, link) === enabled) this.#held.delete(link);
    else this.#held.set(link, { enabled, before: enabledIn(settings, link), trouble: null, turn: null });
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

  /** The settings that are to run from now on. */
  keepOnly(settings: Settings, applied: boolean): void {
    const staying = this.staying(settings, applied);
    for (const [link, { turn }] of this.#held) {
      const waits = turn !== null && linkOf(settings, link) !== undefined;
      if (!waits && !staying.has(link)) this.#held.delete(link);
    }
  }

  /** Those that belong into a text with these settings: where it says nothing new itself. */
  toSave(settings: Settings): Wanted {
    return this.staying(settings, true);
  }

  /** The text with these in it, as far as they find a place there. */
  writtenInto(text: string, wanted: Wanted): string {
    let written = text;
    for (const [link, enabled] of wanted) {
      const edited = setValue(written, ['link', link, 'enabled'], enabled);
      if (edited.ok) written = edited.value;
      else this.failed(link, edited.problem);
    }
    return written;
  }

  /** One sentence for each. `fileTrouble`: why the file is not what runs, `null` when it is. */
  sentences(settings: Settings, fileTrouble: string | null): string[] {
    const differing = [...this.#held].filter(([link, held]) => isEnabled(settings, link) !== held.enabled);
    return differing.flatMap(([link, held]) => {
      const state = `${link} is ${held.enabled ? 'resumed' : 'paused'}; not yet saved`;
      if (fileTrouble !== null) {
        return `${state}: ${fileTrouble}. It holds while Warmwire runs, and is saved once the file is good again`;
      }
      if (this.#saysOtherwise(link, held, settings)) {
        const back = held.enabled ? 'Pause' : 'Resume';
        return `${state}: the file now says enabled = ${!held.enabled}. It holds while Warmwire runs, until you press ${back}`;
      }
      // Its turn comes at once, unless something holds it up.
      if (held.turn !== null && held.trouble === null) return [];
      const why = held.trouble?.message ?? 'the file is being written';
      const then = held.trouble?.kind === 'cannot-edit' ? 'once the file is another' : 'again';
      return `${state}: ${why}. It holds while Warmwire runs, and saving is tried ${then}`;
    });
  }

  #saysOtherwise(link: string, held: Held, settings: Settings): boolean {
    const now = enabledIn(settings, link);
    return held.turn === null && now !== undefined && now !== held.before && now !== held.enabled;
  }
}

export const HELD_UP = failed(
  'held-up',
  'the disk, or another program that writes the file, holds it up',
  'the settings file',
  'look at the disk',
).problem;

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
