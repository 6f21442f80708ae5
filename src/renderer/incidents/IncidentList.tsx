import { useMemo, useState } from 'react';
import type { Incident } from '../../shared/incident.ts';
import { plural } from '../format.ts';
import { Awaited } from '../ui/Awaited.tsx';
import { CopyIncidents } from './CopyIncidents.tsx';
import { IncidentEntry } from './IncidentEntry.tsx';
import { inOrder } from './incidentText.ts';

interface Props {
  /** Oldest first; `null` while the engine has not told any. */
  readonly incidents: readonly Incident[] | null;
  /** Names the link of each, where they are of several. */
  readonly ofSeveral?: boolean;
  /** Stands where there is none. */
  readonly none: string;
}

/** Incidents of one link or of many: what is open first, then the newest, each with what it rests on. */
export function IncidentList({ incidents, ofSeveral = false, none }: Props) {
  const [open, setOpen] = useState<string | null>(null);
  const ordered = useMemo(() => inOrder(incidents ?? []), [incidents]);
  const running = ordered.filter(({ closedAt }) => closedAt === null).length;
  return (
    <section className="panel incidents" aria-label="Incidents">
      <div className="panel-head">
        <h2>
          Incidents{' '}
          <span className="dim">
            {plural(ordered.length, 'incident')}, {running} not over; since the engine started, the last 200 of all
            links
          </span>
        </h2>
        <CopyIncidents incidents={incidents ?? []} which="all incidents" />
      </div>
      {ordered.length === 0 ? (
        <p className="nothing">{incidents === null ? <Awaited /> : none}</p>
      ) : (
        <ul>
          {ordered.map((incident) => (
            <IncidentEntry
              key={incident.id}
              incident={incident}
              named={ofSeveral}
              open={incident.id === open}
              onToggle={() => setOpen(incident.id === open ? null : incident.id)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
