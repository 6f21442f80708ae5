import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import type { Ports, PreparedDial, SocketListener } from '../ports.ts';
import { fillAddress, fillHeaders } from './credentials.ts';
import { dialTarget } from './dialTarget.ts';
import type { SessionCore } from './sessionCore.ts';
import { redeemToken } from './token.ts';

/** From the address in the settings to a dial: its secrets filled in, a token redeemed where the venue wants one. */
export class Reach {
  readonly #config: LinkConfig;
  readonly #dialUrl: string;
  readonly #ports: Ports;
  #prepared: PreparedDial | null = null;

  constructor(config: LinkConfig, dialUrl: string, ports: Ports) {
    this.#config = config;
    this.#dialUrl = dialUrl;
    this.#ports = ports;
  }

  /** Makes now what the dial a moment later need not wait for. */
  prepare(): void {
    // A signature names the moment of its dial.
    if (this.#config.preset.token !== undefined || this.#config.preset.headers !== undefined) return;
    const address = this.#address();
    if ('lacks' in address) return;
    this.#prepared = this.#ports.dial.prepare?.(dialTarget(address.text, null, this.#config)) ?? null;
  }

  /** Answers why it cannot be dialled at all, `null` if it is. */
  go(core: SessionCore, listener: SocketListener): DownReason | null {
    const prepared = this.#prepared;
    this.#prepared = null;
    if (prepared !== null) {
      core.outbox.socket = prepared(listener);
      return null;
    }
    const { token } = this.#config.preset;
    const address = this.#address();
    if ('lacks' in address) return address.lacks;
    if (token === undefined) return this.#dial(address.text, core, listener);
    core.dial.phase = 'token';
    void redeemToken(token, address.text, this.#ports.fetchText).then((found) => {
      if (core.isOver) return;
      if (!('url' in found)) return core.end(found);
      core.dial.redeemed(core.clock.now());
      const refused = this.#dial(found.url, core, listener);
      if (refused !== null) core.end(refused);
    });
    return null;
  }

  #dial(url: string, { outbox }: SessionCore, listener: SocketListener): DownReason | null {
    const { headers: templates } = this.#config.preset;
    const filled =
      templates === undefined ? null : fillHeaders(templates, this.#ports.secret, this.#ports.clock.wall());
    if (filled !== null && 'lacks' in filled) return filled.lacks;
    outbox.socket = this.#ports.dial(dialTarget(url, filled?.headers ?? null, this.#config), listener);
    return null;
  }

  #address(): ReturnType<typeof fillAddress> {
    return fillAddress(this.#dialUrl, this.#ports.secret, this.#ports.clock.wall());
  }
}
