import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import type { Slots } from '../slots.ts';

/** How many places at its venue the spare sockets of one link get (row L12); what has none is told once. */
export class VenuePlaces {
  readonly #slots: Slots;
  readonly #owner: object;
  readonly #config: () => LinkConfig;
  readonly #tell: (happening: LinkHappening) => void;
  #declined = false;
  #lacking = false;
  #successorDeclined = false;

  constructor(parts: {
    slots: Slots;
    /** The link, by which its places are counted. */
    owner: object;
    config: () => LinkConfig;
    tell: (happening: LinkHappening) => void;
  }) {
    this.#slots = parts.slots;
    this.#owner = parts.owner;
    this.#config = parts.config;
    this.#tell = parts.tell;
  }

  /** Something is without a place that is wanted: look again now and then. */
  get lacking(): boolean {
    return this.#lacking;
  }

  /** How many of the `wanted` that are only good to have get one, beside the `passing` ones of a change of sockets. */
  share(wanted: number, passing: number): number {
    const room = this.#slots.room(this.#owner, this.#config());
    if (room >= wanted) this.#declined = false;
    else if (!this.#declined) {
      this.#declined = true;
      this.#decline(room === 0 ? 'Standby and measuring other addresses' : 'Measuring every other address');
    }
    const share = Math.max(0, Math.min(wanted, room - passing));
    this.#lacking = share < wanted;
    return share;
  }

  /** One was given up for a socket that matters more. */
  gaveUp(): void {
    this.#lacking = true;
  }

  /** True if a socket that is to take over has a place. */
  forSuccessor(): boolean {
    const has = this.#slots.makeRoom(this.#owner, this.#config());
    if (has) this.#successorDeclined = false;
    return has;
  }

  /** A socket that somebody wants now has no place. */
  declineSuccessor(): void {
    this.#successorDeclined = true;
    this.#decline('A new socket before the old one closes');
  }

  /** One that the link itself wants, again and again: told until it has a place only once. */
  declineOwnSuccessor(): void {
    if (!this.#successorDeclined) this.declineSuccessor();
  }

  #decline(what: string): void {
    this.#tell({ kind: 'declined', what, why: this.#slots.refusal(this.#config()) });
  }
}
