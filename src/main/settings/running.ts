import type { EffectiveValue } from '../../shared/contract.ts';
import type { EngineConfig } from '../../shared/engineConfig.ts';
import type { Settings } from '../../shared/settings.ts';
import type { SettingsProblem } from '../../shared/settingsView.ts';
import { loadSettings } from './load.ts';
import { resolveSettings, type Surroundings } from './resolve.ts';

/** A text and all that follows from it. */
export interface Evaluated {
  readonly text: string;
  readonly settings: Settings;
  readonly config: EngineConfig;
  readonly effective: ReadonlyMap<string, readonly EffectiveValue[]>;
  readonly poolEffective: ReadonlyMap<string, readonly EffectiveValue[]>;
}

export interface Evaluation {
  /** `null` when any problem is an error. */
  readonly good: Evaluated | null;
  /** Also with errors, as far as the text could be read; for want of anything better. */
  readonly partial: Evaluated;
  readonly problems: readonly SettingsProblem[];
}

/** Text to settings to what the engine is told, with the problems of both steps. Never throws. */
export function evaluate(text: string, surroundings: Surroundings): Evaluation {
  const { settings, problems, locate } = loadSettings(text);
  const resolved = resolveSettings(settings ?? {}, surroundings, locate);
  const { config, effective, poolEffective } = resolved;
  const all = [...problems, ...resolved.problems];
  const partial = { text, settings: settings ?? {}, config, effective, poolEffective };
  return { good: all.some((problem) => problem.severity === 'error') ? null : partial, partial, problems: all };
}
