import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { after } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import { MAX_CONNECTIONS } from './limits.ts';

/** A shut port is no longer ours: should another program have taken it meanwhile, it is asked for again so often. */
const AGAIN_MS = 250;

/** The loopback port of a server. Shut, it refuses dials at TCP; opened again it has the same number. */
export class Door {
  readonly #server: Server;
  readonly #clock: Clock;
  #port = 0;
  #wanted = false;
  #again: Cancel = () => undefined;

  constructor(server: Server, clock: Clock) {
    this.#server = server;
    server.maxConnections = MAX_CONNECTIONS;
    this.#clock = clock;
  }

  get port(): number {
    return this.#port;
  }

  /** Rejects the first time if no port can be had; later it goes on trying for the one it had. */
  async open(): Promise<void> {
    this.#wanted = true;
    if (this.#server.listening) return;
    try {
      await this.#listen();
    } catch (error) {
      if (this.#port === 0) throw error;
      this.#again = this.#clock.at(after(this.#clock.now(), AGAIN_MS), () => void this.open());
    }
  }

  /** Connections that are open stay so. */
  shut(): void {
    this.#wanted = false;
    this.#again();
    if (this.#server.listening) this.#server.close();
  }

  /** To be called when every connection is on its way out. */
  async close(): Promise<void> {
    this.#wanted = false;
    this.#again();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    if (!this.#wanted) this.#server.close();
  }
}
