import type { LinkConfig } from '../../shared/engineConfig.ts';
import { after, type MonoMs } from '../../shared/units.ts';
import { AskedWaits } from './askedWaits.ts';
import { SlidingWindow } from './link/budget.ts';
import type { Clock } from './ports.ts';
import { Timers } from './timers.ts';

/** Who may dial first: a link that people rely on, then links that never were up, then what is only good to have. */
export const DIAL_RANK = { live: 0, other: 1, spare: 2 } as const;
export type DialRank = (typeof DIAL_RANK)[keyof typeof DIAL_RANK];

/** In a window that is as short nobody waits long whatever others have spent. */
const SHORT_WINDOW_MS = 5_000;
/** The share of an origin's window that a rank leaves free: a lost link must not wait because others spent the dials. */
const LEFT_FREE: Readonly<Record<DialRank, number>> = {
  [DIAL_RANK.live]: 0,
  [DIAL_RANK.other]: 1 / 4,
  [DIAL_RANK.spare]: 1 / 2,
};

/** One host and port, and how many dials it takes in any window of `windowMs`. */
export interface Origin {
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** Row L22, where the preset says nothing. */
const DIALS_PER_SEC = 5;
/** The venue counts what arrives: a dial that took longer to leave (its name, this machine) comes closer to the next one. */
const SPREAD_MS = 100;

/** Where a link's address is dialled. One that is none is its own origin: the dial will say what is wrong with it. */
export function originOf({ limits }: LinkConfig['preset'], dialUrl: string): Origin {
  const { dials = DIALS_PER_SEC, dials_window_secs: windowSecs } = limits;
  const key = URL.canParse(dialUrl) ? new URL(dialUrl).host : dialUrl;
  return { key, limit: dials, windowMs: windowSecs * 1000 + SPREAD_MS };
}

/** A place in a queue. `leave` gives it up; both may be called at any time. */
export interface Ticket {
  /** From 1. */
  readonly place: number;
  readonly until: MonoMs;
  leave(): void;
}

interface Waiting {
  readonly origin: Origin;
  readonly rank: DialRank;
  readonly go: () => void;
}

/**
 * Every dial of this process passes its origin's gate (row L22): one strict sliding window for reconnects, standbys,
 * URL probes, rotations and clicks of all links. What is only good to have is dialled while half of the window is free.
 */
export class DialGate {
  readonly asked: AskedWaits;
  readonly #clock: Clock;
  readonly #doors = new Map<string, Door>();

  constructor(clock: Clock) {
    this.asked = new AskedWaits(clock);
    this.#clock = clock;
  }

  /** `null` if a dial of this rank may go out now: then call `take`. Otherwise where it would stand in the queue. */
  ahead(origin: Origin, rank: DialRank): { readonly place: number; readonly until: MonoMs } | null {
    return this.#door(origin).ahead(origin, rank);
  }

  take(origin: Origin): void {
    this.#door(origin).take();
  }

  /** Calls `go` once, when its turn has come; the dial is then counted. */
  queue(origin: Origin, rank: DialRank, go: () => void): Ticket {
    return this.#door(origin).queue(origin, rank, go);
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
    const door = this.#doors.get(origin.key) ?? new Door(this.#clock);
    this.#doors.set(origin.key, door);
    door.know(origin);
    return door;
  }
}

/** One host and port. Links may come to it by different presets: each is held to its own limit, and all dials count in each. */
class Door {
  readonly #clock: Clock;
  readonly #windows = new Map<string, SlidingWindow>();
  readonly #timers: Timers<'next'>;
  #waiting: Waiting[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#timers = new Timers(clock);
  }

  /** Counts for this limit, too, from now on; what was dialled before is not forgotten. */
  know(origin: Origin): void {
    const rule = ruleOf(origin);
    if (this.#windows.has(rule)) return;
    const window = new SlidingWindow(origin);
    const longest = [...this.#windows.values()].sort((a, b) => b.taken.length - a.taken.length)[0];
    for (const at of longest?.taken ?? []) window.take(at);
    this.#windows.set(rule, window);
  }

  ahead(origin: Origin, rank: DialRank): { readonly place: number; readonly until: MonoMs } | null {
    const place = this.#waiting.filter((other) => other.rank <= rank).length + 1;
    const until = this.#turnOf(origin, rank, place);
    return place === 1 && until <= this.#clock.now() ? null : { place, until };
  }

  take(): void {
    for (const window of this.#windows.values()) window.take(this.#clock.now());
  }

  queue(origin: Origin, rank: DialRank, go: () => void): Ticket {
    const waiting: Waiting = { origin, rank, go };
    const behind = this.#waiting.findIndex((other) => other.rank > rank);
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, waiting);
    this.#armNext();
    const door = this;
    return {
      get place() {
        return door.#waiting.indexOf(waiting) + 1;
      },
      get until() {
        return door.#turnOf(origin, rank, Math.max(1, this.place));
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

  /** When the dial of this rank at this place may go out, if nobody leaves and nobody pushes in. */
  #turnOf(origin: Origin, rank: DialRank, place: number): MonoMs {
    const now = this.#clock.now();
    const room = Math.max(1, origin.limit - leftFree(origin, rank));
    const rounds = Math.floor((place - 1) / room);
    return after(now, this.#waitMs(origin, rank, (place - 1) % room) + rounds * origin.windowMs);
  }

  #waitMs(origin: Origin, rank: DialRank, others = 0): number {
    const window = this.#windows.get(ruleOf(origin));
    return window?.waitMs(this.#clock.now(), leftFree(origin, rank), others) ?? 0;
  }

  #armNext(): void {
    const first = this.#waiting[0];
    if (first === undefined) return this.#timers.disarm('next');
    this.#timers.arm('next', this.#waitMs(first.origin, first.rank), () => this.#next());
  }

  #next(): void {
    const first = this.#waiting[0];
    if (first !== undefined && this.#waitMs(first.origin, first.rank) === 0) {
      this.#waiting.shift();
      this.take();
      first.go();
    }
    this.#armNext();
  }
}

function leftFree({ limit, windowMs }: Origin, rank: DialRank): number {
  return rank === DIAL_RANK.other && windowMs <= SHORT_WINDOW_MS ? 0 : Math.floor(limit * LEFT_FREE[rank]);
}

const ruleOf = ({ limit, windowMs }: Origin): string => `${limit}/${windowMs}`;
