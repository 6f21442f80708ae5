import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import type { Clock } from '../ports.ts';
import { Timers } from '../timers.ts';
import type { Consequence } from './classify.ts';
import type { Session } from './session.ts';
import { type SessionListener, SILENT } from './sessionListener.ts';
import type { SpareWaits } from './spareWaits.ts';

type Route = LinkConfig['routes'][number];

/** Nobody is in a hurry to measure. */
const AGAIN_MS = 30_000;

/** Dials a socket that only pings, through the origin's queue. */
export type DialScout = (route: Route, listener: SessionListener, then: (session: Session) => void) => () => void;

/** One socket to each address that is not in use: it subscribes to nothing and only measures (row L13). */
export class Scouts {
  readonly #dial: DialScout;
  readonly #onRtt: (url: string, rttMs: number) => void;
  readonly #onLost: (url: string, reason: DownReason) => Consequence;
  readonly #newWaits: () => SpareWaits;
  /** By address, also of those that are not measured now. */
  readonly #waits = new Map<string, SpareWaits>();
  readonly #timers: Timers<string>;
  readonly #open = new Map<string, { session: Session | null; leave: () => void }>();

  constructor(parts: {
    clock: Clock;
    dial: DialScout;
    onRtt: (url: string, rttMs: number) => void;
    /** Answers what follows from it. */
    onLost: (url: string, reason: DownReason) => Consequence;
    waits: () => SpareWaits;
  }) {
    this.#dial = parts.dial;
    this.#onRtt = parts.onRtt;
    this.#onLost = parts.onLost;
    this.#newWaits = parts.waits;
    this.#timers = new Timers(parts.clock);
  }

  /** Measures exactly these addresses from now on. */
  measure(routes: readonly Route[]): void {
    const wanted = new Set(routes.map(({ url }) => url));
    for (const url of [...this.#open.keys()]) if (!wanted.has(url)) this.#end(url);
    for (const route of routes) if (!this.#open.has(route.url)) this.#begin(route);
  }

  get sessions(): Session[] {
    return [...this.#open.values()].flatMap(({ session }) => session ?? []);
  }

  get count(): number {
    return this.#open.size;
  }

  /** Measures one address less; false if it measures none. */
  giveUp(): boolean {
    const url = [...this.#open.keys()].at(-1);
    if (url === undefined) return false;
    this.#end(url);
    return true;
  }

  get waits(): Iterable<SpareWaits> {
    return this.#waits.values();
  }

  stop(): void {
    this.measure([]);
    this.#timers.stop();
  }

  #end(url: string): void {
    this.#timers.disarm(url);
    const scout = this.#open.get(url);
    this.#open.delete(url);
    scout?.leave();
    scout?.session?.cut();
  }

  #begin(route: Route): void {
    const scout: { session: Session | null; leave: () => void } = { session: null, leave: () => undefined };
    this.#open.set(route.url, scout);
    const { leftMs } = this.#waitsOf(route);
    if (leftMs > 0) return this.#beginIn(route, leftMs);
    scout.leave = this.#dial(route, this.#listener(route), (session) => {
      scout.session = session;
    });
  }

  /** Not before a person has seen to it, where the venue refuses the credentials. */
  #beginIn(route: Route, delayMs: number): void {
    if (delayMs !== Number.POSITIVE_INFINITY) this.#timers.arm(route.url, delayMs, () => this.#begin(route));
  }

  #waitsOf({ url }: Route): SpareWaits {
    const waits = this.#waits.get(url) ?? this.#newWaits();
    this.#waits.set(url, waits);
    return waits;
  }

  #listener(route: Route): SessionListener {
    return {
      ...SILENT,
      pong: (rttMs, stalled) => {
        this.#waitsOf(route).forgive();
        if (rttMs !== null && !stalled) this.#onRtt(route.url, rttMs);
      },
      ended: (reason) => {
        const waits = this.#waitsOf(route);
        waits.failed(this.#onLost(route.url, reason));
        this.#open.set(route.url, { session: null, leave: () => undefined });
        this.#beginIn(route, Math.max(AGAIN_MS, waits.leftMs));
      },
    };
  }
}
