/** What happened, where, and what to do about it: three parts of one message to a person. */
export interface Problem {
  /** A stable word for programs, such as `unknown-link` or `disk-full`. */
  readonly kind: string;
  readonly message: string;
  readonly where: string;
  readonly hint: string;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });

export function failed(kind: string, message: string, where: string, hint: string): { ok: false; problem: Problem } {
  return { ok: false, problem: { kind, message, where, hint } };
}

/** A name that the settings do not have, or have no more. */
export function unknownName(what: 'link' | 'pool', name: string): { ok: false; problem: Problem } {
  const hint = 'reload the page: the settings may have changed';
  return failed(`unknown-${what}`, `there is no ${what} named ${name}`, name, hint);
}

/** Ends a switch over a union: a case that was forgotten does not compile. */
export function assertNever(value: never): never {
  throw new Error(`a case was forgotten: ${JSON.stringify(value)}`);
}
