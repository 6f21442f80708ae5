import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import type { MonoMs } from '../../../shared/units.ts';
import { DIAL_RANK } from '../dialGate.ts';
import type { SpareSockets } from '../slots.ts';
import { Timers } from '../timers.ts';
import { AddressWaits } from './addressWaits.ts';
import { type Consequence, endOf, leavesOthers } from './classify.ts';
import { Measuring, type MeasuringHost } from './measuring.ts';
import type { Overlap } from './overlap.ts';
import { Replacing } from './replacing.ts';
import { RotationPlan } from './rotationPlan.ts';
import type { Routes } from './routes.ts';
import type { DialScout } from './scouts.ts';
import type { Session } from './session.ts';
import { SpareDials } from './spareDials.ts';
import type { SparesHost, SparesParts } from './sparesHost.ts';
import type { SpareWaits } from './spareWaits.ts';
import { Standby } from './standby.ts';
import type { Succession } from './succession.ts';
import { VenueAsked } from './venueAsked.ts';
import { VenuePlaces } from './venuePlaces.ts';

/**
 * Everything a link keeps beside the socket in use: what is to take its place, its standby, the scouts of its other
 * addresses and the planned rotation (rows L11, L12, L13, L22).
 */
export class Spares implements SpareSockets, MeasuringHost {
  readonly replacing: Replacing;
  readonly standby: Standby;
  readonly plan: RotationPlan;
  readonly measuring: Measuring;
  readonly #host: SparesHost;
  readonly #dials: SpareDials;
  readonly #places: VenuePlaces;
  /** What the venue has asked of any socket of this link. */
  readonly asked: VenueAsked;
  readonly newWaits: () => AddressWaits;
  readonly dialScout: DialScout;
  readonly #timers: Timers<'replace' | 'standby'>;

  constructor(parts: SparesParts) {
    const { host, clock, gate, owner, random, slots } = parts;
    const config = (): LinkConfig => host.config();
    this.#host = host;
    this.asked = new VenueAsked(clock, config, gate.asked);
    const askedMs = (url: string): number => this.asked.leftMs(url);
    this.#dials = new SpareDials({ gate, config, sockets: () => host.sockets, askedMs });
    this.dialScout = this.#dials.scout;
    const ofWaits = { config, clock, random, askedMs };
    this.newWaits = () => new AddressWaits(ofWaits);
    this.#places = new VenuePlaces({ slots, owner, config, tell: (happening) => host.tell(happening) });
    this.#timers = new Timers(clock);
    this.measuring = new Measuring(host.config().routes, clock, this);
    this.plan = new RotationPlan({
      clock,
      config,
      openedAt: () => host.session?.openedAt ?? null,
      rotate: () => this.#rotateByPlan(),
    });
    this.replacing = new Replacing({
      clock,
      timers: this.#timers as Timers<'replace'>,
      dials: this.#dials,
      places: this.#places,
      routes: this.routes,
      waits: this.newWaits(),
      asked: this.asked,
      inUse: () => host.session,
      yield: (because) => {
        this.drop();
        host.yield(because);
      },
      tell: (happening) => host.tell(happening),
      changed: () => host.changed(),
    });
    this.standby = new Standby({
      dial: this.#dials.ranked(DIAL_RANK.spare),
      target: () => this.routes.target,
      timers: this.#timers as Timers<'standby'>,
      waits: this.newWaits(),
    });
  }

  get succession(): Succession {
    return this.replacing.succession;
  }

  get overlap(): Overlap {
    return this.replacing.overlap;
  }

  get routes(): Routes {
    return this.measuring.routes;
  }

  /** What each spare that was lost, or could not be had, waits for. */
  get waits(): readonly SpareWaits[] {
    return [...this.succession.waits.all, ...this.standby.waits.all, ...this.measuring.waits];
  }

  /** Those that may come into use. */
  get ofUse(): readonly Session[] {
    return [this.succession.session, this.standby.session, this.overlap.session].filter((one) => one !== null);
  }

  successorMs(url: string): number {
    return this.succession.waits.of(url).leftMs;
  }

  /** A person has seen to the link; `keep` follows. */
  anew(): void {
    this.asked.anew();
    this.measuring.anew();
    this.standby.waits.anew();
    this.succession.anew();
  }

  /** What a socket is made with has changed: none of these is to take over, or to measure, any more. */
  outdate(): void {
    this.succession.abandon();
    this.succession.forgetSettings();
    this.overlap.abandon();
    this.standby.drop();
    this.measuring.rest();
  }

