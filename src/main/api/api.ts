import { randomBytes } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, HTTPMethods } from 'fastify';
import type { Clock } from '../engine/ports.ts';
import type { ApiSource } from './apiSource.ts';
import { connectionRoutes } from './connectionRoutes.ts';
import { ApiError, type LastingBody, success } from './envelope.ts';
import { errorOf } from './errors.ts';
import { gateRoutes } from './gateRoutes.ts';
import { GateStream } from './gateStream.ts';
import { GUARD_LIMITS, guard } from './guard.ts';
import { linkRoutes } from './linkRoutes.ts';
import { metricsRoute } from './metricsRoute.ts';
import type { Standing } from './mirror.ts';
import { openApiOptions, openApiRoute } from './openApi.ts';
import { SseReaders } from './sse.ts';

export interface ApiOptions {
  readonly source: ApiSource;
  readonly clock: Clock;
  readonly token: string;
  /** The port of the server that this is mounted on. */
  readonly port: () => number;
  /** Other than GUARD_LIMITS, for tests. */
  readonly limits?: { readonly requestsPerSec: number; readonly refusalsPerMinute: number };
}

const OTHER_METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Rows G1 to G3: `/api/*` and `/metrics`, on whatever Fastify server the host has. Everything that it answers is of the
 * API's own form, errors too; everything below is encapsulated, so that the page beside it notices nothing.
 */
export const api: FastifyPluginAsync<ApiOptions> = async (server, { source, clock, token, port, limits }) => {
  const readers = new SseReaders(clock);
  const stream = new GateStream(source, randomBytes(4).toString('hex'));
  const methods = new Map<string, Set<HTTPMethods>>();

  // The bodies are made by typed code and held against the schemas by a test: compiled serializers would only cost.
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => (data) => JSON.stringify(data));
  server.setErrorHandler((error, request, reply) => {
    const answer = errorOf(error, (bug) => source.onBug(`${request.method} ${request.routeOptions.url}`, bug));
    return sendError(reply, answer);
  });
  server.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set();
    for (const one of [method].flat()) known.add(one);
    methods.set(url, known);
  });
  server.addHook('onClose', async () => {
    stream.stop();
    readers.close();
  });

  await server.register(rateLimit, { global: false });
  await server.register(swagger, openApiOptions(source.version));
  guard(server, { token, port, ...GUARD_LIMITS, ...limits });

  const lasting = lastingBody(server, source);
  gateRoutes(server, source, readers, stream, lasting);
  linkRoutes(server, source, clock, lasting);
  connectionRoutes(server, source, readers, clock);
  openApiRoute(server);
  metricsRoute(server, source, clock);

  refuseOtherMethods(server, new Map(methods));
  server.all('/api/*', { schema: { hide: true } }, () => {
    throw new ApiError(404, 'unknown-route', 'There is no such route.', 'GET /api/openapi.json names all routes');
  });
};

export function sendError(reply: FastifyReply, error: ApiError): FastifyReply {
  return reply.code(error.status).headers(error.headers).type('application/json; charset=utf-8').send(error.body);
}

function refuseOtherMethods(server: FastifyInstance, methods: ReadonlyMap<string, ReadonlySet<HTTPMethods>>): void {
  for (const [url, known] of methods) {
    const allow = [...known].join(', ');
    const method = OTHER_METHODS.filter((other) => !known.has(other));
    server.route({
      method,
      url,
      exposeHeadRoute: false,
      schema: { hide: true },
      // Before the body is read: what is wrong is the method, whatever was sent with it.
      preParsing: (request, _reply, _payload, done) => {
        const message = `${request.method} is not a method of this route.`;
        done(new ApiError(405, 'wrong-method', message, `use ${allow}`, { allow }));
      },
      handler: () => undefined,
    });
  }
}

/**
 * Bodies that hold every link are made anew only when a gate changed, a snapshot came (four times a second), or the engine
 * is not heard as before.
 */
function lastingBody(server: FastifyInstance, { mirror }: ApiSource): LastingBody {
  return (make) => {
    let body: Buffer | null = null;
    let madeAs: Standing | null = null;
    const forget = (): void => {
      body = null;
    };
    const stops = [mirror.onFrame(forget), mirror.onGates(forget)];
    server.addHook('onClose', async () => {
      for (const stop of stops) stop();
    });
    return () => {
      // Told of a change of it by a timer, up to a quarter of a second late.
      if (madeAs !== mirror.standing) body = null;
      madeAs = mirror.standing;
      body ??= Buffer.from(JSON.stringify(success(make())));
      return body;
    };
  };
}
