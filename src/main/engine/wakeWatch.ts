import type { MonoMs, WallMs } from '../../shared/units.ts';

/** Longer than any correction of a clock that keeps time, shorter than any sleep that kills a connection. */
const JUMP_MS = 10_000;

/** Why every link is asked at once whether it is alive (row L16). */
export type WakeReason = 'sleep' | 'network';

/**
 * Finds out by itself that this machine slept or changed its network; the desktop's power events only tell it sooner.
 *
 * Asleep, the wall clock goes on: it runs ahead of the monotonic one, or both jump past a tick that was due.
 */
export class WakeWatch {
  readonly #addresses: () => string | null;
  #mono: MonoMs;
  #wall: WallMs;
  #known: string | null;

  /** `addresses`: the machine's own network addresses as one text, `null` as long as they are not known. */
  constructor(now: MonoMs, wall: WallMs, addresses: () => string | null) {
    this.#mono = now;
    this.#wall = wall;
    this.#addresses = addresses;
    this.#known = addresses();
  }

  /** Call about once a second. */
  look(now: MonoMs, wall: WallMs): WakeReason | null {
    const monoMs = now - this.#mono;
    const wallMs = wall - this.#wall;
    this.#mono = now;
    this.#wall = wall;
    const addresses = this.#addresses();
    const moved = this.#known !== null && addresses !== this.#known;
    this.#known = addresses;
    if (monoMs > JUMP_MS || wallMs - monoMs > JUMP_MS) return 'sleep';
    return moved ? 'network' : null;
  }
}
