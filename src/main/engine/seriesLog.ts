import type { SeriesFrame, SeriesPoint } from '../../shared/rttView.ts';
import type { WallMs } from '../../shared/units.ts';
import { Readers } from './readers.ts';

/** How many seconds of the small charts a newcomer is given. */
const KEPT_POINTS = 120;
const FIELDS = 3;

/**
 * The last two minutes of every link's small chart, one point a second, so that a reloaded page does not start empty; and
 * who is told of each new second.
 */
export class SeriesLog {
  readonly #rings = new Map<string, Ring>();
  readonly #readers = new Readers<SeriesFrame>();
  #until = 0 as WallMs;

  add(wall: WallMs, points: ReadonlyMap<string, SeriesPoint>): void {
    this.#until = wall;
    for (const name of this.#rings.keys()) if (!points.has(name)) this.#rings.delete(name);
    points.forEach((point, name) => {
      const ring = this.#rings.get(name) ?? new Ring();
      ring.add(point);
      this.#rings.set(name, ring);
    });
    if (!this.#readers.isEmpty) this.#readers.tell({ kind: 'points', wall, links: Object.fromEntries(points) });
  }

  follow(tell: (frame: SeriesFrame) => void): () => void {
    const stop = this.#readers.add(tell);
    tell(this.history());
    return stop;
  }

  history(): SeriesFrame {
    const links = Object.fromEntries([...this.#rings].map(([name, ring]) => [name, ring.points()]));
    return { kind: 'history', until: this.#until, links };
  }
}

/** Points as plain numbers, NaN for none: a tenth of what objects would take. It grows with what it holds. */
class Ring {
  #values = new Float32Array(FIELDS * 60);
  #written = 0;

  add({ p50Ms, p99Ms, samples }: SeriesPoint): void {
    const size = this.#values.length / FIELDS;
    if (this.#written === size && size < KEPT_POINTS) {
      const larger = new Float32Array(FIELDS * Math.min(KEPT_POINTS, size * 2));
      larger.set(this.#values);
      this.#values = larger;
    }
    const at = (this.#written % (this.#values.length / FIELDS)) * FIELDS;
    this.#values[at] = p50Ms ?? Number.NaN;
    this.#values[at + 1] = p99Ms ?? Number.NaN;
    this.#values[at + 2] = samples;
    this.#written += 1;
  }

  points(): SeriesPoint[] {
    const size = this.#values.length / FIELDS;
    const kept = Math.min(this.#written, size);
    return Array.from({ length: kept }, (_, i) => {
      const at = ((this.#written - kept + i) % size) * FIELDS;
      return {
        p50Ms: figure(this.#values[at]),
        p99Ms: figure(this.#values[at + 1]),
        samples: this.#values[at + 2] ?? 0,
      };
    });
  }
}

/** Three decimals of a millisecond, as they went in; `null` for none. */
function figure(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : Math.round(value * 1000) / 1000;
}
