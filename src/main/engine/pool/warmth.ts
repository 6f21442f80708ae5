import { assertNever } from '../../../shared/outcome.ts';
import type { IdleLimit, OriginConfig, PoolPolicy } from '../../../shared/pool.ts';
import type { MonoMs } from '../../../shared/units.ts';
import type { HttpRequest, Ports } from '../ports.ts';
import { Timers } from '../timers.ts';
import {
  afterAnnouncement,
  afterIdleClose,
  afterIdleSurvival,
  type IdleKnowledge,
  idleLimit,
  isOfAge,
  NOTHING_KNOWN,
  type SocketLife,
  safetyMs,
  whyTooShort,
} from './idleLimit.ts';
import { lifeOf, type PooledSocket, survey } from './pooledSocket.ts';
import { nextRest, type Rest } from './rest.ts';
import type { Sent, SocketSet } from './socketSet.ts';
import { type Upkeep, upkeep } from './upkeep.ts';
import { SHORT_LIFE_MS, warmAnswerOf } from './warmAnswer.ts';

export interface WarmthParts {
  readonly ports: Pick<Ports, 'clock' | 'random'>;
  readonly sockets: SocketSet;
  /** Sockets may have become free: requests that wait come first. */
  readonly freed: () => void;
}

/**
 * Keeps the wanted number of an origin's sockets ready (rows P2 and P5): opens, asks, refreshes and refills them, and lets
 * the origin rest when it cannot or will not be asked. Never fatal: what fails here is a warning.
 */
export class Warmth {
  readonly #parts: WarmthParts;
  readonly #timers: Timers<'look' | 'warm-up' | 'clean-up' | `ask ${number}`>;
  #origin: OriginConfig;
  #policy: PoolPolicy;
  #keeps = false;
  #idle: IdleKnowledge = NOTHING_KNOWN;
  #rest: Rest | null = null;
  #shortLives = 0;
  /** HEAD was refused, or cost the socket: the warm request is a GET from then on. */
  #headFails = false;
  #plan: Upkeep | null = null;
  #lateWarning: string | null = null;
  #refreshWarning: string | null = null;

  constructor(parts: WarmthParts, origin: OriginConfig, policy: PoolPolicy) {
    this.#parts = parts;
    this.#origin = origin;
    this.#policy = policy;
    this.#timers = new Timers(parts.ports.clock);
    this.#armCleanUp();
  }

  get keeps(): boolean {
    return this.#keeps;
  }

  get wanted(): number {
    const { warmSockets, maxIdle, maxConnections } = this.#policy;
    return this.#keeps ? Math.min(warmSockets, maxIdle, maxConnections) : 0;
  }

