import { useSyncExternalStore } from 'react';
import { selectSettings } from '../store/engine.ts';
import { useEngineState } from '../store/hooks.ts';
import { readStored } from '../views/settings/storedDraft.ts';
import { useKeptEdit } from '../views/settings/useKeptEdit.ts';
import { keptHere } from './kept.ts';

/** At the way to the settings: this window has an edit of them that is not applied. In a place of its own: it moves nothing. */
export function UnsavedMark() {
  const settings = useEngineState(selectSettings);
  const kept = useKeptEdit(settings?.file ?? null);
  const draft = useSyncExternalStore(keptHere.subscribe, () => kept?.read('draft') ?? null);
  const unwritten = useSyncExternalStore(keptHere.subscribe, () => kept?.read('unwritten') ?? null);
  const left = readStored(draft);
  const unsaved = unwritten !== null || (left !== null && left.text !== settings?.text);
  if (!unsaved) return null;
  return (
    <span className="unsaved-mark" title="An edit of the settings is not applied">
      <span className="visually-hidden">, edit not applied</span>
    </span>
  );
}
