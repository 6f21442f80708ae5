import type { SeriesFrame, SeriesPoint } from '../../shared/snapshot.ts';
import type { WallMs } from '../../shared/units.ts';

/** How many seconds of chart a newcomer is given. */
const KEPT_POINTS = 600;

/** The last ten minutes of every link's chart, one point a second, so that a reloaded page does not start empty. */
export class SeriesLog {
  readonly #points = new Map<string, SeriesPoint[]>();
  #until = 0 as WallMs;

  add(wall: WallMs, points: ReadonlyMap<string, SeriesPoint>): SeriesFrame {
    this.#until = wall;
    for (const name of this.#points.keys()) if (!points.has(name)) this.#points.delete(name);
    for (const [name, point] of points) {
      const kept = this.#points.get(name) ?? [];
      kept.push(point);
      if (kept.length > KEPT_POINTS) kept.shift();
      this.#points.set(name, kept);
    }
    return { kind: 'points', wall, links: Object.fromEntries(points) };
  }

  history(): SeriesFrame {
    return { kind: 'history', until: this.#until, links: Object.fromEntries(this.#points) };
  }
}
