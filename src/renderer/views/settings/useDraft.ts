import { useCallback, useEffect, useReducer } from 'react';
import type { ApplyResult } from '../../../shared/contract.ts';
import type { Outcome } from '../../../shared/outcome.ts';
import type { SettingsView } from '../../../shared/settingsView.ts';
import { useEngine } from '../../store/hooks.ts';
import { askNow } from '../../store/offline.ts';
import { type Draft, startDraft, stepDraft, toStore } from './draft.ts';
import type { KeptEdit } from './keptEdit.ts';
import { isKeptEdit } from './storedDraft.ts';

/** The edit and what can be done with it. What is unsaved outlives the page. */
export function useDraft(view: SettingsView, kept: KeptEdit) {
  const engine = useEngine();
  const [draft, dispatch] = useReducer(stepDraft, view, (first) => startDraft(first, kept.read('draft')));

  useEffect(() => dispatch({ kind: 'disk', disk: { revision: view.revision, text: view.text } }), [view]);

  const stored = toStore(draft);
  useEffect(() => kept.keep('draft', stored), [kept, stored]);

  const settle = useCallback(
    (outcome: Outcome<ApplyResult>, text: string | null): ApplyResult | null => {
      if (!outcome.ok) {
        engine.notify(outcome.problem);
        dispatch({ kind: 'not-applied' });
        return null;
      }
      const result = outcome.value;
      if (result.kind === 'applied' && text !== null) {
        // Also after its page was left: what is kept of it is no edit any more.
        if (isKeptEdit(kept.read('draft'), text)) kept.keep('draft', null);
        dispatch({ kind: 'applied', disk: { revision: result.revision, text } });
      } else if (result.kind === 'conflict')
        dispatch({ kind: 'conflict', disk: { revision: result.revision, text: result.diskText } });
      else dispatch({ kind: 'not-applied' });
      return result;
    },
    [engine, kept],
  );

  const apply = useCallback(
    async (current: Draft, overwrite: boolean, watch: boolean): Promise<ApplyResult | null> => {
      dispatch({ kind: 'applying' });
      const asked = { text: current.text, basedOn: overwrite ? null : current.base.revision, watch };
      return settle(await askNow(engine, (client) => client.applySettings(asked)), current.text);
    },
    [engine, settle],
  );

  const undo = useCallback(
    async (basedOn: string): Promise<ApplyResult | null> =>
      settle(await askNow(engine, (client) => client.undoSettings({ basedOn })), null),
    [engine, settle],
  );

  /** The edit under watch stays, and what was said of the last one goes. */
  const keep = useCallback(async (): Promise<void> => {
    const outcome = await askNow(engine, (client) => client.keepSettings(null));
    if (!outcome.ok) engine.notify(outcome.problem);
  }, [engine]);

  return { draft, dispatch, apply, undo, keep };
}
