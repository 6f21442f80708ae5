import type { EffectiveValue, Preview } from '../../../shared/contract.ts';
import type { SettingsView } from '../../../shared/settingsView.ts';
import { useAfterPause } from './useAfterPause.ts';

interface Previewed {
  readonly preview: Preview | null;
  /** Whether that is of this very text. */
  readonly ofText: boolean;
  /** Whether it is of this text and compares with what does not run any more. */
  readonly outdated: boolean;
  readonly current: boolean;
}

/** What applying `text` would do to what runs; `null` asks nothing. Asked again when either changes. */
export function usePreview(text: string | null, view: SettingsView): Previewed {
  const now = JSON.stringify([view.revision, view.running, view.unsaved, view.lateCertificates]);
  const { answer, current } = useAfterPause(text === null ? null : `${now}\n${text}`, async (client) => {
    const outcome = await client.previewSettings({ text: text ?? '' });
    return outcome.ok ? { ok: true, value: { now, text, preview: outcome.value } } : outcome;
  });
  const ofText = answer !== null && answer.text === text;
  return { preview: answer?.preview ?? null, ofText, outdated: ofText && answer.now !== now, current };
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
