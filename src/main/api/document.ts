import type { FastifySchema } from 'fastify';
import { z } from 'zod';
import { FailureSchema, successOf } from './envelope.ts';

/** The one place where a route says what it takes and answers: Fastify's schema, from which the OpenAPI document is made. */
export interface RouteDocument {
  readonly summary: string;
  readonly tag: 'gate' | 'links' | 'connections' | 'about';
  /** The `data` of the 200. A stream or a text says its media type instead. */
  readonly answer: z.ZodType | { readonly media: string; readonly about: string };
  /** Beside those that every route has (400, 401, 403, 429, 500) and those of a body (413, 415). */
  readonly failures?: Readonly<Record<number, z.ZodType | true>>;
  readonly body?: z.ZodType;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly isStream?: boolean;
}

const COMMON_FAILURES: Readonly<Record<number, string>> = {
  400: 'The request is malformed.',
  401: 'No token, or a wrong one.',
  403: 'Asked by a foreign name or page.',
  404: 'Nothing of this name; the fix names the nearest.',
  409: 'Not possible in its present state.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  429: 'Too many requests; Retry-After says how long to wait.',
  500: 'A fault of Warmwire’s own.',
  503: 'The gate is not open, or the engine is not heard.',
};
const ALWAYS = [400, 401, 403, 429, 500];
const OF_A_BODY = [413, 415];

export function schemaOf(document: RouteDocument): FastifySchema {
  const { answer } = document;
  const isMedia = 'media' in answer;
  const good = isMedia
    ? { description: answer.about, content: { [answer.media]: { schema: { type: 'string' } } } }
    : jsonAnswer('As asked.', successOf(answer));
  const failures: Record<number, z.ZodType | true> = {
    ...Object.fromEntries(
      [...ALWAYS, ...(document.body === undefined ? [] : OF_A_BODY)].map((status) => [status, true as const]),
    ),
    ...document.failures,
  };
  const response: Record<number, unknown> = { 200: good };
  for (const [status, schema] of Object.entries(failures)) {
    response[Number(status)] = jsonAnswer(
      COMMON_FAILURES[Number(status)] ?? 'Not answered.',
      schema === true ? FailureSchema : schema,
    );
  }
  return {
    summary: document.summary,
    tags: [document.tag],
    response,
    security: document.isStream === true ? [{ bearer: [] }, { query: [] }] : [{ bearer: [] }],
    ...(document.body === undefined ? {} : { body: jsonSchema(document.body) }),
    ...(document.params === undefined ? {} : { params: jsonSchema(document.params) }),
    ...(document.query === undefined ? {} : { querystring: jsonSchema(document.query) }),
    ...(document.headers === undefined ? {} : { headers: jsonSchema(document.headers) }),
  };
}

const jsonAnswer = (description: string, schema: z.ZodType) => ({
  description,
  content: { 'application/json': { schema: jsonSchema(schema) } },
});

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
  return rest;
}