  /** Addresses have come or gone: none that is gone is where another socket is made ready. */
  readdressed(): void {
    const { route } = this.standby;
    if (route !== null && !this.routes.has(route)) this.standby.drop();
    this.replacing.readdressed();
  }

  /** The successor or the standby of this generation has ended; any other is not known here. */
  ended(generation: number, reason: DownReason): void {
    const { succession, standby } = this;
    if (succession.session?.generation === generation) {
      this.#host.tell({ kind: 'replacement-failed', reason });
      this.replacing.failed(reason, (url) => this.follow(url, reason));
      // What waits has no place: a standby may have it.
      this.keep();
    } else if (standby.session?.generation === generation) {
      this.#host.tell({ kind: 'standby', ready: false, reason }, generation);
      standby.lost(this.follow(standby.session.url, reason));
    }
  }

  /** A ready socket for the place of one that ended so: the standby, else the one that it has just taken over from. */
  standIn(lost: Session, reason: DownReason, consequence: Consequence): Session | null {
    const config = this.#host.config();
    if (!leavesOthers(reason, consequence, config.preset)) return null;
    const standby = this.standby.take(consequence);
    if (standby !== null) return standby;
    const old = this.overlap.takeBack(config);
    // What wants the change still does, and is not met by the same at once.
    if (old !== null) this.succession.waits.of(lost.url).failed(consequence, lost.openedAt);
    return old;
  }

  /** What follows from such an end for any socket of the link: a person is told, messages go out slower (row L18). */
  follow(url: string, reason: DownReason): Consequence {
    const consequence = this.noted(url, reason);
    if (consequence.loud) this.#host.tell({ kind: 'alarm', reason });
    return consequence;
  }

  /** The same, and nobody is told yet. `own`: what that socket goes by. */
  noted(url: string, reason: DownReason, own = this.#host.config(), now?: MonoMs): Consequence {
    const consequence = this.asked.noted(url, reason, endOf(reason, own, this.#host.config()), now);
    if (consequence.kind === 'slow' && consequence.paceDown) this.#host.sockets.slowDown();
    return consequence;
  }

  /** A socket was let in, or is ready, by which a login is judged: what the venue had asked, or refused, holds nobody up. */
  letIn(session: Session): void {
    const { url, isReady } = session;
    if (isReady) this.routes.ready();
    else this.routes.letIn(url);
    if (isReady && session === this.#host.session) this.routes.fits();
    // Not by the socket's own settings: one that measures says no login.
    const isJudged = isReady === (this.#host.config().preset.login !== undefined);
    const refused = isJudged ? this.waits.filter((waits) => waits.letIn()) : [];
    const hadAsked = !isReady && this.asked.letIn(url);
    if (!hadAsked && refused.length === 0) return;
    this.succession.again();
    this.measuring.again();
    this.keep();
  }

  /** The standby and the measuring of other addresses go with a link that is up. */
  keep(): void {
    if (!this.#host.isUp()) return;
    const { wanted } = this.measuring;
    const standby = this.#host.config().policy.standby && !this.standby.isRefused ? 1 : 0;
    const share = this.#places.share(standby + wanted.length, this.replacing.count);
    if (standby === 1 && share > 0) this.standby.keep();
    else this.standby.drop();
    this.measuring.measure(wanted.slice(0, Math.max(0, share - standby)));
  }

  /** Places at the venue that are taken or spoken for, beside the link's own. */
  get count(): number {
    return this.replacing.count + (this.standby.isWanted ? 1 : 0) + this.measuring.count;
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

  /** Call about once a second while up: a place may be free again, another address may have become better. */
  look(): void {
    if (this.#places.lacking) this.keep();
    const better = this.routes.judge(this.#host.config().policy);
    if (better !== null) this.replacing.switchTo(better);
  }

  /** A socket of this address is in use from now on: a standby of another would take the link back there. */
  cameTo(url: string): void {
    if (this.routes.switched(url)) this.standby.drop();
  }

  /** How the socket that was replaced ends. */
  retire(old: Session, because: DownReason): void {
    this.overlap.retire(old, because, this.#host.config().policy.standbyOverlapMs);
  }

  #rotateByPlan(): boolean {
    if (!this.#host.isUp()) return false;
    this.replacing.alsoWant('rotation');
    return true;
  }
}
