import type { SettingsView } from '../../shared/settingsView.ts';
import type { DiskState } from './diskState.ts';
import type { InForce } from './inForce.ts';

/** What the pages are shown. `copyTrouble`: why no copy of what runs is kept, `null` when one is. */
export function viewOf(
  file: string,
  { text, revision, problems, trouble }: DiskState,
  { source, fileRuns, held, heldBack, running, undo }: InForce,
  copyTrouble: string | null,
  news: number,
): SettingsView {
  const whyNotFile = fileRuns ? null : (trouble ?? 'the settings file has problems');
  const unsaved = [...heldBack, ...held.sentences(running.settings, whyNotFile)];
  return {
    file,
    text,
    revision,
    problems,
    running: source,
    fileTrouble: trouble,
    undoText: fileRuns ? undo.text : null,
    unsaved: copyTrouble === null ? unsaved : [...unsaved, copyTrouble],
    news,
  };
}
