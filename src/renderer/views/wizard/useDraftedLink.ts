import { useEffect, useState } from 'react';
import type { DraftedLink } from '../../../shared/contract.ts';
import type { Outcome } from '../../../shared/outcome.ts';
import type { LinkDraft } from '../../../shared/trial.ts';
import { selectSettings } from '../../store/engine.ts';
import { useClient, useEngineState } from '../../store/hooks.ts';

const TYPING_PAUSE_MS = 200;

/** How the link would stand in the settings file as it is now; asked anew when either changes. */
export function useDraftedLink(draft: LinkDraft): {
  readonly drafted: Outcome<DraftedLink> | null;
  readonly current: boolean;
} {
  const client = useClient();
  const revision = useEngineState((state) => selectSettings(state)?.revision ?? null);
  const [answer, setAnswer] = useState<{ readonly to: string; readonly outcome: Outcome<DraftedLink> } | null>(null);
  const text = JSON.stringify(draft);
  const question = `${revision} ${text}`;
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(async () => {
      const outcome = await client.draftLink(JSON.parse(text) as LinkDraft);
      if (wanted) setAnswer({ to: question, outcome });
    }, TYPING_PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [client, question, text]);
  return { drafted: answer?.outcome ?? null, current: answer?.to === question };
}
