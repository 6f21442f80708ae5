import { useState } from 'react';
import type { DemoExchange } from '../../shared/demoFault.ts';
import { faultTitle } from '../../shared/demoFault.ts';
import { linksAt } from '../store/drill.ts';
import { useDrillNotes, useDrillSet } from '../store/drills.ts';
import { selectApp, selectLinks, selectNames } from '../store/engine.ts';
import { useEngineState, useStale } from '../store/hooks.ts';
import { PageHeading } from '../ui/PageHeading.tsx';
import { useEscToOverview } from '../ui/Shortcuts.tsx';
import { DrillReport } from './drills/DrillReport.tsx';
import { DrillTable } from './drills/DrillTable.tsx';
import { type FaultChoice, FIRST_CHOICE, faultOf } from './drills/faultChoice.ts';
import { LinkLine } from './drills/LinkLine.tsx';
import { SetSummary } from './drills/SetSummary.tsx';
import { Setup } from './drills/Setup.tsx';
import { TimelineTable } from './drills/TimelineTable.tsx';
import { usePromisePreview } from './drills/usePreview.ts';

/** Fire drills (row D6): a fault on a demo exchange, and what follows, measured against what the settings promise. */
export default function DrillsPage({ exchange: wanted }: { readonly exchange: string | null }) {
  const demo = useEngineState(selectApp)?.demo ?? [];
  useEscToOverview();
  // The HTTPS exchange has no link, and so no timeline.
  const exchanges = demo.filter(({ wire }) => wire !== 'HTTPS');
  const exchange = exchanges.find(({ name }) => name === wanted) ?? exchanges[0];
  if (exchange === undefined) {
    return (
      <div className="empty">
        <PageHeading>No demo exchange runs</PageHeading>
        <p>Drills are done on the exchanges inside Warmwire only. Restart it to get them back.</p>
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

function Drilling({ exchanges, exchange, unknown }: Props) {
  const [choice, setChoice] = useState<FaultChoice>(FIRST_CHOICE);
  /** A drill of the list that is looked at; `null`: the one that runs, else the preview. */
  const [chosen, setChosen] = useState<string | null>(null);
  const drills = useDrillNotes();
  const set = useDrillSet();
  const stale = useStale();
  const running = drills.findLast((drill) => drill.closed === null && drill.exchange.name === exchange.name);
  const latest = drills.findLast((drill) => drill.exchange.name === exchange.name);
  const shown = drills.find(({ id }) => id === chosen) ?? running ?? latest ?? null;
  const setRuns = set?.state === 'running';
  const blocked = stale
    ? 'There is no connection to Warmwire'
    : setRuns
      ? 'A set of drills runs'
      : running !== undefined
        ? 'A drill runs here: its link must have recovered first'
        : null;
  return (
    <div className="drills-page">
      <header className="drills-bar">
        <PageHeading>Fire drills</PageHeading>
        <p className="dim">
          Faults are injected into the demo exchanges inside Warmwire only; links to real venues are never touched.
          {unknown && ' There is no exchange of that name; this is the first.'}
        </p>
      </header>
      <div className="drills-columns">
        <Setup
          exchanges={exchanges}
          exchange={exchange}
          choice={choice}
          onChoice={(next) => {
            setChoice(next);
            setChosen(PREVIEW);
          }}
          blocked={blocked}
          setRuns={setRuns}
        />
        <div className="drills-main">
          {shown === null || (chosen === PREVIEW && running === undefined) ? (
            <Preview exchange={exchange} choice={choice} />
          ) : (
            <DrillReport key={shown.id} drill={shown} />
          )}
          {set !== null && <SetSummary set={set} drills={drills} shown={shown?.id ?? null} onShow={setChosen} />}
          {drills.length > 0 && (
            <section className="panel" aria-label="Drills of this session">
              <h2>
                Drills of this session <span className="dim">the last 20, newest first; a restart forgets them</span>
              </h2>
              <DrillTable label="Drills" drills={drills.toReversed()} shown={shown?.id ?? null} onShow={setChosen} />
            </section>
          )}
        </div>
      </div>
    </div>
  );
}

/** Chosen when a person changes what is to be drilled: what would be promised is shown then. */
const PREVIEW = '';

function Preview({ exchange, choice }: { readonly exchange: DemoExchange; readonly choice: FaultChoice }) {
  const order = useEngineState(selectNames);
  const links = useEngineState(selectLinks);
  const link = links === null ? null : (linksAt(exchange.name, { order, links })[0] ?? null);
  const fault = faultOf(choice);
  const rows = usePromisePreview(link, exchange, fault);
  return (
    <section className="panel drill-report" aria-label="Promises">
      <div className="panel-head">
        <h2>
          What is promised{' '}
          <span className="dim">
            before {faultTitle(fault)} on {exchange.label}
          </span>
        </h2>
        <span className="drill-clock">–</span>
      </div>
      {link === null ? (
        <p className="nothing">No link stands at {exchange.label}, or it is paused: nobody would notice.</p>
      ) : (
        <>
          <LinkLine name={link.name} />
          <p className="drill-result dim">Not started. These are the promises of {link.name} as it is now.</p>
          <TimelineTable
            label={`Promises of ${link.name}`}
            rows={rows}
            fault={{ title: faultTitle(fault), begun: false }}
          />
        </>
      )}
    </section>
  );
}
