import { constants, createHmac, createPrivateKey, sign } from 'node:crypto';
import { clearKeysIn, MASK, maskedKey, withoutClearKeys } from '../../../shared/clearKey.ts';
import { unescaped } from '../../../shared/credentialName.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import { type ClearKey, LOGIN_KEY } from '../../../shared/namelessKey.ts';
import { fillPlaces, type SignedPlace, secretsIn } from '../../../shared/secrets.ts';
import type { WallMs } from '../../../shared/units.ts';
import { noCredential, noPrivateKey } from './noCredential.ts';

/** Where secrets come from: the environment of this process, or the system's keychain. `null`: there is none. */
export type SecretSource = (name: string) => string | null;

/** `lacks`: why it cannot be filled, in words that hold no secret. */
type Filled<T> = T | { readonly lacks: DownReason };

/**
 * Fills a template of a message (row L10): `{secret:NAME}`, `{now_ms}`, `{now_s}`, and signatures
 * `{hmac-sha256-hex:NAME:text}` and `{rsa-pss-sha256-base64:NAME:text}`, whose text may hold the times.
 */
export function fillSecrets(template: string, source: SecretSource, wall: WallMs): Filled<{ readonly text: string }> {
  return filled(template, source, wall, (secret) => JSON.stringify(secret).slice(1, -1));
}

/** The same for an address: what is filled in is one part of it, whatever bytes it has. */
export function fillAddress(template: string, source: SecretSource, wall: WallMs): Filled<{ readonly text: string }> {
  return filled(template, source, wall, encodeURIComponent, encodeURIComponent);
}

/** The headers of an upgrade, filled alike and at one moment: what is signed names the time that is sent beside it. */
export function fillHeaders(
  templates: Readonly<Record<string, string>>,
  source: SecretSource,
  wall: WallMs,
): Filled<{ readonly headers: Readonly<Record<string, string>> }> {
  const headers: Record<string, string> = {};
  for (const [name, template] of Object.entries(templates)) {
    const value = filled(template, source, wall, (secret) => secret.trim());
    if ('lacks' in value) return value;
    headers[name] = value.text;
  }
  return { headers };
}

function filled(
  template: string,
  source: SecretSource,
  wall: WallMs,
  written: (secret: string) => string,
  writtenSignature = (signature: string): string => signature,
): Filled<{ readonly text: string }> {
  const missing = secretsIn(template).find((name) => (source(name) ?? '') === '');
  if (missing !== undefined) return { lacks: noCredential(missing) };
  const secret = (name: string): string => source(name) ?? '';
  const timed = template
    .replaceAll('{now_ms}', String(Math.round(wall)))
    .replaceAll('{now_s}', String(Math.floor(wall / 1000)));
  let unusable: string | null = null;
  const text = fillPlaces(
    timed,
    (name) => written(secret(name)),
    (place) => {
      const signature = signed(place, secret(place.name));
      if (signature === null) unusable = place.name;
      return writtenSignature(signature ?? '');
    },
  );
  return unusable === null ? { text } : { lacks: noPrivateKey(unusable) };
}

/** `null`: the secret is no private key. What OpenSSL says of it is not passed on. */
function signed({ scheme, algorithm, encoding, text }: SignedPlace, secret: string): string | null {
  if (scheme === 'hmac') return createHmac(algorithm, secret).update(text).digest(encoding);
  try {
    // In an environment variable a line break is often written as \n.
    const key = createPrivateKey(secret.replaceAll('\\n', '\n'));
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
    return sign(algorithm, Buffer.from(text), { key, padding, saltLength }).toString(encoding);
  } catch {
    return null;
  }
}

/** So long, or of digits, too: nothing else that is told has such a word in it. */
const UNMISTAKABLE = /^(?=.*\d).{8,}$|^.{16,}$/;

/** What must not be told, and what is shown instead. */
type Hidden = readonly [form: string, shown: string];

