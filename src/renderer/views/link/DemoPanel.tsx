import type { DemoFault } from '../../../shared/contract.ts';
import { useCommands } from '../../store/commands.ts';
import { selectApp } from '../../store/engine.ts';
import { useEngineState } from '../../store/hooks.ts';

const SECONDS = 10;
const FAULTS: readonly { readonly fault: DemoFault; readonly text: string; readonly title: string }[] = [
  { fault: 'drop', text: 'Drop', title: 'Cut every client’s connection once' },
  { fault: 'freeze', text: `Freeze ${SECONDS} s`, title: 'Keep connections open, answer nothing' },
  { fault: 'refuse', text: `Refuse ${SECONDS} s`, title: 'Cut, and refuse every new connection' },
  { fault: 'recover', text: 'Recover', title: 'End the fault now' },
];

/** Injects faults into the demo exchange behind this link (row D6), at each of its addresses, to watch what Warmwire does. */
export function DemoPanel({ exchanges }: { readonly exchanges: readonly string[] }) {
  return exchanges.map((exchange) => <Faults key={exchange} exchange={exchange} />);
}

function Faults({ exchange }: { readonly exchange: string }) {
  const commands = useCommands();
  const demo = useEngineState(selectApp)?.demo.find((entry) => entry.name === exchange);
  const label = demo?.label ?? exchange;
  return (
    <section className="panel demo" aria-label={`Demo exchange ${label}`}>
      <h2>
        Demo exchange <span className="dim">{label}</span>
      </h2>
      <div className="demo-row">
        {FAULTS.map(({ fault, text, title }) => (
          <button
            key={fault}
            type="button"
            className="button"
            title={title}
            disabled={demo === undefined}
            onClick={() => commands.demoFault(exchange, fault, SECONDS)}
          >
            {text}
          </button>
        ))}
        <span className="demo-state" role="status">
          {demo === undefined ? 'not running' : faultText(demo.fault, demo.faultSecsLeft)}
        </span>
      </div>
    </section>
  );
}

function faultText(fault: 'none' | 'frozen' | 'refusing', secsLeft: number | null): string {
  if (fault === 'none') return 'no fault';
  return secsLeft === null ? fault : `${fault}, ${Math.ceil(secsLeft)} s left`;
}
