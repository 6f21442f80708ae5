import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { Clock } from '../ports.ts';
import { Timers } from '../timers.ts';
import type { Session } from './session.ts';
import { type SessionListener, SILENT } from './sessionListener.ts';

type Route = LinkConfig['routes'][number];

const AGAIN_MS = 30_000;

/** Dials a socket that only pings, through the origin's queue. */
export type DialScout = (route: Route, listener: SessionListener, then: (session: Session) => void) => () => void;

/** One socket to each address that is not in use: it subscribes to nothing and only measures (row L13). */
export class Scouts {
  readonly #dial: DialScout;
  readonly #onRtt: (url: string, rttMs: number) => void;
  readonly #onLost: (url: string) => void;
  readonly #timers: Timers<string>;
  readonly #open = new Map<string, { session: Session | null; leave: () => void }>();

  constructor(parts: {
    clock: Clock;
    dial: DialScout;
    onRtt: (url: string, rttMs: number) => void;
    onLost: (url: string) => void;
  }) {
    this.#dial = parts.dial;
    this.#onRtt = parts.onRtt;
    this.#onLost = parts.onLost;
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
    scout.leave = this.#dial(route, this.#listener(route), (session) => {
      scout.session = session;
    });
  }

  #listener(route: Route): SessionListener {
    return {
      ...SILENT,
      pong: (rttMs, stalled) => {
        if (rttMs !== null && !stalled) this.#onRtt(route.url, rttMs);
      },
      ended: () => {
        this.#open.delete(route.url);
        this.#onLost(route.url);
        this.#open.set(route.url, { session: null, leave: () => undefined });
        this.#timers.arm(route.url, AGAIN_MS, () => this.#begin(route));
      },
    };
  }
}
