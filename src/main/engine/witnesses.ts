import type { Lineup } from './lineup.ts';
import { STANDS_MS } from './link/remembered.ts';
import { Glances, type Revisions } from './link/revision.ts';
import type { Clock } from './ports.ts';
import type { Witness } from './witness.ts';

interface Seen {
  witness(): Witness;
}

/** All links as the inquiry sees them: each is asked anew where something has happened to it, or after a while. */
export class Witnesses {
  readonly #clock: Clock;
  readonly #lineup: () => Lineup<Seen>;
  readonly #glances: Glances;
  #of: Lineup<Seen> | null = null;
  #all: Witness[] = [];

  constructor(clock: Clock, revisions: Revisions, lineup: () => Lineup<Seen>) {
    this.#clock = clock;
    this.#lineup = lineup;
    this.#glances = new Glances(revisions);
  }

  /** In the order of the settings; to be read now, not kept. */
  all(): readonly Witness[] {
    const now = this.#clock.now();
    const lineup = this.#lineup();
    const { links, places } = lineup;
    const areOthers = lineup !== this.#of;
    if (areOthers) this.#all = [];
    this.#of = lineup;
    for (const [index, place] of places.entries()) {
      if (!areOthers && !this.#glances.isDue(place, now)) continue;
      this.#all[index] = (links[index] as Seen).witness();
      this.#glances.saw(place, now + STANDS_MS);
    }
    return this.#all;
  }
}
