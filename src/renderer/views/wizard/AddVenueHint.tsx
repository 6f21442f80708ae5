import { isPaused } from '../../standing.ts';
import { selectLinks, selectNames } from '../../store/engine.ts';
import { useEngineState } from '../../store/hooks.ts';

/** The way to the first real venue, as long as only demo exchanges are connected. */
export function AddVenueHint() {
  const names = useEngineState(selectNames);
  const links = useEngineState(selectLinks);
  const running = names.flatMap((name) => links?.[name] ?? []).filter((link) => !isPaused(link));
  if (running.length === 0 || running.some((link) => !link.about.demo)) return null;
  return (
    <p className="add-hint">
      These are demo exchanges. <a href="#/add">Add your venue…</a>
    </p>
  );
}
