import type { LinkConfig } from '../../shared/engineConfig.ts';
import { sessionKeyOf } from '../../shared/preset.ts';

/** The sockets of a link beside the one in use. */
export interface SpareSockets {
  /** Those that it has, or is about to have. */
  readonly count: number;
  /** Gives up one that is only good to have; false if it has none. */
  giveUp(): boolean;
}

const NO_SPARES: SpareSockets = { count: 0, giveUp: () => false };

/**
 * Row L12: how many sockets a venue, or one key of it, allows at a time, counted across the links of this process.
 *
 * A link has the place of the socket in use whatever the others have: where there are too many, spares give theirs up.
 */
export class Slots {
  readonly #holders = new Map<object, { readonly key: string; readonly spares: SpareSockets }>();

  /** A link is configured, or a trial runs. */
  hold(holder: object, config: LinkConfig, spares: SpareSockets = NO_SPARES): void {
    this.#holders.set(holder, { key: keyOf(config), spares });
    this.#keepTo(limitOf(config), holder, config);
  }

  forget(holder: object): void {
    this.#holders.delete(holder);
  }

  /** How many sockets this link may have beside the one in use, those that it has included. */
  room(holder: object, config: LinkConfig): number {
    const limit = limitOf(config);
    if (limit === Number.POSITIVE_INFINITY) return limit;
    const own = this.#holders.get(holder)?.spares.count ?? 0;
    return Math.max(0, limit - (this.#used(keyOf(config)) - own));
  }

  /** True if this link may dial a socket that is to take over; what is only good to have gives up its place for it. */
  makeRoom(holder: object, config: LinkConfig): boolean {
    const limit = limitOf(config);
    if (limit === Number.POSITIVE_INFINITY) return true;
    this.#keepTo(limit - 1, holder, config);
    return this.#used(keyOf(config)) < limit;
  }

  /** Why there is no room for a spare socket more. */
  refusal(config: LinkConfig): string {
    const links = this.#at(keyOf(config)).length;
    const spares = this.#used(keyOf(config)) - links;
    const besides = spares === 0 ? '' : ` with ${spares} spare ${spares === 1 ? 'socket' : 'sockets'}`;
    const by = `${links === 1 ? '1 link' : `${links} links`}${besides} ${links === 1 ? 'uses' : 'use'}`;
    const limit = limitOf(config);
    const allows = limit === 1 ? 'one connection' : `${limit} connections`;
    return `${config.preset.venue} allows ${allows}, and ${by} ${limit === 1 ? 'it' : 'them'}`;
  }

  /** Why one socket more, of no link, may not be opened, `null` if it may: spares give up their places for it. */
  refusalOfOneMore(config: LinkConfig): string | null {
    return this.#at(keyOf(config)).length < limitOf(config) ? null : this.refusal(config);
  }

  /** Those of the holder itself first. */
  #keepTo(limit: number, holder: object, config: LinkConfig): void {
    if (limit === Number.POSITIVE_INFINITY) return;
    const key = keyOf(config);
    const own = this.#holders.get(holder);
    const others = this.#at(key).filter((one) => one !== own);
    for (const { spares } of own === undefined ? others : [own, ...others]) {
      while (this.#used(key) > limit && spares.giveUp());
    }
  }

  #used(key: string): number {
    return this.#at(key).reduce((sum, { spares }) => sum + 1 + spares.count, 0);
  }

  #at(key: string): { readonly key: string; readonly spares: SpareSockets }[] {
    return [...this.#holders.values()].filter((holder) => holder.key === key);
  }
}

const limitOf = ({ preset }: LinkConfig): number => preset.limits.sockets ?? Number.POSITIVE_INFINITY;

const keyOf = ({ preset }: LinkConfig): string => sessionKeyOf(preset);
