import { useCallback, useEffect, useReducer } from 'react';
import type { ApplyResult } from '../../../shared/contract.ts';
import type { Outcome } from '../../../shared/outcome.ts';
import type { SettingsView } from '../../../shared/settingsView.ts';
import { useEngine } from '../../store/hooks.ts';
import { type Draft, forgetApplied, loadStored, saveStored, startDraft, stepDraft, toStore } from './draft.ts';

/** The edit and what can be done with it. What is unsaved outlives the page. */
export function useDraft(view: SettingsView) {
  const engine = useEngine();
  const [draft, dispatch] = useReducer(stepDraft, view, (first) => startDraft(first, loadStored(first.file)));

  useEffect(() => dispatch({ kind: 'disk', disk: { revision: view.revision, text: view.text } }), [view]);

  const stored = toStore(draft);
  useEffect(() => saveStored(view.file, stored), [view.file, stored]);

  const settle = useCallback(
    (outcome: Outcome<ApplyResult>, text: string | null): ApplyResult | null => {
      if (!outcome.ok) {
        engine.notify(outcome.problem);
        dispatch({ kind: 'not-applied' });
        return null;
      }
      const result = outcome.value;
      if (result.kind === 'applied' && text !== null) {
        forgetApplied(view.file, text);
        dispatch({ kind: 'applied', disk: { revision: result.revision, text } });
      } else if (result.kind === 'conflict')
        dispatch({ kind: 'conflict', disk: { revision: result.revision, text: result.diskText } });
      else dispatch({ kind: 'not-applied' });
      return result;
    },
    [engine, view.file],
  );

  const apply = useCallback(
    async (current: Draft, overwrite: boolean, watch: boolean): Promise<ApplyResult | null> => {
      dispatch({ kind: 'applying' });
      const { client } = engine.store.getState();
      const basedOn = overwrite ? null : current.base.revision;
      return settle(await client.applySettings({ text: current.text, basedOn, watch }), current.text);
    },
    [engine, settle],
  );

  const undo = useCallback(
    async (basedOn: string): Promise<ApplyResult | null> =>
      settle(await engine.store.getState().client.undoSettings({ basedOn }), null),
    [engine, settle],
  );

  /** The edit under watch stays, and what was said of the last one goes. */
  const keep = useCallback(async (): Promise<void> => {
    const outcome = await engine.store.getState().client.keepSettings(null);
    if (!outcome.ok) engine.notify(outcome.problem);
  }, [engine]);

  return { draft, dispatch, apply, undo, keep };
}
