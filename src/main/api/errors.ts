import { ApiError } from './envelope.ts';

const OF_STATUS: Readonly<Record<number, readonly [code: string, message: string, fix: string]>> = {
  400: ['malformed', 'The request is malformed.', 'send a valid path, and JSON in the body'],
  413: ['body-too-large', 'The body is too large.', 'no route takes more than 1 KiB'],
  415: ['not-json', 'The body is not JSON.', 'send it with Content-Type: application/json'],
};

/** Whatever was thrown, as an answer of the API: Fastify's own refusals by their status, anything else is a bug. */
export function errorOf(error: unknown, onBug: (error: unknown) => void): ApiError {
  if (error instanceof ApiError) return error;
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  const known = OF_STATUS[status];
  if (known !== undefined) return new ApiError(status, ...known);
  if (status >= 400 && status < 500)
    return new ApiError(status, 'refused', 'The request was refused.', 'see the status');
  onBug(error);
  return new ApiError(500, 'bug', 'This is a fault in Warmwire.', 'the log has the details');
}
