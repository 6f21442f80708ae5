import type { IncomingMessage } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { sendError } from '../api/api.ts';
import { errorOf } from '../api/errors.ts';

/** A link's name may have 500 characters, each of which may be three bytes of UTF-8, percent-encoded. */
const MAX_NAME_LENGTH = 500 * 9;

/** At a time: all streams, and as many again and more for whoever asks. Any account of this machine can open connections. */
export const MAX_CONNECTIONS = 600;

/**
 * The server of either host: no body of more than 1 KiB, its connections end with it. An upgrade that is not `isWanted` is
 * answered as if none were asked for (RFC 9110, 7.8): Java's own client asks for HTTP/2 with each request.
 */
export function createHttpServer(isWanted: (request: IncomingMessage) => boolean = () => false): FastifyInstance {
  const server = fastify({
    logger: false,
    http: { shouldUpgradeCallback: isWanted },
    bodyLimit: 1024,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_NAME_LENGTH },
    frameworkErrors: (error, _request, reply) =>
      void sendError(
        reply,
        errorOf(error, () => undefined),
      ),
  });
  server.server.maxConnections = MAX_CONNECTIONS;
  return server;
}
