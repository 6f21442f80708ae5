const WORD =
  'token|key|secret|password|passphrase|passwd|passcode|pwd|pw|pass|signature|sign|sig|auth|authorization|bearer|credentials?|jwt|dkey';

/** A word of its own at the end of a name, or behind one of those that are often written together with it. */
const BEFORE = 'api|app|access|auth|client|listen|private|secret|session|(?:^|[_.-])(?:feed|login|refresh|user|ws)';
const SEPARATE = new RegExp(`(?:^|[_.-]|${BEFORE})(?:${WORD})$`, 'i');
const CAPITAL = new RegExp(`[a-z0-9](?:${WORD.replaceAll(/\b[a-z]/g, (first) => first.toUpperCase())}|JWT)$`);

/** Of several alike, or of the half of a pair that is told with each request. */
const ENDING = /[_.-]?\d+$|(?<=access[_.-]?key)[_.-]?id$/i;

/** In messages these two words are just as often a name of data: the key of a channel, a coin. */
const AMBIGUOUS = /^(?:key|token)$/i;
const LIKE_A_SECRET = /^[\w+/=.-]{16,}$/;

/** What stands for a login, in addresses and beside one. */
const TICKET = /^(?:ticket|otp|session[_.-]?id)$/i;
/** So do these two, which may as well be a part of the trading day, or a number of data. */
const SESSION = /^(?:session|sid)$/i;
const LIKE_A_SESSION = /^(?=.*(?:\d[a-z]+\d|[a-z]\d+[a-z]))[\w.~%+=-]{8,}$|^\d{12,}$/i;

const bare = (name: string): string => name.replace(ENDING, '');

/** True of what a credential is called: `token`, `api_key_1`, `AccessKeyId`. */
export const isCredential = (name: string): boolean => SEPARATE.test(bare(name)) || CAPITAL.test(bare(name));

/** The same in an address, beside its value. */
export const isCredentialInAddress = (name: string, value: string): boolean =>
  isCredential(name) || TICKET.test(name) || (SESSION.test(name) && LIKE_A_SESSION.test(value));

/** The same in a message, or in one that logs in. */
export const isCredentialBeside = (name: string, value: string, isLogin: boolean): boolean =>
  isLogin
    ? isCredential(name) || TICKET.test(name) || SESSION.test(name)
    : isCredential(name) && (!AMBIGUOUS.test(bare(name)) || LIKE_A_SECRET.test(value));

/** As it was before an address escaped it, as far as that can be told. */
export function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
