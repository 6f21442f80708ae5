/** What a credential is called where it stands in an address. */
const KEY = /[?&](?<name>[\w-]*(?:token|key|secret|password|signature))=(?<value>[^&#]+)/gi;

/** The first place of an address where a credential stands in clear, by its name; `null` where there is none (row L10). */
export function clearKeyIn(url: string): string | null {
  for (const { groups } of url.matchAll(KEY)) {
    if (!/\{(secret:|hmac-|rsa-|token\})/.test(groups?.['value'] ?? '')) return groups?.['name'] ?? null;
  }
  return null;
}
