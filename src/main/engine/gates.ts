import type { Fitness } from '../../shared/fitness.ts';
import { type GateView, newGate, stepGate } from '../../shared/gate.ts';
import type { Clock } from './ports.ts';
import { Readers } from './readers.ts';

/** A stall of this length closes every gate; shorter ones are part of a running program. */
const STALLING_MS = 250;
/** And for so long after its end. */
const STALLING_WITHIN_MS = 1_000;

/** A link as its gate sees it. */
export interface GatedLink {
  readonly name: string;
  readonly isPaused: boolean;
  readonly figures: { readonly fit: Fitness; readonly fitUntil: number; readonly revision: number };
}

export type GateChanges = Readonly<Record<string, GateView | null>>;

/** The trading gate of every link (row G1), and who is told of its changes at once. `null`: the link is gone. */
export class Gates {
  readonly #clock: Clock;
  readonly #stalledMs: (withinMs: number) => number;
  readonly #turned: (name: string, gate: GateView) => void;
  readonly #gates = new Map<string, GateView>();
  readonly #readers = new Readers<GateChanges>();
  /** What each link was judged by: as long as its revision is the same and this time has not come, it would be judged alike. */
  readonly #seen = new Map<string, { readonly revision: number; readonly until: number }>();
  #wasStalling = false;
  #reopenAfterMs = 0;

  constructor(parts: {
    clock: Clock;
    /** How long this thread was held up by the longest stall that ended within so many ms. */
    stalledMs: (withinMs: number) => number;
    /** A gate went from open to closed, or the other way. */
    turned: (name: string, gate: GateView) => void;
  }) {
    this.#clock = parts.clock;
    this.#stalledMs = parts.stalledMs;
    this.#turned = parts.turned;
  }

  set reopenAfterMs(ms: number) {
    this.#reopenAfterMs = ms;
  }

  of(name: string): GateView {
    const known = this.#gates.get(name);
    if (known !== undefined) return known;
    const gate = newGate(this.#clock.now());
    this.#gates.set(name, gate);
    this.#readers.tell({ [name]: gate });
    return gate;
  }

  /** Judges all links again, but for those of which nothing can have changed: call a few times a second. */
  tick(links: Iterable<GatedLink>): void {
    const now = this.#clock.now();
    const stalling = this.#isStalling;
    const calm = !stalling && !this.#wasStalling;
    this.#wasStalling = stalling;
    for (const link of links) {
      const { name } = link;
      const { revision } = link.figures;
      const seen = this.#seen.get(name);
      const gate = this.#gates.get(name);
      const counts = gate?.kind === 'closed' && gate.cleanSince !== null;
      if (calm && !counts && seen?.revision === revision && now < seen.until) continue;
      this.#seen.set(name, { revision, until: link.figures.fitUntil });
      this.look(name, link.figures.fit, link.isPaused);
    }
  }

  /** Judges one link again: call at each of its events. */
  look(name: string, fit: Fitness, paused: boolean): void {
    const before = this.of(name);
    const gate = stepGate(before, {
      now: this.#clock.now(),
      paused,
      fit,
      stalling: this.#isStalling,
      reopenAfterMs: this.#reopenAfterMs,
    });
    if (gate === before) return;
    this.#gates.set(name, gate);
    this.#readers.tell({ [name]: gate });
    if ((before.kind === 'open') !== (gate.kind === 'open')) this.#turned(name, gate);
  }

  forget(name: string): void {
    this.#seen.delete(name);
    if (!this.#gates.delete(name)) return;
    this.#readers.tell({ [name]: null });
  }

  get #isStalling(): boolean {
    return this.#stalledMs(STALLING_WITHIN_MS) >= STALLING_MS;
  }

  follow(tell: (changes: GateChanges) => void): () => void {
    const stop = this.#readers.add(tell);
    tell(Object.fromEntries(this.#gates));
    return stop;
  }
}
