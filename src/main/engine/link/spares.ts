import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { AskedBy, DownReason } from '../../../shared/linkState.ts';
import { DIAL_RANK, type DialRank } from '../dialGate.ts';
import type { SpareSockets } from '../slots.ts';
import { Timers } from '../timers.ts';
import { type Consequence, consequenceOf } from './classify.ts';
import { Measuring, type MeasuringHost } from './measuring.ts';
import { Overlap } from './overlap.ts';
import { RotationPlan } from './rotationPlan.ts';
import type { Routes } from './routes.ts';
import type { DialScout } from './scouts.ts';
import type { Session } from './session.ts';
import type { Witnessing } from './sessionListener.ts';
import { SpareDials } from './spareDials.ts';
import type { SparesHost, SparesParts } from './sparesHost.ts';
import { SpareWaits } from './spareWaits.ts';
import { Standby } from './standby.ts';
import { type DialSpare, Succession } from './succession.ts';
import { VenueAsked } from './venueAsked.ts';
import { VenuePlaces } from './venuePlaces.ts';

type Route = LinkConfig['routes'][number];

const BY_ROUTE: DownReason = { kind: 'asked', by: 'route' };

/**
 * Everything a link keeps beside the socket in use: its successor, its standby, the scouts of its other addresses, the
 * planned rotation and the overlap of two sockets (rows L11, L12, L13, L22).
 */
export class Spares implements SpareSockets, MeasuringHost {
  readonly succession: Succession;
  readonly standby: Standby;
  readonly overlap: Overlap;
  readonly plan: RotationPlan;
  readonly measuring: Measuring;
  readonly #host: SparesHost;
  readonly #dials: SpareDials;
  readonly #places: VenuePlaces;
  /** What the venue has asked of any socket of this link. */
  readonly asked: VenueAsked;
  readonly newWaits: (route?: Route) => SpareWaits;
  readonly #timers: Timers<'replace' | 'standby'>;

  constructor(parts: SparesParts) {
    const { host, clock, gate, owner, random, slots } = parts;
    const config = (): LinkConfig => host.config();
    this.#host = host;
    this.asked = new VenueAsked(clock, config);
    this.newWaits = (route) =>
      new SpareWaits({ config, clock, random, askedMs: () => this.asked.leftMs((route ?? this.routes.target).url) });
    this.#dials = new SpareDials(gate, config, (url) => this.asked.leftMs(url));
    this.#places = new VenuePlaces({ slots, owner, config, tell: (happening) => host.tell(happening) });
    this.#timers = new Timers(clock);
    this.measuring = new Measuring(host.config().routes, clock, this);
    this.plan = new RotationPlan({
      clock,
      config,
      openedAt: () => host.session?.openedAt ?? null,
      rotate: () => this.#rotateByPlan(),
    });
    this.overlap = new Overlap(clock, (happening) => host.tell(happening));
    this.succession = new Succession({
      dial: this.#dialSuccessor,
      timers: this.#timers as Timers<'replace'>,
      waits: this.newWaits(),
      due: (wish) => this.#replace(wish),
      changed: () => host.changed(),
      asked: () => this.asked.reason(this.routes.target.url),
    });
    this.standby = new Standby({
      dial: this.#dialSpare(DIAL_RANK.spare),
      timers: this.#timers as Timers<'standby'>,
      waits: this.newWaits(),
    });
  }

  get routes(): Routes {
    return this.measuring.routes;
  }

  readonly dialScout: DialScout = (route, listener, then, held) =>
    this.#dials.pass(DIAL_RANK.spare, route, () => then(this.#host.sockets.openScout(route, listener)), held);

  /** What each spare that was lost, or could not be had, waits for. */
  get waits(): readonly SpareWaits[] {
    return [this.succession.waits, this.standby.waits, ...this.measuring.waits];
  }

