import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import type { Ports, PreparedDial, Socket, SocketListener } from '../ports.ts';
import { fillSecrets } from './credentials.ts';
import { dialTarget } from './dialTarget.ts';
import { noCredential } from './noCredential.ts';
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
    const address = this.#address();
    if (this.#config.preset.token !== undefined || 'missing' in address) return;
    this.#prepared = this.#ports.dial.prepare?.(dialTarget(address.text, this.#config)) ?? null;
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
    if ('missing' in address) return noCredential(address.missing);
    if (token === undefined) {
      this.#dial(address.text, going);
      return null;
    }
    going.redeeming();
    void redeemToken(token, address.text, this.#ports.fetchText).then((found) => {
      if (going.isOver()) return;
      if (!('url' in found)) return going.failed(found);
      going.redeemed();
      this.#dial(found.url, going);
    });
    return null;
  }

  #dial(url: string, { listener, dialled }: Going): void {
    dialled(this.#ports.dial(dialTarget(url, this.#config), listener));
  }

  #address(): ReturnType<typeof fillSecrets> {
    return fillSecrets(this.#dialUrl, this.#ports.secret, this.#ports.clock.wall());
  }
}
