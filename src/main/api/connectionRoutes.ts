import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { HTTP_PROTOCOLS, type PoolView } from '../../shared/pool.ts';
import { after } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import type { ApiSource } from './apiSource.ts';
import { answerWithin, COMMAND_LIMIT_MS } from './askEngine.ts';
import { schemaOf } from './document.ts';
import { answerOf, parsed, success, unknownName } from './envelope.ts';
import { heartbeatMsOf, StreamHeaders, StreamQuery } from './gateRoutes.ts';
import {
  DetailsSchema,
  detailsBody,
  HealthSchema,
  healthBody,
  ProviderSchema,
  ProvidersSchema,
  providerBody,
  providersBody,
  StatsSchema,
  statsBody,
} from './poolBodies.ts';
import { encodeEvent, type SseReaders } from './sse.ts';
import { mustBeKnown, unheard } from './unheard.ts';

const STREAM_EVERY_MS = 2_000;

const NameParams = z.object({ name: z.string().meta({ description: 'The pool’s name as in the settings.' }) });
const ProviderParams = z.object({ provider: z.string().meta({ description: 'The pool’s name as in the settings.' }) });
const DestroyBody = z.strictObject({
  protocol: z
    .enum(HTTP_PROTOCOLS)
    .optional()
    .meta({ description: 'Only the origins of this protocol; all without it.' }),
});
const DestroyAnswer = z.strictObject({
  provider: z.string(),
  protocol: z.enum(HTTP_PROTOCOLS).nullable(),
  closed: z.number().int().meta({ description: 'Sockets that were closed.' }),
});

/** Row G2: the HTTP pools, which this API calls providers. */
export function connectionRoutes(server: FastifyInstance, source: ApiSource, readers: SseReaders, clock: Clock): void {
  const { mirror, engine } = source;
  const pools = (): readonly PoolView[] => {
    mustBeKnown(source);
    return mirror.pools;
  };
  const details = () => detailsBody(pools(), unheard(source));

  const plain = <T extends z.ZodType>(path: string, summary: string, answer: T, body: () => z.infer<T>): void => {
    server.get(
      `/api/connections/${path}`,
      { schema: schemaOf({ summary, tag: 'connections', answer, failures: { 503: true } }) },
      (_request, reply) => reply.send(success(body())),
    );
  };
  plain('stats', 'Counts of all providers', StatsSchema, () => statsBody(pools()));
  plain('providers', 'The providers’ names and standing', ProvidersSchema, () =>
    providersBody(pools(), unheard(source)),
  );
  plain('details', 'Each provider’s connections and performance', DetailsSchema, details);
  const summary = 'Whether anything is wrong with the pools, or the engine is not heard';
  server.get(
    '/api/connections/health',
    { schema: schemaOf({ summary, tag: 'connections', answer: HealthSchema }) },
    (_request, reply) => reply.send(success(healthBody(mirror.pools, unheard(source)))),
  );

  server.get(
    '/api/connections/provider/:name',
    {
      schema: schemaOf({
        summary: 'One provider, with the readiness of its origins',
        tag: 'connections',
        answer: ProviderSchema,
        params: NameParams,
        failures: { 404: true, 503: true },
      }),
    },
    (request, reply) => {
      const pool = known(parsed(NameParams, request.params).name);
      return reply.send(success(providerBody(pool, mirror.engineNow(), unheard(source))));
    },
  );

  server.post(
    '/api/connections/destroy/:provider',
    {
      schema: schemaOf({
        summary: 'Closes every socket of the provider, or of its origins of one protocol',
        tag: 'connections',
        answer: DestroyAnswer,
        params: ProviderParams,
        body: DestroyBody,
        failures: { 404: true, 503: true },
      }),
    },
    async (request, reply) => {
      const { name: pool } = known(parsed(ProviderParams, request.params).provider);
      const { protocol = null } = parsed(DestroyBody, request.body ?? {});
      const { closed } = answerOf(await answerWithin(clock, COMMAND_LIMIT_MS, engine.destroyPool({ pool, protocol })));
      return reply.send(success({ provider: pool, protocol, closed }));
    },
  );

  server.get(
    '/api/connections/stream',
    {
      exposeHeadRoute: false,
      config: { isStream: true },
      schema: schemaOf({
        summary: 'The details, whole, every 2 s',
        tag: 'connections',
        isStream: true,
        query: StreamQuery,
        headers: StreamHeaders,
        answer: {
          media: 'text/event-stream',
          about: '`details`: the body of /api/connections/details; whole each time, so nothing is missed by a gap.',
        },
        failures: { 503: true },
      }),
    },
    (request, reply) => {
      const reader = readers.open(reply, heartbeatMsOf(request));
      let seq = 0;
      let next: Cancel = () => undefined;
      const send = (): void => {
        next = clock.at(after(clock.now(), STREAM_EVERY_MS), send);
        if (!mirror.isKnown) return;
        seq += 1;
        reader.send(encodeEvent({ id: String(seq), name: 'details', data: JSON.stringify(success(details())) }));
      };
      send();
      reader.onEnd(() => next());
    },
  );

  function known(name: string): PoolView {
    const pool = pools().find((candidate) => candidate.name === name);
    if (pool !== undefined) return pool;
    throw unknownName(
      'provider',
      name,
      pools().map((candidate) => candidate.name),
    );
  }
}