  /** A person has seen to the link; `keep` follows. `elsewhere`: at another host. */
  anew(elsewhere: boolean): void {
    this.asked.anew();
    this.succession.anew(elsewhere);
    this.standby.waits.anew(elsewhere);
    this.measuring.anew(elsewhere);
  }

  /** What a socket is made with has changed: none of these is to take over, or to measure, any more. */
  outdate(): void {
    this.succession.forget();
    this.standby.drop();
    this.measuring.rest();
  }

  /** Addresses are gone from the settings: none that is made ready there is to take over. */
  readdressed(): void {
    const { because, session } = this.succession;
    const stays = (one: Session | null): boolean => one !== null && this.routes.has(one.url);
    if (this.standby.session !== null && !stays(this.standby.session)) this.standby.drop();
    if (because === null || stays(session)) return;
    this.succession.abandon();
    this.overlap.abandon();
    if (because === BY_ROUTE) this.succession.again();
    else this.#replace(because);
  }

  /** The successor or the standby of this generation has ended; any other is not known here. */
  ended(generation: number, reason: DownReason): void {
    const { succession, standby } = this;
    if (succession.session?.generation === generation) {
      this.#host.tell({ kind: 'replacement-failed', reason });
      this.overlap.abandon();
      const { url } = succession.session;
      const consequence = this.follow(url, reason);
      if (this.routes.isLeaving) this.routes.lost(url, consequence.kind === 'stop');
      succession.failed(reason, consequence);
      // What waits has no place: a standby may have it.
      this.keep();
    } else if (standby.session?.generation === generation) {
      this.#host.tell({ kind: 'standby', ready: false, reason }, generation);
      standby.lost(this.follow(standby.session.url, reason));
    }
  }

  /** What follows from such an end for any socket of the link: a person is told, messages go out slower (row L18). */
  follow(url: string, reason: DownReason): Consequence {
    const { preset, policy } = this.#host.config();
    const consequence = this.asked.noted(url, reason, consequenceOf(reason, preset, policy));
    if (consequence.loud) this.#host.tell({ kind: 'alarm', reason });
    if (consequence.kind === 'slow' && consequence.paceDown) this.#host.sockets.slowDown();
    return consequence;
  }

  /** A socket was let in, or is ready, by which a login is judged: what the venue had asked, or refused, holds nobody up. */
  letIn({ url, config, isReady }: Session): void {
    if (isReady) this.routes.trust();
    else this.routes.letIn(url);
    const isJudged = isReady === (config.preset.login !== undefined);
    const refused = isJudged ? this.waits.filter((waits) => waits.letIn()) : [];
    const hadAsked = !isReady && this.asked.letIn(url);
    if (!hadAsked && refused.length === 0) return;
    this.succession.again();
    this.measuring.again();
    this.keep();
  }

  /** Make before break, where the venue allows a second socket; else close, wait for the slot, dial. */
  replace(by: AskedBy): void {
    this.#replace({ kind: 'asked', by });
  }

  /** The same, if none is being made ready; else by that one, or after it has failed. */
  alsoReplace(by: AskedBy): void {
    if (this.succession.because === null) this.replace(by);
    else this.succession.want({ kind: 'asked', by });
  }

  /** A new socket because of what this one shows; nothing where the venue allows one only, or has asked to wait. */
  replaceFor(because: DownReason): Witnessing {
    if (this.succession.because !== null) return 'under way';
    if (this.succession.mustWait(because)) return 'refused';
    if (this.#mayReplace()) {
      this.succession.begin(because);
      return 'begun';
    }
    this.#places.declineOwnSuccessor();
    return 'refused';
  }

