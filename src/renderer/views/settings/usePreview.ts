import { useEffect, useState } from 'react';
import type { Preview } from '../../../shared/contract.ts';
import { useClient, useEngine } from '../../store/hooks.ts';

const TYPING_PAUSE_MS = 250;

/** What applying `text` would do, asked after each pause in typing; `null` asks nothing. `current` is false while an answer is under way. */
export function usePreview(text: string | null): { readonly preview: Preview | null; readonly current: boolean } {
  const client = useClient();
  const engine = useEngine();
  const [answer, setAnswer] = useState<{ readonly text: string; readonly preview: Preview } | null>(null);
  useEffect(() => {
    if (text === null) return undefined;
    let wanted = true;
    const timer = setTimeout(async () => {
      const outcome = await client.previewSettings({ text });
      if (!wanted) return;
      if (outcome.ok) setAnswer({ text, preview: outcome.value });
      else if (outcome.problem.kind !== 'disconnected') engine.notify(outcome.problem);
    }, TYPING_PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [client, engine, text]);
  return { preview: answer?.preview ?? null, current: text !== null && answer?.text === text };
}
