import type { LinkConfig, Policy } from '../../../shared/engineConfig.ts';
import type { RouteView, RoutingView } from '../../../shared/socketView.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';

/** Round trips of one address that its p50 is taken from. */
const KEPT = 30;
const JUDGED_FROM = 5;
/** The rest of an address that no switch to succeeds is doubled so often at most. */
const LONGEST_REST = 4;
/** An address that refuses is asked again so long after it. */
const REFUSED_AGAIN_MS = 300_000;

type Route = LinkConfig['routes'][number];
type RouteRules = Pick<Policy, 'routeBetterMs' | 'routeBetterPercent' | 'routeBetterForMs' | 'routeDwellMs'>;

interface Standing {
  readonly route: Route;
  rtts: number[];
  /** Sockets of it that were lost, or could not be had, since one was let in. */
  losses: number;
  /** Since when the venue refuses the credentials there, or what this machine says; `null` while it does not. */
  refusedAt: MonoMs | null;
  /** Sockets that were to take over there and could not, since one did, or a person has seen to the link. */
  misfits: number;
  misfitAt: MonoMs | null;
  /** Worked out when it is asked for, until the next round trip. */
  p50Ms: number | null | undefined;
}

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

  /** Keeps what is known of addresses that stay. `isOpen`: a socket of the one in use is open. */
  change(routes: readonly Route[], isOpen: boolean): void {
    const before = new Map(this.#all.map((standing) => [standing.route.dialUrl, standing]));
    this.#standings = routes.map((route) => before.get(route.dialUrl) ?? unknown(route));
    this.#better = null;
    this.#views = null;
    if (!isOpen) this.settle();
  }

  /** No socket is in use any more: nothing holds the link at an address that is gone. */
  settle(): void {
    if (this.isLeaving) this.#use(this.#best());
  }

  get current(): Route {
    return this.#inUse.route;
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

  has(url: string): boolean {
    return this.#standings.some(({ route }) => route.url === url);
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

  /** The venue has made a socket ready there: it refuses the link nowhere. */
  ready(url: string): void {
    for (const standing of this.#standings) standing.refusedAt = null;
    this.#about(url, (standing) => {
      standing.misfits = 0;
      standing.misfitAt = null;
    });
  }

  /** A person has seen to the link. */
  anew(): void {
    for (const { route } of this.#standings) this.ready(route.url);
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

  /** One that refuses is asked again now and then, where no other can be had. */
  #waitMs({ refusedAt, route }: Standing): number {
    if (refusedAt === null) return this.#is.askedMs(route.url);
    const mayAsk = elapsedMs(refusedAt, this.#is.now()) >= REFUSED_AGAIN_MS;
    const hasOther = this.#standings.some((other) => other.refusedAt === null && other.losses < 2);
    return mayAsk && !hasOther ? this.#is.askedMs(route.url) : Number.MAX_VALUE;
  }

  #use(standing: Standing): void {
    this.#inUse = standing;
    this.#switchedAt = this.#is.now();
    this.#views = null;
    this.#better = null;
  }
}

const unknown = (route: Route): Standing => ({
  route,
  rtts: [],
  losses: 0,
  refusedAt: null,
  misfits: 0,
  misfitAt: null,
  p50Ms: undefined,
});

/** A switch that failed has its dwell time like any other, and twice as long each time. */
function rests({ misfits, misfitAt }: Standing, { routeBetterForMs, routeDwellMs }: RouteRules, now: MonoMs): boolean {
  if (misfitAt === null) return false;
  return elapsedMs(misfitAt, now) < Math.max(routeBetterForMs, routeDwellMs) * 2 ** Math.min(misfits - 1, LONGEST_REST);
}

function p50(standing: Standing): number | null {
  if (standing.rtts.length < JUDGED_FROM) return null;
  if (standing.p50Ms !== undefined) return standing.p50Ms;
  const sorted = [...standing.rtts].sort((a, b) => a - b);
  standing.p50Ms = sorted[(sorted.length - 1) >> 1] ?? null;
  return standing.p50Ms;
}
