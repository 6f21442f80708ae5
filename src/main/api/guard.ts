import type { FastifyInstance, FastifyRequest } from 'fastify';
import { admits, bearerOf, isOwnHost, isOwnOrigin } from '../hosts/admission.ts';
import { ApiError } from './envelope.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A stream: a browser's EventSource cannot set headers, so its token may stand in the query. */
    isStream?: boolean;
  }
}

export interface GuardOptions {
  readonly token: string;
  readonly port: () => number;
  /** All callers with the token together. */
  readonly requestsPerSec: number;
  /** All callers without it together; whoever has the token is not held up by them. */
  readonly refusalsPerMinute: number;
}

export const GUARD_LIMITS = { requestsPerSec: 5_000, refusalsPerMinute: 60 } as const;

/**
 * Who may ask: this machine, by this server's own name, from no foreign page, with the token. Register
 * `@fastify/rate-limit` (not global) before.
 */
export function guard(server: FastifyInstance, options: GuardOptions): void {
  const admitted = server.createRateLimit({
    max: options.requestsPerSec,
    timeWindow: 1_000,
    keyGenerator: () => 'token',
  });
  const refused = server.createRateLimit({
    max: options.refusalsPerMinute,
    timeWindow: 60_000,
    keyGenerator: () => 'stranger',
  });
  server.addHook('onRequest', async (request) => {
    const refusal = refusalOf(request, options);
    if (refusal !== null) {
      const limit = await refused(request);
      if (limit.isAllowed || !limit.isExceeded) throw refusal;
      const message = `More than ${options.refusalsPerMinute} requests in a minute were refused.`;
      throw tooMany('too-many-refusals', message, limit.ttlInSeconds);
    }
    const limit = await admitted(request);
    if (limit.isAllowed || !limit.isExceeded) return;
    throw tooMany('too-many-requests', `More than ${options.requestsPerSec} requests in a second.`, limit.ttlInSeconds);
  });
}

function refusalOf(request: FastifyRequest, { token, port }: GuardOptions): ApiError | null {
  const own = `http://127.0.0.1:${port()}`;
  if (!isOwnHost(request.raw, port())) {
    return new ApiError(403, 'foreign-host', `Warmwire answers only as ${own}.`, `ask ${own} from this machine`);
  }
  if (request.headers.origin !== undefined && !isOwnOrigin(request.raw, port())) {
    const fix = 'ask from a program instead of a page, or from Warmwire’s own page';
    return new ApiError(403, 'foreign-origin', 'The page that asks is not Warmwire’s own.', fix);
  }
  const given = tokenOf(request);
  if (given === null) {
    const fix = 'send the header Authorization: Bearer TOKEN (docs/api.md says where the token is)';
    return new ApiError(401, 'no-token', 'The request has no token.', fix, CHALLENGE);
  }
  if (admits(request.raw, given, token)) return null;
  const fix =
    'use the token of this run: WARMWIRE_TOKEN, the printed address, or the file api-token in the data folder';
  return new ApiError(401, 'bad-token', 'The token is not the right one.', fix, CHALLENGE);
}

const CHALLENGE = { 'www-authenticate': 'Bearer' };

function tokenOf(request: FastifyRequest): string | null {
  const bearer = bearerOf(request.raw);
  if (bearer !== null || request.routeOptions.config.isStream !== true) return bearer;
  const { token } = request.query as { readonly token?: unknown };
  return typeof token === 'string' ? token : null;
}

function tooMany(code: string, message: string, waitSecs: number): ApiError {
  return new ApiError(429, code, message, `wait ${waitSecs} s, then ask less often`, {
    'retry-after': String(waitSecs),
  });
}
