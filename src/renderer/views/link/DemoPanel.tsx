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

/** Injects a fault into the demo exchange behind this link (row D6), to watch what Warmwire does. */
export function DemoPanel({ exchange }: { readonly exchange: string }) {
  const commands = useCommands();
  const demo = useEngineState(selectApp)?.demo.find((entry) => entry.name === exchange);
  return (
    <section className="panel demo">
      <h2>
        Demo exchange <span className="dim">{demo?.label ?? exchange}</span>
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
