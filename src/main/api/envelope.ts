import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import type { Outcome, Problem } from '../../shared/outcome.ts';

/** Every answer of the API is `{success: true, data}` or `{success: false, error}`. */
export const success = <T>(data: T): { readonly success: true; readonly data: T } => ({ success: true, data });

/** A body that is kept until what it shows may have changed. */
export type LastingBody = (make: () => unknown) => () => Buffer;

export const successOf = <T extends z.ZodType>(data: T) => z.strictObject({ success: z.literal(true), data });

export const ErrorSchema = z.strictObject({
  code: z.string().meta({ description: 'A stable word for programs, such as unknown-link.' }),
  message: z.string().meta({ description: 'What is wrong, in a sentence.' }),
  fix: z.string().meta({ description: 'What to do about it.' }),
});

export const FailureSchema = z.strictObject({ success: z.literal(false), error: ErrorSchema });

/** An answer other than the one that was asked for. Thrown by a route, made into a body by the server. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fix: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    fix: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.fix = fix;
    this.headers = headers;
  }

  get body(): z.infer<typeof FailureSchema> {
    return { success: false, error: { code: this.code, message: this.message, fix: this.fix } };
  }
}

/** A 404 that names the nearest thing that does exist. */
export function unknownName(what: 'link' | 'provider', name: string, known: readonly string[]): ApiError {
  const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name;
  const list = what === 'link' ? 'GET /api/links' : 'GET /api/connections/providers';
  const nearest = known.length === 0 ? null : closest(name.slice(0, 200), [...known]);
  const fix = nearest === null ? `there is no ${what} at all yet: add one to the settings` : `did you mean ${nearest}?`;
  return new ApiError(404, `unknown-${what}`, `There is no ${what} named ${shown}.`, `${fix} (all: ${list})`);
}

const STATUS_OF_PROBLEM: Readonly<Record<string, number>> = {
  'unknown-link': 404,
  'unknown-pool': 404,
  paused: 409,
  disconnected: 503,
  'engine-silent': 503,
};

/** What the engine answered, or its problem as an answer of the API. */
export function answerOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw errorOf(outcome.problem);
}

function errorOf({ kind, message, hint }: Problem): ApiError {
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  return new ApiError(STATUS_OF_PROBLEM[kind] ?? 500, kind, sentence, hint);
}

/** Checks what a caller sent; says where it is wrong. */
export function parsed<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  const message = `The request is not as it should be: ${where}${issue?.message ?? 'wrong input'}.`;
  throw new ApiError(400, 'bad-input', message, 'see GET /api/openapi.json for what this route takes');
}
