import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import type { Clock } from '../engine/ports.ts';
import { isSameToken } from './admission.ts';
import { newToken } from './apiToken.ts';

/** A browser that is started for it may take its time. */
const VALID_MS = 60_000;

/** A random code that opens once, and for a minute: whoever reads it in a command line later has nothing. */
export class OneTimeCode {
  readonly #clock: Pick<Clock, 'now'>;
  #open: { readonly code: string; readonly madeAt: MonoMs } | null = null;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** The one before opens no more. */
  make(): string {
    const code = newToken();
    this.#open = { code, madeAt: this.#clock.now() };
    return code;
  }

  /** True for the code that was made last, the first time. */
  take(given: string): boolean {
    const open = this.#open;
    if (open === null || !isSameToken(given, open.code)) return false;
    this.#open = null;
    return elapsedMs(open.madeAt, this.#clock.now()) <= VALID_MS;
  }
}
