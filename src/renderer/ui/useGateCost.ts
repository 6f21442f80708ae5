import { gateCostMs, gateCostText } from '../gateCost.ts';
import { type EngineState, selectApp } from '../store/engine.ts';
import { useEngineState } from '../store/hooks.ts';

/** The price of new sockets that a trader pays, as it ends a sentence: the longest of these links; `null` where there is none. */
export function useGateCost(names: readonly string[]): string | null {
  const costMs = useEngineState((state) => longestCostMs(state, names));
  return costMs === null ? null : gateCostText(costMs);
}

function longestCostMs(state: EngineState, names: readonly string[]): number | null {
  const reopenMs = selectApp(state)?.gateReopenMs;
  if (reopenMs === undefined) return null;
  const costs = names.flatMap((name) => {
    const about = state.snapshot?.links[name]?.about;
    return about === undefined ? [] : (gateCostMs(about, reopenMs) ?? []);
  });
  return costs.length === 0 ? null : Math.max(...costs);
}
