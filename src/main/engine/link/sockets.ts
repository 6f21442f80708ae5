import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { Ports } from '../ports.ts';
import type { LocalStall } from '../stall.ts';
import type { Commons } from './commons.ts';
import { ControlLog } from './controlLog.ts';
import type { DialRecord } from './dialRecord.ts';
import { patientLimitMs } from './freshness.ts';
import { Session } from './session.ts';
import type { SessionListener } from './sessionListener.ts';
import { isLines } from './tcpSocket.ts';

type Route = LinkConfig['routes'][number];

/** At most so many times slower than the venue's limit after its complaints. */
const SLOWEST_PACE = 8;
/** Dials whose phases are remembered. */
const KEPT_DIALS = 6;

/**
 * The sockets of one link: each dial gets the next generation, and what earlier ones have taught; those out of use stay
 * here until they have ended, by their own deadline, and nobody waits for them.
 */
export class Sockets {
  readonly #config: () => LinkConfig;
  readonly #ports: Ports;
  readonly #stall: LocalStall;
  readonly #budgets: Commons['budgets'];
  readonly #p99Ms: () => number | null;
  readonly #listen: (generation: number) => SessionListener;
  #retiring: readonly Session[] = [];
  #dials: readonly DialRecord[] = [];
  /** What all of them said and heard that was no data. */
  readonly control: ControlLog;
  #generation = 0;
  /** The next one, made and not dialled, and what it was made from. */
  #prepared: { readonly session: Session; readonly route: Route; readonly config: LinkConfig } | null = null;
  #pace = 1;
  #staleLimitMs: number;

  constructor(parts: {
    config: () => LinkConfig;
    ports: Ports;
    stall: LocalStall;
    budgets: Commons['budgets'];
    p99Ms: () => number | null;
    listen: (generation: number) => SessionListener;
    /** The same text without secrets. */
    clean: (text: string) => string;
  }) {
    this.#config = parts.config;
    this.#ports = parts.ports;
    this.#stall = parts.stall;
    this.#budgets = parts.budgets;
    this.#p99Ms = parts.p99Ms;
    this.#listen = parts.listen;
    this.control = new ControlLog({ clock: parts.ports.clock, clean: parts.clean });
    this.#staleLimitMs = parts.config().policy.dataTimeoutMs;
  }

  /** The number of the last one that was made; 0 before the first. */
  get lastGeneration(): number {
    return this.#generation;
  }

  /** Data silence that is too long, ms. */
  get staleLimitMs(): number {
    return this.#staleLimitMs;
  }

  /** Nothing that went out of use is open any more. */
  get noneRetiring(): boolean {
    return this.#retiring.length === 0;
  }

  /** The last few dials of sockets that were to be used, oldest first. */
  get dials(): readonly DialRecord[] {
    return this.#dials;
  }

  /** Out of use, and not ended yet. */
  get retiring(): readonly Session[] {
    return this.#retiring;
  }

  /** Makes the next one before its time, so that its dial has to wait for nothing. */
  prepare(route: Route): void {
    const session = this.#next(route);
    session.prepare();
    this.#prepared = { session, route, config: session.config };
  }

  /** Dials. Its calls count only while it is the primary, the successor or the standby. */
  open(route: Route): Session {
    const prepared = this.#prepared;
    this.#prepared = null;
    const isOfNow =
      prepared?.session.generation === this.#generation + 1 &&
      prepared.route === route &&
      prepared.config === this.#config();
    const session = isOfNow ? prepared.session : this.#next(route);
    this.#generation = session.generation;
    session.start();
    this.#dials = this.#dials.slice(1 - KEPT_DIALS).concat(session.dial);
    return session;
  }

  /** Dials another address only to measure it: nothing is asked for on it. */
  openScout(route: Route, listener: SessionListener): Session {
    const config = this.#config();
    const preset = { ...config.preset, login: undefined, event_time: undefined };
    const session = this.#session(
      ++this.#generation,
      { ...config, subscriptions: [], expectsData: false, preset },
      route,
      listener,
    );
    session.start();
    return session;
  }

  /** `end` closes or cuts it. */
  retire(session: Session, end: (session: Session) => void): void {
    this.#retiring = [...this.#retiring, session];
    end(session);
    if (session.isOver) this.#forget(session);
  }

  /** The retiring socket of that generation, now that it has ended; `null` if there is none. */
  retired(generation: number): Session | null {
    const session = this.#retiring.find((one) => one.generation === generation) ?? null;
    if (session !== null) this.#forget(session);
    return session;
  }

  cutRetiring(): void {
    for (const session of this.#retiring) session.cut();
    this.#retiring = [];
  }

  /** How many times slower than the venue's limit the next one sends. */
  get pace(): number {
    return this.#pace;
  }

  /** The venue complained of too many messages. */
  slowDown(): void {
    this.#pace = Math.min(SLOWEST_PACE, this.#pace * 2);
  }

  /** A socket has been up for long enough. */
  provedStable(): void {
    this.#pace = Math.max(1, this.#pace / 2);
  }

  /** A socket was replaced for its silence, or another was as silent: that may be the venue's way. */
  wasStale(): void {
    this.#staleLimitMs = patientLimitMs(this.#staleLimitMs * 2, this.#config().policy);
  }

  /** The settings allow another patience. */
  boundPatience(): void {
    this.#staleLimitMs = patientLimitMs(this.#staleLimitMs, this.#config().policy);
  }

  /** Data flow, or the settings have another limit. */
  forgetPatience(): void {
    this.#staleLimitMs = this.#config().policy.dataTimeoutMs;
  }

  #forget(session: Session): void {
    this.#retiring = this.#retiring.filter((one) => one !== session);
  }

  #next(route: Route): Session {
    const generation = this.#generation + 1;
    return this.#session(generation, this.#config(), route, this.#listen(generation));
  }

  #session(generation: number, config: LinkConfig, route: Route, listener: SessionListener): Session {
    return new Session({
      generation,
      config,
      route,
      ports: this.#ports,
      stall: this.#stall,
      p99Ms: this.#p99Ms,
      staleLimitMs: this.#staleLimitMs,
      pace: this.#pace,
      shared: this.#budgets.of(config.preset),
      control: this.control.writer(generation, isLines(route.dialUrl)),
      listener,
    });
  }
}