  /** The standby and the measuring of other addresses go with a link that is up. */
  keep(): void {
    if (!this.#host.isUp()) return;
    const { wanted } = this.measuring;
    const standby = this.#host.config().policy.standby && !this.standby.waits.isRefused ? 1 : 0;
    const share = this.#places.share(standby + wanted.length, this.#passing);
    if (standby === 1 && share > 0) this.standby.keep();
    else this.standby.drop();
    this.measuring.measure(wanted.slice(0, Math.max(0, share - standby)));
  }

  /** Places at the venue that are taken or spoken for, beside the link's own. */
  get count(): number {
    return this.#passing + (this.standby.isWanted ? 1 : 0) + this.measuring.count;
  }

  /** Somebody needs the place of what is only good to have: the proof of an overlap, a measurement, then the standby. */
  giveUp(): boolean {
    this.#places.gaveUp();
    if (this.overlap.session !== null) {
      this.overlap.end();
      return true;
    }
    if (this.measuring.giveUp()) return true;
    if (!this.standby.isWanted) return false;
    this.standby.drop();
    return true;
  }

  /** Ends everything but the sockets that are closing. What the addresses measured is kept. */
  drop(): void {
    this.succession.forget();
    this.standby.drop();
    this.overlap.end();
    this.overlap.abandon();
    this.plan.disarm();
    this.measuring.rest();
    this.routes.settle();
  }

  stop(): void {
    this.drop();
    this.measuring.stop();
    this.#timers.stop();
  }

  /**
   * Call about once a second while up: a place may be free again, another address may have become better. A better address
   * is only good to have: the link never closes its socket for it, and waits as long as the venue asked.
   */
  look(): void {
    if (this.#places.lacking) this.keep();
    const better = this.routes.judge(this.#host.config().policy);
    if (better === null || this.succession.because !== null) return;
    if (this.succession.waits.ownLeftMs > 0 || this.asked.leftMs(better.url) > 0) return;
    if (this.#mayReplace()) this.succession.begin(BY_ROUTE, better);
  }

  /** A socket of this address is in use from now on: a standby of another would take the link back there. */
  cameTo(url: string): void {
    if (this.routes.switched(url)) this.standby.drop();
  }

  /** Row L12: a change of sockets that a person wants now. Answers why it is not done, `null` if it is. */
  rotate(): string | null {
    if (this.succession.because !== null) return 'another socket is being made ready already';
    this.replace('rotation-by-hand');
    return null;
  }

  /** How the socket that was replaced ends. */
  retire(old: Session, because: DownReason): void {
    this.overlap.retire(old, because, this.#host.config().policy.standbyOverlapMs);
  }

  /** A wish that has to wait takes no place before its time. Where no socket is in use, the next is what is wanted. */
  #replace(because: DownReason): void {
    if (this.#host.session === null) return;
    if (this.succession.mustWait(because)) return this.succession.postpone(because);
    if (this.#mayReplace()) return this.succession.begin(because);
    this.#places.declineSuccessor();
    this.drop();
    this.#host.yield(because);
  }

  #rotateByPlan(): boolean {
    if (!this.#host.isUp()) return false;
    this.alsoReplace('rotation');
    return true;
  }

  /** Sockets that come or go with a change. */
  get #passing(): number {
    return (this.succession.because === null ? 0 : 1) + (this.overlap.session === null ? 0 : 1);
  }

  /** The venue allows one socket more, and one that is being made ready has its place already. */
  #mayReplace(): boolean {
    return this.succession.because !== null || this.#places.forSuccessor();
  }

  /** The link lives without it: further tries leave dials to it, should it be lost. */
  readonly #dialSuccessor: DialSpare = (then, held, to) =>
    this.#dialSpare(this.succession.waits.hasFailed ? DIAL_RANK.other : DIAL_RANK.live)(
      (session) => {
        const { because } = this.succession;
        const old = this.#host.session;
        if (because !== null && old !== null) this.overlap.begin(old.generation, session.generation, because);
        then(session);
      },
      held,
      to,
    );

  #dialSpare(rank: DialRank): DialSpare {
    return (then, held, to = this.routes.target) =>
      this.#dials.pass(rank, to, () => then(this.#host.sockets.open(to)), held);
  }
}
