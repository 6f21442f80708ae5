import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import type { Ports, PreparedDial, Socket, SocketListener } from '../ports.ts';
import { fillHeaders, fillSecrets } from './credentials.ts';
import { dialTarget } from './dialTarget.ts';
import { redeemToken } from './token.ts';

interface Going {
  readonly listener: SocketListener;
  readonly dialled: (socket: Socket) => void;
  /** A token is asked for first, and has come. */
  readonly redeeming: () => void;
  readonly redeemed: () => void;
  /** True once nobody waits for the dial any more. */
  readonly isOver: () => boolean;
  /** No token could be had. */
  readonly failed: (reason: DownReason) => void;
}

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
  go(going: Going): DownReason | null {
    const prepared = this.#prepared;
    this.#prepared = null;
    if (prepared !== null) {
      going.dialled(prepared(going.listener));
      return null;
    }
    const { token } = this.#config.preset;
    const address = this.#address();
    if ('lacks' in address) return address.lacks;
    if (token === undefined) return this.#dial(address.text, going);
    going.redeeming();
    void redeemToken(token, address.text, this.#ports.fetchText).then((found) => {
      if (going.isOver()) return;
      if (!('url' in found)) return going.failed(found);
      going.redeemed();
      const refused = this.#dial(found.url, going);
      if (refused !== null) going.failed(refused);
    });
    return null;
  }

  #dial(url: string, { listener, dialled }: Going): DownReason | null {
    const { headers: templates } = this.#config.preset;
    const filled =
      templates === undefined ? null : fillHeaders(templates, this.#ports.secret, this.#ports.clock.wall());
    if (filled !== null && 'lacks' in filled) return filled.lacks;
    dialled(this.#ports.dial(dialTarget(url, filled?.headers ?? null, this.#config), listener));
    return null;
  }

  #address(): ReturnType<typeof fillSecrets> {
    return fillSecrets(this.#dialUrl, this.#ports.secret, this.#ports.clock.wall());
  }
}
