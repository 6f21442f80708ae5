import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import type { AskedBy, DownReason } from '../../../shared/linkState.ts';
import type { RotationView, SocketView } from '../../../shared/socketView.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { DIAL_RANK, type DialGate, type DialRank, type Origin, originOf } from '../dialGate.ts';
import type { Clock } from '../ports.ts';
import type { Slots } from '../slots.ts';
import { Timers } from '../timers.ts';
import { Handover, type MessageMark } from './handover.ts';
import { rotateInMs } from './rotation.ts';
import { Routes } from './routes.ts';
import { Scouts } from './scouts.ts';
import type { Session } from './session.ts';
import type { SessionListener, Witnessing } from './sessionListener.ts';
import { Standby } from './standby.ts';
import { type DialSpare, Succession } from './succession.ts';

type Route = LinkConfig['routes'][number];

/** Changes of sockets that nobody is in a hurry about: the old one stays for the overlap. */
const OVERLAPS: ReadonlySet<AskedBy> = new Set(['rotation', 'rotation-by-hand', 'venue', 'route']);

/** What the spares ask of their link. */
export interface SparesHost {
  config(): LinkConfig;
  /** True in the state `up`: only then are spares built. */
  isUp(): boolean;
  /** The socket in use. */
  readonly session: Session | null;
  /** A socket of the next generation whose calls come to the link. The dial has passed the gate. */
  open(route: Route): Session;
  /** One whose calls go to `listener`, and that subscribes to nothing. */
  openScout(route: Route, listener: SessionListener): Session;
  /** The venue allows one socket: close, wait for the slot, dial. */
  yield(because: DownReason): void;
  tell(happening: LinkHappening): void;
}

/**
 * Everything a link keeps beside the socket in use: its successor, its standby, the scouts of its other addresses, the
 * planned rotation and the overlap of two sockets (rows L11, L12, L13, L22).
 */
export class Spares {
  readonly succession: Succession;
  readonly standby: Standby;
  readonly routes: Routes;
  readonly #host: SparesHost;
  readonly #owner: object;
  readonly #clock: Clock;
  readonly #gate: DialGate;
  readonly #slots: Slots;
  readonly #timers: Timers<'replace' | 'standby' | 'rotate' | 'overlap'>;
  /** Made for a link of several addresses. */
  #scouts: Scouts | null = null;
  #nextRoute: Route | null = null;
  #handover: Handover | null = null;
  #overlapping: { readonly session: Session; readonly because: DownReason } | null = null;
  #declined: string | null = null;
  #rotateAt: MonoMs | null = null;
  #proof: RotationView['proof'] = null;

  constructor(parts: {
    host: SparesHost;
    /** The link, by which its place at the venue is counted. */
    owner: object;
    clock: Clock;
    gate: DialGate;
    slots: Slots;
    backoffMs: (tries: number) => number;
  }) {
    const { host, clock, backoffMs } = parts;
    this.#host = host;
    this.#owner = parts.owner;
    this.#clock = clock;
    this.#gate = parts.gate;
    this.#slots = parts.slots;
    this.#timers = new Timers(clock);
    this.routes = new Routes(host.config().routes);
    this.succession = new Succession({
      dial: this.#dialSpare(DIAL_RANK.live),
      timers: this.#timers as Timers<'replace'>,
      backoffMs,
    });
    this.standby = new Standby({
      dial: this.#dialSpare(DIAL_RANK.spare),
      timers: this.#timers as Timers<'standby'>,
      backoffMs,
    });
  }

