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
  readonly revision: { readonly number: number };
  readonly figures: { readonly fit: Fitness; readonly fitUntil: number };
}

/** A gate, and what its link was judged by: while its revision is that one and `until` has not come, it would be judged alike. */
interface Judged {
  gate: GateView;
  revision: number;
  until: number;
}

export type GateChanges = Readonly<Record<string, GateView | null>>;

/** The trading gate of every link (row G1), and who is told of its changes at once. `null`: the link is gone. */
export class Gates {
  readonly #clock: Clock;
  readonly #stalledMs: (withinMs: number) => number;
  readonly #turned: (name: string, gate: GateView) => void;
  readonly #gates = new Map<string, Judged>();
  readonly #readers = new Readers<GateChanges>();
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
    return this.#judged(name).gate;
  }

  /** Judges all links again, but for those of which nothing can have changed: call a few times a second. */
  tick(links: Iterable<GatedLink>): void {
    const now = this.#clock.now();
    const stalling = this.#isStalling;
    const calm = !stalling && !this.#wasStalling;
    this.#wasStalling = stalling;
    for (const link of links) {
      const judged = this.#judged(link.name);
      const { gate } = judged;
      const counts = gate.kind === 'closed' && gate.cleanSince !== null;
      if (calm && !counts && judged.revision === link.revision.number && now < judged.until) continue;
      judged.revision = link.revision.number;
      judged.until = link.figures.fitUntil;
      this.look(link.name, link.figures.fit, link.isPaused);
    }
  }

  /** Judges one link again: call at each of its events. */
  look(name: string, fit: Fitness, paused: boolean): void {
    const judged = this.#judged(name);
    const before = judged.gate;
    const gate = stepGate(before, {
      now: this.#clock.now(),
      paused,
      fit,
      stalling: this.#isStalling,
      reopenAfterMs: this.#reopenAfterMs,
    });
    if (gate === before) return;
    judged.gate = gate;
    this.#readers.tell({ [name]: gate });
    if ((before.kind === 'open') !== (gate.kind === 'open')) this.#turned(name, gate);
  }

  forget(name: string): void {
    if (!this.#gates.delete(name)) return;
    this.#readers.tell({ [name]: null });
  }

  get #isStalling(): boolean {
    return this.#stalledMs(STALLING_WITHIN_MS) >= STALLING_MS;
  }

  follow(tell: (changes: GateChanges) => void): () => void {
    const stop = this.#readers.add(tell);
    tell(Object.fromEntries([...this.#gates].map(([name, { gate }]) => [name, gate])));
    return stop;
  }

  #judged(name: string): Judged {
    const known = this.#gates.get(name);
    if (known !== undefined) return known;
    const judged: Judged = { gate: newGate(this.#clock.now()), revision: Number.NaN, until: 0 };
    this.#gates.set(name, judged);
    this.#readers.tell({ [name]: judged.gate });
    return judged;
  }
}
