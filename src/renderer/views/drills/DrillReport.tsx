import { useState } from 'react';
import { faultTitle } from '../../../shared/demoFault.ts';
import { resultText, scoreText } from '../../../shared/drillText.ts';
import { monoMs } from '../../../shared/units.ts';
import { timeOfDay } from '../../format.ts';
import { type Drill, momentOf, nobodyText, stallsText, subjectsOf } from '../../store/drill.ts';
import { besideText } from '../../store/drillBeside.ts';
import { useAtNow } from '../../store/hooks.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { CopyDrill } from './CopyDrill.tsx';
import { LinkLine } from './LinkLine.tsx';
import { PoolLine } from './PoolLine.tsx';
import { standsText } from './standingLook.ts';
import { TimelineTable } from './TimelineTable.tsx';

/** One drill, running or over: its clock, what it comes to in words, and its timeline. */
export function DrillReport({ drill }: { readonly drill: Drill }) {
  const [chosen, setChosen] = useState<string | null>(null);
  // A closed drill stands still; a running one is looked at four times a second.
  const now = useAtNow((at) => (drill.closed === null ? at : 0), 0);
  const moment = momentOf(drill, monoMs(now));
  const subjects = subjectsOf(drill, moment);
  const subject = subjects.find(({ name }) => name === chosen) ?? subjects[0];
  const rows = subject?.rows ?? [];
  const result = resultText(rows, `the ${subject?.kind ?? 'link'}`);
  const title = faultTitle(drill.injection.fault);
  const stalls = stallsText(drill, rows);
  const nobody = nobodyText(drill);
  const score = nobody === '' ? scoreText(rows) : nobody;
  return (
    <section className="panel drill-report" aria-label="Timeline">
      <div className="panel-head">
        <h2>
          {title}{' '}
          <span className="dim">
            on {drill.exchange.label} at {timeOfDay(drill.injection.at, true)}
          </span>
        </h2>
        {subjects.length > 1 && (
          <Segmented
            label="Link"
            options={subjects.map(({ name }) => ({ value: name, text: name }))}
            value={subject?.name ?? ''}
            onChange={setChosen}
          />
        )}
        {subject !== undefined && <CopyDrill drill={drill} name={subject.name} rows={rows} />}
        <span className="drill-clock" role="timer" aria-label="Since the fault began">
          {(moment.nowMs / 1000).toFixed(1)} s
        </span>
      </div>
      {subject === undefined ? (
        <p className="nothing">
          {standsText(drill.exchange)}: there is nobody to watch. Its fault is real all the same.
        </p>
      ) : (
        <>
          {subject.kind === 'link' ? <LinkLine name={subject.name} /> : <PoolLine name={subject.name} />}
          <p className="drill-result" data-testid="drill-result">
            <strong>{stageText(drill)}</strong> {result}
            {drill.closed !== null && <span className="dim"> · {score}</span>}
            {stalls !== '' && <span className="word-warn"> {stalls}</span>}
          </p>
          <TimelineTable
            label={`Timeline of ${subject.name}`}
            rows={rows}
            fault={{ title, begun: true }}
            over={drill.closed !== null}
          />
          <p className="foot drill-beside" data-testid="drill-beside">
            {besideText(drill)}
          </p>
        </>
      )}
      <p className="visually-hidden" role="status">
        {drill.closed === null || subject === undefined ? '' : `Drill over: ${result}; ${score}`}
      </p>
    </section>
  );
}

function stageText({ closed, injection }: Drill): string {
  if (closed === null) return injection.endedAt === null ? 'The fault is on:' : 'The fault is over, recovering:';
  if (closed.why === 'settled') return 'Over:';
  return closed.why === 'cut short' ? 'Ended before its time:' : 'The engine was restarted:';
}
