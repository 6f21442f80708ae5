import type { GateView } from '../../shared/gate.ts';
import type { LinkView } from '../../shared/linkView.ts';
import { sharing } from '../../shared/same.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import type { Verdict } from '../../shared/verdict/verdict.ts';
import type { Gates } from './gates.ts';
import type { Inquiry } from './inquiry.ts';
import type { Link } from './link/link.ts';
import { Glances, type Revisions } from './link/revision.ts';
import type { SkewMeter } from './skew.ts';

/** Percentages and totals of an idle link are this old at most. */
const IDLE_VIEW_MS = 5_000;
/** So old at most is what is not a clock or a count, of a healthy link that nothing happened to but messages. */
const PLAIN_VIEW_MS = 1_000;

export interface LinkViewsParts {
  readonly revisions: Revisions;
  readonly inquiry: Inquiry;
  readonly gates: Gates;
  readonly skew: SkewMeter;
  /** Takes secrets out of what is told. */
  readonly clean: <T>(value: T) => T;
}

interface Known {
  readonly view: LinkView;
  readonly revision: number;
  readonly structure: number;
  readonly verdicts: readonly Verdict[];
  readonly gate: GateView;
  /** When all of it was made. */
  readonly at: MonoMs;
}

/** Links as everybody sees them. One of which nothing but time has changed is looked at anew only now and then. */
export class LinkViews {
  readonly #parts: LinkViewsParts;
  readonly #known = new WeakMap<Link, Known>();
  readonly #glances: Glances;

  constructor(parts: LinkViewsParts) {
    this.#parts = parts;
    this.#glances = new Glances(parts.revisions);
  }

  /** The link at that place may be seen as another by now: its view, gate or verdicts. */
  isDue(place: number, now: MonoMs): boolean {
    return this.#glances.isDue(place, now);
  }

  /** The same object as before for a link that was not looked at anew. */
  of(link: Link, now: MonoMs): LinkView {
    const { place, number } = link.revision;
    const known = this.#look(link, now);
    this.#known.set(link, known);
    // Looking judges its health: what comes of that is news, too.
    this.#glances.saw(place, known.at + IDLE_VIEW_MS, number);
    return known.view;
  }

  #look(link: Link, now: MonoMs): Known {
    const { inquiry, gates, skew, clean } = this.#parts;
    const known = this.#known.get(link);
    const revision = link.revision.number;
    if (known !== undefined && elapsedMs(known.at, now) < IDLE_VIEW_MS) {
      const verdicts = inquiry.of(link.name, known.view.state);
      const same = known.verdicts === verdicts && known.gate === gates.of(link.name);
      if (same && known.revision === revision) return known;
      if (same && known.structure === link.figures.structure && elapsedMs(known.at, now) < PLAIN_VIEW_MS) {
        const view = sharing(known.view, { ...known.view, ...clean(link.figures.lately()) });
        return { ...known, view, revision };
      }
    }
    const bare = link.figures.view();
    const verdicts = inquiry.of(link.name, bare.state);
    const gate = gates.of(link.name);
    const clock = link.clockUrl === null ? null : skew.of(link.clockUrl);
    const fresh = clean({ ...bare, skew: clock, gate, verdicts });
    const view = known === undefined ? fresh : sharing(known.view, fresh);
    const { structure } = link.figures;
    return { view, revision, structure, verdicts, gate, at: now };
  }
}
