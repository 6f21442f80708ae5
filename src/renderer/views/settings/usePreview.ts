import type { EffectiveValue, Preview } from '../../../shared/contract.ts';
import type { SettingsView } from '../../../shared/settingsView.ts';
import { useStale } from '../../store/hooks.ts';
import { useAfterPause } from './useAfterPause.ts';

/** What the host says of a text. Only an answer is of this very text: else `preview` is of an earlier one, `null` before any. */
export type Previewed =
  /** `outdated`: it compares with what does not run any more. */
  | { readonly kind: 'answered'; readonly preview: Preview; readonly outdated: boolean }
  | { readonly kind: 'checking'; readonly preview: Preview | null }
  /** The engine is away: nobody looks at it. */
  | { readonly kind: 'not checked'; readonly preview: Preview | null };

/** Of this text and of what runs now. */
export const isCurrent = (previewed: Previewed): boolean => previewed.kind === 'answered' && !previewed.outdated;

/** What applying `text` would do to what runs; `null` asks nothing. Asked again when either changes. */
export function usePreview(text: string | null, view: SettingsView): Previewed {
  const now = JSON.stringify([view.revision, view.running, view.unsaved, view.news]);
  const offline = useStale();
  const { answer } = useAfterPause(text === null ? null : `${now}\n${text}`, async (client) => {
    const outcome = await client.previewSettings({ text: text ?? '' });
    return outcome.ok ? { ok: true, value: { now, text, preview: outcome.value } } : outcome;
  });
  if (answer !== null && answer.text === text) {
    return { kind: 'answered', preview: answer.preview, outdated: answer.now !== now };
  }
  return { kind: offline ? 'not checked' : 'checking', preview: answer?.preview ?? null };
}

const NOTHING: readonly EffectiveValue[] = [];

/** The values of one table of the text, and where each comes from; nothing of another table while an answer is under way. */
export function useExplained(text: string, path: readonly string[]): readonly EffectiveValue[] {
  const table = JSON.stringify(path);
  const { answer } = useAfterPause(`${table}\n${text}`, async (client) => {
    const outcome = await client.explainSettings({ text, path: [...path] });
    return outcome.ok ? { ok: true, value: { table, rows: outcome.value } } : outcome;
  });
  return answer?.table === table ? answer.rows : NOTHING;
}
