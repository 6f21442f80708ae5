import { explain } from '../../src/main/settings/explain.ts';
import type { Surroundings } from '../../src/main/settings/resolve.ts';
import { evaluate } from '../../src/main/settings/running.ts';
import type { ApplyResult, EffectiveValue, Preview } from '../../src/shared/contract.ts';
import { failed } from '../../src/shared/outcome.ts';
import {
  NO_FILE,
  type ProbationView,
  type RunningText,
  type SettingsProblem,
  type SettingsView,
} from '../../src/shared/settingsView.ts';
import { readDocument } from '../../src/shared/toml/document.ts';
import { setValue } from '../../src/shared/toml/edit.ts';
import { nodeAt } from '../../src/shared/toml/toml.ts';

const NO_SURROUNDINGS: Surroundings = {
  presets: new Map(),
  demoAddresses: new Map(),
  demoCa: null,
  readCa: (path) => failed('no-file', 'there is no such file', path, 'check the path'),
};

/** A settings file that is made up: knows one wrong key, one changed number and which links are there and paused, which is enough for the page. */
export class FakeSettings {
  readonly #listeners = new Set<(view: SettingsView) => void>();
  readonly #names: readonly string[];
  #text: string;
  #before: string | null = null;
  #revision = 1;
  #missing = false;
  #empty = false;
  #stand: RunningText = 'this file';
  /** The host takes so long before it applies anything. */
  busy: Promise<unknown> = Promise.resolve();
  /** The host takes so long before it says what a text would do. */
  thinking: Promise<unknown> = Promise.resolve();
  /** The next apply comes too late, as when somebody else has just written the file. */
  conflictOnce = false;
  readonly #probationListeners = new Set<(view: ProbationView) => void>();
  #probation: ProbationView = { kind: 'none' };

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#text = sample(names);
  }

  get text(): string {
    return this.#text;
  }

  /** Another program writes the file. */
  writeOutside(text: string): void {
    this.#write(text);
  }

  /** Pause or Resume, as the host writes it. */
  press(link: string, enabled: boolean): void {
    const pressed = (text: string): string => {
      const edited = setValue(text, ['link', link, 'enabled'], enabled);
      return edited.ok && linksIn(text).has(link) ? edited.value : text;
    };
    if (this.#before !== null) this.#before = pressed(this.#before);
    if (linksIn(this.#text).get(link) !== enabled) this.#write(pressed(this.#text));
  }

  /** The file is deleted; its text is still known, unless there is no copy of it either. */
  remove(known = true): void {
    if (!known) this.#text = '';
    this.#missing = true;
    this.#tell();
  }

  listen(listener: (view: SettingsView) => void): () => void {
    this.#listeners.add(listener);
    listener(this.view());
    return () => this.#listeners.delete(listener);
  }

  preview(text: string): Preview {
    const problems = problemsOf(text);
    const from = /^ping_interval_secs = (\S+)/m.exec(this.#text)?.[1] ?? '';
    const to = /^ping_interval_secs = (\S+)/m.exec(text)?.[1] ?? '';
    const changes: Preview['changes'] = [
      ...(text.trim() === '' ? this.#names.map((link) => ({ link, effect: 'removed' as const, keys: [] })) : []),
      ...linkChanges(linksIn(this.#text), linksIn(text)),
      ...(from === to
        ? []
        : [
            {
              link: 'demo-tokyo',
              effect: 'live' as const,
              keys: [{ key: 'ping_interval_secs', from, to, effect: 'live' as const }],
            },
          ]),
      ...(text.includes('ws_pong_timeout_secs')
        ? this.#names.map((link) => ({
            link,
            effect: 'live' as const,
            keys: [{ key: 'pong_timeout_secs', from: '5', to: '4', effect: 'live' as const }],
          }))
        : []),
      ...(text.includes('[link.new-venue]') ? [{ link: 'new-venue', effect: 'added' as const, keys: [] }] : []),
      ...(text.includes('compression = true')
        ? [
            {
              link: 'okx-spot',
              effect: 'redial' as const,
              keys: [{ key: 'compression', from: 'false', to: 'true', effect: 'redial' as const }],
            },
          ]
        : []),
    ];
    return problems.some((problem) => problem.severity === 'error') ? { problems, changes: [] } : { problems, changes };
  }

  /** The real values of a text, as far as they need no preset. */
  explain(text: string, path: readonly string[]): readonly EffectiveValue[] {
    return explain(evaluate(text, NO_SURROUNDINGS).partial, path);
  }

  listenToProbation(listener: (view: ProbationView) => void): () => void {
    this.#probationListeners.add(listener);
    listener(this.#probation);
    return () => this.#probationListeners.delete(listener);
  }

  setProbation(view: ProbationView): void {
    this.#probation = view;
    for (const listener of this.#probationListeners) listener(view);
  }

  /** Whether the edit applied last is to be watched. */
  watched: boolean | undefined;

  apply(text: string, basedOn: string | null, watch?: boolean): ApplyResult {
    const late = this.conflictOnce || (basedOn !== null && basedOn !== this.#name);
    this.conflictOnce = false;
    if (late) return { kind: 'conflict', diskText: this.#text, revision: this.#name };
    const { problems, changes } = this.preview(text);
    if (problems.some((problem) => problem.severity === 'error')) return { kind: 'problems', problems };
    this.#before = this.#text;
    this.watched = watch;
    this.#write(text);
    return { kind: 'applied', changes, revision: this.#name };
  }

  undo(): ApplyResult {
    const before = this.#before ?? this.#text;
    const { changes } = this.preview(before);
    this.#before = null;
    this.#write(before);
    return { kind: 'applied', changes, revision: this.#name };
  }

  /** The file had errors at the start, and this runs in its place. */
  startedWith(running: RunningText, text: string): void {
    this.#stand = running;
    this.#write(text);
  }

  /** It was found empty at the start: what ran last goes on, and is what is shown. */
  emptied(): void {
    this.#empty = true;
    this.#tell();
  }

  #write(text: string): void {
    this.#text = text;
    this.#revision += 1;
    this.#missing = false;
    this.#empty = false;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.view());
  }

  get #name(): string {
    return this.#missing ? NO_FILE : `r${this.#revision}`;
  }

  view(): SettingsView {
    return {
      file: '/home/trader/.config/warmwire/warmwire.toml',
      text: this.#text,
      revision: this.#name,
      problems: problemsOf(this.#text),
      running: this.#missing || this.#empty ? 'the last good settings' : this.#stand,
      fileTrouble: this.#missing ? 'the settings file is gone' : this.#empty ? 'the settings file is empty' : null,
      undoText: this.#before,
      unsaved: [],
      news: 0,
    };
  }
}

/** Each link of a text that can be read, and whether it is enabled. */
function linksIn(text: string): ReadonlyMap<string, boolean> {
  const reading = readDocument(text);
  const links = reading.ok ? nodeAt(reading.document.root, ['link']) : null;
  if (links?.kind !== 'table') return new Map();
  return new Map(
    [...links.entries.values()].map(({ name, node }) => {
      const enabled = node.kind === 'table' ? node.entries.get('enabled')?.node : undefined;
      return [name, enabled?.kind !== 'scalar' || enabled.value !== false];
    }),
  );
}

/** Of links that were there before; a text that cannot be read ends none. */
function linkChanges(from: ReadonlyMap<string, boolean>, to: ReadonlyMap<string, boolean>): Preview['changes'] {
  if (to.size === 0) return [];
  return [...from].flatMap(([link, enabled]): Preview['changes'] => {
    const now = to.get(link);
    if (now === undefined) return [{ link, effect: 'removed', keys: [] }];
    return now === enabled ? [] : [{ link, effect: now ? 'resumed' : 'paused', keys: [] }];
  });
}

function problemsOf(text: string): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.startsWith('png_interval_secs')) {
      problems.push({
        severity: 'error',
        line: i + 1,
        column: 1,
        endLine: i + 1,
        endColumn: 18,
        path: 'link.demo-tokyo.png_interval_secs',
        message: 'there is no such key',
        expected: 'one of the keys of a link',
        nearest: 'ping_interval_secs',
      });
    }
    if (line.includes('ws_ping_interval_secs = 60')) {
      problems.push({
        severity: 'notice',
        line: i + 1,
        column: 25,
        endLine: i + 1,
        endColumn: 27,
        path: 'connection.ws_ping_interval_secs',
        message: 'held at 15 s for demo-tokyo, because the venue cuts a client that is silent for 30 s',
        expected: '',
        nearest: null,
      });
    }
  }
  return problems;
}

function sample(names: readonly string[]): string {
  return [
    '# Warmwire settings. Comments and order stay as they are.',
    '',
    '[connection]                      # for all links',
    'ws_ping_interval_secs = 60',
    'ws_initial_reconnect_delay_ms = 100',
    'ws_jitter_factor = 0.1',
    '',
    '[link.demo-tokyo]',
    'preset = "demo_tokyo"',
    'url = "demo://tokyo"',
    'profile = "trading"',
    'ping_interval_secs = 1            # seconds',
    'subscribe = ["ticker:BTC-USD", "ticker:ETH-USD", "trades:BTC-USD"]',
    '',
    ...names
      .filter((name) => name !== 'demo-tokyo')
      .flatMap((name) => [`[link.${JSON.stringify(name)}]`, `preset = "plain"`, 'enabled = true', '']),
  ].join('\n');
}
