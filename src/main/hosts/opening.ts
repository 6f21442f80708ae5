import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TOKEN_KEY } from '../../shared/pageToken.ts';
import { isOwnOrigin } from './admission.ts';
import { type PageFile, securityHeaders } from './pageFiles.ts';

/**
 * True where a browser opens the address in a tab by itself: for no other page, in no frame, and not ahead of a person who
 * may never look at it, which would use the code up. A program that says nothing of it is no browser.
 */
export function isOpening(request: IncomingMessage, port: number): boolean {
  const { headers } = request;
  const said = (name: string): string => String(headers[name] ?? '');
  if (headers.origin !== undefined && !isOwnOrigin(request, port)) return false;
  if (!['', 'none', 'same-origin'].includes(said('sec-fetch-site'))) return false;
  if (!['', 'document'].includes(said('sec-fetch-dest'))) return false;
  return !`${said('sec-purpose')} ${said('purpose')}`.includes('prefetch');
}

/** Hands the token to the tab, and leads to the page: it stands in no address, and in no history. */
export function tokenPage(token: string): PageFile {
  const nonce = randomBytes(16).toString('base64');
  const [key, value] = [TOKEN_KEY, token].map(quoted);
  // Without storage the page keeps it as long as it lives, and takes it out of the address at once.
  const script = `let to = '/';
try { sessionStorage.setItem(${key}, ${value}); } catch { to = '/#token=' + ${value}; }
location.replace(to);`;
  const body = `<noscript>Warmwire needs JavaScript.</noscript><script nonce="${nonce}">${script}</script>`;
  return answer(200, `script-src 'nonce-${nonce}'`, body);
}

/** `turnedAway`: another account was first, and got nothing. */
export const usedPage = (turnedAway: boolean): PageFile =>
  answer(
    410,
    "script-src 'none'",
    `<h1>This address has been used, or is too old</h1>
<p>It works once, within a minute of the start of Warmwire. Open the address that Warmwire printed in the terminal when it
started: it ends with <code>#token=…</code> and works as long as Warmwire runs. Or end Warmwire and start it again.</p>
<p>${turnedAway ? TURNED_AWAY : MAY_BE_TAKEN}</p>`,
  );

const TURNED_AWAY =
  'Another account of this machine asked for it before your browser did. It was turned away, and has no token.';

const MAY_BE_TAKEN = `If no page of Warmwire was opened before this one, another account of this machine may have used the
address, and have the token: end Warmwire and start it again. A <code>WARMWIRE_TOKEN</code> of your own must be another one
then.`;

/** What a script may read as a text, and HTML not as a tag. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll('<', '\\u003c');

function answer(status: 200 | 410, scripts: string, body: string): PageFile {
  return {
    status,
    headers: {
      ...securityHeaders(["default-src 'none'", scripts]),
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="dark light">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Warmwire</title>
${body}</html>
`,
  };
}
