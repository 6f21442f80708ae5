import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../src/main/engine/ports.ts';
import { mustBeClosed } from '../support/leaks.ts';

/** Bytes that a slow path holds before it stops reading. */
const HELD_BYTES = 64 * 1024;

interface Pair {
  readonly client: Socket;
  readonly venue: Socket;
  readonly down: Way;
  readonly up: Way;
}

/**
 * The path between a link and a venue, as a TCP relay on loopback: it can freeze (nothing passes, nothing closes), thaw,
 * be slow, and cut.
 */
export class Relay {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #targetPort: number;
  readonly #clock: Clock;
  #perMs = Number.POSITIVE_INFINITY;
  #port = 0;

  private constructor(targetPort: number, clock: Clock) {
    this.#targetPort = targetPort;
    this.#clock = clock;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#join(client));
    mustBeClosed(
      'a relay',
      () => this.#server.listening,
      () => void this.close(),
    );
  }

  static async open(targetPort: number, clock: Clock): Promise<Relay> {
    const relay = new Relay(targetPort, clock);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    relay.#port = (relay.#server.address() as AddressInfo).port;
    return relay;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/`;
  }

  /** Connections of this moment stop passing anything, and stay open. New ones are not frozen. */
  freeze(): void {
    for (const { down, up } of this.#pairs) for (const way of [down, up]) way.freeze();
  }

  /** What waited is passed on at once. */
  thaw(): void {
    for (const { down, up } of this.#pairs) for (const way of [down, up]) way.thaw();
  }

  /** What comes from the venue passes at so many bytes a millisecond. */
  slow(bytesPerMs: number): void {
    this.#perMs = bytesPerMs;
    for (const { down } of this.#pairs) down.slow(bytesPerMs);
  }

  /** The client's half ends on the way: the venue sees a FIN, and nothing of the client's any more. */
  endUpward(): void {
    for (const { up } of this.#pairs) up.end();
  }

  /** RST to the client. */
  reset(): void {
    for (const { client } of this.#pairs) client.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const { client, venue, down, up } of this.#pairs) {
      for (const way of [down, up]) way.stop();
      client.destroy();
      venue.destroy();
    }
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    const venue = connect({ host: '127.0.0.1', port: this.#targetPort, allowHalfOpen: true, noDelay: true });
    const down = new Way(venue, client, this.#clock);
    const up = new Way(client, venue, this.#clock);
    const pair: Pair = { client, venue, down, up };
    down.slow(this.#perMs);
    this.#pairs.add(pair);
    for (const [socket, other] of [
      [client, venue],
      [venue, client],
    ] as const) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#pairs.delete(pair);
        for (const way of [down, up]) way.stop();
        other.destroy();
      });
    }
  }
}

/** One direction. */
class Way {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #clock: Clock;
  readonly #held: Buffer[] = [];
  #heldBytes = 0;
  #frozen = false;
  #ended = false;
  #perMs = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | null = null;
  #stopped = false;

  constructor(from: Socket, to: Socket, clock: Clock) {
    this.#from = from;
    this.#to = to;
    this.#clock = clock;
    from.on('data', (chunk: Buffer) => {
      this.#held.push(chunk);
      this.#heldBytes += chunk.length;
      if (this.#heldBytes > HELD_BYTES) from.pause();
      this.#pass();
    });
    from.on('end', () => {
      this.#ended = true;
      this.#pass();
    });
  }

  freeze(): void {
    this.#frozen = true;
    this.#from.pause();
  }

  thaw(): void {
    this.#frozen = false;
    this.#from.resume();
    this.#pass();
  }

  slow(perMs: number): void {
    this.#perMs = perMs;
    this.#pass();
  }

  end(): void {
    this.stop();
    this.#to.end();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = null;
  }

  #pass(): void {
    if (this.#frozen || this.#stopped) return;
    if (this.#perMs === Number.POSITIVE_INFINITY) this.#send(this.#heldBytes);
    else if (this.#cancel === null && this.#heldBytes > 0) {
      this.#cancel = this.#clock.at((this.#clock.now() + 1) as ReturnType<Clock['now']>, () => {
        this.#cancel = null;
        if (!this.#frozen) this.#send(this.#perMs);
        this.#pass();
      });
    }
    if (this.#ended && this.#heldBytes === 0) this.#to.end();
  }

  #send(upTo: number): void {
    let left = upTo;
    for (let chunk = this.#held.shift(); chunk !== undefined && left > 0; chunk = this.#held.shift()) {
      const piece = chunk.subarray(0, left);
      this.#to.write(piece);
      left -= piece.length;
      this.#heldBytes -= piece.length;
      if (piece.length < chunk.length) this.#held.unshift(chunk.subarray(piece.length));
      if (left <= 0) break;
    }
    if (this.#heldBytes <= HELD_BYTES && !this.#frozen && !this.#ended) this.#from.resume();
  }
}
