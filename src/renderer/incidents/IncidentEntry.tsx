import type { Incident, Lapse } from '../../shared/incident.ts';
import { blameText } from '../../shared/verdict/verdict.ts';
import { count, duration, NOTHING, timeOfDay } from '../format.ts';
import { useAtNow } from '../store/hooks.ts';
import { Fact } from '../ui/Figure.tsx';
import { NowMark } from '../ui/NowMark.tsx';
import { CopyIncidents } from './CopyIncidents.tsx';
import { endText, furtherEvidence, headline, lapseText, leadingVerdict, lengthMs } from './incidentText.ts';

interface Props {
  readonly incident: Incident;
  readonly named: boolean;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** One incident as a line, and on demand what it rests on. */
export function IncidentEntry({ incident, named, open, onToggle }: Props) {
  const { link, openedAt, closedAt, what, worst, end } = incident;
  const verdict = leadingVerdict(incident);
  const cost = useAtNow((now) => headline(incident, now), NOTHING);
  const over = closedAt !== null;
  return (
    <li className={over ? 'incident' : 'incident not-over'}>
      <button type="button" className="incident-head" aria-expanded={open} onClick={onToggle}>
        <NowMark tone={over ? 'idle' : worst === 'unhealthy' ? 'bad' : 'warn'} />
        <span className="when">
          <time dateTime={new Date(openedAt).toISOString()}>{dayAndTime(openedAt)}</time>
        </span>
        <span className="num" title="How long the trading gate was closed; where it stayed open, how long it lasted">
          {cost}
        </span>
        <span className="cause">
          <strong>{verdict?.cause ?? 'no verdict'}</strong>
          <span className="dim">
            {verdict === null ? ' yet, or none is needed' : ` – ${verdict.certainty}, ${blameText(verdict.blame)}`}
          </span>
        </span>
        <span className="what" title={what}>
          {named && (
            <>
              <bdi>{link}</bdi>:{' '}
            </>
          )}
          {what}
        </span>
        <span className={over ? 'dim end' : 'word-warn end'}>{endText(end)}</span>
      </button>
      {open && <Particulars incident={incident} />}
    </li>
  );
}

function Particulars({ incident }: { readonly incident: Incident }) {
  const { verdicts, worst, generations, relapses, id } = incident;
  const length = useAtNow((now) => duration(lengthMs(incident, now)), NOTHING);
  return (
    <div className="incident-body" data-incident={id}>
      <dl className="facts two">
        <Fact label="Not healthy for">{length}</Fact>
        <Fact label="Without an open socket">
          <Lasting lapse={incident.down} />
        </Fact>
        <Fact label="Trading gate closed" title="Until the gate opened again, which may be after the link was healthy">
          <Lasting lapse={incident.gateClosed} />
        </Fact>
        <Fact label="Worst health">{worst}</Fact>
        <Fact label={generations.from === generations.to ? 'Socket' : 'Sockets'}>
          {generations.from === generations.to ? `#${generations.from}` : `#${generations.from} to #${generations.to}`}
        </Fact>
        <Fact label="Relapses" title="How often it was healthy for less than 10 s in between">
          {count(relapses)}
        </Fact>
      </dl>
      {verdicts.length === 0 && <p className="nothing">No verdict: nothing was found that explains it.</p>}
      {verdicts.map((verdict) => (
        <div key={verdict.cause}>
          <strong>{verdict.cause}</strong> – {verdict.certainty}, {blameText(verdict.blame)}
          <ul className="evidence">
            {furtherEvidence(incident, verdict).map((clause) => (
              <li key={clause}>{clause}</li>
            ))}
          </ul>
        </div>
      ))}
      <div className="incident-copy">
        <CopyIncidents incidents={[incident]} which="this incident" />
      </div>
    </div>
  );
}

function Lasting({ lapse }: { readonly lapse: Lapse }) {
  return useAtNow((now) => lapseText(lapse, now), NOTHING);
}

/** Local; the day only where it is not today. */
function dayAndTime(wall: number): string {
  const at = new Date(wall);
  const today = new Date().toDateString() === at.toDateString();
  return today ? timeOfDay(wall) : `${at.toLocaleDateString('sv-SE')} ${timeOfDay(wall)}`;
}
