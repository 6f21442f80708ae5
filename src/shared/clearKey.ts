import { isCredential, isCredentialBeside, isCredentialInAddress, unescaped } from './credentialName.ts';
import type { LinkConfig } from './engineConfig.ts';
import { type ClearKey, logsIn, namelessIn } from './namelessKey.ts';

/** Filled from the environment, or asked for before the dial: not in clear. Or no value that could open anything. */
const NO_SECRET = /\{(?:secret:|hmac-|rsa-|token\})|^(?:true|false|yes|no|none|null|\d{1,3})$/i;

const IN_ADDRESS = /[?&](?<written>(?<name>[\w.%-]+)=(?<value>[^&#\s"'\\]+))/g;
/** Of a line over TCP, whose parts end in different ways. */
const IN_LINE = /(?<![\w.%?&-])(?<written>(?<name>[\w.-]+)=(?<value>[^|;,&#\s"'\\]+))/g;
/** A text with whatever is escaped in it, or a number of four digits or more. */
const IN_MESSAGE = /(?<written>"(?<name>[\w.-]+)"\s*:\s*(?:"(?<value>(?:\\.|[^"\\])+)|(?<number>\d{4,})))/g;
/** The same as it stands inside a text of a TOML file. */
const IN_TEXT =
  /(?<written>\\"(?<name>[\w.-]+)\\"\s*:\s*(?:\\"(?<value>(?:\\\\(?:\\.|[^\\])|[^"\\])+)|(?<number>\d{4,})))/g;
/** Before the host; one that is no port may hold any character. */
const BEFORE_HOST =
  /(?<written>:\/\/(?<value>[^/?#\s"'\\]+|[^/?#@:[\s"'\\]*:(?!\d+(?![^/?#\s"'\\]))[^\s"'\\]{0,200})@)/g;
/** As no word of a sentence looks. */
const LIKE_A_KEY = String.raw`(?<value>(?=\S*(?:\d|[a-z][A-Z]))[\w.~+/=-]{8,})`;
const IN_HEADER = new RegExp(`(?<written>(?:Bearer|Basic)\\s+${LIKE_A_KEY})`, 'g');
/** `X-API-KEY: abc12345`, `Authorization: Token abc12345`. */
const NAMED_HEADER = new RegExp(
  String.raw`(?<![\w.-])(?<written>(?<name>\w+(?:-\w+)+|[Aa]uthorization):[ \t]*(?:\w+[ \t]+)?${LIKE_A_KEY})`,
  'g',
);

/** Every credential that stands in the text in clear: those with a name in its order, then those that have none. */
export function clearKeysIn(text: string): ClearKey[] {
  const found = (pattern: RegExp, nameless = 'a token'): ClearKey[] =>
    [...text.matchAll(pattern)].map(({ groups = {} }) => ({
      name: unescaped(groups['name'] ?? nameless),
      value: groups['value'] ?? groups['number'] ?? '',
      written: groups['written'] ?? '',
    }));
  const isLogin = logsIn(text);
  const named = [
    ...found(IN_ADDRESS).filter(({ name, value }) => isCredentialInAddress(name, value)),
    ...[IN_MESSAGE, IN_TEXT, IN_LINE]
      .flatMap((pattern) => found(pattern))
      .filter(({ name, value }) => isCredentialBeside(name, value, isLogin)),
    ...found(NAMED_HEADER).filter(({ name }) => isCredential(name)),
  ];
  const nameless = [...namelessIn(text), ...found(IN_HEADER), ...found(BEFORE_HOST, 'a password')];
  const isKnown = ({ written }: ClearKey): boolean => named.some((key) => key.written.includes(written));
  return [...named, ...nameless.filter((key) => !isKnown(key))].filter(({ value }) => !NO_SECRET.test(value));
}

export const MASK = '•••';

/** What is shown instead of the whole of it. */
export function maskedKey({ value, written }: ClearKey): string {
  const at = written.lastIndexOf(value);
  return written.slice(0, at) + MASK + written.slice(at + value.length);
}

/** The text as everybody may see it. The longest first: another may begin with the same characters. */
export function withoutClearKeys(text: string): string {
  const keys = clearKeysIn(text).sort((a, b) => b.written.length - a.written.length);
  return keys.reduce((shown, key) => shown.replaceAll(key.written, maskedKey(key)), text);
}

/** All that a link sends: its addresses and its messages. */
export function textsOf({ url, routes, subscriptions }: LinkConfig): string[] {
  return [...new Set([url, ...routes.map((route) => route.url), ...subscriptions.map(({ subscribe }) => subscribe)])];
}
