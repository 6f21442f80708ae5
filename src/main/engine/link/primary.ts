import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import { type DownReason, reasonText } from '../../../shared/linkState.ts';
import type { ConnectTimings } from '../../../shared/socketView.ts';
import { elapsedMs } from '../../../shared/units.ts';
import type { Ports } from '../ports.ts';
import { Timers } from '../timers.ts';
import type { Books } from './books.ts';
import { RETRY } from './classify.ts';
import type { Commons } from './commons.ts';
import { Comparison, type ComparisonHost } from './comparison.ts';
import type { PrimaryHost } from './primaryHost.ts';
import { Reports } from './reports.ts';
import type { Session } from './session.ts';
import { Sockets } from './sockets.ts';
import { Spares } from './spares.ts';
import type { SparesHost } from './sparesHost.ts';
import { Stability } from './stability.ts';
import type { Step } from './step.ts';
import type { Successor } from './succession.ts';
import { type NoticesHost, VenueNotices } from './venueNotices.ts';

/**
 * The socket in use, and how another takes its place.
 *
 * 1. `session` is the one socket in use; only it moves the state, counts and measures (row L19).
 * 2. A successor is made ready beside it and takes over only when it is ready; a standby is ready and waits.
 * 3. A socket that leaves use goes to the retiring ones; nobody waits for them.
 */
export class Primary implements SparesHost, ComparisonHost, NoticesHost {
  readonly sockets: Sockets;
  readonly spares: Spares;
  readonly #host: PrimaryHost;
  readonly #ports: Ports;
  readonly #books: Books;
  readonly #timers: Timers<'stable' | 'notice' | 'candidate'>;
  readonly #stability: Stability;
  #session: Session | null = null;
  /** Made when it is first asked: most links never have one. */
  #comparison: Comparison | null = null;
  #notices: VenueNotices | null = null;

  constructor(parts: { host: PrimaryHost; owner: object; ports: Ports; commons: Commons; books: Books }) {
    const { host, ports, commons, books } = parts;
    this.#host = host;
    this.#ports = ports;
    this.#books = books;
    this.#timers = new Timers(ports.clock);
    this.sockets = new Sockets({
      config: () => host.config(),
      ports,
      stall: commons.stall,
      budgets: commons.budgets,
      p99Ms: () => books.p99Ms(ports.clock.now()),
      listen: (generation) => new Reports(this, books, host, generation),
      clean: commons.clean,
    });
    this.spares = new Spares({
      host: this,
      owner: parts.owner,
      clock: ports.clock,
      gate: commons.gate,
      slots: commons.slots,
      random: ports.random,
    });
    this.#stability = new Stability(this, host, ports.clock, this.#timers);
  }

  get session(): Session | null {
    return this.#session;
  }

  get comparison(): Comparison {
    this.#comparison ??= new Comparison(this, this.#ports.clock, this.#timers);
    return this.#comparison;
  }

  get notices(): VenueNotices {
    this.#notices ??= new VenueNotices(this, this.#host, this.#ports.clock, this.#timers);
    return this.#notices;
  }

  config(): LinkConfig {
    return this.#host.config();
  }

  isUp(): boolean {
    return this.#host.isUp();
  }

  yield(because: DownReason): void {
    this.#host.step({ kind: 'yield', reason: because }, reasonText(because));
  }

  tell(happening: LinkHappening, generation?: number): void {
    this.#host.tell(happening, generation);
  }

  changed(): void {
    this.#books.touch();
  }

  /** The number of the socket in use, or of the last one. */
  get generation(): number {
    return this.#session?.generation ?? this.sockets.lastGeneration;
  }

