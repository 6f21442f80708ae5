import type { Incident, IncidentsUpdate } from '../../src/shared/incident.ts';
import { type MonoMs, monoMs, wallMs } from '../../src/shared/units.ts';
import { type FakeWall, realWall } from './fakeTime.ts';

/** The incidents of made-up links: a few of the past, and what a test adds. */
export class FakeIncidents {
  readonly #wall: FakeWall;
  readonly #incidents: Incident[];
  readonly #readers = new Set<(update: IncidentsUpdate) => void>();

  constructor(now: MonoMs, wall: FakeWall = realWall) {
    this.#wall = wall;
    const ago = (ms: number) => wallMs(wall() - ms);
    const past = (agoMs: number, change: Partial<Incident>) => incident(now, agoMs, change, wall);
    this.#incidents = [
      past(3_600_000, { what: 'closed by the venue with 1012 "service restart"', closedAt: ago(3_598_200) }),
      past(900_000, {
        what: '3 pings in a row unanswered, nothing received for 3.2 s',
        worst: 'unhealthy',
        closedAt: ago(861_000),
        down: { ms: 37_400, since: null },
        gateClosed: { ms: 62_000, since: null },
        relapses: 1,
        generations: { from: 2, to: 5 },
        end: { kind: 'reconnected', attempt: 4 },
        verdicts: [
          {
            cause: 'half-open',
            blame: 'path',
            certainty: 'likely',
            evidence: [
              '3 pings in a row unanswered',
              'writes still succeeded',
              '0 of 1 other links to this venue lost',
            ],
          },
        ],
      }),
    ];
  }

  follow(tell: (update: IncidentsUpdate) => void): () => void {
    this.#readers.add(tell);
    tell({ kind: 'whole', incidents: this.#incidents });
    return () => void this.#readers.delete(tell);
  }

  put(change: Partial<Incident>, now: MonoMs, agoMs = 0): void {
    const made = incident(now, agoMs, change, this.#wall);
    const at = this.#incidents.findIndex(({ id }) => id === made.id);
    if (at >= 0) this.#incidents[at] = made;
    else this.#incidents.push(made);
    for (const tell of this.#readers) tell({ kind: 'change', incidents: [made] });
  }
}

export function incident(
  now: MonoMs,
  agoMs: number,
  change: Partial<Incident> = {},
  wall: FakeWall = realWall,
): Incident {
  return {
    id: `past-${agoMs}`,
    link: 'demo-tokyo',
    openedAt: wallMs(wall() - agoMs),
    since: monoMs(now - agoMs),
    closedAt: null,
    generations: { from: 1, to: 2 },
    what: 'the connection was cut',
    worst: 'degraded',
    verdicts: [
      { cause: 'venue restart', blame: 'venue', certainty: 'sure', evidence: ['close 1012 "service restart"'] },
    ],
    down: { ms: 240, since: null },
    gateClosed: { ms: 21_000, since: null },
    relapses: 0,
    end: change.closedAt == null ? null : { kind: 'reconnected', attempt: 1 },
    ...change,
  };
}
