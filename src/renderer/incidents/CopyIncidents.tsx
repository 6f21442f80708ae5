import type { Incident } from '../../shared/incident.ts';
import { engineNow, useEngine } from '../store/hooks.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { incidentsCsv, incidentsJson } from './incidentText.ts';

interface Props {
  readonly incidents: readonly Incident[];
  /** As in `Copy all incidents as CSV`. */
  readonly which: string;
}

/** Row S2: the same as CSV and as JSON, as of the moment of the click. */
export function CopyIncidents({ incidents, which }: Props) {
  const { store } = useEngine();
  const blocked = incidents.length === 0 ? 'There is no incident to copy' : null;
  const as = (make: typeof incidentsCsv) => (): string => {
    const now = engineNow(store.getState(), performance.now());
    return now === null ? '' : make(incidents, now);
  };
  return (
    <>
      <CopyButton label="CSV" title={`Copy ${which} as CSV`} blocked={blocked} text={as(incidentsCsv)} />
      <CopyButton label="JSON" title={`Copy ${which} as JSON`} blocked={blocked} text={as(incidentsJson)} />
    </>
  );
}
