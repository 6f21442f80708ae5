import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { type Entrance, LONGEST_MESSAGE, type Reception } from './entrance.ts';
import type { GuestWire } from './guest.ts';

/** A TCP server of lines; refuses with a reset, since TCP has no other word for it. */
export class LineEntrance implements Entrance {
  readonly #server: net.Server;

  constructor(reception: Reception) {
    this.#server = net.createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => undefined);
      if (reception.refuses) socket.resetAndDestroy();
      else welcome(socket, reception);
    });
  }

  get url(): string {
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function welcome(socket: Socket, reception: Reception): void {
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
    end: (_code, reason) => {
      send(`ERROR:${reason}`);
      socket.destroySoon();
    },
    cut: () => socket.resetAndDestroy(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    onClose: (listener) => void socket.once('close', listener),
  };
}
