import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiSource } from './apiSource.ts';
import { schemaOf } from './document.ts';
import { type LastingBody, parsed, success, unknownName } from './envelope.ts';
import { allGates, ClosedGateSchema, type GateBody, GateBodySchema, gateOf } from './gateBody.ts';
import type { GateStream } from './gateStream.ts';
import { HEARTBEAT_MS, type SseReaders } from './sse.ts';
import { mustBeKnown, unheard } from './unheard.ts';

const LinkParams = z.object({ link: z.string().meta({ description: 'The link’s name as in the settings.' }) });

/** What every stream can be asked with. */
export const StreamQuery = z.object({
  token: z.string().optional().meta({ description: 'Instead of the header, which EventSource cannot set.' }),
  heartbeat_secs: z.coerce
    .number()
    .min(1)
    .max(60)
    .optional()
    .meta({ description: 'How often a comment shows that the stream lives; 15 unless given.' }),
});
export const StreamHeaders = z.object({
  'last-event-id': z.string().optional().meta({ description: 'Goes on after this event.' }),
});

export const heartbeatMsOf = (request: FastifyRequest): number =>
  (parsed(StreamQuery, request.query).heartbeat_secs ?? HEARTBEAT_MS / 1000) * 1000;

/** Row G1. */
export function gateRoutes(
  server: FastifyInstance,
  source: ApiSource,
  readers: SseReaders,
  stream: GateStream,
  lastingBody: LastingBody,
): void {
  const failures = { 503: ClosedGateSchema, 404: true } as const;

  const all = lastingBody(() => allGates(source));
  server.get(
    '/api/gate',
    {
      schema: schemaOf({
        summary: 'All trading gates',
        tag: 'gate',
        answer: z.array(GateBodySchema),
        failures: { 503: ClosedGateSchema },
      }),
    },
    (_request, reply) => {
      const none = unheard(source);
      if (none === null) return reply.type(JSON_TYPE).send(all());
      return reply.code(503).send(closed(none, none.sentence, allGates(source)));
    },
  );

  server.get(
    '/api/gate/:link',
    {
      schema: schemaOf({
        summary: 'One trading gate: 200 exactly while it is open',
        tag: 'gate',
        answer: GateBodySchema,
        failures,
        params: LinkParams,
      }),
    },
    (request, reply) => {
      const gate = knownGate(request);
      if (gate.open) return reply.send(success(gate));
      const why = unheard(source) ?? (gate.state === 'paused' ? PAUSED : CLOSED);
      return reply.code(503).send(closed(why, gate.sentence, gate));
    },
  );

  const streamSchema = {
    tag: 'gate',
    isStream: true,
    query: StreamQuery,
    headers: StreamHeaders,
  } as const;
  server.get(
    '/api/gate/stream',
    {
      exposeHeadRoute: false,
      config: { isStream: true },
      schema: schemaOf({
        ...streamSchema,
        summary: 'Every change of every gate, at once',
        answer: {
          media: 'text/event-stream',
          about: '`gates`: all gates, first and whenever everything changed; `gate`: one that changed.',
        },
        failures: { 503: true },
      }),
    },
    (request, reply) => follow(request, reply, null),
  );
  server.get(
    '/api/gate/:link/stream',
    {
      exposeHeadRoute: false,
      config: { isStream: true },
      schema: schemaOf({
        ...streamSchema,
        summary: 'Every change of one gate, at once',
        answer: { media: 'text/event-stream', about: '`gate`: the gate, first as it is and then at every change.' },
        failures: { 404: true, 503: true },
        params: LinkParams,
      }),
    },
    (request, reply) => follow(request, reply, knownGate(request).link),
  );

  function knownGate(request: FastifyRequest): GateBody {
    const { link } = parsed(LinkParams, request.params);
    mustBeKnown(source);
    const gate = gateOf(source, link);
    if (gate === null) throw unknownName('link', link, [...source.mirror.gates.keys()]);
    return gate;
  }

  function follow(request: FastifyRequest, reply: FastifyReply, link: string | null): void {
    const heartbeatMs = heartbeatMsOf(request);
    const lastEventId = parsed(StreamHeaders, request.headers)['last-event-id'] ?? null;
    stream.follow(readers.open(reply, heartbeatMs), link, lastEventId);
  }
}

export const JSON_TYPE = 'application/json; charset=utf-8';

function closed(
  { code, fix }: { readonly code: string; readonly fix: string },
  sentence: string,
  data: GateBody | GateBody[],
): z.infer<typeof ClosedGateSchema> {
  const message = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
  return { success: false, error: { code, message, fix }, data };
}

const CLOSED = { code: 'gate-closed', fix: 'send no orders here until it opens: follow /api/gate/LINK/stream' };
const PAUSED = { code: 'gate-paused', fix: 'resume the link in Warmwire' };
