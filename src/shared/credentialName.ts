const WORD =
  'token|key|secret|password|passphrase|passwd|passcode|pwd|pw|pass|signature|sign|sig|auth|authorization|bearer|credentials?|jwt|dkey';

/** A word of its own at the end of a name, or behind one of those that are often written together with it. */
const SEPARATE = new RegExp(`(?:^|[_.-]|api|app|access|auth|client|listen|private|session)(?:${WORD})$`, 'i');
const CAPITAL = new RegExp(`[a-z0-9](?:${WORD.replaceAll(/\b[a-z]/g, (first) => first.toUpperCase())}|JWT)$`);

/** Of several alike, or of the half of a pair that is told with each request. */
const ENDING = /[_.-]?\d+$|(?<=access[_.-]?key)[_.-]?id$/i;

/** In messages these two words are just as often a name of data: the key of a channel, a coin. */
const AMBIGUOUS = /^(?:key|token)$/i;
const LIKE_A_SECRET = /^[\w+/=.-]{16,}$/;

const bare = (name: string): string => name.replace(ENDING, '');

/** True of what a credential is called: `token`, `api_key_1`, `AccessKeyId`. */
export const isCredential = (name: string): boolean => SEPARATE.test(bare(name)) || CAPITAL.test(bare(name));

/** The same of a name in a message, beside its value. */
export const isCredentialBeside = (name: string, value: string): boolean =>
  isCredential(name) && (!AMBIGUOUS.test(bare(name)) || LIKE_A_SECRET.test(value));

/** As it was before an address escaped it, as far as that can be told. */
export function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