  get rotation(): RotationView {
    return { dueAt: this.#rotateAt, proof: this.#proof };
  }

  /** Every socket beside the one in use that has been dialled. */
  get sockets(): readonly { readonly session: Session; readonly role: SocketView['role'] }[] {
    const { succession, standby } = this;
    const one = (session: Session | null, role: SocketView['role']) => (session === null ? [] : [{ session, role }]);
    return [
      ...one(succession.session, 'successor'),
      ...one(standby.session, 'standby'),
      ...(this.#scouts?.sessions ?? []).flatMap((session) => one(session, 'measuring')),
    ];
  }

  /** Where a dial of this address is counted, and how many are allowed. */
  origin(route: Route): Origin {
    return originOf(this.#host.config().preset, route.dialUrl);
  }

  /** Make before break, where the venue allows a second socket; else close, wait for the slot, dial. */
  replace(by: AskedBy): void {
    const because: DownReason = { kind: 'asked', by };
    const refusal = this.#refusal();
    if (refusal !== null) {
      this.#host.tell({ kind: 'declined', what: 'A new socket before the old one closes', why: refusal });
      this.drop();
      return this.#host.yield(because);
    }
    if (OVERLAPS.has(by) && this.#overlapping === null) {
      this.#handover = new Handover(this.#host.session?.generation ?? 0);
    }
    this.succession.begin(because);
  }

  /** A new socket because of what this one shows; nothing where the venue allows one only. */
  replaceFor(what: string): Witnessing {
    if (this.succession.because !== null) return 'under way';
    if (this.#refusal() !== null) return 'refused';
    this.succession.begin({ kind: 'policy', what });
    return 'begun';
  }

  /** The standby and the measuring of other addresses go with a link that is up. */
  keep(): void {
    if (!this.#host.isUp()) return;
    const { policy, routes } = this.#host.config();
    const wanted = policy.standby || routes.length > 1;
    const refusal = this.#refusal();
    if (wanted && refusal !== null && this.#declined !== refusal) {
      this.#host.tell({ kind: 'declined', what: 'Standby and measuring other addresses', why: refusal });
    }
    this.#declined = wanted ? refusal : null;
    if (policy.standby && refusal === null) this.standby.keep();
    else this.standby.drop();
    this.#measure(refusal === null ? this.routes.others : []);
  }

  /** Ends everything but the sockets that are closing. What the addresses measured is kept. */
  drop(): void {
    this.succession.forget();
    this.standby.drop();
    this.endOverlap();
    this.#handover = null;
    this.disarmRotation();
    this.#measure([]);
  }

  stop(): void {
    this.drop();
    this.#scouts?.stop();
    this.#timers.stop();
  }

  /** Call about once a second while up: another address may have become better. */
  judgeRoute(): void {
    if (this.succession.because !== null) return;
    const better = this.routes.judge(this.#clock.now(), this.#host.config().policy);
    if (better === null) return;
    this.#nextRoute = better;
    this.replace('route');
    this.#nextRoute = null;
  }

  /** Row L12: a change of sockets that was planned, or that a person wants now. */
  rotate(by: 'rotation' | 'rotation-by-hand'): void {
    if (this.#host.isUp() && this.succession.because === null) this.replace(by);
  }

  /** Call when a socket has come into use, or when the policy changed. */
  armRotation(): void {
    const openedAt = this.#host.session?.openedAt ?? null;
    if (openedAt === null) return;
    const { preset, policy, rotationWindows, timeZone } = this.#host.config();
    const maxAgeSecs = preset.limits.max_age_secs;
    const inMs = rotateInMs(
      elapsedMs(openedAt, this.#clock.now()),
      policy.rotateAfterMs,
      maxAgeSecs === undefined ? null : maxAgeSecs * 1000,
      rotationWindows,
      timeZone,
      this.#clock.wall(),
    );
    if (inMs === null) return this.disarmRotation();
    this.#rotateAt = after(this.#clock.now(), inMs);
    this.#timers.armAbout('rotate', inMs, () => this.rotate('rotation'));
  }

  disarmRotation(): void {
    this.#rotateAt = null;
    this.#timers.disarm('rotate');
  }

  /** How the socket that was replaced ends: at once, or after an overlap that proves that nothing was missed. */
  retire(old: Session, because: DownReason): void {
    const overlaps = because.kind === 'asked' && OVERLAPS.has(because.by);
    const overlapMs = overlaps ? this.#host.config().policy.standbyOverlapMs : 0;
    if (overlapMs === 0) return old.close(because);
    this.endOverlap();
    this.#overlapping = { session: old, because };
    this.#timers.arm('overlap', overlapMs, () => this.endOverlap());
  }

  /** A socket that was retired has ended. */
  retiredEnded(session: Session): void {
    if (this.#overlapping?.session === session) this.endOverlap();
  }

  /** Closes the old socket of an overlap, if there is one, and tells what the two proved. */
  endOverlap(): void {
    const overlapping = this.#overlapping;
    if (overlapping === null) return;
    const handover = this.#handover;
    this.#handover = null;
    this.#overlapping = null;
    this.#timers.disarm('overlap');
    if (handover !== null) {
      const proof = handover.proof();
      this.#proof = { at: this.#clock.now(), ...proof };
      this.#host.tell({ kind: 'handover', ...proof });
    }
    overlapping.session.close(overlapping.because);
  }

  /** Two sockets overlap, and what they bring is compared. */
  get proving(): boolean {
    return this.#handover !== null;
  }

  marked(generation: number, name: string, mark: MessageMark): void {
    this.#handover?.note(generation, name, mark);
  }

  #measure(routes: readonly Route[]): void {
    if (routes.length > 0) this.#scouts ??= this.#newScouts();
    this.#scouts?.measure(routes);
  }

  #newScouts(): Scouts {
    return new Scouts({
      clock: this.#clock,
      dial: (route, scout, then) =>
        this.#throughGate(DIAL_RANK.spare, route, () => then(this.#host.openScout(route, scout))),
      onRtt: (url, rttMs) => this.routes.measured(url, rttMs),
      onLost: (url) => this.routes.lost(url),
    });
  }

  #refusal(): string | null {
    return this.#slots.refusal(this.#owner, this.#host.config());
  }

  /** Dials on the address in use, or on the one the link is about to switch to. */
  #dialSpare(rank: DialRank): DialSpare {
    return (then) => {
      const route = this.#nextRoute ?? this.routes.current;
      return this.#throughGate(rank, route, () => then(this.#host.open(route)));
    };
  }

  #throughGate(rank: DialRank, route: Route, go: () => void): () => void {
    const ticket = this.#gate.pass(this.origin(route), rank, go);
    return () => ticket?.leave();
  }
}
