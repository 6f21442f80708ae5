import type { DownReason } from '../../../shared/linkState.ts';
import type { Ports } from '../ports.ts';
import { fillSecrets } from './credentials.ts';
import type { SessionCore } from './sessionCore.ts';

/** What the preset has us say on an open socket besides pings and subscriptions: the login, and its keep-alive messages. */
export class Opening {
  readonly #core: SessionCore;
  readonly #secret: Ports['secret'];

  constructor(core: SessionCore, secret: Ports['secret']) {
    this.#core = core;
    this.#secret = secret;
  }

  /** Row L10. Answers why the socket is of no use, `null` if it is. */
  login(): DownReason | null {
    const { login } = this.#core.config.preset;
    if (login === undefined) return null;
    const filled = fillSecrets(login, this.#secret, this.#core.clock.wall());
    if ('lacks' in filled) return filled.lacks;
    this.#core.turns.count(this.#core.clock.now());
    // The template stands for it in the log: not even its signature is kept.
    this.#core.outbox.say('login', filled.text, login);
    return null;
  }

  keepAlive(): void {
    const { keepalive } = this.#core.config.preset;
    if (keepalive === undefined) return;
    this.#core.timers.arm('keepalive', keepalive.every_secs * 1000, () => this.#sayAlive(keepalive.send));
  }

  #sayAlive(text: string): void {
    if (!this.#core.turns.take('keepalive', () => this.#sayAlive(text))) return;
    this.#core.outbox.say('keepalive', text);
    this.keepAlive();
  }
}
