import type { EffectiveValue } from '../../shared/contract.ts';
import type { EngineConfig } from '../../shared/engineConfig.ts';
import type { NoticeSettings } from '../../shared/noticeRule.ts';
import type { Settings } from '../../shared/settings.ts';
import type { SettingsProblem } from '../../shared/settingsView.ts';
import { withoutFollowUps } from './followUps.ts';
import { loadSettings } from './load.ts';
import { perhapsPaused } from './perhapsPaused.ts';
import { type LiveSurroundings, resolveSettings, type Surroundings } from './resolve.ts';

/** A text and all that follows from it. */
export interface Evaluated {
  readonly text: string;
  readonly settings: Settings;
  readonly config: EngineConfig;
  readonly effective: ReadonlyMap<string, readonly EffectiveValue[]>;
  readonly poolEffective: ReadonlyMap<string, readonly EffectiveValue[]>;
  readonly notices: NoticeSettings;
}

export interface Evaluation {
  /** `null` when any problem is an error. */
  readonly good: Evaluated | null;
  /** Also with errors, as far as the text could be read. */
  readonly partial: Evaluated;
  /** The links of which it cannot be read whether they are paused; none of a text without errors. It takes its time, too. */
  readonly perhapsPaused: () => ReadonlySet<string>;
  /** What of it may run for want of anything better: `partial` without the links that may be paused. For a start: it takes its time. */
  readonly safePart: () => Evaluated;
  readonly problems: readonly SettingsProblem[];
}

/** The same with the certificate files as they are now. */
export async function evaluateNow(text: string, surroundings: LiveSurroundings): Promise<Evaluation> {
  const asked = new Set<string>();
  const readCa = (path: string) => {
    asked.add(path);
    return surroundings.readCa(path);
  };
  const evaluation = evaluate(text, { ...surroundings, readCa });
  return asked.size > 0 && (await surroundings.lookAtCa([...asked])) ? evaluate(text, surroundings) : evaluation;
}

/** Text to settings to what the engine is told, with the problems of both steps. Never throws. */
export function evaluate(text: string, surroundings: Surroundings): Evaluation {
  const loaded = loadSettings(text);
  const { settings, readable, problems: faults, locate } = loaded;
  const {
    config,
    effective,
    poolEffective,
    notices,
    problems: found,
  } = resolveSettings(readable, surroundings, locate);
  const whole = { text, settings: readable, config, effective, poolEffective, notices };
  const isGood = settings !== null && !found.some((problem) => problem.severity === 'error');
  if (isGood)
    return { good: whole, partial: whole, perhapsPaused: () => new Set(), safePart: () => whole, problems: found };
  const doubt = () => perhapsPaused(text, loaded);
  const safePart = (): Evaluated => {
    const doubtful = doubt();
    return { ...whole, config: { ...config, links: config.links.filter(({ name }) => !doubtful.has(name)) } };
  };
  const stays = settings === null ? withoutFollowUps(found, faults, namedTables(readable), locate) : found;
  return { good: null, partial: whole, perhapsPaused: doubt, safePart, problems: [...faults, ...stays].sort(byPlace) };
}

const namedTables = ({ link = {}, pool = {}, notice = {} }: Settings): (readonly [string, string])[] => [
  ...Object.keys(link).map((name) => ['link', name] as const),
  ...Object.keys(pool).map((name) => ['pool', name] as const),
  ...Object.keys(notice).map((name) => ['notice', name] as const),
];

const byPlace = (a: SettingsProblem, b: SettingsProblem): number => a.line - b.line || a.column - b.column;
