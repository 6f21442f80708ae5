import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { schemaOf } from './document.ts';
import { JSON_TYPE } from './gateRoutes.ts';

/** The document is made from the routes' own schemas, so it cannot say anything else than they do. */
export const openApiOptions = (version: string): FastifyDynamicSwaggerOptions => ({
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Warmwire',
      version,
      description:
        'Whether the links to the venues and the HTTP pools are alive, warm and fast. Loopback only. ' +
        'A link or pool whose name is a word of a path (stream) is to be had in the lists only.',
    },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        query: { type: 'apiKey', in: 'query', name: 'token', description: 'Of streams only.' },
      },
    },
  },
});

export function openApiRoute(server: FastifyInstance): void {
  let text: string | null = null;
  server.get(
    '/api/openapi.json',
    {
      schema: schemaOf({
        summary: 'This document',
        tag: 'about',
        answer: { media: 'application/json', about: 'OpenAPI 3.1.' },
      }),
    },
    (_request, reply) => {
      text ??= JSON.stringify(server.swagger());
      return reply.type(JSON_TYPE).send(text);
    },
  );
}
