import type { ClearKey } from './clearKey.ts';

export const PATH_KEY = 'a key';

/** Credentials whose place tells what they are: in the list of a login message, or as a part of an address's path. */
export const namelessIn = (text: string): ClearKey[] => [...pathKeysIn(text), ...loginKeysIn(text)];

const LOGIN =
  /\\?"(?:op|method|event|action|type|cmd|request)\\?"\s*:\s*\\?"(?:[\w/]*[./_])?(?:auth|authKey|authKeyExpires|authenticate|authori[sz]e|login|logon|sign|signin)\\?"/i;

/** A shorter text may be any word. */
const SHORTEST = 3;

/** Its list, and the texts in that. */
const listed = (quote: string, character: string) => ({
  list: new RegExp(
    `"(?:args|params)${quote}\\s*:\\s*\\[(?<list>(?:${quote}${character}*${quote}|[^\\]"\\\\])*)\\]`,
    'g',
  ),
  entry: new RegExp(`(?<written>${quote}(?<value>${character}*)${quote})`, 'g'),
});
const LISTED = [
  listed('"', String.raw`(?:\\.|[^"\\])`),
  // As it stands inside a text of a TOML file.
  listed(String.raw`\\"`, String.raw`(?:\\\\(?:\\.|[^\\])|[^"\\])`),
];

function loginKeysIn(text: string): ClearKey[] {
  if (!LOGIN.test(text)) return [];
  const entries = LISTED.flatMap(({ list, entry }) =>
    [...text.matchAll(list)].flatMap(({ groups }) => [...(groups?.['list'] ?? '').matchAll(entry)]),
  );
  const keys = entries.map(({ groups = {} }) => ({
    name: 'a login',
    value: groups['value'] ?? '',
    written: groups['written'] ?? '',
  }));
  return keys.filter(({ value }) => value.length >= SHORTEST);
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

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** A contract or an account: everybody knows it. */
const PUBLIC = /^0x[\da-f]+$/i;

/** No word, symbol or channel: long, and letters and digits change places often. */
function isRandom(part: string): boolean {
  if (!/^[\w~+=-]{20,}$/.test(part) || PUBLIC.test(part)) return false;
  if (UUID.test(part)) return true;
  const isMixed = /[a-z]/.test(part) && /[A-Z]/.test(part);
  return isMixed ? changes(part) >= 3 : part.split(/[-_]/).some((run) => run.length >= 20 && changes(run) >= 4);
}

const changes = (part: string): number => part.match(/[a-z](?=\d)|\d(?=[a-z])/gi)?.length ?? 0;
