import type { MonoMs } from '../../../shared/units.ts';
import { DIAL_RANK, type DialGate, type Origin, type Ticket } from '../dialGate.ts';

/** The link's own dials at their origin's gate (row L22): asked, taken at once or waited for, each counted once. */
export class DialTurn {
  readonly #gate: DialGate;
  readonly #origin: () => Origin;
  #ticket: Ticket | null = null;
  #counted = false;
  #everUp = false;

  constructor(gate: DialGate, origin: () => Origin) {
    this.#gate = gate;
    this.#origin = origin;
  }

  /** What a link that people rely on may: dial before links that never were up. */
  provedLive(): void {
    this.#everUp = true;
  }

  /** Where a dial would stand in the queue now, `null` if it may go out. */
  ahead(): { readonly place: number; readonly origin: string; readonly until: MonoMs } | null {
    const origin = this.#origin();
    const ahead = this.#gate.ahead(origin, this.#rank);
    return ahead === null ? null : { ...ahead, origin: origin.key };
  }

  /** Its place in the queue, `null` while it is in none. */
  get place(): { readonly place: number; readonly until: MonoMs } | null {
    return this.#ticket;
  }

  /** Calls `go` when its turn has come. */
  wait(go: () => void): void {
    this.leave();
    this.#ticket = this.#gate.queue(this.#origin(), this.#rank, () => {
      this.#ticket = null;
      this.#counted = true;
      go();
    });
  }

  leave(): void {
    this.#ticket?.leave();
    this.#ticket = null;
  }

  /** A dial goes out now. */
  take(): void {
    if (!this.#counted) this.#gate.take(this.#origin());
    this.#counted = false;
  }

  get #rank(): (typeof DIAL_RANK)[keyof typeof DIAL_RANK] {
    return this.#everUp ? DIAL_RANK.live : DIAL_RANK.other;
  }
}
