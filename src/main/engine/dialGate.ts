import type { LinkConfig } from '../../shared/engineConfig.ts';
import { after, type MonoMs } from '../../shared/units.ts';
import { SlidingWindow } from './link/budget.ts';
import type { Clock } from './ports.ts';
import { Timers } from './timers.ts';

/** Who may dial first: a link that people rely on, then links that never were up, then what is only good to have. */
export const DIAL_RANK = { live: 0, other: 1, spare: 2 } as const;
export type DialRank = (typeof DIAL_RANK)[keyof typeof DIAL_RANK];

/** One host and port, and how many dials it takes in any window of `windowMs`. */
export interface Origin {
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** Row L22, where the preset says nothing. */
const DIALS_PER_SEC = 5;

/** Where a link's address is dialled. One that is none is its own origin: the dial will say what is wrong with it. */
export function originOf({ limits }: LinkConfig['preset'], dialUrl: string): Origin {
  const { dials = DIALS_PER_SEC, dials_window_secs: windowSecs } = limits;
  const key = URL.canParse(dialUrl) ? new URL(dialUrl).host : dialUrl;
  return { key, limit: dials, windowMs: windowSecs * 1000 };
}

/** A place in a queue. `leave` gives it up; both may be called at any time. */
export interface Ticket {
  /** From 1. */
  readonly place: number;
  readonly until: MonoMs;
  leave(): void;
}

interface Waiting {
  readonly rank: DialRank;
  readonly go: () => void;
}

/**
 * Every dial of this process passes its origin's gate (row L22): one strict sliding window for reconnects, standbys,
 * URL probes, rotations and clicks of all links.
 */
export class DialGate {
  readonly #clock: Clock;
  readonly #doors = new Map<string, Door>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `null` if a dial of this rank may go out now: then call `take`. Otherwise where it would stand in the queue. */
  ahead(origin: Origin, rank: DialRank): { readonly place: number; readonly until: MonoMs } | null {
    return this.#door(origin).ahead(rank);
  }

  take(origin: Origin): void {
    this.#door(origin).take();
  }

  /** Calls `go` once, when its turn has come; the dial is then counted. */
  queue(origin: Origin, rank: DialRank, go: () => void): Ticket {
    return this.#door(origin).queue(rank, go);
  }

  /** Calls `go` at once if a dial of this rank may go out now, and answers `null`; else when its turn has come. */
  pass(origin: Origin, rank: DialRank, go: () => void): Ticket | null {
    if (this.ahead(origin, rank) !== null) return this.queue(origin, rank, go);
    this.take(origin);
    go();
    return null;
  }

  stop(): void {
    for (const door of this.#doors.values()) door.stop();
  }

  #door(origin: Origin): Door {
    const known = this.#doors.get(origin.key);
    if (known !== undefined && known.limit === origin.limit && known.windowMs === origin.windowMs) return known;
    const door = new Door(this.#clock, origin, known);
    this.#doors.set(origin.key, door);
    return door;
  }
}

class Door {
  readonly limit: number;
  readonly windowMs: number;
  readonly #clock: Clock;
  readonly #window: SlidingWindow;
  readonly #timers: Timers<'next'>;
  #waiting: Waiting[] = [];

  constructor(clock: Clock, origin: Origin, before: Door | undefined) {
    this.#clock = clock;
    this.limit = origin.limit;
    this.windowMs = origin.windowMs;
    this.#window = new SlidingWindow(origin.limit, origin.windowMs);
    this.#timers = new Timers(clock);
    if (before === undefined) return;
    before.stop();
    this.#waiting = before.#waiting;
    this.#armNext();
  }

  ahead(rank: DialRank): { readonly place: number; readonly until: MonoMs } | null {
    const place = this.#waiting.filter((other) => other.rank <= rank).length + 1;
    const until = this.#turnOf(place);
    return place === 1 && until <= this.#clock.now() ? null : { place, until };
  }

  take(): void {
    this.#window.take(this.#clock.now());
  }

  queue(rank: DialRank, go: () => void): Ticket {
    const waiting: Waiting = { rank, go };
    const behind = this.#waiting.findIndex((other) => other.rank > rank);
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, waiting);
    this.#armNext();
    const door = this;
    return {
      get place() {
        return door.#waiting.indexOf(waiting) + 1;
      },
      get until() {
        return door.#turnOf(Math.max(1, this.place));
      },
      leave: () => {
        door.#waiting = door.#waiting.filter((other) => other !== waiting);
        door.#armNext();
      },
    };
  }

  stop(): void {
    this.#timers.stop();
  }

  /** When the dial at this place may go out, if nobody leaves and nobody pushes in. */
  #turnOf(place: number): MonoMs {
    const now = this.#clock.now();
    const rounds = Math.floor((place - 1) / this.limit);
    const rest = (place - 1) % this.limit;
    return after(now, this.#window.waitMs(now, 0, rest) + rounds * this.windowMs);
  }

  #armNext(): void {
    if (this.#waiting.length === 0) return this.#timers.disarm('next');
    const now = this.#clock.now();
    this.#timers.arm('next', this.#window.waitMs(now), () => this.#next());
  }

  #next(): void {
    if (this.#window.waitMs(this.#clock.now()) > 0) return this.#armNext();
    const first = this.#waiting.shift();
    if (first !== undefined) {
      this.take();
      first.go();
    }
    this.#armNext();
  }
}
