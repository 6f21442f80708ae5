import {
  DEMO_FAULT_KINDS,
  type DemoExchange,
  faultInForce,
  faultRefusal,
  faultWord,
} from '../../../shared/demoFault.ts';
import { whereItStands } from '../../store/drill.ts';
import { useDrills } from '../../store/drills.ts';
import { useEngine } from '../../store/hooks.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { NowMark } from '../../ui/NowMark.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import {
  FAULT_TEXT,
  type FaultChoice,
  faultOf,
  PARAMETERS,
  type Parameter,
  parametersOf,
  setFor,
  whatItDoes,
} from './faultChoice.ts';
import { shortLabel, standsText } from './standingLook.ts';
import { useIsKnown, WhoStands } from './WhoStands.tsx';

interface Props {
  readonly exchanges: readonly DemoExchange[];
  readonly exchange: DemoExchange;
  readonly choice: FaultChoice;
  readonly onExchange: (name: string) => void;
  readonly onChoice: (choice: FaultChoice) => void;
  /** Why nothing can be started now, `null` if it can. */
  readonly blocked: string | null;
  readonly setRuns: boolean;
}

/** What is to be drilled: exchange, fault, parameters, and the buttons that do it. */
export function Setup({ exchanges, exchange, choice, onExchange, onChoice, blocked: busy, setRuns }: Props) {
  const { book, sets } = useDrills();
  const { store } = useEngine();
  const whereNow = (): string => {
    const { snapshot } = store.getState();
    return snapshot === null ? exchange.name : whereItStands(exchange.name, snapshot);
  };
  const blocked = useIsKnown(exchange) ? busy : (busy ?? `${standsText(exchange)}: nobody would notice`);
  const refusal = faultRefusal(choice.kind, exchange.wire);
  const fault = faultInForce(exchange);
  return (
    <section className="panel drill-setup" aria-label="Drill">
      <Segmented
        label="Exchange"
        options={exchanges.map(({ name, label, wire }) => ({
          value: name,
          text: shortLabel({ label }),
          title: `${label}, ${wire}`,
        }))}
        value={exchange.name}
        onChange={onExchange}
      />
      <Faults exchange={exchange} choice={choice} onChoice={onChoice} />
      <div className="drill-parameters">
        {parametersOf(choice.kind).map((parameter) => (
          <Choice key={parameter} parameter={parameter} choice={choice} onChoice={onChoice} />
        ))}
      </div>
      <p className="drill-state">
        <NowMark tone={fault === null ? 'idle' : 'warn'} />
        <span>
          {exchange.label}{' '}
          {fault === null ? 'has no fault' : `is ${faultWord(fault)}, ${exchange.injection?.secsLeft ?? 0} s left`}
        </span>
      </p>
      <WhoStands exchanges={exchanges} exchange={exchange} onExchange={onExchange} />
      <div className="drill-buttons">
        <ActionButton
          className="button primary"
          blocked={blocked ?? refusal}
          title="Inject this fault and time what follows"
          onClick={() => void book.inject(exchange.name, faultOf(choice))}
        >
          Start drill
        </ActionButton>
        <ActionButton
          className="button"
          blocked={fault === null && !setRuns ? 'There is nothing to stop' : null}
          title="End the fault now"
          onClick={() => (setRuns ? sets.cancel() : void book.inject(exchange.name, null))}
        >
          Stop
        </ActionButton>
        <ActionButton
          className="button"
          blocked={blocked}
          title={`${setFor(exchange.wire).length} drills, one after the other; each waits until the link may be traded on again`}
          onClick={() => void sets.start(exchange.label, whereNow, setFor(exchange.wire))}
        >
          Drill all
        </ActionButton>
      </div>
    </section>
  );
}

type FaultsProps = Pick<Props, 'exchange' | 'choice' | 'onChoice'>;

function Faults({ exchange, choice, onChoice }: FaultsProps) {
  return (
    <fieldset className="drill-faults" aria-label="Fault">
      {DEMO_FAULT_KINDS.map((kind) => {
        const refusal = faultRefusal(kind, exchange.wire);
        const { name } = FAULT_TEXT[kind];
        return (
          <ActionButton
            key={kind}
            className="drill-fault"
            aria-pressed={kind === choice.kind}
            blocked={refusal}
            onClick={() => onChoice({ ...choice, kind })}
          >
            <b>{name}</b> <span>{refusal === null ? whatItDoes(kind, exchange.wire) : `not here: ${refusal}`}</span>
          </ActionButton>
        );
      })}
    </fieldset>
  );
}

type ChoiceProps = Pick<Props, 'choice' | 'onChoice'> & { readonly parameter: Parameter };

function Choice({ parameter, choice, onChoice }: ChoiceProps) {
  const { label, unit, values } = PARAMETERS[parameter];
  return (
    <div className="drill-parameter">
      <span className="dim">{label}</span>
      <Segmented
        label={`${label}, ${unit}`}
        options={values.map((value) => ({ value, text: String(value) }))}
        value={choice[parameter]}
        onChange={(value) => onChoice({ ...choice, [parameter]: value })}
      />
      <span className="unit">{unit}</span>
    </div>
  );
}
