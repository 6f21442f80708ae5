import { elapsedMs, type MonoMs, monoMs } from '../../../shared/units.ts';
import type { HttpRequest, HttpSocket, HttpTarget, Ports } from '../ports.ts';
import { Timers } from '../timers.ts';
import type { SocketLife } from './idleLimit.ts';
import type { PoolBook } from './poolBook.ts';

export interface ColdProbeParts {
  readonly ports: Pick<Ports, 'clock' | 'openHttp'>;
  readonly book: PoolBook;
  /** What to open and ask now; `null` leaves this probe out. */
  readonly next: () => { readonly target: HttpTarget; readonly request: HttpRequest; readonly limitMs: number } | null;
  readonly measured: (coldMs: number) => void;
  /** It was closed by the venue, or lived, without a request. */
  readonly idleClose: (life: SocketLife) => void;
  readonly idleSurvival: (life: SocketLife) => void;
}

/**
 * Opens a cold connection now and then and asks once, so that cold and warm stay comparable. It is given to no request;
 * it is left idle for up to the set idle timeout, to show how long the venue lets it live, and then closed. It is in no count
 * of the pool, whose requests have their own connects.
 */
export class ColdProbe {
  readonly #parts: ColdProbeParts;
  readonly #timers: Timers<'next' | 'end'>;
  #everyMs = 0;
  #idleTimeoutMs = 0;
  #socket: HttpSocket | null = null;
  #openedAt = monoMs(0);
  #answeredAt: MonoMs | null = null;

  constructor(parts: ColdProbeParts) {
    this.#parts = parts;
    this.#timers = new Timers(parts.ports.clock);
  }

  /** `everyMs` 0: never. */
  configure(everyMs: number, idleTimeoutMs: number): void {
    this.#idleTimeoutMs = idleTimeoutMs;
    if (this.#everyMs === everyMs) return;
    this.#everyMs = everyMs;
    this.#timers.disarm('next');
    if (everyMs > 0) this.#armNext();
  }

  /** Closes the one that is open; the next one comes in its time. */
  flush(): void {
    this.#timers.disarm('end');
    this.#socket?.cut();
    this.#socket = null;
    this.#answeredAt = null;
  }

  stop(): void {
    this.flush();
    this.#timers.stop();
  }

  #armNext(): void {
    this.#timers.arm('next', this.#everyMs, () => {
      this.#probe();
      this.#armNext();
    });
  }

  #probe(): void {
    this.flush();
    const probe = this.#parts.next();
    if (probe === null) return;
    const { clock, openHttp } = this.#parts.ports;
    const dialledAt = clock.now();
    const socket: HttpSocket = openHttp(probe.target, {
      opened: () => this.#ask(socket, probe.request, dialledAt),
      ended: () => this.#ended(socket),
    });
    this.#socket = socket;
    this.#timers.arm('end', probe.limitMs, () => this.flush());
  }

  #ask(socket: HttpSocket, request: HttpRequest, dialledAt: MonoMs): void {
    const { book, ports } = this.#parts;
    this.#openedAt = ports.clock.now();
    socket.send(request, (result) => {
      if (this.#socket !== socket) return;
      if (result.kind === 'failed') return this.flush();
      const coldMs = elapsedMs(dialledAt, result.endedAt);
      book.cold(coldMs);
      book.changed();
      this.#parts.measured(coldMs);
      if (!result.reusable) return this.flush();
      this.#answeredAt = result.endedAt;
      this.#timers.arm('end', this.#idleTimeoutMs, () => {
        this.#parts.idleSurvival(this.#life(result.endedAt));
        this.flush();
      });
    });
  }

  #ended(socket: HttpSocket): void {
    if (this.#socket !== socket) return;
    if (this.#answeredAt !== null) this.#parts.idleClose(this.#life(this.#answeredAt));
    this.flush();
  }

  #life(answeredAt: MonoMs): SocketLife {
    const now = this.#parts.ports.clock.now();
    return { idleMs: elapsedMs(answeredAt, now), ageMs: elapsedMs(this.#openedAt, now) };
  }
}
