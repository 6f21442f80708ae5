import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { AskedWait, AskedWaits } from '../askedWaits.ts';
import { originOf } from '../dialGate.ts';
import type { Clock } from '../ports.ts';
import { atLeastMs, type Consequence, isOfAddress, noSooner } from './classify.ts';
import type { Routes } from './routes.ts';

/** The link has lost its socket, or could not have one, at this address. */
interface Loss {
  readonly url: string;
  readonly reason: DownReason;
  readonly consequence: Consequence;
}

/** Statuses that are said of this machine, whatever it asks for there. */
const OF_HOST = new Set([403, 418, 429]);

/**
 * Until when an address is not to be dialled. Whatever socket of the link the venue has asked so (`Retry-After`, row L6), all
 * of them obey: one that dials on is what the venue counts next. So they do where the link itself has met what it would meet
 * again (row L18).
 */
export class VenueAsked {
  readonly #clock: Clock;
  readonly #config: () => LinkConfig;
  readonly #ofAll: AskedWaits;
  /** By origin, or by address; made when a venue first asks for something. */
  #waits: Map<string, AskedWait> | null = null;

  constructor(clock: Clock, config: () => LinkConfig, ofAll: AskedWaits) {
    this.#clock = clock;
    this.#config = config;
    this.#ofAll = ofAll;
  }

  /** The link comes into use: what was asked there before it was is asked of it. */
  starts(): void {
    for (const { url } of this.#config().routes) {
      for (const key of this.#keysOf(url)) {
        const wait = this.#ofAll.get(key);
        if (wait !== undefined) this.#keep(key, wait);
      }
    }
  }

  /** A dial of this address has ended so. Answers what follows beside that request, which is heeded by all. */
  noted(url: string, reason: DownReason, consequence: Consequence, now = this.#clock.now()): Consequence {
    if (reason.kind !== 'http' || reason.retryAfterMs === null) return consequence;
    this.#note(this.#originOf(url), { reason, until: after(now, reason.retryAfterMs), loud: false });
    return consequence.kind === 'slow' ? { ...consequence, atLeastMs: 0 } : consequence;
  }

  /** The venue has let in a socket there: it asks for nothing any more. True if it had asked. */
  letIn(url: string): boolean {
    const keys = this.#keysOf(url);
    for (const key of keys) this.#ofAll.forget(key);
    const asked = keys.filter((key) => this.#waits?.delete(key));
    if (this.#waits?.size === 0) this.#waits = null;
    return asked.length > 0;
  }

  /** A person has done something: what one was told of is tried again. */
  anew(): void {
    for (const [key, { loud }] of this.#waits ?? []) if (loud) this.#waits?.delete(key);
  }

  /** What this address is to be left alone for, `null` where nothing is to be waited for. */
  wait(url: string): AskedWait | null {
    const wait = this.#longest(url);
    return wait === null || wait.until <= this.#clock.now() ? null : wait;
  }

  /** What this address was told, `null` where nothing is to be waited for. */
  reason(url: string): DownReason | null {
    return this.wait(url)?.reason ?? null;
  }

  /** For how long this address is not to be dialled, ms; 0 for not at all. */
  leftMs(url: string, now = this.#clock.now()): number {
    const wait = this.#longest(url);
    return wait === null ? 0 : Math.max(0, elapsedMs(now, wait.until));
  }

  /**
   * The link itself has lost its socket: chooses the address of its next dial, and answers what follows; `asked`: what it
   * waits for, if that was asked before. The link stops only where every address has refused it.
   */
  next(
    routes: Routes,
    { url: lost, reason, consequence: told }: Loss,
    now: MonoMs,
  ): { readonly consequence: Consequence; readonly asked: DownReason | null } {
    const isOfLost = isOfAddress(reason, told);
    if (isOfLost) {
      const isOfHost = reason.kind === 'http' && OF_HOST.has(reason.status);
      const until = after(now, atLeastMs(told));
      this.#note(isOfHost ? this.#originOf(lost) : lost, { reason, until, loud: told.loud });
    }
    routes.failOver();
    const { url } = routes.current;
    const isLeft = told.kind === 'stop' ? !routes.areRefused : isOfLost && url !== lost;
    const consequence: Consequence = isLeft ? { kind: 'retry', loud: told.loud } : told;
    const leftMs = Math.max(this.leftMs(url, now), routes.refusedMs);
    if (leftMs <= atLeastMs(consequence)) return { consequence, asked: null };
    return { consequence: noSooner(consequence, leftMs), asked: this.reason(url) };
  }

  /** What a person was told of is this link's own. */
  #note(key: string, wait: AskedWait): void {
    this.#keep(key, wait);
    if (!wait.loud) this.#ofAll.note(key, wait);
  }

  #keep(key: string, wait: AskedWait): void {
    this.#waits ??= new Map();
    const known = this.#waits.get(key);
    if (known === undefined || known.until < wait.until) this.#waits.set(key, wait);
  }

  #longest(url: string): AskedWait | null {
    if (this.#waits === null) return null;
    const waits = this.#keysOf(url).flatMap((key) => this.#waits?.get(key) ?? []);
    return waits.reduce<AskedWait | null>((a, b) => (a === null || b.until > a.until ? b : a), null);
  }

  #keysOf(url: string): readonly string[] {
    return [this.#originOf(url), url];
  }

  #originOf(url: string): string {
    const { preset, routes } = this.#config();
    const route = routes.find((candidate) => candidate.url === url);
    return originOf(preset, route?.dialUrl ?? url).key;
  }
}
