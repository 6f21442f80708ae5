import { isCredentialBeside, unescaped } from './credentialName.ts';

/** A credential that stands in a text in clear (row L10): `token=abc` in an address, `"apiKey":"abc"` in a message. */
export interface ClearKey {
  readonly name: string;
  readonly value: string;
  /** Name and value as they stand there. */
  readonly written: string;
}

export const PATH_KEY = 'a key';
export const LOGIN_KEY = 'a login';

/**
 * Credentials told by their place, the list of a login message or of a name, or the words of a login line; or by their look: in any
 * list, or as a part of an address.
 */
export const namelessIn = (text: string): ClearKey[] => [
  ...pathKeysIn(text),
  ...queryKeysIn(text),
  ...listedKeysIn(text),
  ...lineKeysIn(text),
];

const LOGIN =
  /\\?"(?:op|method|event|action|type|cmd|request)\\?"\s*:\s*\\?"(?:[\w/]*[./_])?(?:auth|authKey|authKeyExpires|authenticate|authori[sz]e|login|logon|sign|signin)\\?"/i;

/** Whether there is a message in it that logs in. */
export const logsIn = (text: string): boolean => LOGIN.test(text);

/** A shorter text may be any word. */
const SHORTEST = 3;

/** A list with its name, or the one text in its place; and the texts in it: the name of a value is none. */
const listed = (quote: string, character: string) => ({
  list: new RegExp(
    `"(?<of>[\\w.-]+)${quote}\\s*:\\s*(?:\\[(?<list>(?:${quote}${character}*${quote}|[^\\]"\\\\])*)\\]|(?<one>${quote}${character}*${quote}))`,
    'g',
  ),
  entry: new RegExp(`(?<written>${quote}(?<value>${character}*)${quote})(?<named>\\s*:)?`, 'g'),
});
const LISTED = [
  listed('"', String.raw`(?:\\.|[^"\\])`),
  // As it stands inside a text of a TOML file.
  listed(String.raw`\\"`, String.raw`(?:\\\\(?:\\.|[^\\])|[^"\\])`),
];

function listedKeysIn(text: string): ClearKey[] {
  const isLogin = logsIn(text);
  return LISTED.flatMap(({ list, entry }) =>
    [...text.matchAll(list)].flatMap(({ groups = {} }) => {
      const { of = '', list: values, one } = groups;
      const isOfLogin = /^(?:args|params)$/.test(of);
      if (!isOfLogin && values === undefined) return [];
      return [...(values ?? one ?? '').matchAll(entry)].flatMap(({ groups: found = {} }) => {
        const { value = '', written = '', named } = found;
        if (named !== undefined) return [];
        if (!isOfLogin) return isCredentialBeside(of, value, isLogin) ? [{ name: of, value, written }] : [];
        const keys = isLogin ? [value].filter(({ length }) => length >= SHORTEST) : listKeysOf(value);
        return keys.map((key) => ({ name: isLogin ? LOGIN_KEY : PATH_KEY, value: key, written }));
      });
    }),
  );
}

/** Of a line over TCP; in small letters it may be any sentence. */
const LOGIN_LINE = /(?<=^|["'])(?<written>(?:LOGIN|LOGON|AUTH|PASS|PASSWORD)[ \t:|]+(?<value>[^\r\n]+))/gm;

const lineKeysIn = (text: string): ClearKey[] =>
  [...text.matchAll(LOGIN_LINE)].map(({ groups = {} }) => ({
    name: LOGIN_KEY,
    value: groups['value'] ?? '',
    written: groups['written'] ?? '',
  }));

/** Whole, or before what of an account is wanted: `KEY@balance`. */
const listKeysOf = (value: string): string[] =>
  value.split('@').filter((part) => isRandom(part) && !ACCOUNT.test(part));

/** With its host, or a path alone; a commit on GitHub, where presets have their facts from, is none. */
const PATH = /(?:\b(?:wss?|https?|tcp|tls):\/\/(?!github\.com\/)[^/?#\s"'\\]+|^)(?<path>\/[^?#\s"'\\]+)/g;

const pathKeysIn = (text: string): ClearKey[] =>
  [...text.matchAll(PATH)].flatMap(({ groups }) =>
    (groups?.['path'] ?? '')
      .split(/[/@]/)
      .filter((part) => isRandom(part) || isPadded(part))
      .map((value) => ({ name: PATH_KEY, value, written: value })),
  );

const QUERY = /[?&][\w.-]+=(?<value>[^&#\s"'\\]+)/g;

/** Of streams that are asked for in one address, each. */
const queryKeysIn = (text: string): ClearKey[] =>
  [...text.matchAll(QUERY)].flatMap(({ groups }) =>
    partsOf(groups?.['value'] ?? '').map((value) => ({ name: PATH_KEY, value, written: value })),
  );

const partsOf = (value: string): string[] =>
  isPadded(value) ? [value] : value.split(/[/,@]|%2[CF]|%40/i).filter(isRandom);

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const JWT = /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*$/;
/** A contract on a chain: everybody knows it. */
const CONTRACT = /^0x[\da-fA-F]+$/;
/** An account on another one; but a key of 32 bytes may look the same, so only where accounts are listed. */
const ACCOUNT = /^[1-9A-HJ-NP-Za-km-z]{43,44}$/;

/** No word, symbol or channel: long, and letters and digits change places often. */
export function isRandom(part: string): boolean {
  const plain = unescaped(part);
  if (UUID.test(plain) || JWT.test(plain)) return true;
  if (!/^[\w~+=-]{20,}$/.test(plain) || CONTRACT.test(plain)) return false;
  return isMixed(plain) ? isMixedUp(plain) : plain.split(/[-_]/).some((run) => run.length >= 20 && changes(run) >= 4);
}

/** Base64 with its end, which may hold slashes. */
function isPadded(part: string): boolean {
  const plain = unescaped(part);
  const isWhole = plain.length % 4 === 0 && /^[A-Za-z\d+/]{20,}={1,2}$/.test(plain);
  return isWhole && isMixed(plain) && isMixedUp(plain);
}

const isMixed = (part: string): boolean => /[a-z]/.test(part) && /[A-Z]/.test(part);

/** With next to no digits: between small and capital letters, far more often than in names of several words. */
const isMixedUp = (part: string): boolean => changes(part) >= 3 || turns(part) >= 0.45 * part.length;

const turns = (part: string): number => part.match(/[a-z](?=[A-Z\d])|[A-Z](?=[a-z\d])|\d(?=[a-zA-Z])/g)?.length ?? 0;

const changes = (part: string): number => part.match(/[a-z](?=\d)|\d(?=[a-z])/gi)?.length ?? 0;