/** Remembers every secret that was asked for or found, and takes it out of whatever is told to others. */
export class SecretMask {
  readonly #source: SecretSource;
  /** The longest first: another may begin with the same characters. */
  #hidden: ReadonlyMap<string, string> = new Map();

  constructor(source: SecretSource) {
    this.#source = source;
  }

  readonly read: SecretSource = (name) => {
    const value = this.#source(name);
    if (value !== null) this.#remember(hiddenForms(value));
    return value;
  };

  /** Takes out what a person has written in clear into these addresses and messages, too. */
  hide(texts: readonly string[]): void {
    this.#remember(
      texts.flatMap((text): Hidden[] => {
        const keys = clearKeysIn(text);
        return keys.length === 0 ? [] : [[text, withoutClearKeys(text)], ...keys.flatMap(hiddenKey)];
      }),
    );
  }

  /** The same value with every secret in its texts replaced. */
  clean<T>(value: T): T {
    return this.#hidden.size === 0 ? value : (this.#cleaned(value) as T);
  }

  #cleaned(value: unknown): unknown {
    if (typeof value === 'string') {
      let text = withoutBeginnings(value, this.#hidden);
      for (const [secret, shown] of this.#hidden) text = text.replaceAll(secret, shown);
      return text;
    }
    if (Array.isArray(value)) return value.map((item) => this.#cleaned(item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.#cleaned(item)]));
  }

  #remember(found: readonly Hidden[]): void {
    const fresh = found.filter(([form]) => !this.#hidden.has(form));
    if (fresh.length === 0) return;
    this.#hidden = new Map([...this.#hidden, ...fresh].sort(([a], [b]) => b.length - a.length));
  }
}

/** A shorter one may be that of any word. */
const SHORTEST_BEGINNING = 8;

/** A venue may repeat what it was sent, and be cut in the middle of it: a close frame has room for 123 bytes. */
function withoutBeginnings(text: string, hidden: ReadonlyMap<string, string>): string {
  let from = text.length;
  let ending = '';
  for (const [form, shown] of hidden) {
    const at = beginningIn(text, form);
    if (at < 0 || at >= from) continue;
    const open = alike(form, shown);
    // That much is no secret: it may be the same address without its token.
    if (text.length - at <= open.length) continue;
    from = at;
    ending = open + MASK;
  }
  return text.slice(0, from) + ending;
}

/** Where the beginning of `form` stands with which the text ends, -1 for nowhere. */
function beginningIn(text: string, form: string): number {
  const head = form.slice(0, SHORTEST_BEGINNING);
  if (form.length <= head.length) return -1;
  let at = text.indexOf(head, Math.max(0, text.length - form.length + 1));
  while (at >= 0 && !form.startsWith(text.slice(at))) at = text.indexOf(head, at + 1);
  return at;
}

/** With what both begin. */
function alike(form: string, shown: string): string {
  let length = 0;
  while (length < shown.length && form[length] === shown[length]) length += 1;
  return form.slice(0, length);
}

/** A short word is hidden only beside its name; in the list of a login it has none, and is hidden only in that message. */
function hiddenKey(key: ClearKey): Hidden[] {
  const alone = [key.value, ...key.value.split(/[\s|]+/)]
    .filter((value) => UNMISTAKABLE.test(value))
    // As the venue may say it, which an address holds escaped.
    .flatMap((value) => [value, unescaped(value)].flatMap(hiddenForms));
  return key.name === LOGIN_KEY ? alone : [[key.written, maskedKey(key)], ...alone];
}

const hiddenForms = (secret: string): Hidden[] =>
  formsOf(secret).flatMap((form): Hidden[] => (form.length >= 4 ? [[form, MASK]] : []));

/** As it was given and as headers send it; each also as it stands inside a JSON text and in an address. */
function formsOf(secret: string): readonly string[] {
  return [secret, secret.trim()].flatMap((one) => {
    const whole = one.toWellFormed();
    const query = new URLSearchParams({ '': whole }).toString().slice(1);
    return [one, JSON.stringify(one).slice(1, -1), encodeURIComponent(whole), encodeURI(whole), query];
  });
}
