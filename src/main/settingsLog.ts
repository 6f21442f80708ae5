import { withoutClearKeys } from '../shared/clearKey.ts';
import type { SettingsProblem, SettingsView } from '../shared/settingsView.ts';
import type { Log } from './log/log.ts';
import type { SettingsStore } from './settings/settingsStore.ts';

/** The log is told what is wrong with the settings, and what is not saved: now, and each once when it is new. */
export function logSettings(settings: SettingsStore, log: Log): void {
  let known: ReadonlySet<string> = new Set();
  const logProblems = ({ problems }: SettingsView): void => {
    const now = new Map(problems.map((problem) => [sentenceOf(problem), problem.severity]));
    for (const [sentence, severity] of now) if (!known.has(sentence)) log.warn(sentence, { severity });
    known = new Set(now.keys());
  };
  let unsaved: readonly string[] = [];
  const look = (view: SettingsView): void => {
    logProblems(view);
    for (const sentence of view.unsaved) if (!unsaved.includes(sentence)) log.warn(sentence);
    unsaved = view.unsaved;
  };
  look(settings.view());
  settings.subscribe(look);
}

function sentenceOf({ line, column, message, expected, nearest }: SettingsProblem): string {
  const wanted = expected === '' ? '' : `; expected ${expected}`;
  const meant = nearest === null ? '' : `; did you mean ${nearest}?`;
  // A message may name what is not there.
  return `settings, line ${line}, column ${column}: ${withoutClearKeys(message)}${wanted}${meant}`;
}
