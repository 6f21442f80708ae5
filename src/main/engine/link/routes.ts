import type { LinkConfig, Policy } from '../../../shared/engineConfig.ts';
import type { RouteView, RoutingView } from '../../../shared/socketView.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';

/** Round trips of one address that its p50 is taken from. */
const KEPT = 30;
const JUDGED_FROM = 5;

type Route = LinkConfig['routes'][number];
type RouteRules = Pick<Policy, 'routeBetterMs' | 'routeBetterPercent' | 'routeBetterForMs' | 'routeDwellMs'>;

interface Standing {
  readonly route: Route;
  rtts: number[];
  alive: boolean;
  /** The venue refuses the credentials there, or what this machine says. */
  refused: boolean;
  /** Worked out when it is asked for, until the next round trip. */
  p50Ms: number | null | undefined;
}

/**
 * The addresses of one venue (row L13): which is in use, what each measures, and which is to be used next.
 *
 * Another address is taken only if it has been better by both margins without a break for the time asked, and not before
 * the last switch has stood for its dwell time; a loss is left at once.
 */
export class Routes {
  #standings: Standing[];
  #current = 0;
  #better: { readonly index: number; readonly since: MonoMs } | null = null;
  #switchedAt: MonoMs | null = null;
  #views: readonly RouteView[] | null = null;

  constructor(routes: readonly Route[]) {
    this.#standings = routes.map(unknown);
  }

  /** Keeps what is known of addresses that stay. */
  change(routes: readonly Route[]): void {
    const inUse = this.current.dialUrl;
    const before = new Map(this.#standings.map((standing) => [standing.route.dialUrl, standing]));
    this.#standings = routes.map((route) => before.get(route.dialUrl) ?? unknown(route));
    this.#current = Math.max(
      0,
      this.#standings.findIndex(({ route }) => route.dialUrl === inUse),
    );
    this.#better = null;
    this.#views = null;
  }

  get current(): Route {
    return (this.#standings[this.#current] as Standing).route;
  }

  /** The addresses to be measured beside the one in use. */
  get others(): readonly Route[] {
    return this.#standings.filter((_, index) => index !== this.#current).map(({ route }) => route);
  }

  measured(url: string, rttMs: number): void {
    const standing = this.#standings.find(({ route }) => route.url === url);
    if (standing === undefined) return;
    standing.alive = true;
    standing.refused = false;
    standing.rtts.push(rttMs);
    standing.p50Ms = undefined;
    this.#views = null;
    if (standing.rtts.length > KEPT) standing.rtts.shift();
  }

  /** A socket of this address was lost, or could not be had. `refused`: none is to be had there for now. */
  lost(url: string, refused: boolean): void {
    const standing = this.#standings.find(({ route }) => route.url === url);
    if (standing === undefined) return;
    standing.alive = false;
    standing.refused ||= refused;
    standing.rtts = [];
    standing.p50Ms = undefined;
    this.#views = null;
  }

  /** A person has seen to the link. */
  trust(): void {
    for (const standing of this.#standings) standing.refused = false;
  }

  /** Every address has refused. */
  get areRefused(): boolean {
    return this.#standings.every(({ refused }) => refused);
  }

  /** Of the addresses that are not in use only these are measured. */
  forgetBut(measured: readonly Route[]): void {
    for (const [index, standing] of this.#standings.entries()) {
      if (index === this.#current || standing.rtts.length === 0 || measured.includes(standing.route)) continue;
      standing.rtts = [];
      standing.p50Ms = undefined;
      this.#views = null;
    }
  }

  /**
   * After a loss: of the addresses that may be dialled soonest the fastest that is alive, else the next in turn, the lost one
   * last. `leftMs`: for how long the venue has asked not to be dialled there.
   */
  failOver(now: MonoMs, leftMs: (url: string) => number): void {
    const count = this.#standings.length;
    if (count < 2) return;
    const [next] = this.#standings
      .map((standing, index) => ({
        index,
        waitMs: standing.refused ? Number.MAX_VALUE : leftMs(standing.route.url),
        p50Ms: (standing.alive ? p50(standing) : null) ?? Number.MAX_VALUE,
        turn: (index - this.#current - 1 + count) % count,
      }))
      .sort((a, b) => a.waitMs - b.waitMs || a.p50Ms - b.p50Ms || a.turn - b.turn);
    if (next !== undefined && next.index !== this.#current) this.#use(next.index, now);
  }

  /** The address to switch to now, `null` to stay. Call about once a second; `switched` follows when it was done. */
  judge(now: MonoMs, policy: RouteRules): Route | null {
    if (this.#standings.length < 2) return null;
    const own = p50(this.#standings[this.#current]);
    let best: { readonly index: number; readonly p50Ms: number } | null = null;
    for (const [index, standing] of this.#standings.entries()) {
      const p50Ms = p50(standing);
      if (index === this.#current || !standing.alive || p50Ms === null) continue;
      if (best === null || p50Ms < best.p50Ms) best = { index, p50Ms };
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
    if (this.#better?.index !== best.index) this.#better = { index: best.index, since: now };
    if (elapsedMs(this.#better.since, now) < policy.routeBetterForMs) return null;
    if (this.#switchedAt !== null && elapsedMs(this.#switchedAt, now) < policy.routeDwellMs) return null;
    return (this.#standings[best.index] as Standing).route;
  }

  switched(url: string, now: MonoMs): void {
    const index = this.#standings.findIndex(({ route }) => route.url === url);
    if (index >= 0 && index !== this.#current) this.#use(index, now);
  }

  views(): readonly RouteView[] {
    this.#views ??= this.#standings.map((standing, index) => ({
      url: standing.route.url,
      p50Ms: p50(standing),
      inUse: index === this.#current,
      alive: standing.alive,
    }));
    return this.#views;
  }

  /** What a switch needs, and how far it has come; `null` where there is nothing to switch to. */
  routing(policy: RouteRules): RoutingView | null {
    if (this.#standings.length < 2) return null;
    const better = this.#better;
    const url = better === null ? undefined : this.#standings[better.index]?.route.url;
    return {
      betterMs: policy.routeBetterMs,
      betterPercent: policy.routeBetterPercent,
      betterForMs: policy.routeBetterForMs,
      dwellMs: policy.routeDwellMs,
      candidate: better === null || url === undefined ? null : { url, since: better.since },
      switchedAt: this.#switchedAt,
    };
  }

  #use(index: number, now: MonoMs): void {
    this.#current = index;
    this.#switchedAt = now;
    this.#views = null;
    this.#better = null;
  }
}

const unknown = (route: Route): Standing => ({ route, rtts: [], alive: true, refused: false, p50Ms: undefined });

function p50(standing: Standing | undefined): number | null {
  if (standing === undefined || standing.rtts.length < JUDGED_FROM) return null;
  if (standing.p50Ms !== undefined) return standing.p50Ms;
  const sorted = [...standing.rtts].sort((a, b) => a - b);
  standing.p50Ms = sorted[(sorted.length - 1) >> 1] ?? null;
  return standing.p50Ms;
}
