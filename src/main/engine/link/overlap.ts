import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import type { AskedBy, DownReason } from '../../../shared/linkState.ts';
import type { RotationView } from '../../../shared/socketView.ts';
import type { Clock } from '../ports.ts';
import { Timers } from '../timers.ts';
import { Handover, type MessageMark } from './handover.ts';
import type { Session } from './session.ts';

/** Changes of sockets that nobody is in a hurry about: the old one stays for the overlap. */
const OVERLAPS: ReadonlySet<AskedBy> = new Set(['rotation', 'rotation-by-hand', 'venue', 'route']);

/**
 * The overlap of two sockets at a change that nobody is in a hurry about, and what it proves (row L12).
 *
 * What the two bring is compared from the dial of the new one on, and only until it has failed or the overlap is over:
 * what was missed before belongs to no change of sockets.
 */
export class Overlap {
  readonly #clock: Clock;
  readonly #timers: Timers<'overlap'>;
  readonly #tell: (happening: LinkHappening) => void;
  #handover: Handover | null = null;
  #old: { readonly session: Session; readonly because: DownReason } | null = null;
  #proof: RotationView['proof'] = null;

  constructor(clock: Clock, tell: (happening: LinkHappening) => void) {
    this.#clock = clock;
    this.#timers = new Timers(clock);
    this.#tell = tell;
  }

  /** What the last one proved. */
  get proof(): RotationView['proof'] {
    return this.#proof;
  }

  /** What two sockets bring is compared. */
  get proving(): boolean {
    return this.#handover !== null;
  }

  /** The socket that was replaced and stays for a while. */
  get session(): Session | null {
    return this.#old?.session ?? null;
  }

  /** A successor has been dialled. While another overlap lasts there is no second one. */
  begin(oldGeneration: number, newGeneration: number, because: DownReason): void {
    if (this.#old === null && overlaps(because)) this.#handover = new Handover(oldGeneration, newGeneration);
  }

  marked(generation: number, name: string, mark: MessageMark): void {
    this.#handover?.note(generation, name, mark);
  }

  /** The successor, or the socket that it was to replace, is no more. The proof of an overlap that has begun goes on. */
  abandon(): void {
    if (this.#old === null) this.#handover = null;
  }

  /** How the socket that was replaced ends: at once, or after an overlap that proves that nothing was missed. */
  retire(session: Session, because: DownReason, standsMs: number): void {
    if (standsMs === 0 || !overlaps(because)) {
      this.abandon();
      return session.close(because);
    }
    this.end();
    this.#old = { session, because };
    this.#timers.arm('overlap', standsMs, () => this.end());
  }

  /** The one that took its place is lost: hands it over to be in use again, if it is ready and has these settings. */
  takeBack(config: LinkConfig): Session | null {
    const session = this.session;
    if (session === null || !session.isReady || session.liveness.isDoubted || session.config !== config) return null;
    this.#old = null;
    this.#timers.disarm('overlap');
    this.abandon();
    return session;
  }

  /** A socket that was retired has ended. */
  ended(session: Session): void {
    if (this.#old?.session === session) this.end();
  }

  /** Closes the old socket of an overlap, if there is one, and tells what the two proved. */
  end(): void {
    const old = this.#old;
    if (old === null) return;
    const handover = this.#handover;
    this.#handover = null;
    this.#old = null;
    this.#timers.disarm('overlap');
    if (handover !== null) {
      const proof = handover.proof();
      this.#proof = { at: this.#clock.now(), ...proof };
      this.#tell({ kind: 'handover', ...proof });
    }
    old.session.close(old.because);
  }
}

const overlaps = (because: DownReason): boolean => because.kind === 'asked' && OVERLAPS.has(because.by);
