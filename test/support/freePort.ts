import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below every port that a system gives out by itself, so that no other test is given it meanwhile. */
const LOWEST = 20_000;
const HOW_MANY = 10_000;

/** A port on loopback at which nobody listens, to be listened at later. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * HOW_MANY);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
