import { faultInForce, faultTitle, faultWord } from '../../../shared/demoFault.ts';
import { drillsHash } from '../../route.ts';
import { useCommands } from '../../store/commands.ts';
import { selectApp } from '../../store/engine.ts';
import { useEngineState } from '../../store/hooks.ts';
import { QUICK_FAULTS } from '../drills/quickFaults.ts';

/** The quickest faults of the demo exchange behind this link (row D6), at each of its addresses; drills have a page. */
export function DemoPanel({ exchanges }: { readonly exchanges: readonly string[] }) {
  return exchanges.map((exchange) => <Faults key={exchange} exchange={exchange} />);
}

function Faults({ exchange }: { readonly exchange: string }) {
  const commands = useCommands();
  const demo = useEngineState(selectApp)?.demo.find((entry) => entry.name === exchange);
  const label = demo?.label ?? exchange;
  const fault = demo === undefined ? null : faultInForce(demo);
  const secsLeft = demo?.injection?.secsLeft;
  return (
    <section className="panel demo" aria-label={`Demo exchange ${label}`}>
      <div className="panel-head">
        <h2>
          Demo exchange <span className="dim">{label}</span>
        </h2>
        <span className="demo-state">
          <span role="status">
            {demo === undefined ? 'not running' : fault === null ? 'no fault' : faultWord(fault)}
          </span>
          {fault !== null && secsLeft !== undefined && `, ${secsLeft} s left`}
        </span>
      </div>
      <div className="demo-row">
        {QUICK_FAULTS.map(({ fault: quick, title }) => (
          <button
            key={quick.kind}
            type="button"
            className="button"
            title={title}
            disabled={demo === undefined}
            onClick={() => commands.demoFault(exchange, quick)}
          >
            {faultTitle(quick)}
          </button>
        ))}
        <button
          type="button"
          className="button"
          title="End the fault now"
          disabled={demo === undefined}
          onClick={() => commands.demoFault(exchange, null)}
        >
          Recover
        </button>
        <a href={drillsHash(exchange)} title="Each fault, measured against what the settings promise">
          Drills
        </a>
      </div>
    </section>
  );
}
