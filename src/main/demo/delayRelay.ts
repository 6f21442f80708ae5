import net, { type Socket } from 'node:net';
import { after, type MonoMs } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import { Door } from './door.ts';
import { MAX_UNREAD_BYTES } from './limits.ts';

export interface RelayParts {
  readonly clock: Clock;
  /** The loopback port of the server behind it. */
  readonly toPort: number;
  /** How long a byte travels one way, ms; asked for each piece. */
  readonly oneWayMs: () => number;
  /** A connection without a byte for so long is closed, ms; `null`: never. Told of a change by `idleChanged`. */
  readonly idleMs: () => number | null;
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
  readonly #door: Door;
  readonly #pairs = new Set<Pair>();
  #frozen = false;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    this.#door = new Door(this.#server, parts.clock);
  }

  get port(): number {
    return this.#door.port;
  }

  /** Connections at this moment. */
  get size(): number {
    return this.#pairs.size;
  }

  /** Lets connects through. Rejects the first time if no loopback port can be had. */
  open(): Promise<void> {
    return this.#door.open();
  }

  /** Resets every connection, and refuses connects until it is opened again. */
  shut(): void {
    this.#door.shut();
    for (const pair of this.#pairs) pair.reset();
  }

  /** Holds every byte back, of connections to come too, until it is called with `false`. */
  freeze(frozen: boolean): void {
    this.#frozen = frozen;
    for (const pair of this.#pairs) pair.freeze(frozen);
  }

  /** Resets the connections on which nothing is under way. */
  killIdle(): void {
    for (const pair of this.#pairs) if (pair.idle) pair.reset();
  }

  /** The idle limit is another from now on, for connections that are idle already, too. */
  idleChanged(): void {
    for (const pair of this.#pairs) pair.armIdle();
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) pair.end();
    await this.#door.close();
  }

  #welcome(client: Socket): void {
    const pair: Pair = new Pair(client, this.#parts, () => this.#pairs.delete(pair));
    this.#pairs.add(pair);
    if (this.#frozen) pair.freeze(true);
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
  /** What was due while it was frozen. */
  readonly #kept: (() => void)[] = [];
  #underWay = 0;
  #frozen = false;
  #idle: Cancel = () => undefined;
  #stirredAt: MonoMs;
  #over = false;

  constructor(client: Socket, parts: RelayParts, ended: () => void) {
    this.#clock = parts.clock;
    this.#parts = parts;
    this.#client = client;
    this.#ended = ended;
    this.#stirredAt = parts.clock.now();
    this.#server = net.connect({ port: parts.toPort, host: '127.0.0.1' });
    const connectedAt = after(this.#clock.now(), parts.oneWayMs() + parts.oneWayMs());
    this.#carry(client, this.#server, connectedAt);
    this.#carry(this.#server, client, this.#clock.now());
    this.armIdle();
  }

  get idle(): boolean {
    return this.#underWay === 0;
  }

  freeze(frozen: boolean): void {
    this.#frozen = frozen;
    for (const side of [this.#client, this.#server]) frozen ? side.pause() : side.resume();
    if (!frozen) for (const act of this.#kept.splice(0)) act();
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.end();
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
    let onTheWay = 0;
    const under: { readonly at: MonoMs; readonly act: () => void }[] = [];
    const arm = (): void => {
      const next = under[0];
      if (next === undefined) return;
      const go = (): void => {
        under.shift();
        this.#underWay -= 1;
        next.act();
        if (!this.#over) arm();
      };
      const cancel = this.#clock.at(next.at, () => {
        this.#waits.delete(cancel);
        if (this.#frozen) this.#kept.push(go);
        else go();
      });
      this.#waits.add(cancel);
    };
    const later = (act: () => void): void => {
      const now = this.#clock.now();
      const due = after(now > notBefore ? now : notBefore, this.#parts.oneWayMs());
      const last = under.at(-1)?.at ?? due;
      under.push({ at: due > last ? due : last, act });
      this.#underWay += 1;
      if (under.length === 1) arm();
    };
    from.setNoDelay(true);
    from.on('data', (bytes) => {
      this.#stir();
      onTheWay += bytes.length;
      if (onTheWay + to.writableLength > MAX_UNREAD_BYTES) return this.reset();
      later(() => {
        onTheWay -= bytes.length;
        to.write(bytes);
      });
    });
    from.on('error', () => undefined);
    // What was on its way still arrives.
    from.once('close', () => {
      if (!this.#over) later(() => this.end());
    });
  }

  #stir(): void {
    this.#stirredAt = this.#clock.now();
    this.armIdle();
  }

  armIdle(): void {
    this.#idle();
    const idleMs = this.#parts.idleMs();
    if (idleMs === null || this.#over) return;
    const now = this.#clock.now();
    const due = after(this.#stirredAt, idleMs);
    this.#idle = this.#clock.at(due > now ? due : now, () => this.end());
  }
}