  /** In use, in a successor's or in the standby's place, in this order. */
  get kept(): readonly Session[] {
    return [this.#session, this.spares.succession.session, this.spares.standby.session].filter((one) => one !== null);
  }

  isInUse(generation: number): boolean {
    return this.#session?.generation === generation;
  }

  /** In use, or being made ready to be; a retiring socket is neither. */
  isLive(generation: number): boolean {
    return this.isInUse(generation) || this.spares.succession.session?.generation === generation;
  }

  /** A dial is near: what it needs is made now. */
  prepare(): void {
    this.sockets.prepare(this.spares.routes.current);
  }

  /** Makes a new socket the one in use. */
  dial(): void {
    this.retire((session) => session.cut());
    const session = this.sockets.open(this.spares.routes.current);
    this.#use(session);
    this.#host.step({ kind: 'phase', phase: session.dial.phase }, '');
  }

  /** Takes the socket out of use; it lives on among the retiring ones until it has ended. */
  retire(end: (session: Session) => void): void {
    const session = this.#session;
    this.#timers.disarmAll();
    this.#session = null;
    if (session === null) return;
    this.#books.left(session);
    this.sockets.retire(session, end);
  }

  /** Destroys everything at once. */
  cut(): void {
    this.stop();
    this.#session?.cut();
    this.#session = null;
    this.sockets.cutRetiring();
  }

  /** The link is no more: nothing is dialled again. */
  stop(): void {
    this.spares.stop();
    this.#timers.stop();
  }

  opened(generation: number, timings: ConnectTimings, address: string): void {
    this.#books.connected();
    this.#letIn(generation);
    this.#host.tell({ kind: 'opened', timings, address }, generation);
    if (!this.isInUse(generation)) return;
    this.#books.newSocket();
    this.#stability.await();
    this.spares.plan.arm();
  }

  ready(generation: number): void {
    this.#letIn(generation);
    if (this.spares.standby.session?.generation === generation) {
      this.spares.standby.becameReady();
      return this.#host.tell({ kind: 'standby', ready: true, reason: null }, generation);
    }
    const session = this.isInUse(generation) ? this.#session : this.spares.succession.session;
    if (session === null || session.generation !== generation) return;
    const tookMs = elapsedMs(session.dial.startedAt, this.#ports.clock.now());
    this.#host.tell({ kind: 'restored', tookMs, subscriptions: session.acked }, generation);
    if (!this.isInUse(generation)) return this.comparison.ready(session);
    this.#restored();
  }

  ended(generation: number, reason: DownReason): void {
    const retired = this.sockets.retired(generation);
    if (retired !== null) {
      this.changed();
      this.spares.overlap.ended(retired);
      return this.#host.retiredEnded();
    }
    if (this.#session?.generation === generation) this.#lost(this.#session, reason);
    else this.spares.ended(generation, reason);
  }

  #letIn(generation: number): void {
    for (const session of this.kept) if (session.generation === generation) this.spares.letIn(session);
  }

  #use(session: Session): void {
    session.use(this.#books.revision);
    this.#session = session;
    if (session.dataFlows) this.sockets.forgetPatience();
    else session.staleLimitMs = this.sockets.staleLimitMs;
  }

  takeOver(): void {
    const successor = this.spares.succession.take();
    if (successor !== null) this.#replaceBy(successor);
  }

  relieve(because: DownReason): void {
    const session = this.spares.standby.take(RETRY);
    if (session === null) return;
    this.spares.succession.promoted();
    this.#replaceBy({ session, because });
  }

  #replaceBy({ session, because }: Successor): void {
    const old = this.#session;
    this.spares.cameTo(session.url);
    this.retire((one) => this.spares.retire(one, because));
    this.#use(session);
    this.#host.tell({ kind: 'replaced', oldGeneration: old?.generation ?? 0, because });
    this.#begun({ kind: 'replaced' }, reasonText(because));
  }

  /** The socket in use was lost, and a ready one stood by. */
  #promote(standIn: Session, reason: DownReason): void {
    const isOld = this.sockets.retired(standIn.generation) !== null;
    if (isOld) this.#books.back(standIn);
    else this.spares.succession.promoted();
    this.#use(standIn);
    this.#host.tell({ kind: 'promoted', isOld, reason });
    const step: Step = isOld ? { kind: 'taken-back', stable: this.#stability.has(standIn) } : { kind: 'promoted' };
    this.#begun(step, `a ready socket took over: ${reasonText(reason)}`);
  }

  /** Another socket is in use from now on, up and subscribed. */
  #begun(step: Step, because: string): void {
    this.#books.newSocket();
    if (step.kind !== 'taken-back' || !step.stable) this.#stability.await();
    this.spares.plan.arm();
    this.spares.routes.fits();
    this.#host.step(step, because);
    this.#settled();
  }

  #restored(): void {
    this.#host.step({ kind: 'restored' }, '');
    this.#settled();
  }

  /** What was said of the socket before it could be relied on is heeded now; a link that is up has its spares. */
  #settled(): void {
    this.#notices?.heed();
    this.spares.keep();
  }

  /** The socket in use was lost while its successor was being dialled: that dial is the link's own now. */
  #adopt(session: Session, lost: DownReason): void {
    this.#use(session);
    this.#books.newSocket();
    this.#host.step({ kind: 'adopted', phase: session.dial.phase }, reasonText(lost));
    if (session.openedAt === null) return;
    this.#stability.await();
    this.spares.plan.arm();
    this.#host.step({ kind: 'restoring', acked: session.acked, wanted: session.wanted }, '');
    if (session.isReady) this.#restored();
  }

  #lost(session: Session, reason: DownReason): void {
    const now = this.#ports.clock.now();
    this.#session = null;
    this.#timers.disarmAll();
    this.spares.plan.disarm();
    this.spares.overlap.abandon();
    this.#books.left(session);
    if (session.openedAt !== null) {
      this.#host.tell({ kind: 'socket-ended', reason, livedMs: elapsedMs(session.openedAt, now) }, session.generation);
    }
    if (this.#host.isClosing()) return this.#host.step({ kind: 'closed' }, '');
    this.#host.lost(session.endClues(reason));
    const consequence = this.spares.noted(session.url, reason, session.config, now);
    if (reason.kind === 'stale') this.sockets.wasStale();
    const standIn = this.spares.standIn(session, reason, consequence);
    const successor = standIn === null ? this.spares.succession.take() : null;
    // The machine tells it where the link has to wait.
    if (consequence.loud && (standIn ?? successor) !== null) this.#host.tell({ kind: 'alarm', reason });
    const next = standIn ?? successor?.session ?? null;
    if (next?.url !== session.url) this.spares.routes.lost(session.url, consequence.kind === 'stop');
    if (next !== null) this.spares.cameTo(next.url);
    if (standIn !== null) return this.#promote(standIn, reason);
    if (successor !== null) return this.#adopt(successor.session, reason);
    const heeded = this.spares.asked.next(this.spares.routes, { url: session.url, reason, consequence }, now);
    this.spares.drop();
    this.#host.step({ kind: 'ended', reason, ...heeded }, reasonText(reason));
  }
}
