import { withoutClearKeys } from '../shared/clearKey.ts';
import type { SettingsView } from '../shared/settingsView.ts';
import type { Log } from './log/log.ts';
import type { SettingsStore } from './settings/settingsStore.ts';

/** The log is told what is wrong with the settings, now and with each change, and once of each press that is not saved. */
export function logSettings(settings: SettingsStore, log: Log): void {
  const logProblems = ({ problems }: SettingsView): void => {
    for (const { severity, line, column, message, expected, nearest } of problems) {
      const wanted = expected === '' ? '' : `; expected ${expected}`;
      const meant = nearest === null ? '' : `; did you mean ${nearest}?`;
      // A message may quote its line.
      const told = withoutClearKeys(message);
      log.warn(`settings, line ${line}, column ${column}: ${told}${wanted}${meant}`, { severity });
    }
  };
  logProblems(settings.view());
  settings.subscribe(logProblems);
  let unsaved: readonly string[] = [];
  settings.subscribe((view) => {
    for (const sentence of view.unsaved) if (!unsaved.includes(sentence)) log.warn(sentence);
    unsaved = view.unsaved;
  });
}
