import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { after, type MonoMs } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';

export interface RelayParts {
  readonly clock: Clock;
  /** The loopback port of the server behind it. */
  readonly toPort: number;
  /** How long a byte travels one way, ms; asked for each piece. */
  readonly oneWayMs: () => number;
  /** A connection without a byte for so long is closed, ms; `null`: never. */
  readonly idleMs: number | null;
}

/**
 * Distance on loopback: everything arrives later by the time of one way, in order.
 *
 * Loopback connects at once. The round trip that a real connect takes is played by holding the first bytes of the client
 * back for it.
 */
export class DelayRelay {
  readonly #parts: RelayParts;
  readonly #server = net.createServer((client) => this.#welcome(client));
  readonly #pairs = new Set<Pair>();

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections at this moment. */
  get size(): number {
    return this.#pairs.size;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) pair.end();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #welcome(client: Socket): void {
    const pair: Pair = new Pair(client, this.#parts, () => this.#pairs.delete(pair));
    this.#pairs.add(pair);
  }
}

/** One client's connection and the one behind it. Every wait of it ends with it. */
class Pair {
  readonly #clock: Clock;
  readonly #parts: RelayParts;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #waits = new Set<Cancel>();
  readonly #ended: () => void;
  #idle: Cancel = () => undefined;
  #over = false;

  constructor(client: Socket, parts: RelayParts, ended: () => void) {
    this.#clock = parts.clock;
    this.#parts = parts;
    this.#client = client;
    this.#ended = ended;
    this.#server = net.connect({ port: parts.toPort, host: '127.0.0.1' });
    const connectedAt = after(this.#clock.now(), parts.oneWayMs() + parts.oneWayMs());
    this.#carry(client, this.#server, connectedAt);
    this.#carry(this.#server, client, this.#clock.now());
    this.#stir();
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#idle();
    for (const cancel of this.#waits) cancel();
    this.#client.destroy();
    this.#server.destroy();
    this.#ended();
  }

  #carry(from: Socket, to: Socket, notBefore: MonoMs): void {
    // One timer for what is due next: two timers of the same moment may run in either order.
    const under: { readonly at: MonoMs; readonly act: () => void }[] = [];
    const arm = (): void => {
      const next = under[0];
      if (next === undefined) return;
      const cancel = this.#clock.at(next.at, () => {
        this.#waits.delete(cancel);
        under.shift();
        next.act();
        if (!this.#over) arm();
      });
      this.#waits.add(cancel);
    };
    const later = (act: () => void): void => {
      const now = this.#clock.now();
      const due = after(now > notBefore ? now : notBefore, this.#parts.oneWayMs());
      const last = under.at(-1)?.at ?? due;
      under.push({ at: due > last ? due : last, act });
      if (under.length === 1) arm();
    };
    from.setNoDelay(true);
    from.on('data', (bytes) => {
      this.#stir();
      later(() => to.write(bytes));
    });
    from.on('error', () => undefined);
    // What was on its way still arrives.
    from.once('close', () => {
      if (!this.#over) later(() => this.end());
    });
  }

  #stir(): void {
    const { idleMs } = this.#parts;
    if (idleMs === null) return;
    this.#idle();
    this.#idle = this.#clock.at(after(this.#clock.now(), idleMs), () => this.end());
  }
}
