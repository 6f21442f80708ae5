import type { ClearKey } from './clearKey.ts';

export const PATH_KEY = 'a key';
export const LOGIN_KEY = 'a login';

/** Credentials told by their place, the list of a login message, or by their look: in any list, or as a part of an address. */
export const namelessIn = (text: string): ClearKey[] => [
  ...pathKeysIn(text),
  ...queryKeysIn(text),
  ...listedKeysIn(text),
];

const LOGIN =
  /\\?"(?:op|method|event|action|type|cmd|request)\\?"\s*:\s*\\?"(?:[\w/]*[./_])?(?:auth|authKey|authKeyExpires|authenticate|authori[sz]e|login|logon|sign|signin)\\?"/i;

/** A shorter text may be any word. */
const SHORTEST = 3;

/** Its list, and the texts in that; the name of a value is none. */
const listed = (quote: string, character: string) => ({
  list: new RegExp(
    `"(?:args|params)${quote}\\s*:\\s*\\[(?<list>(?:${quote}${character}*${quote}|[^\\]"\\\\])*)\\]`,
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
  const isLogin = LOGIN.test(text);
  const isKey = (value: string): boolean => (isLogin ? value.length >= SHORTEST : isRandom(value));
  return LISTED.flatMap(({ list, entry }) =>
    [...text.matchAll(list)].flatMap(({ groups }) => [...(groups?.['list'] ?? '').matchAll(entry)]),
  ).flatMap(({ groups }) => {
    const value = groups?.['value'] ?? '';
    if (groups?.['named'] !== undefined || !isKey(value)) return [];
    return [{ name: isLogin ? LOGIN_KEY : PATH_KEY, value, written: groups?.['written'] ?? '' }];
  });
}

/** With its host, or a path alone; a commit on GitHub, where presets have their facts from, is none. */
const PATH = /(?:\b(?:wss?|https?|tcp|tls):\/\/(?!github\.com\/)[^/?#\s"'\\]+|^)(?<path>\/[^?#\s"'\\]+)/g;

const pathKeysIn = (text: string): ClearKey[] =>
  [...text.matchAll(PATH)].flatMap(({ groups }) =>
    (groups?.['path'] ?? '')
      .split('/')
      .filter(isRandom)
      .map((value) => ({ name: PATH_KEY, value, written: `/${value}` })),
  );

const QUERY = /[?&][\w.-]+=(?<value>[^&#\s"'\\]+)/g;

/** Of streams that are asked for in one address, each. */
const queryKeysIn = (text: string): ClearKey[] =>
  [...text.matchAll(QUERY)].flatMap(({ groups }) =>
    (groups?.['value'] ?? '')
      .split(/[/,]|%2[CF]/i)
      .filter(isRandom)
      .map((value) => ({ name: PATH_KEY, value, written: value })),
  );

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** A contract or an account on a chain: everybody knows it. */
const PUBLIC = /^0x[\da-fA-F]+$|^[1-9A-HJ-NP-Za-km-z]{43,44}$/;

/** No word, symbol or channel: long, and letters and digits change places often. */
function isRandom(part: string): boolean {
  if (!/^[\w~+=-]{20,}$/.test(part) || PUBLIC.test(part)) return false;
  if (UUID.test(part)) return true;
  const isMixed = /[a-z]/.test(part) && /[A-Z]/.test(part);
  return isMixed ? changes(part) >= 3 : part.split(/[-_]/).some((run) => run.length >= 20 && changes(run) >= 4);
}

const changes = (part: string): number => part.match(/[a-z](?=\d)|\d(?=[a-z])/gi)?.length ?? 0;
