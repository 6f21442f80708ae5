import type { LinkConfig } from './engineConfig.ts';

/** A credential that stands in a text in clear (row L10): `token=abc` in an address, `"apiKey":"abc"` in a message. */
export interface ClearKey {
  readonly name: string;
  readonly value: string;
  /** Name and value as they stand there. */
  readonly written: string;
}

const WORD = 'token|key|secret|password|passphrase|signature|sign|sig|auth|jwt';

/** A word of its own at the end of a name, or behind one of those that are often written together with it. */
const SEPARATE = new RegExp(`(?:^|[_.-]|api|access|auth|client|listen|private|session)(?:${WORD})$`, 'i');
const CAPITAL = new RegExp(`[a-z0-9](?:${WORD.replaceAll(/\b[a-z]/g, (first) => first.toUpperCase())}|JWT)$`);

const isCredential = (name: string): boolean => SEPARATE.test(name) || CAPITAL.test(name);

/** Filled from the environment, or asked for before the dial: not in clear. Or no value that could open anything. */
const NO_SECRET = /\{(?:secret:|hmac-|rsa-|token\})|^(?:true|false|yes|no|none|null|\d{1,3})$/i;

const IN_ADDRESS = /[?&](?<written>(?<name>[\w.-]+)=(?<value>[^&#\s"'\\]+))/g;
/** Also as it stands inside a text of a TOML file. */
const IN_MESSAGE = /(?<written>\\?"(?<name>[\w.-]+)\\?"\s*:\s*\\?"(?<value>[^"\\]+))/g;

/** In messages these two words are just as often a name of data: the key of a channel, a coin. */
const AMBIGUOUS = /^(?:key|token)$/i;
const LIKE_A_SECRET = /^[\w+/=.-]{16,}$/;

/** Every credential that stands in the text in clear, in its order. */
export function clearKeysIn(text: string): ClearKey[] {
  const found = (pattern: RegExp): ClearKey[] =>
    [...text.matchAll(pattern)].map(({ groups = {} }) => ({
      name: groups['name'] ?? '',
      value: groups['value'] ?? '',
      written: groups['written'] ?? '',
    }));
  const meant = ({ name, value }: ClearKey): boolean => isCredential(name) && !NO_SECRET.test(value);
  const inMessages = found(IN_MESSAGE).filter(({ name, value }) => !AMBIGUOUS.test(name) || LIKE_A_SECRET.test(value));
  return [...found(IN_ADDRESS), ...inMessages].filter(meant);
}

export const MASK = '•••';

/** What is shown instead of the whole of it. */
export const maskedKey = ({ value, written }: ClearKey): string => written.slice(0, -value.length) + MASK;

/** The text as everybody may see it. */
export function withoutClearKeys(text: string): string {
  return clearKeysIn(text).reduce((shown, key) => shown.replaceAll(key.written, maskedKey(key)), text);
}

/** Of all that a link sends: its addresses and its messages. */
export function clearKeysOf({ url, routes, subscriptions }: LinkConfig): ClearKey[] {
  const texts = [url, ...routes.map((route) => route.url), ...subscriptions.map(({ subscribe }) => subscribe)];
  return [...new Set(texts)].flatMap(clearKeysIn);
}
