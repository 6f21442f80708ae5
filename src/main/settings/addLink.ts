import type { DraftedLink } from '../../shared/contract.ts';
import type { LinkConfig } from '../../shared/engineConfig.ts';
import { failed, type Outcome, ok } from '../../shared/outcome.ts';
import type { SettingsProblem, SettingsView } from '../../shared/settingsView.ts';
import { readDocument } from '../../shared/toml/document.ts';
import { editText, type Value } from '../../shared/toml/edit.ts';
import { linesOf } from '../../shared/toml/tables.ts';
import { START } from '../../shared/toml/toml.ts';
import type { LinkDraft, TrialInput } from '../../shared/trial.ts';
import { loadSettings } from './load.ts';
import type { Surroundings } from './resolve.ts';
import { evaluate } from './running.ts';

type Entry = readonly [key: string, value: Value];
type Disk = Pick<SettingsView, 'text' | 'revision'>;

/** The settings text with one link more, and what is wrong with it. Nothing is written. */
export function draftLink(draft: LinkDraft, disk: Disk, surroundings: Surroundings): Outcome<DraftedLink> {
  const { name } = draft;
  if (Object.hasOwn(loadSettings(disk.text).readable.link ?? {}, name)) {
    return failed('name-taken', `there is already a link named ${name}`, 'the settings file', 'choose another name');
  }
  if (name.trim() !== name || name === '') {
    return failed('bad-name', 'a name has no spaces around it and is not empty', 'the name', 'choose another name');
  }
  const path = ['link', name];
  const added = editText(disk.text, { kind: 'add', path, keys: entriesOf(draft) });
  if (!added.ok) return added;
  const text = added.value;
  const { block, line } = placeOf(text, path);
  const until = line + block.split('\n').length;
  const isOwn = (problem: SettingsProblem): boolean => problem.line >= line && problem.line < until;
  const { problems } = evaluate(text, surroundings);
  return ok({
    text,
    basedOn: disk.revision,
    block,
    line,
    problems: problems.filter(isOwn),
    otherProblems: problems.filter((problem) => !isOwn(problem)),
  });
}

/** What the engine would be told of such a link, by the same rules and with the same `[connection]`. */
export function trialConfig(
  input: TrialInput,
  text: string,
  surroundings: Surroundings,
): { readonly config: LinkConfig } | { readonly problems: readonly SettingsProblem[] } {
  const name = freeName(text);
  const draft: LinkDraft = { ...input, name, profile: null, standby: false };
  // A file that cannot be read keeps nobody from trying a venue.
  const [drafted] = [text, ''].flatMap((base) => {
    const outcome = draftLink(draft, { text: base, revision: '' }, surroundings);
    return outcome.ok ? [outcome.value] : [];
  });
  if (drafted === undefined) return { problems: [NO_TOML] };
  const config = evaluate(drafted.text, surroundings).partial.config.links.find((link) => link.name === name);
  const errors = drafted.problems.filter(({ severity }) => severity === 'error');
  return config === undefined || errors.length > 0 ? { problems: errors } : { config };
}

function placeOf(text: string, path: readonly string[]): { readonly block: string; readonly line: number } {
  const reading = readDocument(text);
  const found = reading.ok ? linesOf(reading.document, path) : null;
  if (found === null) throw new Error(`${path.join('.')} was added and cannot be found`);
  return found;
}

function freeName(text: string): string {
  const taken = loadSettings(text).readable.link ?? {};
  let name = 'trial';
  for (let copy = 2; Object.hasOwn(taken, name); copy++) name = `trial-${copy}`;
  return name;
}

const NO_TOML: SettingsProblem = {
  severity: 'error',
  ...START,
  path: '',
  message: 'half of a character stands in the address, a symbol or a message',
  expected: 'whole characters',
  nearest: null,
};

/** Only what was chosen: everything else stays with the preset and `[connection]`. */
function entriesOf({ preset, url, profile, subscribe, subscribeRaw, standby }: LinkDraft): readonly Entry[] {
  const rows: (Entry | null)[] = [
    preset === null ? null : ['preset', preset],
    url === null ? null : ['url', url],
    profile === null ? null : ['profile', profile],
    subscribe.length === 0 ? null : ['subscribe', subscribe],
    subscribeRaw.length === 0 ? null : ['subscribe_raw', subscribeRaw],
    standby ? ['standby', true] : null,
    ['enabled', true],
  ];
  return rows.flatMap((row) => (row === null ? [] : [row]));
}
