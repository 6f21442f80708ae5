import { useEffect, useState } from 'react';
import type { EffectiveValue } from '../../../shared/contract.ts';
import type { DemoExchange, DemoFault } from '../../../shared/demoFault.ts';
import type { PoolView } from '../../../shared/pool.ts';
import { newPoolTrack, type PoolMilestone, sightOf } from '../../../shared/poolDrill.ts';
import { poolTimeline } from '../../../shared/poolTimeline.ts';
import type { TimelineRow } from '../../../shared/timeline.ts';
import { monoMs } from '../../../shared/units.ts';
import { selectSettings } from '../../store/engine.ts';
import { useAtNow, useClient, useEngineState } from '../../store/hooks.ts';
import { promisesOfPool } from '../../store/poolDrill.ts';

/** What would be promised of this pool now, before anything is injected. Empty until its settings are known. */
export function usePoolPreview(
  pool: PoolView | null,
  exchange: DemoExchange,
  fault: DemoFault,
): readonly TimelineRow<PoolMilestone>[] {
  const settings = useSettingsOf(pool?.name ?? null);
  // The time until the next refresh counts: to the second is enough.
  const startAt = monoMs(useAtNow((now) => Math.floor(now / 1000) * 1000, 0));
  if (pool === null || settings === null) return [];
  const promises = promisesOfPool(exchange.name, fault, pool, startAt, settings);
  const origin = `demo://${exchange.name}`;
  const before = sightOf(pool, origin);
  if (promises === null || before === null) return [];
  const track = newPoolTrack({ origin, before, startAt, slowerMs: null });
  return poolTimeline(promises, track, { nowMs: 0, overMs: null, closed: false });
}

/** Asked again when the settings change. */
function useSettingsOf(pool: string | null): readonly EffectiveValue[] | null {
  const client = useClient();
  const revision = useEngineState((state) => selectSettings(state)?.revision ?? '');
  const [known, setKnown] = useState<{ readonly pool: string; readonly values: readonly EffectiveValue[] } | null>(
    null,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: other settings, another answer
  useEffect(() => {
    if (pool === null) return;
    let gone = false;
    void client.poolSettings({ pool }).then((answer) => {
      if (!gone && answer.ok) setKnown({ pool, values: answer.value });
    });
    return () => {
      gone = true;
    };
  }, [client, pool, revision]);
  return known?.pool === pool ? (known?.values ?? null) : null;
}
