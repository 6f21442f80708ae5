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

  /** A dial of this address has ended so. Answers what follows beside that request, which is heeded by all. */
  noted(url: string, reason: DownReason, consequence: Consequence, now = this.#clock.now()): Consequence {
    if (reason.kind !== 'http' || reason.retryAfterMs === null) return consequence;
    const until = after(now, reason.retryAfterMs);
    this.#requests ??= new Map();
    const key = this.#keyOf(url);
    const known = this.#requests.get(key);
    if (known === undefined || known.until < until) this.#requests.set(key, { reason, until });
    return consequence.kind === 'slow' ? { ...consequence, atLeastMs: 0 } : consequence;
  }

  /** The venue has let in a socket there: it asks for nothing any more. */
  letIn(url: string): void {
    if (this.#requests?.delete(this.#keyOf(url)) !== true || this.#requests.size > 0) return;
    this.#requests = null;
  }

  /** For how long this address is not to be dialled, ms; 0 for not at all. */
  leftMs(url: string, now = this.#clock.now()): number {
    const request = this.#requests?.get(this.#keyOf(url));
    return request === undefined ? 0 : Math.max(0, elapsedMs(now, request.until));
  }

  /** What follows for the link itself if its next dial is of this address; `asked`: what it waits for, if that is a request. */
  heeded(
    url: string,
    consequence: Consequence,
    now: MonoMs,
  ): { readonly consequence: Consequence; readonly asked: DownReason | null } {
    const leftMs = this.leftMs(url, now);
    if (leftMs <= atLeastMs(consequence)) return { consequence, asked: null };
    const asked = this.#requests?.get(this.#keyOf(url))?.reason ?? null;
    return { consequence: { kind: 'slow', atLeastMs: leftMs, loud: consequence.loud, paceDown: false }, asked };
  }

  #keyOf(url: string): string {
    const { preset, routes } = this.#config();
    const route = routes.find((candidate) => candidate.url === url);
    return originOf(preset, route?.dialUrl ?? url).key;
  }
}
