/** What OpenSSL means by its commonest words. */
const MEANT: Readonly<Record<string, string>> = {
  'wrong version number': 'the other side does not speak TLS here',
  'packet length too long': 'the other side does not speak TLS here',
};

/** What failed, in OpenSSL's own words, without its numbers, functions and source files; other messages as they are. */
export function tlsText(message: string): string {
  const said = /error:[0-9A-F]+:[^:\n]*:[^:\n]*:([^:\n]+)/i.exec(message)?.[1];
  if (said === undefined) return message.trim();
  const meant = MEANT[said];
  return meant === undefined ? said : `${said}: ${meant}`;
}
