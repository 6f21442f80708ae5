import net, { type Socket } from 'node:net';
import type { Clock } from '../engine/ports.ts';
import { Door } from './door.ts';
import type { Entrance, Reception } from './entrance.ts';
import type { GuestWire } from './guest.ts';
import { LONGEST_MESSAGE } from './limits.ts';

/** A TCP server of lines. Who is held is in at once, as TCP has it, and hears nothing: the guest itself is frozen. */
export class LineEntrance implements Entrance {
  readonly #door: Door;

  constructor(reception: Reception, clock: Clock) {
    const server = net.createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => undefined);
      const welcome = reception.receive();
      if (welcome === 'in' || welcome === 'hold') comeIn(socket, reception);
      else socket.resetAndDestroy();
    });
    this.#door = new Door(server, clock);
  }

  get url(): string {
    return `tcp://127.0.0.1:${this.#door.port}`;
  }

  open(): Promise<void> {
    return this.#door.open();
  }

  shut(): void {
    this.#door.shut();
  }

  admit(): void {}

  close(): Promise<void> {
    return this.#door.close();
  }
}

function comeIn(socket: Socket, reception: Reception): void {
  const guest = reception.welcome(wireOf(socket));
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    guest.heard();
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) guest.message(line.replace(/\r$/, ''));
    if (rest.length > LONGEST_MESSAGE) guest.drop();
  });
}

function wireOf(socket: Socket): GuestWire {
  const send = (line: string): void => {
    if (socket.writable) socket.write(`${line}\n`);
  };
  return {
    send,
    // Lines have no ping frames, and so none that would be answered by a frame.
    pong: () => undefined,
    end: (_code, reason) => {
      send(`ERROR:${reason}`);
      socket.destroySoon();
    },
    cut: () => socket.resetAndDestroy(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    unread: () => socket.writableLength,
    onClose: (listener) => void socket.once('close', listener),
  };
}
