import { createHmac } from 'node:crypto';
import { fillPlaces, secretsIn } from '../../../shared/secrets.ts';
import type { WallMs } from '../../../shared/units.ts';

/** Where secrets come from: the environment of this process, or the system's keychain. `null`: there is none. */
export type SecretSource = (name: string) => string | null;

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
  const text = fillPlaces(
    timed,
    (name) => JSON.stringify(secret(name)).slice(1, -1),
    (place) => createHmac(place.algorithm, secret(place.name)).update(place.text).digest(place.encoding),
  );
  return { text };
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
