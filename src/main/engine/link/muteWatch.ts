import type { Suspicion } from '../../../shared/linkState.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { awaitAwake } from './awakeWait.ts';
import type { Hush } from './hush.ts';
import type { SessionCore } from './sessionCore.ts';

/** A second witness is asked for after so long, the next after twice as long each time, ms. */
const ASK_AGAIN_MS = 1_000;
/** Where no data are expected a silence of so many learned limits ends the socket, but none shorter than data may take. */
const LIMITS = 3;

/**
 * The silence of a venue that answers no ping (rows L2, L4): it cannot be asked, so a second connection is the witness.
 *
 * 1. A witness is asked for while the silence lasts. Where none is allowed, or one has failed, the link is suspect.
 * 2. A silence that goes on for too long ends the socket, politely, since the venue may allow one only. Where data are
 *    expected `FreshWatch` does that, and is patient with a market that is closed.
 * 3. A frame ends the watch. The time of this machine's stalls is no silence.
 */
export class MuteWatch {
  readonly #core: SessionCore;
  readonly #hush: Hush;
  #why: Suspicion | null = null;
  #asked = 0;
  #suspect = false;
  #awayAt: MonoMs | null = null;

  constructor(core: SessionCore, hush: Hush) {
    this.#core = core;
    this.#hush = hush;
  }

  /** Why the socket is doubted, `null` while it is not. */
  get why(): Suspicion | null {
    return this.#why;
  }

  /** This machine slept then, or went to another network: what is from before shows nothing; `null`: never. */
  get awayAt(): MonoMs | null {
    return this.#awayAt;
  }

  /** Nothing came for longer than it ever was. */
  silent(since: MonoMs): void {
    this.#core.listener.hushed(elapsedMs(since, this.#core.clock.now()));
    this.begin('silence', since);
  }

  /** Silent since `since`, or not to be believed since then: this machine was away, which is the graver doubt. */
  begin(why: Suspicion, since: MonoMs): void {
    if (this.#why !== null && why === 'silence') return;
    const isNew = this.#why === null;
    if (why === 'wake') this.#awayAt = since;
    this.#why = why;
    this.#asked = 0;
    if (isNew) {
      this.#hush.awaitFrame();
      this.#awaitEnd(since);
    }
    this.#ask();
  }

  /** This machine has other addresses, which is no reason to distrust the socket: suspect only if the witness fails. */
  ask(): void {
    const now = this.#core.clock.now();
    this.#awayAt = now;
    if (this.#core.listener.witness('wake') !== 'refused') this.begin('wake', now);
  }

  /** It has come into use, and is listened to: a doubt is told again a moment later, and a witness asked for anew. */
  retell(): void {
    const why = this.#why;
    if (why === null) return;
    this.#asked = 0;
    this.#core.timers.arm('witness', 0, () => {
      this.#core.listener.suspect(0, why);
      this.#ask();
    });
  }

  /** The witness was as silent: the venue is quiet. */
  excuse(): void {
    this.over('a new connection was as silent');
    this.#hush.excuse();
  }

  /** A frame came that nobody asked for, or other subscriptions are wanted. */
  over(because: string): void {
    if (this.#why === null) return;
    this.#why = null;
    this.#core.timers.disarm('witness');
    this.#core.timers.disarm('give-up');
    if (!this.#suspect) return;
    this.#suspect = false;
    this.#core.listener.cleared(because);
  }

  #ask(): void {
    if (this.#why === null) return;
    const { listener, timers } = this.#core;
    const witness = listener.witness(this.#why);
    this.#asked += 1;
    timers.arm('witness', ASK_AGAIN_MS * 2 ** (this.#asked - 1), () => this.#ask());
    const hasFailed = witness === 'begun' && this.#asked > 1;
    if (this.#suspect || (witness !== 'refused' && !hasFailed)) return;
    this.#suspect = true;
    listener.suspect(0, this.#why);
  }

  #awaitEnd(since: MonoMs): void {
    const core = this.#core;
    const { clock, clocks, config, policy, stall } = core;
    if (config.expectsData) return;
    const limitMs = Math.max(policy.dataTimeoutMs, LIMITS * (this.#hush.limitMs ?? 0));
    const passedMs = (): number => stall.awakeMs(since);
    awaitAwake(core, 'give-up', limitMs, passedMs, () =>
      core.close({ kind: 'dead', missed: 0, silentMs: elapsedMs(clocks.bytesAt ?? since, clock.now()) }),
    );
  }
}
