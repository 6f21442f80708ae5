import type { LinkConfig } from '../../shared/engineConfig.ts';
import { type ConnectPhase, type DownReason, reasonText } from '../../shared/linkState.ts';
import {
  adviceOn,
  rttOf,
  subscriptionFault,
  TRIAL_LIMIT_MS,
  TRIAL_PINGS,
  type TrialPing,
  type TrialResult,
  type TrialStage,
  type TrialView,
  wantsData,
} from '../../shared/trial.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import type { Verdict } from '../../shared/verdict/verdict.ts';
import { DIAL_RANK, type Origin, originOf, type Ticket } from './dialGate.ts';
import type { Commons } from './link/commons.ts';
import { ControlLog } from './link/controlLog.ts';
import { Session } from './link/session.ts';
import { type SessionListener, SILENT } from './link/sessionListener.ts';
import { isLines } from './link/tcpSocket.ts';
import type { Ports } from './ports.ts';
import { Timers } from './timers.ts';
import { subscriptionsOf, TrialBook } from './trialBook.ts';
import type { EndClues } from './witness.ts';

/** News of a busy feed are told together, at most so often. */
const TELL_MS = 100;
/** The place in a queue of dials is told anew this often. */
const QUEUE_MS = 1_000;

export interface TrialParts {
  readonly config: LinkConfig;
  readonly ports: Ports;
  readonly commons: Commons;
  readonly explain: (config: LinkConfig, clues: EndClues) => Verdict | null;
  readonly onView: (view: TrialView) => void;
  /** Nothing of it is open any more. Told once. */
  readonly onGone: () => void;
}

/**
 * One connection outside of the configuration, to see whether a link made like this would work (row D5).
 *
 * 1. It is dialled like a link: in its origin's queue, and on a slot of its venue. No book of any link knows it.
 * 2. It ends by itself: once it has its pings, acks and data, at the first fault, or at the limit.
 * 3. The last view has the result; after `cancel` nothing is told.
 */
export class Trial {
  readonly #is: TrialParts;
  readonly #config: LinkConfig;
  readonly #timers: Timers<'limit' | 'tell'>;
  readonly #startedAt: MonoMs;
  readonly #book = new TrialBook();
  #ticket: Ticket | null = null;
  #session: Session | null = null;
  #ready = false;
  #result: TrialResult | null = null;
  #toldAt: MonoMs | null = null;
  #mute = false;
  #gone = false;

  constructor(parts: TrialParts) {
    const { config, ports } = parts;
    this.#is = parts;
    this.#config = { ...config, policy: { ...config.policy, warmupPings: TRIAL_PINGS } };
    this.#timers = new Timers(ports.clock);
    this.#startedAt = ports.clock.now();
  }

  get isRunning(): boolean {
    return this.#result === null;
  }

  start(): void {
    const { gate, slots } = this.#is.commons;
    const full = slots.refusalOfOneMore(this.#config);
    if (full !== null) return this.#fail(full, null, 'pause a link to this venue, or add this one without the test');
    slots.hold(this, this.#config);
    this.#timers.arm('limit', TRIAL_LIMIT_MS, () => this.#tooLong());
    this.#ticket = gate.pass(this.#origin(), DIAL_RANK.other, () => this.#dial());
    this.#tell();
  }

  /** Nobody looks any more: the socket is closed politely, and nothing is told. */
  cancel(by: 'user' | 'shutdown'): void {
    this.#mute = true;
    this.#fail(reasonText({ kind: 'asked', by }), null);
  }

  /** Cuts what is still open. */
  destroy(): void {
    this.cancel('shutdown');
    this.#session?.cut();
    this.#end();
  }

  #dial(): void {
    this.#ticket = null;
    const { url, dialUrl } = this.#config;
    this.#session = new Session({
      generation: 1,
      config: this.#config,
      route: { url, dialUrl },
      ports: this.#is.ports,
      stall: this.#is.commons.stall,
      p99Ms: () => null,
      staleLimitMs: this.#config.policy.dataTimeoutMs,
      pace: 1,
      shared: this.#is.commons.budgets.of(this.#config.preset),
      control: new ControlLog({ clock: this.#is.ports.clock, clean: this.#is.commons.clean }).writer(
        1,
        isLines(dialUrl),
      ),
      listener: this.#listener(),
    });
    this.#session.start();
    this.#entered(this.#session.dial.phase);
  }

