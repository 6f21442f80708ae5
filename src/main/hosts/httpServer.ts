import { createServer, type IncomingMessage } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { sendError } from '../api/api.ts';
import { errorOf } from '../api/errors.ts';
import { boundConnections, boundRequests } from './strangers.ts';

/** A link's name may have 500 characters, each of which may be three bytes of UTF-8, percent-encoded. */
const MAX_NAME_LENGTH = 500 * 9;

/** Longer than clients keep a connection that they do not use: one that is closed from here may take a request with it. */
const KEEP_ALIVE_MS = 72_000;

/**
 * The server of either host: no body of more than 1 KiB, its connections end with it. An upgrade that is not `isWanted` is
 * answered as if none were asked for (RFC 9110, 7.8): Java's own client asks for HTTP/2 with each request.
 */
export function createHttpServer(isWanted: (request: IncomingMessage) => boolean = () => false): FastifyInstance {
  return fastify({
    logger: false,
    serverFactory: (handle) => {
      const options = { shouldUpgradeCallback: isWanted, keepAliveTimeout: KEEP_ALIVE_MS };
      const http = createServer(options, boundRequests(handle));
      boundConnections(http);
      return http;
    },
    bodyLimit: 1024,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_NAME_LENGTH },
    frameworkErrors: (error, _request, reply) =>
      void sendError(
        reply,
        errorOf(error, () => undefined),
      ),
  });
}
