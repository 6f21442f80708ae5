import type { ControlKind } from '../../../shared/controlFrame.ts';
import type { Clock, Socket } from '../ports.ts';
import { SlidingWindow } from './budget.ts';
import type { ControlWriter } from './controlLog.ts';
import type { PingFrame } from './dialect.ts';
import { NO_SOCKET } from './noCredential.ts';

/** Messages of ours that are remembered for a second. */
const SENT_KEPT = { limit: 1_000, windowMs: 1_000 };

/** What we say on one socket: sent, and then written down, so that no ping waits for its entry in the log. */
export class Outbox {
  readonly #clock: Clock;
  readonly #log: ControlWriter;
  /** Messages of the last second, pings not counted. */
  readonly recent = new SlidingWindow(SENT_KEPT);
  /** Where it goes, once it was dialled. */
  socket: Socket = NO_SOCKET;

  constructor(clock: Clock, log: ControlWriter) {
    this.#clock = clock;
    this.#log = log;
  }

  /** What is said within `say` leaves in one piece. */
  together<T>(say: () => T): T {
    return this.socket.together === undefined ? say() : this.socket.together(say);
  }

  ping(ping: PingFrame): void {
    if (ping.kind === 'control') {
      this.socket.sendPing(ping.payload);
      this.#log.pinged(ping.payload, 'protocol');
    } else {
      this.socket.sendText(ping.text);
      this.#log.pinged(ping.text);
    }
  }

  /** `shown`: what the log gets in its place, where the text holds a secret. */
  say(kind: ControlKind, text: string, shown = text): void {
    this.recent.take(this.#clock.now());
    this.socket.sendText(text);
    this.#log.sent(kind, shown);
  }

  close(): void {
    this.socket.close(1000, '');
    this.#log.closing(1000);
  }
}