  #listener(): SessionListener {
    const noted = (note: (now: MonoMs) => void): void => {
      note(this.#now());
      this.#tellSoon();
    };
    return {
      ...SILENT,
      phase: (phase) => this.#entered(phase),
      opened: (timings) => noted((now) => this.#book.opened(timings, now)),
      progress: (acked, wanted) => {
        if (wanted > 0 && acked === wanted) noted((now) => this.#book.subscribed(now));
      },
      ready: () => {
        this.#ready = true;
        this.#look();
      },
      pong: (rttMs, stalled, late) => {
        if (!late) this.#pinged(rttMs === null || stalled ? { kind: 'unmeasured' } : { kind: 'answered', rttMs });
      },
      missed: () => this.#pinged({ kind: 'missed' }),
      dataFlow: () => noted((now) => this.#book.data(now)),
      subscription: () => this.#tellSoon(),
      ended: (reason) => this.#ended(reason),
    };
  }

  #entered(phase: ConnectPhase): void {
    this.#book.entered(phase, this.#now());
    this.#tellSoon();
  }

  #pinged(ping: TrialPing): void {
    this.#book.ping(ping);
    this.#tellSoon();
    this.#look();
  }

  /** Looks whether all is known that this connection will show. */
  #look(): void {
    if (this.#ready && this.#book.pings.length >= this.#pingsWanted()) this.#judge();
  }

  #judge(): void {
    const session = this.#session;
    if (session === null) return;
    const facts = { dataCame: this.#book.dataCame, dataWanted: wantsData(this.#config) };
    const fault = subscriptionFault(subscriptionsOf(session, this.#now()), facts);
    if (fault !== null) return this.#fail(fault.evidence.join('; '), fault);
    const firstDataMs = this.#book.firstDataMs(session);
    this.#conclude({ kind: 'works', rtt: rttOf(this.#book.pings), firstDataMs });
  }

  #tooLong(): void {
    // Pings that the venue's budget has held back are no fault.
    if (this.#ready) return this.#judge();
    const limit = `${TRIAL_LIMIT_MS / 1000} s`;
    if (this.#session === null) {
      const reason = `its turn in the queue of dials to ${this.#origin().key} did not come within ${limit}`;
      this.#fail(reason, null, 'wait until other links have dialled, then test again');
    } else if (this.#session.openedAt !== null) {
      this.#fail(`connected, but not all subscriptions had an answer within ${limit}`, null);
    } else this.#ended({ kind: 'dial-timeout', phase: this.#session.dial.phase, limitMs: TRIAL_LIMIT_MS });
  }

  #ended(reason: DownReason): void {
    const session = this.#session;
    if (session !== null && this.#result === null) {
      this.#fail(reasonText(reason), this.#is.explain(this.#config, session.endClues(reason)));
    }
    if (session?.isOver === true) this.#end();
  }

  #fail(reason: string, verdict: Verdict | null, advice = adviceOn(verdict?.cause ?? null)): void {
    this.#conclude({ kind: 'failed', reason, verdict, advice });
  }

  #conclude(result: TrialResult): void {
    if (this.#result !== null) return;
    this.#result = result;
    this.#tell();
    this.#timers.stop();
    this.#ticket?.leave();
    if (this.#session === null) this.#end();
    else this.#session.close({ kind: 'asked', by: 'user' });
  }

  #end(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#is.commons.slots.forget(this);
    this.#is.onGone();
  }

  #tellSoon(): void {
    if (this.#result !== null || this.#timers.isArmed('tell')) return;
    const passedMs = this.#toldAt === null ? 0 : elapsedMs(this.#toldAt, this.#now());
    this.#timers.arm('tell', TELL_MS - passedMs, () => this.#tell());
  }

  #tell(): void {
    if (this.#mute) return;
    const now = this.#now();
    this.#toldAt = now;
    this.#is.onView({
      stage: this.#stage(now),
      elapsedMs: elapsedMs(this.#startedAt, now),
      pingsWanted: this.#pingsWanted(),
      ...this.#book.found(this.#session, now),
    });
    if (this.#ticket !== null) this.#timers.arm('tell', QUEUE_MS, () => this.#tell());
  }

  #stage(now: MonoMs): TrialStage {
    if (this.#result !== null) return { kind: 'over', result: this.#result };
    if (this.#ticket !== null) {
      const { place, until } = this.#ticket;
      return { kind: 'queued', place, origin: this.#origin().key, waitMs: Math.max(0, elapsedMs(now, until)) };
    }
    const session = this.#session;
    if (session !== null && session.openedAt !== null) return { kind: 'open' };
    return { kind: 'connecting' };
  }

  #origin(): Origin {
    return originOf(this.#config.preset, this.#config.dialUrl);
  }

  #pingsWanted(): number {
    return this.#config.preset.ping.kind === 'none' ? 0 : TRIAL_PINGS;
  }

  #now(): MonoMs {
    return this.#is.ports.clock.now();
  }
}
