import { duration, timeOfDay } from '../format.ts';
import { selectApp, selectConnection } from '../store/engine.ts';
import { useEngine, useEngineState, useStale } from '../store/hooks.ts';
import { tickedNow, useTicked } from '../store/ticker.ts';
import { Bar } from './Bar.tsx';
import { NotInForce } from './NotInForce.tsx';
import { TakenBack } from './TakenBack.tsx';

/** Says that what is shown is old, since when, and what is being done; and the program's own troubles. */
export function StaleBar() {
  const warnings = useEngineState(selectApp)?.warnings;
  return (
    <div aria-live="polite">
      <Lost />
      <NotInForce />
      {warnings?.map((warning) => (
        <Bar tone="warn" key={warning}>
          {warning}
        </Bar>
      ))}
      <TakenBack />
    </div>
  );
}

function Lost() {
  const engine = useEngine();
  const connection = useEngineState(selectConnection);
  const stale = useStale();
  const loaded = useEngineState((state) => state.snapshot !== null);
  const silentFor = useTicked(() => duration(tickedNow() - engine.store.getState().heardAt));
  const retryIn = useTicked(() =>
    connection.kind === 'lost' ? Math.max(0, Math.ceil((connection.retryAt - tickedNow()) / 1000)) : 0,
  );
  if (connection.kind === 'lost') {
    return (
      <Bar tone="bad">
        <strong>
          {loaded
            ? `Old numbers: no connection to Warmwire’s engine since ${timeOfDay(connection.sinceWall)}.`
            : 'No connection to Warmwire’s engine.'}
        </strong>
        <span aria-hidden="true">{retryIn === 0 ? 'Trying now…' : `Next try in ${retryIn} s`}</span>
        <button type="button" onClick={engine.retryNow}>
          Try now
        </button>
      </Bar>
    );
  }
  if (!stale || !loaded) return null;
  return (
    <Bar tone="bad">
      <strong>Old numbers:</strong> the engine has said nothing for <span aria-hidden="true">{silentFor}</span>
    </Bar>
  );
}
