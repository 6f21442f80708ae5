import type { DownReason } from '../../../shared/linkState.ts';
import type { Timers } from '../timers.ts';
import type { Session } from './session.ts';
import type { DialSpare } from './succession.ts';

/**
 * A second socket, up and subscribed, that takes over the moment the one in use is lost (row L12).
 *
 * It is built while the link is up, and built anew, with a growing wait, when it is lost or has been used.
 */
export class Standby {
  readonly #dial: DialSpare;
  readonly #timers: Timers<'standby'>;
  readonly #backoffMs: (tries: number) => number;
  #wanted = false;
  #tries = 0;
  #session: Session | null = null;
  #ready = false;
  #leaveQueue: (() => void) | null = null;

  constructor(parts: { dial: DialSpare; timers: Timers<'standby'>; backoffMs: (tries: number) => number }) {
    this.#dial = parts.dial;
    this.#timers = parts.timers;
    this.#backoffMs = parts.backoffMs;
  }

  get session(): Session | null {
    return this.#session;
  }

  get isReady(): boolean {
    return this.#ready;
  }

  get isWanted(): boolean {
    return this.#wanted;
  }

  /** Builds it unless it is there, or is being built. */
  keep(): void {
    this.#wanted = true;
    if (this.#session !== null || this.#leaveQueue !== null || this.#timers.isArmed('standby')) return;
    if (this.#tries === 0) return this.#begin();
    this.#timers.arm('standby', this.#backoffMs(this.#tries), () => this.#begin());
  }

  /** The socket in use has proved stable: the next standby need not wait. */
  forgive(): void {
    this.#tries = 0;
  }

  becameReady(): void {
    this.#ready = true;
  }

  lost(_reason: DownReason): void {
    this.#session = null;
    this.#ready = false;
    this.#tries += 1;
    if (this.#wanted) this.keep();
  }

  /** The ready standby, to be the socket in use; `null` if there is none. */
  take(): Session | null {
    if (!this.#ready) return null;
    const session = this.#session;
    this.#session = null;
    this.#ready = false;
    this.#tries += 1;
    return session;
  }

  drop(): void {
    this.#wanted = false;
    this.#timers.disarm('standby');
    this.#leaveQueue?.();
    this.#leaveQueue = null;
    this.#session?.cut();
    this.#session = null;
    this.#ready = false;
  }

  #begin(): void {
    let opened = false;
    const leave = this.#dial((session) => {
      opened = true;
      this.#leaveQueue = null;
      this.#session = session;
    });
    if (!opened) this.#leaveQueue = leave;
  }
}
