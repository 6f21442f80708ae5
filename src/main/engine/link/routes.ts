import type { RouteView, RoutingView } from '../../../shared/socketView.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { KEPT, p50, type Route, type RouteRules, rests, type Standing, unknown } from './standing.ts';

/** An address that refuses is asked again so long after it. */
const REFUSED_AGAIN_MS = 300_000;

interface RoutesParts {
  now(): MonoMs;
  /** For how long that address is not to be dialled, ms. */
  askedMs(url: string): number;
  /** The same, for a socket that is to take over. */
  successorMs(url: string): number;
}

/**
 * The addresses of one venue (row L13): which is in use, what each measures, and which is to be used next.
 *
 * Another address is taken only if it has been better by both margins without a break for the time asked, and not before
 * the last switch has stood for its dwell time; a loss is left at once. One that the settings have no longer is in use until
 * a socket of another has taken over.
 */
export class Routes {
  readonly #is: RoutesParts;
  #standings: readonly Standing[];
  #inUse: Standing;
  #better: { readonly standing: Standing; readonly since: MonoMs } | null = null;
  #switchedAt: MonoMs | null = null;
  #views: readonly RouteView[] | null = null;

  constructor(routes: readonly Route[], parts: RoutesParts) {
    this.#is = parts;
    this.#standings = routes.map(unknown);
    this.#inUse = this.#standings[0] as Standing;
  }

  /**
   * Keeps what is known of addresses that stay. The one in use stays while its socket is open. With no dial under way after a
   * loss, an address that has come is chosen among, as after that loss.
   */
  change(routes: readonly Route[], socket: 'open' | 'dialled' | 'none'): void {
    const before = new Map(this.#all.map((standing) => [standing.route.dialUrl, standing]));
    this.#standings = routes.map((route) => before.get(route.dialUrl) ?? unknown(route));
    this.#better = null;
    this.#views = null;
    if (socket !== 'open') this.settle();
    const hasNew = routes.some(({ dialUrl }) => !before.has(dialUrl));
    if (socket === 'none' && hasNew && this.#inUse.losses > 0) this.failOver();
  }

  /** No socket is in use any more: nothing holds the link at an address that is gone. */
  settle(): void {
    if (this.isLeaving) this.#use(this.#best());
  }

  get current(): Route {
    return this.#inUse.route;
  }

  /** For how long it is not to be dialled since it refuses, ms. */
  get refusedMs(): number {
    return this.#refusedMs(this.#inUse);
  }

  /** The settings have the address in use no longer. */
  get isLeaving(): boolean {
    return !this.#standings.includes(this.#inUse);
  }

  /** Where another socket is dialled: at the address in use, if it stays. */
  get target(): Route {
    if (!this.isLeaving) return this.current;
    return this.#best(({ route }) => this.#is.successorMs(route.url)).route;
  }

  /** The settings have it, and with the same key. */
  has({ dialUrl }: Route): boolean {
    return this.#standings.some(({ route }) => route.dialUrl === dialUrl);
  }

  /** The addresses to be measured beside the one in use, or to be. */
  get others(): readonly Route[] {
    const { target } = this;
    return this.#standings.map(({ route }) => route).filter((route) => route !== target);
  }

  measured(url: string, rttMs: number): void {
    this.#about(url, (standing) => {
      standing.losses = 0;
      standing.refusedAt = null;
      standing.rtts.push(rttMs);
      if (standing.rtts.length > KEPT) standing.rtts.shift();
    });
  }