  get limit(): IdleLimit {
    return idleLimit(this.#idle, this.#policy.idleTimeoutMs);
  }

  /** So long after its last answer a socket is still given to requests, ms. */
  get trustedMs(): number {
    const { ms } = this.limit;
    return ms - safetyMs(ms, this.#parts.sockets.lastWarmMs);
  }

  get rest(): Rest | null {
    return this.#rest;
  }

  get nextRefreshAt(): MonoMs | null {
    return this.#plan?.nextRefreshAt ?? null;
  }

  /** As many as wanted are open and have been asked, whether or not they are in use at this moment. */
  get isWarm(): boolean {
    let open = 0;
    for (const socket of this.#parts.sockets.all) if (socket.isOpen && socket.used && !socket.retiring) open += 1;
    return open >= this.wanted;
  }

  get warnings(): readonly string[] {
    return [this.#lateWarning, this.#refreshWarning].filter((text) => text !== null);
  }

  get warmRequest(): HttpRequest {
    const { warmMethod, warmPath } = this.#origin;
    return { method: this.#headFails ? 'GET' : warmMethod, path: warmPath, headers: {}, body: null };
  }

  configure(origin: OriginConfig, policy: PoolPolicy): void {
    const sameRequest = origin.warmMethod === this.#origin.warmMethod && origin.warmPath === this.#origin.warmPath;
    if (!sameRequest) this.#headFails = false;
    this.#origin = origin;
    this.#policy = policy;
    this.#armCleanUp();
    this.tend();
  }

  /** From now on the wanted sockets are kept ready; what is missing is opened at once, unless the venue asked for rest. */
  start(): void {
    this.#keeps = true;
    // A venue that asked to be left alone is left alone.
    if (this.#rest?.about === 'connect') this.#rest = null;
    this.#timers.arm('warm-up', this.#policy.warmUpLimitMs, () => this.#judgeWarmUp());
    this.tend();
  }

  /** Nothing is kept ready any more; what is open serves on until its limits. */
  cool(): void {
    this.#keeps = false;
    this.#lateWarning = null;
    this.#refreshWarning = null;
    this.#timers.disarm('warm-up');
  }

  /** Other sockets will be opened: what was learned is of the venue's old address. */
  forget(): void {
    this.#idle = NOTHING_KNOWN;
    this.#headFails = false;
  }

  stop(): void {
    this.#keeps = false;
    this.#timers.stop();
  }

  /** Does what the sockets need now; to be called after everything that happens to one. */
  tend(): void {
    const { sockets, ports } = this.#parts;
    const now = ports.clock.now();
    const { maxSocketAgeMs, maxIdle, maxConnections } = this.#policy;
    const rest = this.#rest;
    const plan = upkeep({
      now,
      ...survey(sockets.all, maxSocketAgeMs),
      connecting: sockets.connecting,
      total: sockets.size,
      wanted: this.wanted,
      maxIdle,
      maxConnections,
      trustedMs: this.trustedMs,
      restUntil: rest?.until ?? now,
      doubtful: rest?.about === 'answer',
    });
    this.#plan = plan;
    if (plan.lookAt === null) this.#timers.disarm('look');
    else this.#timers.arm('look', plan.lookAt - now, () => this.tend());
    const byId = new Map([...sockets.all].map((socket) => [socket.id, socket]));
    const named = (ids: readonly number[]): PooledSocket[] => ids.flatMap((id) => byId.get(id) ?? []);
    for (const socket of named(plan.close)) sockets.close(socket);
    for (const socket of named(plan.refresh)) this.#ask(socket);
    const opening = Math.min(plan.open, sockets.freeDials);
    for (let opened = 0; opened < opening; opened += 1) sockets.dial();
    if (this.isWarm) {
      this.#lateWarning = null;
      this.#timers.disarm('warm-up');
    }
  }

  /** A socket was opened and no request waited for it: it is asked once, to be known to work. */
  opened(socket: PooledSocket): void {
    if (this.#rest?.about === 'connect') this.#rest = null;
    if (!socket.isIdle || socket.used || !this.#keeps) return;
    if (this.#rest !== null && this.#rest.until > this.#parts.ports.clock.now()) return;
    this.#ask(socket);
  }

  notOpened(socket: PooledSocket, why: string): void {
    // Sockets that were dialled together and fail together are one failure.
    if (this.#rest !== null && socket.dialledAt < this.#rest.since) return;
    this.#restFor('connect', why, 0);
  }

  /** The venue closed a socket that had been idle. */
  idleClose(life: SocketLife): void {
    const now = this.#parts.ports.clock.now();
    this.#idle = afterIdleClose(this.#idle, life, now);
    if (life.idleMs >= SHORT_LIFE_MS || isOfAge(this.#idle, life)) return;
    this.#shortLives += 1;
    if (this.#shortLives < 3) return;
    this.#restFor('short', 'the venue closes sockets as soon as they have answered', 0);
  }

  /** A socket was idle, and still lives. */
  idleSurvival(life: SocketLife): void {
    this.#idle = afterIdleSurvival(this.#idle, life);
  }

  /** Any answer of the venue, whoever asked. */
  answered(sent: Sent): void {
    if (sent.result.kind !== 'answer') return;
    this.#idle = afterAnnouncement(this.#idle, sent.result.headers['keep-alive']);
    if (!sent.reused) return;
    this.idleSurvival(sent);
    if (sent.idleMs >= SHORT_LIFE_MS) this.#shortLives = 0;
  }

  #ask(socket: PooledSocket): void {
    const { sockets, ports, freed } = this.#parts;
    const request = this.warmRequest;
    const timer = `ask ${socket.id}` as const;
    const reused = socket.used;
    const done = (): void => {
      this.#timers.disarm(timer);
      freed();
      this.tend();
    };
    const cancel = sockets.send(socket, request, { askedAt: ports.clock.now(), refreshing: true }, (sent) => {
      this.answered(sent);
      this.#judge(request.method, sent);
      done();
    });
    // The cheapest request of the venue has the time of a connect: a socket that takes longer is not warm.
    const limitMs = Math.min(this.#policy.connectTimeoutMs, this.#policy.requestTimeoutMs);
    this.#timers.arm(timer, limitMs, () => {
      if (!sockets.all.has(socket)) return;
      cancel();
      const why = `no answer within ${limitMs / 1000} s`;
      if (reused) this.#warnOfRefresh(`failed: ${why}`);
      else this.#restFor('answer', why, 0);
      done();
    });
  }

  #judge(method: string, sent: Sent): void {
    const news = warmAnswerOf(method, sent, this.wanted > 0, this.#parts.ports.clock.wall());
    const tooShort = whyTooShort(this.limit);
    switch (news.kind) {
      case 'closed-idle':
        return this.idleClose(news);
      case 'head-fails':
        this.#headFails = true;
        return;
      case 'rest':
        if (sent.reused && news.trouble !== null) this.#warnOfRefresh(news.trouble);
        return this.#restFor(news.about, news.why, news.atLeastMs);
      case 'warm':
        this.#refreshWarning = null;
        if (tooShort !== null) return this.#restFor('short', tooShort, 0);
        if (this.#rest?.about === 'answer' || (sent.reused && sent.idleMs >= SHORT_LIFE_MS)) this.#rest = null;
        return;
      default:
        return assertNever(news);
    }
  }

  #warnOfRefresh(trouble: string): void {
    this.#refreshWarning = `a refresh of ${this.#origin.url} ${trouble}`;
  }

  #restFor(about: Rest['about'], why: string, atLeastMs: number): void {
    const { clock, random } = this.#parts.ports;
    // What sockets of one time tell is told once.
    if (about === 'short' && this.#rest?.about === about && this.#rest.until > clock.now()) return;
    this.#rest = nextRest(this.#rest, { about, why, atLeastMs }, clock.now(), random());
  }

  #judgeWarmUp(): void {
    if (this.isWarm) return;
    const ready = [...this.#parts.sockets.all].filter((socket) => socket.isOpen && !socket.retiring).length;
    const why = this.#rest === null ? 'still connecting' : this.#rest.why;
    const limit = this.#policy.warmUpLimitMs / 1000;
    this.#lateWarning = `${ready} of ${this.wanted} sockets to ${this.#origin.url} were ready after ${limit} s: ${why}`;
    this.#parts.freed();
  }

  /** Sockets beyond the kept ones that nobody used for the set time. */
  #armCleanUp(): void {
    this.#timers.arm('clean-up', this.#policy.cleanUpMs, () => {
      const { sockets, ports } = this.#parts;
      const now = ports.clock.now();
      const idle = [...sockets.all].filter((socket) => socket.isIdle).sort((a, b) => b.provenAt - a.provenAt);
      for (const socket of idle.slice(this.wanted)) {
        const life = lifeOf(socket, now);
        this.idleSurvival(life);
        if (life.idleMs >= this.#policy.idleTimeoutMs) sockets.close(socket);
      }
      this.#armCleanUp();
      this.tend();
    });
  }
}
