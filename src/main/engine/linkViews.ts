import { isOpen } from '../../shared/health.ts';
import type { LinkView } from '../../shared/linkView.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import type { Gates } from './gates.ts';
import type { Inquiry } from './inquiry.ts';
import type { Link } from './link/link.ts';
import type { SkewMeter } from './skew.ts';

/** Percentages and totals of an idle link are this old at most. */
const IDLE_VIEW_MS = 5_000;

export interface LinkViewsParts {
  readonly inquiry: Inquiry;
  readonly gates: Gates;
  readonly skew: SkewMeter;
  /** Takes secrets out of what is told. */
  readonly clean: <T>(value: T) => T;
}

/** Links as everybody sees them. One of which nothing but time has changed is looked at anew only now and then. */
export class LinkViews {
  readonly #parts: LinkViewsParts;
  readonly #known = new WeakMap<Link, { view: LinkView; revision: number; at: MonoMs }>();

  constructor(parts: LinkViewsParts) {
    this.#parts = parts;
  }

  /** The same object as before for a link that was not looked at anew. */
  of(link: Link, now: MonoMs): LinkView {
    const { inquiry, gates, skew, clean } = this.#parts;
    const known = this.#known.get(link);
    const verdicts = inquiry.of(link.name, known === undefined || isOpen(known.view.state));
    const gate = gates.of(link.name);
    const { revision } = link.figures;
    const same = known?.revision === revision && known.view.verdicts === verdicts && known.view.gate === gate;
    if (known !== undefined && same && elapsedMs(known.at, now) < IDLE_VIEW_MS) return known.view;
    const bare = link.figures.view();
    const view = clean({
      ...bare,
      skew: link.clockUrl === null ? null : skew.of(link.clockUrl),
      gate,
      verdicts: inquiry.of(link.name, isOpen(bare.state)),
    });
    this.#known.set(link, { view, revision: link.figures.revision, at: now });
    return view;
  }
}
