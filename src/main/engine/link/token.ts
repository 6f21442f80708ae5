import type { DownReason } from '../../../shared/linkState.ts';
import type { Preset } from '../../../shared/preset.ts';
import type { Ports } from '../ports.ts';
import { jsonField } from './jsonField.ts';

type TokenRule = NonNullable<Preset['token']>;

/**
 * Asks the venue for the token that the next socket's address must carry, and fills it in at `{token}`; the venue may name
 * another server, too. Never rejects: without a token it answers why.
 */
export async function redeemToken(
  rule: TokenRule,
  url: string,
  fetchText: Ports['fetchText'],
): Promise<{ readonly url: string } | DownReason> {
  const host = URL.canParse(rule.url) ? new URL(rule.url).host : rule.url;
  try {
    const text = await fetchText(rule.url, rule.method);
    const token = textAt(text, rule.field);
    if (token === null) return { kind: 'token', host, message: 'its answer has none' };
    const server = rule.endpoint === undefined ? null : textAt(text, rule.endpoint);
    return { url: onServer(url.replaceAll('{token}', encodeURIComponent(token)), server) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'token', host, message };
  }
}

function textAt(text: string, path: string): string | null {
  const source = jsonField(text, path.split('.'));
  return source?.startsWith('"') ? (JSON.parse(source) as string) : null;
}

/** The same path and query on the server that the venue named; its name is taken only if it is as safe as ours. */
function onServer(url: string, server: string | null): string {
  if (server === null || !URL.canParse(server)) return url;
  const [own, named] = [new URL(url), new URL(server)];
  if (named.protocol !== own.protocol) return url;
  named.search = own.search;
  return named.href;
}
