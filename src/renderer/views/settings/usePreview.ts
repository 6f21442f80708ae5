import type { EffectiveValue, Preview } from '../../../shared/contract.ts';
import { useAfterPause } from './useAfterPause.ts';

/** What applying `text` would do; `null` asks nothing. `current` is false while an answer is under way. */
export function usePreview(text: string | null): { readonly preview: Preview | null; readonly current: boolean } {
  const { answer, current } = useAfterPause(text, (client) => client.previewSettings({ text: text ?? '' }));
  return { preview: answer, current };
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
