import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { originOf } from '../dialGate.ts';
import type { Clock } from '../ports.ts';
import { atLeastMs, type Consequence, noSooner } from './classify.ts';
import type { Routes } from './routes.ts';

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

  /** The venue has let in a socket there: it asks for nothing any more. True if it had asked. */
  letIn(url: string): boolean {
    if (this.#requests?.delete(this.#keyOf(url)) !== true) return false;
    if (this.#requests.size === 0) this.#requests = null;
    return true;
  }

  /** With what it asked, of this address; `null` where it asks for nothing. */
  reason(url: string): DownReason | null {
    return this.leftMs(url) === 0 ? null : (this.#requests?.get(this.#keyOf(url))?.reason ?? null);
  }

  /** For how long this address is not to be dialled, ms; 0 for not at all. */
  leftMs(url: string, now = this.#clock.now()): number {
    const request = this.#requests?.get(this.#keyOf(url));
    return request === undefined ? 0 : Math.max(0, elapsedMs(now, request.until));
  }

  /**
   * The link itself has lost its socket: chooses the address of its next dial, and answers what follows; `asked`: what it
   * waits for, if that is a request. The link stops only where every address has refused it.
   */
  next(
    routes: Routes,
    told: Consequence,
    now: MonoMs,
  ): { readonly consequence: Consequence; readonly asked: DownReason | null } {
    routes.failOver(now, (url) => this.leftMs(url, now));
    const { url } = routes.current;
    const consequence: Consequence = told.kind === 'stop' && !routes.areRefused ? { kind: 'retry', loud: true } : told;
    const leftMs = this.leftMs(url, now);
    if (leftMs <= atLeastMs(consequence)) return { consequence, asked: null };
    return { consequence: noSooner(consequence, leftMs), asked: this.reason(url) };
  }

  #keyOf(url: string): string {
    const { preset, routes } = this.#config();
    const route = routes.find((candidate) => candidate.url === url);
    return originOf(preset, route?.dialUrl ?? url).key;
  }
}
