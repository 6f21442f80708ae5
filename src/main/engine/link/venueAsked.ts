import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { originOf } from '../dialGate.ts';
import type { Clock } from '../ports.ts';
import { atLeastMs, type Consequence } from './classify.ts';

interface Request {
  readonly reason: DownReason;
  readonly until: MonoMs;
}

/**
 * Until when a venue has asked not to be dialled (`Retry-After`, row L6). Whatever socket of the link was told so, all of them
 * obey: one that dials on is what the venue counts next.
 */
export class VenueAsked {
  readonly #clock: Clock;
  readonly #config: () => LinkConfig;
  /** By origin; made when a venue first asks for something. */
  #requests: Map<string, Request> | null = null;

  constructor(clock: Clock, config: () => LinkConfig) {
    this.#clock = clock;
    this.#config = config;
  }

  /** A dial of this address, or its socket, has ended so. */
  note(url: string, reason: DownReason): void {
    if (reason.kind !== 'http' || reason.retryAfterMs === null) return;
    const until = after(this.#clock.now(), reason.retryAfterMs);
    this.#requests ??= new Map();
    const key = this.#keyOf(url);
    const known = this.#requests.get(key);
    if (known === undefined || known.until < until) this.#requests.set(key, { reason, until });
  }

  /** For how long this address is not to be dialled, ms; 0 for not at all. */
  leftMs(url: string): number {
    const request = this.#requests?.get(this.#keyOf(url));
    return request === undefined ? 0 : Math.max(0, elapsedMs(this.#clock.now(), request.until));
  }

  /** What follows for the link itself from its own end, if its next dial is of this address, and why it waits. */
  heeded(
    url: string,
    reason: DownReason,
    consequence: Consequence,
  ): { readonly reason: DownReason; readonly consequence: Consequence } {
    const request = this.#requests?.get(this.#keyOf(url));
    const leftMs = this.leftMs(url);
    const mayWait = consequence.kind === 'retry' || consequence.kind === 'slow';
    if (request === undefined || !mayWait || atLeastMs(consequence) >= leftMs) return { reason, consequence };
    const { loud } = consequence;
    return { reason: request.reason, consequence: { kind: 'slow', atLeastMs: leftMs, loud, paceDown: false } };
  }

  #keyOf(url: string): string {
    const { preset, routes } = this.#config();
    const route = routes.find((candidate) => candidate.url === url);
    return originOf(preset, route?.dialUrl ?? url).key;
  }
}
