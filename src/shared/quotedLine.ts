import { MASK, withoutClearKeys } from './clearKey.ts';
import { isCredential } from './credentialName.ts';
import { isRandom } from './namelessKey.ts';

/** Of a line that is quoted, characters. */
const LONGEST = 60;

/**
 * What is wrong in the settings file, as a problem quotes it: that is told outside the Settings page, too (row L10). Masked
 * first and cut then, since half of a key does not look like one.
 */
export function quotedLine(source: string): string {
  const line = withoutNamed(withoutClearKeys(withoutLogin(source.replaceAll(/\s+/g, ' ').trim())));
  const shown = line.replaceAll(/[\w~+=-]{20,}/g, (word) => (isRandom(word) ? MASK : word));
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

/** A user with a password, which is no port; or with a space, which no host has. */
const LOGIN_BEGINS = /:\/\/(?=[^/?#@:[\s"'\\]*:(?!\d+(?![^/?#\s"'\\]))|[^/?#"'\\]* )/;

/** An address that is faulty may hold anything before its host, spaces and quotes too: nothing is shown up to the last `@`. */
function withoutLogin(line: string): string {
  const end = line.lastIndexOf('@');
  const begun = LOGIN_BEGINS.exec(line.slice(0, Math.max(0, end)));
  return begun === null ? line : line.slice(0, begun.index + begun[0].length) + MASK + line.slice(end);
}

const NAMED = /(?<![\w.-])(?<name>[\w.-]+)(?:\\?["'])?(?: ?[=:] ?| )(?!["'\\]*•)/g;

/** Without quotes that can be relied on nobody knows where a credential ends: nothing is shown from there on. */
function withoutNamed(line: string): string {
  const first = [...line.matchAll(NAMED)].find(({ groups }) => isCredential(groups?.['name'] ?? ''));
  return first === undefined ? line : line.slice(0, first.index + first[0].length) + MASK;
}
