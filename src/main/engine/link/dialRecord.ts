import { type ConnectPhase, type DownReason, reasonText } from '../../../shared/linkState.ts';
import type { ConnectTimings, DialView } from '../../../shared/socketView.ts';
import { elapsedMs, type MonoMs, type WallMs } from '../../../shared/units.ts';

/** How far one dial has come, where to, and how long each part of it took (row L14). It outlives its socket. */
export class DialRecord {
  #startedAt = 0 as MonoMs;
  #openedAt: MonoMs | null = null;
  #settledAt: MonoMs | null = null;
  #restoredMs: number | null = null;
  #view: DialView;
  phase: ConnectPhase = 'resolving';
  timings: ConnectTimings | null = null;
  /** The venue's, as the system sees it: `192.0.2.7:443`. */
  address: string | null = null;

  constructor(generation: number) {
    this.#view = { ...UNDONE, generation, wall: 0 as WallMs };
  }

  /** The dial goes out. */
  started(at: MonoMs, wall: WallMs): void {
    this.#startedAt = at;
    this.#view = { ...this.#view, wall };
  }

  /** From the dial to the first data after all acks, ms; `null` until then. */
  get restoredMs(): number | null {
    return this.#restoredMs;
  }

  /** When it went out. */
  get startedAt(): MonoMs {
    return this.#startedAt;
  }

  /** Then every subscription had its answer; `null` before. */
  get settledAt(): MonoMs | null {
    return this.#settledAt;
  }

  get view(): DialView {
    return this.#view;
  }

  /** The token of the address has come. */
  redeemed(now: MonoMs): void {
    this.#view = { ...this.#view, tokenMs: elapsedMs(this.#startedAt, now) };
  }

  opened(address: string, timings: ConnectTimings, now: MonoMs): void {
    const { dnsMs, tcpMs, tlsMs, upgradeMs } = timings;
    this.address = address;
    this.timings = timings;
    this.#openedAt = now;
    this.#view = { ...this.#view, dnsMs, tcpMs, tlsMs, upgradeMs, totalMs: elapsedMs(this.#startedAt, now) };
  }

  /** Every subscription has its answer. */
  settled(now: MonoMs): void {
    if (this.#settledAt !== null || this.#openedAt === null) return;
    this.#settledAt = now;
    this.#view = { ...this.#view, subscribeMs: elapsedMs(this.#openedAt, now) };
  }

  /** It delivers, or its deadlines have passed and it does not. */
  ready(now: MonoMs, withData: boolean): void {
    const totalMs = elapsedMs(this.#startedAt, now);
    const firstDataMs = withData && this.#settledAt !== null ? elapsedMs(this.#settledAt, now) : null;
    this.#restoredMs = totalMs;
    this.#view = { ...this.#view, firstDataMs, totalMs };
  }

  /** Told of every end: one after the opening is no fault of the dial. */
  ended(reason: DownReason, now: MonoMs): void {
    if (this.#openedAt !== null) return;
    const failed = { phase: this.phase, why: reasonText(reason) };
    this.#view = { ...this.#view, failed, totalMs: elapsedMs(this.#startedAt, now) };
  }
}

const UNDONE = {
  tokenMs: null,
  dnsMs: null,
  tcpMs: null,
  tlsMs: null,
  upgradeMs: null,
  subscribeMs: null,
  firstDataMs: null,
  totalMs: null,
  failed: null,
} as const;
