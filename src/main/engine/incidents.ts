import type { LinkEvent } from '../../shared/events.ts';
import { INCIDENTS_KEPT, type Incident, type IncidentsUpdate } from '../../shared/incident.ts';
import { type IncidentTrack, NEW_TRACK, removeTrack, stepIncident, toldIncidents } from '../../shared/incidentTrack.ts';
import type { MonoMs } from '../../shared/units.ts';
import { Readers } from './readers.ts';

/** The last incidents of all links, kept and told as the events come in (row S2). */
export class Incidents {
  readonly #tracks = new Map<string, IncidentTrack>();
  /** By id, in the order in which they opened. */
  readonly #kept = new Map<string, Incident>();
  readonly #readers = new Readers<IncidentsUpdate>();

  note(event: LinkEvent): void {
    const before = this.#tracks.get(event.link) ?? NEW_TRACK;
    this.#keep(event.link, before, stepIncident(before, event));
  }

  /** The link was taken out: what is open of it ends now. */
  forget(link: string, by: 'settings' | 'shutdown', now: MonoMs): void {
    const track = this.#tracks.get(link);
    if (track === undefined) return;
    this.#keep(link, track, removeTrack(track, by, now));
    this.#tracks.delete(link);
  }

  follow(tell: (update: IncidentsUpdate) => void): () => void {
    const stop = this.#readers.add(tell);
    tell({ kind: 'whole', incidents: [...this.#kept.values()] });
    return stop;
  }

  #keep(link: string, before: IncidentTrack, after: IncidentTrack): void {
    if (before === after) return;
    this.#tracks.set(link, after);
    const told = toldIncidents(before, after);
    if (told.length === 0) return;
    for (const incident of told) this.#kept.set(incident.id, incident);
    for (const id of this.#kept.keys()) {
      if (this.#kept.size <= INCIDENTS_KEPT) break;
      this.#kept.delete(id);
    }
    this.#readers.tell({ kind: 'change', incidents: told });
  }
}
