import type { Fitness } from '../../shared/fitness.ts';
import { type GateView, newGate, stepGate } from '../../shared/gate.ts';
import type { Lineup } from './lineup.ts';
import { Glances, type Revisions } from './link/revision.ts';
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
  readonly figures: { readonly fit: Fitness; readonly fitUntil: number };
}

export type GateChanges = Readonly<Record<string, GateView | null>>;

/** The trading gate of every link (row G1), and who is told of its changes at once. `null`: the link is gone. */
export class Gates {
  readonly #clock: Clock;
  readonly #stalledMs: (withinMs: number) => number;
  readonly #changed: (name: string) => void;
  readonly #turned: (name: string, gate: GateView) => void;
  readonly #gates = new Map<string, GateView>();
  /** Before its link has news, or data that have become old, it would be judged alike. */
  readonly #glances: Glances;
  readonly #readers = new Readers<GateChanges>();
  #wasStalling = false;
  #reopenAfterMs = 0;

  constructor(parts: {
    clock: Clock;
    revisions: Revisions;
    /** How long this thread was held up by the longest stall that ended within so many ms. */
    stalledMs: (withinMs: number) => number;
    /** It says something else. */
    changed: (name: string) => void;
    /** A gate went from open to closed, or the other way. */
    turned: (name: string, gate: GateView) => void;
  }) {
    this.#clock = parts.clock;
    this.#stalledMs = parts.stalledMs;
    this.#changed = parts.changed;
    this.#turned = parts.turned;
    this.#glances = new Glances(parts.revisions);
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
  tick({ links, places }: Lineup<GatedLink>): void {
    const now = this.#clock.now();
    const stalling = this.#isStalling;
    const calm = !stalling && !this.#wasStalling;
    this.#wasStalling = stalling;
    for (let i = 0; i < places.length; i += 1) {
      const place = places[i] as number;
      if (calm && !this.#glances.isDue(place, now)) continue;
      const { name, figures, isPaused } = links[i] as GatedLink;
      const until = figures.fitUntil;
      this.look(name, figures.fit, isPaused);
      const gate = this.of(name);
      const counts = gate.kind === 'closed' && gate.cleanSince !== null;
      this.#glances.saw(place, counts ? now : until);
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
    this.#changed(name);
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
    tell(Object.fromEntries(this.#gates));
    return stop;
  }
}
