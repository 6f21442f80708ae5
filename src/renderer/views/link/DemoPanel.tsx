import { faultInForce, faultTitle, faultWord } from '../../../shared/demoFault.ts';
import { drillsHash } from '../../route.ts';
import { useCommands } from '../../store/commands.ts';
import { selectApp } from '../../store/engine.ts';
import { useEngineState } from '../../store/hooks.ts';
import { useOffline } from '../../store/offline.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
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
  const offline = useOffline();
  const blocked = offline ?? (demo === undefined ? `${label} is not running` : null);
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
          <ActionButton
            key={quick.kind}
            className="button"
            blocked={blocked}
            title={title}
            onClick={() => commands.demoFault(exchange, quick)}
          >
            {faultTitle(quick)}
          </ActionButton>
        ))}
        <ActionButton
          className="button"
          blocked={blocked}
          title="End the fault now"
          onClick={() => commands.demoFault(exchange, null)}
        >
          Recover
        </ActionButton>
        <a href={drillsHash(exchange)} title="Each fault, measured against what the settings promise">
          Drills
        </a>
      </div>
    </section>
  );
}
