import type {
  HttpRequest,
  HttpResult,
  HttpSocket,
  HttpSocketListener,
  HttpTarget,
  OpenHttp,
} from '../../src/main/engine/ports.ts';
import type { FakeClock } from './fakeClock.ts';
import { mustBeClosed } from './leaks.ts';

type Answer = Extract<HttpResult, { kind: 'answer' }>;

interface Asked {
  readonly request: HttpRequest;
  readonly done: (result: HttpResult) => void;
}

/** One opened socket in the test's hands: the test plays the network and the venue. */
export class FakeHttpSocket implements HttpSocket {
  /** Requests without an answer yet, oldest first. */
  asked: Asked[] = [];
  /** Requests that it ever carried. */
  carried = 0;
  isOpen = false;
  isOver = false;
  readonly target: HttpTarget;
  readonly #clock: FakeClock;
  readonly #listener: HttpSocketListener;
  readonly #onSend: (socket: FakeHttpSocket) => void;

  constructor(
    clock: FakeClock,
    target: HttpTarget,
    listener: HttpSocketListener,
    onSend: (socket: FakeHttpSocket) => void,
  ) {
    this.#clock = clock;
    this.target = target;
    this.#listener = listener;
    this.#onSend = onSend;
  }

  open(protocol: 'h1' | 'h2' = 'h1'): void {
    if (this.isOver) return;
    this.isOpen = true;
    this.#listener.opened({ protocol, address: '192.0.2.1:443', dnsMs: 1, tcpMs: 2, tlsMs: 3 });
  }

  /** Ends it from the venue's side, or fails its opening; requests on it have failed unanswered. */
  end(why = 'closed by the other side'): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#listener.ended(why);
    for (const { done } of this.asked.splice(0)) done({ kind: 'failed', why, unanswered: true });
  }

  answer(change: Partial<Answer> = {}): void {
    const asked = this.asked.shift();
    if (asked === undefined) throw new Error('nothing was asked');
    const now = this.#clock.now();
    const moments = { sentAt: now, firstByteAt: now, endedAt: now };
    const result: Answer = {
      kind: 'answer',
      status: 200,
      headers: {},
      body: new Uint8Array(),
      ...moments,
      reusable: true,
    };
    asked.done({ ...result, ...change });
  }

  /** Fails a request at once and tells nothing of the socket, as undici does of one that is about to end. */
  fail(): void {
    this.asked.shift()?.done({ kind: 'failed', why: 'the socket is closed', unanswered: true });
  }

  send(request: HttpRequest, done: (result: HttpResult) => void): () => void {
    if (!this.isOpen || this.isOver) throw new Error('a request on a socket that is not open');
    const asked = { request, done };
    this.asked.push(asked);
    this.carried += 1;
    this.#onSend(this);
    return () => {
      this.asked = this.asked.filter((one) => one !== asked);
    };
  }

  cut(): void {
    this.isOver = true;
    this.asked = [];
  }
}

/** What the venue does with a new socket and with a request, after so many ms on the fake clock. */
export interface FakeVenue {
  connectMs: number;
  answerMs: number;
  refuses: boolean;
  /** An idle socket is closed after so many ms; `null`: never. */
  idleMs: number | null;
  /** A socket is closed at this age, whatever it did. */
  ageMs?: () => number;
  protocol: 'h1' | 'h2';
  answer: (request: HttpRequest) => Partial<Answer>;
}

/** Every socket ever opened, oldest first, at a venue that behaves by itself; or, with `venue` null, by hand. */
export class FakeHttp {
  readonly sockets: FakeHttpSocket[] = [];
  /** A request ends its socket in place of an answer. */
  fails = false;
  venue: FakeVenue | null = {
    connectMs: 30,
    answerMs: 10,
    refuses: false,
    idleMs: null,
    protocol: 'h1',
    answer: () => ({}),
  };
  readonly #clock: FakeClock;
  readonly #idle = new Map<FakeHttpSocket, () => void>();

  constructor(clock: FakeClock) {
    this.#clock = clock;
    mustBeClosed(
      'fake HTTP sockets',
      () => this.live.length > 0,
      () => undefined,
    );
  }

  readonly open: OpenHttp = (target, listener) => {
    const socket = new FakeHttpSocket(this.#clock, target, listener, (asked) => this.#serve(asked));
    this.sockets.push(socket);
    const { venue } = this;
    if (venue !== null) {
      this.#later(venue.connectMs, () => {
        if (venue.refuses) socket.end('connect ECONNREFUSED');
        else socket.open(venue.protocol);
        this.#armIdle(socket);
        if (venue.ageMs !== undefined) this.#later(venue.ageMs(), () => socket.end());
      });
    }
    return socket;
  };

  get live(): FakeHttpSocket[] {
    return this.sockets.filter((socket) => !socket.isOver);
  }

  get newest(): FakeHttpSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('nothing was opened');
    return socket;
  }

  /** Requests in all. */
  get carried(): number {
    return this.sockets.reduce((sum, { carried }) => sum + carried, 0);
  }

  /** Nothing of the venue waits on the clock any more. */
  quiet(): void {
    for (const cancel of this.#idle.values()) cancel();
    this.#idle.clear();
    this.venue = null;
  }

  #serve(socket: FakeHttpSocket): void {
    const { venue } = this;
    if (venue === null) return;
    this.#idle.get(socket)?.();
    const request = socket.asked.at(-1)?.request;
    this.#later(venue.answerMs, () => {
      if (socket.isOver || socket.asked.length === 0 || request === undefined) return;
      if (this.fails) return socket.end();
      socket.answer(venue.answer(request));
      this.#armIdle(socket);
    });
  }

  #armIdle(socket: FakeHttpSocket): void {
    const idleMs = this.venue?.idleMs ?? null;
    this.#idle.get(socket)?.();
    if (idleMs === null || socket.isOver || socket.asked.length > 0) return;
    this.#idle.set(
      socket,
      this.#later(idleMs, () => socket.end()),
    );
  }

  #later(ms: number, act: () => void): () => void {
    return this.#clock.at((this.#clock.now() + ms) as ReturnType<FakeClock['now']>, act);
  }
}