  /** The venue has let in a socket there. */
  letIn(url: string): void {
    this.#about(url, (standing) => {
      standing.losses = 0;
      standing.refusedAt = null;
    });
  }

  /** A socket of this address was lost, or could not be had. `refused`: none is to be had there for now. */
  lost(url: string, refused: boolean): void {
    this.#about(url, (standing) => {
      standing.losses += 1;
      if (refused) standing.refusedAt = this.#is.now();
      standing.rtts = [];
    });
  }

  /** One that was to take over there could not be had, though others may be: see `lost`. */
  unfit(url: string, refused: boolean): void {
    this.lost(url, refused);
    this.#better = null;
    this.#about(url, (standing) => {
      standing.misfits += 1;
      standing.misfitAt = this.#is.now();
    });
  }

  /** The venue has made a socket ready: it refuses the link nowhere. */
  ready(): void {
    for (const standing of this.#standings) standing.refusedAt = null;
  }

  /** The socket in use is ready: its address is one that can be had. */
  fits(): void {
    this.#forgive(this.#inUse);
  }

  /** A person has seen to the link. */
  anew(): void {
    this.ready();
    for (const standing of this.#standings) this.#forgive(standing);
  }

  /** Every address has refused. */
  get areRefused(): boolean {
    return this.#standings.every(({ refusedAt }) => refusedAt !== null);
  }

  /** Of the addresses that are not in use only these are measured. */
  forgetBut(measured: readonly Route[]): void {
    for (const standing of this.#standings) {
      if (standing === this.#inUse || standing.rtts.length === 0 || measured.includes(standing.route)) continue;
      standing.rtts = [];
      standing.p50Ms = undefined;
      this.#views = null;
    }
  }

  /**
   * After a loss: of the addresses that may be dialled soonest the fastest that is alive, else the next in turn, the lost one
   * last.
   */
  failOver(): void {
    const next = this.#best();
    if (next !== this.#inUse) this.#use(next);
  }

  /** A person wants a dial now: it is of one that has asked to wait only where each has. */
  avoidAsked(): void {
    if (this.#is.askedMs(this.current.url) > 0) this.failOver();
  }

  /** The address to switch to now, `null` to stay. Call about once a second; `switched` follows when it was done. */
  judge(policy: RouteRules): Route | null {
    if (this.#all.length < 2) return null;
    const now = this.#is.now();
    const own = p50(this.#inUse);
    let best: { readonly standing: Standing; readonly p50Ms: number } | null = null;
    for (const standing of this.#standings) {
      const p50Ms = p50(standing);
      if (standing === this.#inUse || standing.losses > 0 || p50Ms === null) continue;
      if (rests(standing, policy, now)) continue;
      if (best === null || p50Ms < best.p50Ms) best = { standing, p50Ms };
    }
    const isBetter =
      own !== null &&
      best !== null &&
      own - best.p50Ms >= policy.routeBetterMs &&
      best.p50Ms <= own * (1 - policy.routeBetterPercent / 100);
    if (!isBetter || best === null) {
      this.#better = null;
      return null;
    }
    if (this.#better?.standing !== best.standing) this.#better = { standing: best.standing, since: now };
    if (elapsedMs(this.#better.since, now) < policy.routeBetterForMs) return null;
    if (this.#switchedAt !== null && elapsedMs(this.#switchedAt, now) < policy.routeDwellMs) return null;
    return best.standing.route;
  }

  /** A socket of this address is in use from now on. True if that was another address. */
  switched(url: string): boolean {
    const standing = this.#standings.find(({ route }) => route.url === url);
    if (standing === undefined || standing === this.#inUse) return false;
    this.#use(standing);
    return true;
  }

  views(): readonly RouteView[] {
    this.#views ??= this.#all.map((standing) => ({
      url: standing.route.url,
      p50Ms: p50(standing),
      inUse: standing === this.#inUse,
      alive: standing.losses === 0 && standing.misfits === 0,
    }));
    return this.#views;
  }

  /** What a switch needs, and how far it has come; `null` where there is nothing to switch to. */
  routing(policy: RouteRules): RoutingView | null {
    if (this.#all.length < 2) return null;
    const better = this.#better;
    return {
      betterMs: policy.routeBetterMs,
      betterPercent: policy.routeBetterPercent,
      betterForMs: policy.routeBetterForMs,
      dwellMs: policy.routeDwellMs,
      candidate: better === null ? null : { url: better.standing.route.url, since: better.since },
      switchedAt: this.#switchedAt,
    };
  }

  /** Those of the settings, and the one in use. */
  get #all(): readonly Standing[] {
    return this.isLeaving ? [...this.#standings, this.#inUse] : this.#standings;
  }

  #forgive(standing: Standing): void {
    standing.misfits = 0;
    standing.misfitAt = null;
    this.#views = null;
  }

  #about(url: string, learn: (standing: Standing) => void): void {
    const standing = this.#all.find(({ route }) => route.url === url);
    if (standing === undefined) return;
    learn(standing);
    standing.p50Ms = undefined;
    this.#views = null;
  }

  /** Where the next dial goes after one of the address in use. */
  #best(spareMs: (standing: Standing) => number = () => 0): Standing {
    const count = this.#standings.length;
    const from = this.#standings.indexOf(this.#inUse);
    const [best] = this.#standings
      .map((standing, index) => ({
        standing,
        waitMs: Math.max(this.#waitMs(standing), spareMs(standing)),
        p50Ms: (standing.misfits === 0 ? p50(standing) : null) ?? Number.MAX_VALUE,
        losses: Math.min(1, standing.losses + standing.misfits),
        turn: (index - from - 1 + count) % count,
      }))
      .sort((a, b) => a.waitMs - b.waitMs || a.p50Ms - b.p50Ms || a.losses - b.losses || a.turn - b.turn);
    return best?.standing ?? this.#inUse;
  }

  #waitMs(standing: Standing): number {
    return Math.max(this.#is.askedMs(standing.route.url), this.#refusedMs(standing));
  }

  /** One that refuses is asked again now and then, where no other can be had. */
  #refusedMs({ refusedAt }: Standing): number {
    if (refusedAt === null || this.areRefused) return 0;
    if (this.#standings.some((other) => this.#canBeHad(other))) return Number.MAX_VALUE;
    return Math.max(0, REFUSED_AGAIN_MS - elapsedMs(refusedAt, this.#is.now()));
  }

  /** It neither refuses nor is to be left alone for long. */
  #canBeHad({ refusedAt, losses, route }: Standing): boolean {
    return refusedAt === null && losses < 2 && this.#is.askedMs(route.url) <= REFUSED_AGAIN_MS;
  }

  #use(standing: Standing): void {
    this.#inUse = standing;
    this.#switchedAt = this.#is.now();
    this.#views = null;
    this.#better = null;
  }
}
