import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import type { Clock } from '../ports.ts';
import { Timers } from '../timers.ts';
import type { AddressWaits } from './addressWaits.ts';
import type { Consequence } from './classify.ts';
import type { Session } from './session.ts';
import { type SessionListener, SILENT } from './sessionListener.ts';

type Route = LinkConfig['routes'][number];

/** Nobody is in a hurry to measure. */
const AGAIN_MS = 30_000;

interface Scout {
  readonly route: Route;
  session: Session | null;
  /** Gives up its place in the queue; `null` while it is in none. */
  leave: (() => void) | null;
}

/** Dials a socket that only pings, through the origin's queue; see `DialSpare`. */
export type DialScout = (
  route: Route,
  listener: SessionListener,
  then: (session: Session) => void,
  held: () => void,
) => () => void;

/**
 * One socket to each address that is not in use: it subscribes to nothing and only measures (row L13). One whose credentials
 * are refused is given up until a person has seen to it, or the venue has let in another socket.
 */
export class Scouts {
  readonly #dial: DialScout;
  readonly #onLetIn: (session: Session) => void;
  readonly #onRtt: (url: string, rttMs: number) => void;
  readonly #onLost: (url: string, reason: DownReason) => Consequence;
  /** Also of addresses that are not measured now. */
  readonly waits: AddressWaits;
  readonly #timers: Timers<string>;
  readonly #scouts = new Map<string, Scout>();

  constructor(parts: {
    clock: Clock;
    dial: DialScout;
    onLetIn: (session: Session) => void;
    onRtt: (url: string, rttMs: number) => void;
    /** Answers what follows from it. */
    onLost: (url: string, reason: DownReason) => Consequence;
    waits: AddressWaits;
  }) {
    this.#dial = parts.dial;
    this.#onLetIn = parts.onLetIn;
    this.#onRtt = parts.onRtt;
    this.#onLost = parts.onLost;
    this.waits = parts.waits;
    this.#timers = new Timers(parts.clock);
  }

  /** Measures exactly these addresses from now on. */
  measure(routes: readonly Route[]): void {
    const wanted = new Set(routes.map(({ url }) => url));
    for (const url of [...this.#scouts.keys()]) if (!wanted.has(url)) this.#end(url);
    for (const route of routes) if (this.#isIdle(route.url)) this.#begin(route);
  }

  /** The venue refuses the credentials there: it is not measured, and takes no place. */
  isRefused(route: Route): boolean {
    return this.waits.of(route.url).isRefused;
  }

  /** A person has seen to the link: what each waits for is over, and `measure` follows. */
  anew(): void {
    this.waits.anew();
    this.#timers.disarmAll();
  }

  /** The venue asks for nothing any more: whoever waits looks again. */
  again(): void {
    for (const { route } of this.#scouts.values()) if (this.#timers.isArmed(route.url)) this.#beginLater(route);
  }

  get sessions(): Session[] {
    return [...this.#scouts.values()].flatMap(({ session }) => session ?? []);
  }

  get count(): number {
    return this.#scouts.size;
  }

  /** Measures one address less; false if it measures none. */
  giveUp(): boolean {
    const url = [...this.#scouts.keys()].at(-1);
    if (url === undefined) return false;
    this.#end(url);
    return true;
  }

  stop(): void {
    this.measure([]);
    this.#timers.stop();
  }

  #end(url: string): void {
    this.#timers.disarm(url);
    const scout = this.#scouts.get(url);
    this.#scouts.delete(url);
    scout?.leave?.();
    scout?.session?.cut();
  }

  /** Nothing is open there, asked for or waited for. */
  #isIdle(url: string): boolean {
    const scout = this.#scouts.get(url);
    return scout === undefined || (scout.session === null && scout.leave === null && !this.#timers.isArmed(url));
  }

  #begin(route: Route): void {
    const { leftMs } = this.waits.of(route.url);
    if (leftMs > 0) return this.#beginIn(route, leftMs);
    const scout: Scout = { route, session: null, leave: null };
    this.#scouts.set(route.url, scout);
    const then = (session: Session): void => {
      scout.leave = null;
      scout.session = session;
    };
    const leave = this.#dial(route, this.#listener(route), then, () => this.#beginLater(route));
    if (scout.session === null) scout.leave = leave;
  }

  #beginLater(route: Route): void {
    this.#beginIn(route, Math.max(AGAIN_MS, this.waits.of(route.url).leftMs));
  }

  #beginIn(route: Route, delayMs: number): void {
    if (delayMs === Number.POSITIVE_INFINITY) return this.#end(route.url);
    this.#scouts.set(route.url, { route, session: null, leave: null });
    this.#timers.arm(route.url, delayMs, () => this.#begin(route));
  }

  #listener(route: Route): SessionListener {
    return {
      ...SILENT,
      opened: () => {
        const session = this.#scouts.get(route.url)?.session ?? null;
        if (session !== null) this.#onLetIn(session);
      },
      pong: (rttMs, stalled) => {
        this.waits.of(route.url).forgive();
        if (rttMs !== null && !stalled) this.#onRtt(route.url, rttMs);
      },
      ended: (reason) => {
        this.waits.of(route.url).failed(this.#onLost(route.url, reason));
        this.#beginLater(route);
      },
    };
  }
}
