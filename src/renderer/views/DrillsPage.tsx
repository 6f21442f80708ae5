import { useEffect, useState } from 'react';
import { type DemoExchange, faultInForce, faultWord } from '../../shared/demoFault.ts';
import { adjust, drillsHash } from '../route.ts';
import type { Drill } from '../store/drill.ts';
import type { DrillSet } from '../store/drillSet.ts';
import { useDrillNotes, useDrillSet } from '../store/drills.ts';
import { selectApp } from '../store/engine.ts';
import { useEngineState, useStale } from '../store/hooks.ts';
import { OFFLINE } from '../store/offline.ts';
import { PageHeading } from '../ui/PageHeading.tsx';
import { useEscToOverview } from '../ui/Shortcuts.tsx';
import { StatusMark } from '../ui/StatusMark.tsx';
import { DrillReport } from './drills/DrillReport.tsx';
import { DrillTable } from './drills/DrillTable.tsx';
import { faultOf } from './drills/faultChoice.ts';
import { Preview } from './drills/Preview.tsx';
import { SetSummary } from './drills/SetSummary.tsx';
import { Setup } from './drills/Setup.tsx';
import { useFaultChoice } from './drills/useFaultChoice.ts';
import { useFirstExchange } from './drills/useFirstExchange.ts';

/** Fire drills (row D6): a fault on a demo exchange, and what follows, measured against what the settings promise. */
export default function DrillsPage({ exchange: wanted }: { readonly exchange: string | null }) {
  const exchanges = useEngineState(selectApp)?.demo ?? [];
  useEscToOverview();
  const first = useFirstExchange(exchanges, wanted);
  const named = (which: string | null | undefined) => exchanges.find(({ name }) => name === which);
  const exchange = named(wanted) ?? named(first) ?? exchanges[0];
  if (exchange === undefined) {
    return (
      <div className="empty">
        <PageHeading>No demo exchange is running</PageHeading>
        <p>Drills work only on the demo exchanges inside Warmwire. Restart Warmwire to get them back.</p>
      </div>
    );
  }
  return <Drilling exchanges={exchanges} exchange={exchange} unknown={wanted !== null && wanted !== exchange.name} />;
}

interface Props {
  readonly exchanges: readonly DemoExchange[];
  readonly exchange: DemoExchange;
  /** The address names an exchange that there is not. */
  readonly unknown: boolean;
}

/** What stands in the main column; a drill that begins, in whichever window, is always shown. */
type Shown =
  | { readonly kind: 'promises' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'drill'; readonly id: string };

function Drilling({ exchanges, exchange, unknown }: Props) {
  const [choice, setChoice] = useFaultChoice();
  const [shown, setShown] = useState<Shown>({ kind: 'latest' });
  const drills = useDrillNotes();
  const set = useDrillSet();
  const stale = useStale();
  const here = drills.filter((drill) => drill.exchange.name === exchange.name);
  const running = here.find((drill) => drill.closed === null);
  const drill = shown.kind === 'drill' ? drills.find(({ id }) => id === shown.id) : here.at(-1);
  const report = shown.kind === 'promises' ? null : (drill ?? null);
  const runningId = running?.id;
  useEffect(() => {
    if (runningId !== undefined) setShown({ kind: 'latest' });
  }, [runningId]);
  const show = (id: string): void => setShown({ kind: 'drill', id });
  return (
    <div className="drills-page">
      <header className="drills-bar">
        <PageHeading>Drills</PageHeading>
        <p className="dim">
          Faults are injected into the demo exchanges inside Warmwire only; links to real venues are never touched.
          {unknown && ' There is no exchange of that name; this is another one.'}
        </p>
        <Elsewhere exchanges={exchanges} here={exchange.name} />
      </header>
      <div className="drills-columns">
        <Setup
          exchanges={exchanges}
          exchange={exchange}
          choice={choice}
          onExchange={(name) => {
            adjust({ view: 'drills', exchange: name });
            setShown({ kind: 'latest' });
          }}
          onChoice={(next) => {
            setChoice(next);
            if (running === undefined) setShown({ kind: 'promises' });
          }}
          blocked={blockedBy(stale, set, running)}
          setRuns={set?.state === 'running'}
        />
        <div className="drills-main">
          {report === null ? (
            <Preview exchange={exchange} fault={faultOf(choice)} />
          ) : (
            <DrillReport key={report.id} drill={report} />
          )}
          {set !== null && <SetSummary set={set} drills={drills} shown={report?.id ?? null} onShow={show} />}
          {drills.length > 0 && (
            <section className="panel" aria-label="Drills of this session">
              <h2>
                Drills of this session <span className="dim">the last 20, newest first; a restart forgets them</span>
              </h2>
              <DrillTable label="Drills" drills={drills.toReversed()} shown={report?.id ?? null} onShow={show} />
            </section>
          )}
        </div>
      </div>
    </div>
  );
}

/** A fault that is in force at another exchange is not lost from sight: it is stopped there. */
function Elsewhere({ exchanges, here }: { readonly exchanges: readonly DemoExchange[]; readonly here: string }) {
  return exchanges.map((exchange) => {
    const fault = faultInForce(exchange);
    if (exchange.name === here || fault === null) return null;
    const said = `${exchange.label} is ${faultWord(fault)}: go there`;
    return (
      <a key={exchange.name} className="drill-elsewhere" href={drillsHash(exchange.name)} title={said}>
        <StatusMark tone="warn" /> <span className="ellipsis">{said}</span>
      </a>
    );
  });
}

function blockedBy(stale: boolean, set: DrillSet | null, running: Drill | undefined): string | null {
  if (stale) return OFFLINE;
  if (set?.state === 'running') return 'A set of drills is running';
  return running === undefined ? null : 'A drill is running here: wait until what it hit has recovered, or stop it';
}
