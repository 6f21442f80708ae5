import { isPaused } from '../../standing.ts';
import type { EngineState } from '../../store/engine.ts';
import { useEngineState } from '../../store/hooks.ts';

/** The way to the first real venue, as long as only demo exchanges are connected. */
export function AddVenueHint() {
  if (!useEngineState(onlyDemoRuns)) return null;
  return (
    <p className="add-hint">
      These are demo exchanges. <a href="#/add">Add your venue…</a>
    </p>
  );
}

function onlyDemoRuns({ snapshot }: EngineState): boolean {
  let runs = false;
  for (const name of snapshot?.order ?? []) {
    const link = snapshot?.links[name];
    if (link === undefined || isPaused(link)) continue;
    if (!link.about.demo) return false;
    runs = true;
  }
  return runs;
}
