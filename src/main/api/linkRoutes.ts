import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { LinkView } from '../../shared/linkView.ts';
import { linksOf } from '../../shared/snapshot.ts';
import type { Clock } from '../engine/ports.ts';
import type { ApiSource } from './apiSource.ts';
import { answerWithin, COMMAND_LIMIT_MS } from './askEngine.ts';
import { schemaOf } from './document.ts';
import { answerOf, type LastingBody, parsed, success, unknownName } from './envelope.ts';
import { JSON_TYPE } from './gateRoutes.ts';
import { LinkBodySchema, linkBody } from './linkBody.ts';
import { mustBeKnown } from './unheard.ts';

const LinkParams = z.object({ name: z.string().meta({ description: 'The link’s name as in the settings.' }) });

const ReconnectBody = z.strictObject({
  manner: z
    .enum(['graceful', 'hard'])
    .optional()
    .meta({ description: 'graceful, the default: a new socket is up before the old one closes. hard: cut at once.' }),
});

const ReconnectAnswer = z.strictObject({ link: z.string(), manner: z.enum(['graceful', 'hard']) });

/** Row G2: the links alike. */
export function linkRoutes(server: FastifyInstance, source: ApiSource, clock: Clock, lastingBody: LastingBody): void {
  const { mirror, engine } = source;

  const all = lastingBody(() => views().map((link) => linkBody(source, link)));
  server.get(
    '/api/links',
    {
      schema: schemaOf({
        summary: 'All links',
        tag: 'links',
        answer: z.array(LinkBodySchema),
        failures: { 503: true },
      }),
    },
    (_request, reply) => {
      mustBeKnown(source);
      return reply.type(JSON_TYPE).send(all());
    },
  );

  server.get(
    '/api/links/:name',
    {
      schema: schemaOf({
        summary: 'One link',
        tag: 'links',
        answer: LinkBodySchema,
        params: LinkParams,
        failures: { 404: true, 503: true },
      }),
    },
    (request, reply) => reply.send(success(linkBody(source, known(request.params)))),
  );

  server.post(
    '/api/links/:name/reconnect',
    {
      schema: schemaOf({
        summary: 'Gives the link a new socket',
        tag: 'links',
        answer: ReconnectAnswer,
        params: LinkParams,
        body: ReconnectBody,
        failures: { 404: true, 409: true, 503: true },
      }),
    },
    async (request, reply) => {
      const { name: link } = known(request.params);
      const { manner = 'graceful' } = parsed(ReconnectBody, request.body ?? {});
      answerOf(await answerWithin(clock, COMMAND_LIMIT_MS, engine.reconnectLink({ link, manner })));
      return reply.send(success({ link, manner }));
    },
  );

  function views(): LinkView[] {
    return mirror.snapshot === null ? [] : linksOf(mirror.snapshot);
  }

  function known(params: unknown): LinkView {
    const { name } = parsed(LinkParams, params);
    mustBeKnown(source);
    const links = mirror.snapshot?.links ?? {};
    const link = Object.hasOwn(links, name) ? links[name] : undefined;
    if (link === undefined) throw unknownName('link', name, Object.keys(links));
    return link;
  }
}
