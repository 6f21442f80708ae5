import type { LinkState } from '../../../shared/linkState.ts';
import type { SeriesPoint } from '../../../shared/rttView.ts';
import { after, type MonoMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';
import type { Books } from './books.ts';
import type { Helm } from './helm.ts';
import type { Primary } from './primary.ts';
import { Remembered, STANDS_MS } from './remembered.ts';

/**
 * What is to be looked at about once a second: what the figures ask for, and one point for the charts. A link that is up
 * and to which nothing happens is at rest.
 */
export class SecondLook {
  readonly #clock: Clock;
  readonly #books: Books;
  readonly #primary: Primary;
  readonly #helm: Helm;
  readonly #point: Remembered<SeriesPoint>;
  /** Before something happens a look every few seconds is enough. Data that grow old are something. */
  #restsUntil = 0;
  #wasQuiet = false;

  constructor(clock: Clock, books: Books, primary: Primary, helm: Helm) {
    this.#clock = clock;
    this.#books = books;
    this.#primary = primary;
    this.#helm = helm;
    this.#point = new Remembered(books.revision);
  }

  get restsUntil(): number {
    return this.#restsUntil;
  }

  /** `lookedAt`: nothing had come by then since the last call. */
  tick(lookedAt: MonoMs): SeriesPoint {
    const now = this.#clock.now();
    const books = this.#books;
    const helm = this.#helm;
    const primary = this.#primary;
    primary.session?.settle();
    books.tick(lookedAt);
    const known = this.#point.at(now);
    const point = known ?? this.#point.keep(now, books.look());
    const { state } = helm.course;
    const { spares } = primary;
    if (this.#mayComplain(state) && spares.succession.because === null) {
      const what = known === null ? books.complaint() : null;
      if (what !== null && spares.replacing.wantFor({ kind: 'policy', what }) === 'begun') books.complaintMet();
      else if (state.kind === 'up') spares.look();
    }
    helm.tick();
    // Numbers that are away are given up a second after the last message, and two looks may be a little less apart.
    const rests = state.kind === 'up' && books.isQuiet && this.#wasQuiet;
    this.#restsUntil = rests ? after(now, STANDS_MS) : 0;
    this.#wasQuiet = books.isQuiet;
    return point;
  }

  /** A link that is suspect ends by its missed pings, and says so; its policy comes first only where it asks for fewer. */
  #mayComplain(state: LinkState): boolean {
    const { reconnectAfterMissed, missedPongs } = this.#primary.config().policy;
    return state.kind === 'up' || (state.kind === 'suspect' && reconnectAfterMissed < missedPongs);
  }
}
