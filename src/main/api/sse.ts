import type { FastifyReply } from 'fastify';
import { after } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import { ApiError } from './envelope.ts';

/** What may wait for one reader inside this process, bytes; the system's own socket buffer comes before it. */
export const MAX_WAITING_BYTES = 256 * 1024;
export const MAX_READERS = 200;
export const HEARTBEAT_MS = 15_000;

export interface SseEvent {
  readonly id: string;
  readonly name: string;
  /** JSON, so without a line break. */
  readonly data: string;
}

/** An event as it goes over the wire; made once for all readers. */
export function encodeEvent({ id, name, data }: SseEvent): Buffer {
  return Buffer.from(`id: ${id}\nevent: ${name}\ndata: ${data}\n\n`);
}

const HEARTBEAT = Buffer.from(': still here\n\n');

/**
 * All streams of one server. No library: what matters is what happens to a reader that does not read, and that is these
 * lines. It is cut off when more than MAX_WAITING_BYTES wait for it, so 200 readers hold 50 MiB at the worst.
 */
export class SseReaders {
  readonly #clock: Clock;
  readonly #open = new Set<SseReader>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Throws an ApiError when there are too many already. */
  open(reply: FastifyReply, heartbeatMs: number): SseReader {
    if (this.#open.size >= MAX_READERS) {
      const message = `${MAX_READERS} streams are open, and no more are given.`;
      throw new ApiError(503, 'too-many-streams', message, 'close streams that nobody reads, then try again', {
        'retry-after': '5',
      });
    }
    const reader = new SseReader(reply, this.#clock, heartbeatMs);
    this.#open.add(reader);
    reader.onEnd(() => this.#open.delete(reader));
    return reader;
  }

  /** Ends every stream at once. */
  close(): void {
    for (const reader of this.#open) reader.cut();
  }
}

/** One client of one stream. */
export class SseReader {
  readonly #raw: FastifyReply['raw'];
  readonly #clock: Clock;
  readonly #heartbeatMs: number;
  readonly #onEnd = new Set<() => void>();
  #heartbeat: Cancel = () => undefined;
  #ended = false;

  constructor(reply: FastifyReply, clock: Clock, heartbeatMs: number) {
    reply.hijack();
    this.#raw = reply.raw;
    this.#clock = clock;
    this.#heartbeatMs = heartbeatMs;
    this.#raw.on('close', () => this.#end());
    this.#raw.on('error', () => this.#end());
    this.#raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    // It may have gone while its token was being checked: then no 'close' comes any more.
    if (this.#raw.destroyed) this.#end();
    else this.#write(HEARTBEAT);
  }

  /** Called once, when the reader is gone for whatever reason. */
  onEnd(listener: () => void): void {
    if (this.#ended) listener();
    else this.#onEnd.add(listener);
  }

  send(event: Buffer): void {
    this.#write(event);
  }

  cut(): void {
    this.#raw.destroy();
    this.#end();
  }

  #write(bytes: Buffer): void {
    if (this.#ended) return;
    if (this.#raw.writableLength > MAX_WAITING_BYTES) return this.cut();
    this.#raw.write(bytes);
    this.#heartbeat();
    this.#heartbeat = this.#clock.at(after(this.#clock.now(), this.#heartbeatMs), () => this.#write(HEARTBEAT));
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#heartbeat();
    for (const listener of this.#onEnd) listener();
  }
}
