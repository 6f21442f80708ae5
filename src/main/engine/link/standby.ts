import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { Timers } from '../timers.ts';
import type { AddressWaits } from './addressWaits.ts';
import type { Consequence } from './classify.ts';
import type { Session } from './session.ts';
import type { DialSpare } from './succession.ts';

type Route = LinkConfig['routes'][number];

/**
 * A second socket, up and subscribed, that takes over the moment the one in use is lost (row L12).
 *
 * It is built while the link is up, and built anew, when its waits allow it, after it was lost or has been used.
 */
export class Standby {
  readonly waits: AddressWaits;
  readonly #dial: DialSpare;
  readonly #target: () => Route;
  readonly #timers: Timers<'standby'>;
  #wanted = false;
  #session: Session | null = null;
  #route: Route | null = null;
  #ready = false;
  #leaveQueue: (() => void) | null = null;

  /** `target`: where it is dialled. */
  constructor(parts: { dial: DialSpare; target: () => Route; timers: Timers<'standby'>; waits: AddressWaits }) {
    this.waits = parts.waits;
    this.#dial = parts.dial;
    this.#target = parts.target;
    this.#timers = parts.timers;
  }

  get session(): Session | null {
    return this.#session;
  }

  /** Where it is, or waits to be dialled. */
  get route(): Route | null {
    return this.#route;
  }

  get isReady(): boolean {
    return this.#ready;
  }

  /** One that the venue refuses is given up. */
  get isWanted(): boolean {
    return this.#wanted && !this.isRefused;
  }

  /** The venue refuses its credentials where it would be dialled. */
  get isRefused(): boolean {
    return this.waits.of(this.#target().url).isRefused;
  }

  /** Builds it, when its waits allow it, unless it is there, or is being built. */
  keep(): void {
    this.#wanted = true;
    if (this.#session !== null || this.#leaveQueue !== null) return;
    this.#timers.disarm('standby');
    const { leftMs } = this.waits.of(this.#target().url);
    if (leftMs === 0) this.#begin();
    else if (leftMs !== Number.POSITIVE_INFINITY) this.#timers.arm('standby', leftMs, () => this.keep());
  }

  becameReady(): void {
    this.#ready = true;
  }

  lost(consequence: Consequence): void {
    this.#end(consequence);
    if (this.#wanted) this.keep();
  }

  /** The ready standby, to be the socket in use after one that ended so; `null` if there is none. */
  take(consequence: Consequence): Session | null {
    if (!this.#ready) return null;
    return this.#end(consequence);
  }

  drop(): void {
    this.#wanted = false;
    this.#timers.disarm('standby');
    this.#leaveQueue?.();
    this.#leaveQueue = null;
    this.#session?.cut();
    this.#session = null;
    this.#route = null;
    this.#ready = false;
  }

  #end(consequence: Consequence): Session | null {
    const session = this.#session;
    this.#session = null;
    this.#route = null;
    this.#ready = false;
    if (session !== null) this.waits.of(session.url).failed(consequence, session.openedAt);
    return session;
  }

  #begin(): void {
    const to = this.#target();
    let opened = false;
    const then = (session: Session): void => {
      opened = true;
      this.#leaveQueue = null;
      this.#session = session;
    };
    const held = (): void => {
      this.#leaveQueue = null;
      this.#route = null;
      this.keep();
    };
    this.#route = to;
    const leave = this.#dial(to, then, held);
    if (!opened) this.#leaveQueue = leave;
  }
}
