import type { DownReason } from '../../../shared/linkState.ts';
import type { Preset } from '../../../shared/preset.ts';
import type { Ports } from '../ports.ts';
import type { Timers } from '../timers.ts';
import type { SlidingWindow } from './budget.ts';
import { fillSecrets } from './credentials.ts';
import type { Outbox } from './outbox.ts';

export type OpeningTimer = 'keepalive';

/** What the preset has us say on an open socket besides pings and subscriptions: the login, and its keep-alive messages. */
export class Opening {
  readonly #preset: Preset;
  readonly #ports: Ports;
  readonly #timers: Timers<OpeningTimer>;
  readonly #budget: SlidingWindow;
  readonly #outbox: Outbox;

  constructor(parts: {
    preset: Preset;
    ports: Ports;
    timers: Timers<OpeningTimer>;
    budget: SlidingWindow;
    outbox: Outbox;
  }) {
    this.#preset = parts.preset;
    this.#ports = parts.ports;
    this.#timers = parts.timers;
    this.#budget = parts.budget;
    this.#outbox = parts.outbox;
  }

  /** Row L10. Answers why the socket is of no use, `null` if it is. */
  login(): DownReason | null {
    const { login } = this.#preset;
    if (login === undefined) return null;
    const filled = fillSecrets(login, this.#ports.secret, this.#ports.clock.wall());
    if ('lacks' in filled) return filled.lacks;
    // The template stands for it in the log: not even its signature is kept.
    this.#outbox.say('login', filled.text, login);
    return null;
  }

  keepAlive(): void {
    const { keepalive } = this.#preset;
    if (keepalive === undefined) return;
    this.#timers.arm('keepalive', keepalive.every_secs * 1000, () => {
      this.#budget.take(this.#ports.clock.now());
      this.#outbox.say('keepalive', keepalive.send);
      this.keepAlive();
    });
  }
}
