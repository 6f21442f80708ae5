import { useEffect, useState } from 'react';
import type { DemoExchange, DemoFault } from '../../../shared/demoFault.ts';
import { newTrack } from '../../../shared/drill.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import { promisesOf } from '../../../shared/promise.ts';
import { type Terms, termsOf } from '../../../shared/promiseTerms.ts';
import { type TimelineRow, timeline } from '../../../shared/timeline.ts';
import { monoMs } from '../../../shared/units.ts';
import { selectApp, selectSettings } from '../../store/engine.ts';
import { useClient, useEngineState } from '../../store/hooks.ts';

/** What would be promised of this link now, before anything is injected. Empty until its settings are known. */
export function usePromisePreview(
  link: LinkView | null,
  exchange: DemoExchange,
  fault: DemoFault,
): readonly TimelineRow[] {
  const terms = useTerms(link?.name ?? null);
  const gateReopenMs = useEngineState((state) => selectApp(state)?.gateReopenMs ?? null);
  if (link === null || terms === null || gateReopenMs === null) return [];
  const promises = promisesOf(fault, { link, terms, exchange: exchange.name, wire: exchange.wire, gateReopenMs });
  const track = newTrack({ link: link.name, generation: 0, startAt: monoMs(0) });
  return timeline(promises, { track, alarms: [] }, { nowMs: 0, overMs: null, closed: false });
}

/** Asked again when the settings change. */
function useTerms(link: string | null): Terms | null {
  const client = useClient();
  const revision = useEngineState((state) => selectSettings(state)?.revision ?? '');
  const [known, setKnown] = useState<{ readonly link: string; readonly terms: Terms | null } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other settings, another answer
  useEffect(() => {
    if (link === null) return;
    let gone = false;
    void client.linkSettings({ link }).then((answer) => {
      // With the host gone what was known stands: it is asked again on its return.
      if (gone || (!answer.ok && answer.problem.kind === 'disconnected')) return;
      setKnown({ link, terms: answer.ok ? termsOf(answer.value) : null });
    });
    return () => {
      gone = true;
    };
  }, [client, link, revision]);
  return known?.link === link ? (known?.terms ?? null) : null;
}
