import type { RequestListener } from 'node:http';
import type { Server, Socket } from 'node:net';
import { isAdmitted } from './admission.ts';

/** At a time: all streams, and as many again and more for whoever asks. Any account of this machine can open connections. */
export const MAX_CONNECTIONS = 600;
/** On one connection. No client of ours sends a request before it has the answer to the last one; Node takes all that one read brings. */
export const MAX_UNANSWERED = 8;

/** Where there are too many connections, the oldest goes that has not shown the token; whoever has it sends it first of all. */
export function boundConnections(server: Server): void {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (open.size <= MAX_CONNECTIONS) return;
    const oldest = [...open].find((one) => !isAdmitted(one));
    // Its `close` comes later than the next connection may.
    open.delete(oldest ?? socket);
    oldest?.destroy();
  });
}

/** Ends a connection with more requests than may wait for their answers, and hands on none of those beyond. */
export function boundRequests(handle: RequestListener): RequestListener {
  const unanswered = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    const count = (unanswered.get(socket) ?? 0) + 1;
    if (count > MAX_UNANSWERED) return void socket.destroy();
    unanswered.set(socket, count);
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    handle(request, response);
  };
}
