import { createHmac } from 'node:crypto';
import type { WallMs } from '../../../shared/units.ts';

/** Where secrets come from: the environment of this process, or the system's keychain. `null`: there is none. */
export type SecretSource = (name: string) => string | null;

const PLACE = /\{secret:([A-Za-z0-9_]+)\}/g;
const SIGNED = /\{hmac-(sha256|sha384|sha512)-(hex|base64):([A-Za-z0-9_]+):([^}]*)\}/g;

/** The names of the secrets that a template asks for. */
export function secretsIn(template: string): string[] {
  return [...template.matchAll(PLACE), ...template.matchAll(SIGNED)].map((match) => match[3] ?? match[1] ?? '');
}

/**
 * Fills a login template (row L10): `{secret:NAME}`, `{now_ms}`, `{now_s}`, and signatures
 * `{hmac-sha256-hex:NAME:text}`, whose text may hold the times. Returns the first name that has no secret instead.
 */
export function fillSecrets(
  template: string,
  source: SecretSource,
  wall: WallMs,
): { readonly text: string } | { readonly missing: string } {
  const missing = secretsIn(template).find((name) => (source(name) ?? '') === '');
  if (missing !== undefined) return { missing };
  const secret = (name: string): string => source(name) ?? '';
  const timed = template
    .replaceAll('{now_ms}', String(Math.round(wall)))
    .replaceAll('{now_s}', String(Math.floor(wall / 1000)));
  const signed = timed.replaceAll(
    SIGNED,
    (_all, algorithm: string, encoding: 'hex' | 'base64', name: string, text: string) =>
      createHmac(algorithm, secret(name)).update(text).digest(encoding),
  );
  return { text: signed.replaceAll(PLACE, (_all, name: string) => JSON.stringify(secret(name)).slice(1, -1)) };
}

/** Remembers every secret that was asked for, and takes it out of whatever is told to others. */
export class SecretMask {
  readonly #source: SecretSource;
  readonly #seen = new Set<string>();

  constructor(source: SecretSource) {
    this.#source = source;
  }

  readonly read: SecretSource = (name) => {
    const value = this.#source(name);
    if (value !== null && value.length >= 4) {
      this.#seen.add(value);
      // As it stands inside a JSON text.
      this.#seen.add(JSON.stringify(value).slice(1, -1));
    }
    return value;
  };

  /** The same value with every secret in its texts replaced. */
  clean<T>(value: T): T {
    return this.#seen.size === 0 ? value : (this.#cleaned(value) as T);
  }

  #cleaned(value: unknown): unknown {
    if (typeof value === 'string') {
      let text = value;
      for (const secret of this.#seen) text = text.replaceAll(secret, '•••');
      return text;
    }
    if (Array.isArray(value)) return value.map((item) => this.#cleaned(item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.#cleaned(item)]));
  }
}
