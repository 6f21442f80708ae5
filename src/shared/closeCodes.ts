/** Close codes in a trader's words (RFC 6455 section 7.4 and the IANA registry). */
const TEXT: Readonly<Record<number, string>> = {
  1000: 'normal close',
  1001: 'the endpoint is going away (restart or shutdown)',
  1002: 'protocol error',
  1003: 'a kind of data that is not accepted',
  1005: 'closed without a code',
  1006: 'cut without a close frame',
  1007: 'text that is not valid UTF-8, or otherwise malformed',
  1008: 'policy violation, often a rate limit or credentials',
  1009: 'a message too big',
  1010: 'a required extension is missing',
  1011: 'an error inside the server',
  1012: 'the service restarts',
  1013: 'the server is overloaded, try later',
  1014: 'a gateway got a bad answer upstream',
  1015: 'TLS handshake failed',
};

export function closeCodeText(code: number): string {
  const known = TEXT[code];
  if (known !== undefined) return known;
  if (code >= 4000 && code <= 4999) return 'a code of the venue’s own';
  if (code >= 3000 && code <= 3999) return 'a registered application code';
  return 'not a registered code';
}

/** Words by which venues say that a close 1008 is about the rate of messages, pings among them. */
const RATE_WORDS = /too many|\brates?\b|\brate.?limit|\blimit|frequen|slow down|flood|throttl/i;
/** Words of what did not come, or came too late: of those there may be too many as well. */
const LATE_WORDS = /\bmiss|unanswered|time.?(out|limit)/i;

/** True for a close 1008 that is about too many messages, not about who we are. */
export function isRateClose(code: number, text: string): boolean {
  return code === 1008 && RATE_WORDS.test(text) && !LATE_WORDS.test(text);
}
