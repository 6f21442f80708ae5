import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

export interface PageFile {
  readonly status: 200 | 404 | 410;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The files of the built page, by the path of their address. */
export type Page = ReadonlyMap<string, Buffer>;

/**
 * Reads the page once, for both hosts. Any account of this machine may ask for a file of it, and not read the answer: each
 * is one piece of memory for all of them. Rejects where one cannot be read.
 */
export async function readPage(folder: string): Promise<Page> {
  return new Map(await filesIn(folder, '/'));
}

async function filesIn(folder: string, path: string): Promise<readonly (readonly [string, Buffer])[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const read = entries.map(async (entry) => {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(file, `${path}${entry.name}/`);
    return extname(file) in TYPES ? [[`${path}${entry.name}`, await readFile(file)] as const] : [];
  });
  return (await Promise.all(read)).flat();
}

/** `path` is the URL's. `connectTo`: the one address beside its own origin that the page may open a socket to, or `null`. */
export function pageFile(page: Page, path: string, connectTo: string | null): PageFile {
  const name = path === '/' ? '/index.html' : path;
  const file = page.get(name);
  if (file === undefined) return notFound();
  const nonce = randomBytes(16).toString('base64');
  const type = extname(name);
  return {
    status: 200,
    headers: {
      ...securityHeaders(pagePolicy(nonce, connectTo)),
      'content-type': TYPES[type] ?? '',
      'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
    },
    body: type === '.html' ? file.toString('utf8').replaceAll('__CSP_NONCE__', nonce) : file,
  };
}

function notFound(): PageFile {
  return {
    status: 404,
    headers: { ...securityHeaders(pagePolicy('none', null)), 'content-type': 'text/plain; charset=utf-8' },
    body: 'There is no such page here.\n',
  };
}

function pagePolicy(nonce: string, connectTo: string | null): readonly string[] {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${connectTo === null ? '' : ` ${connectTo}`}`,
  ];
}

/** Of every page: what it may load is said by `allowed`, the rest is nobody's need. */
export function securityHeaders(allowed: readonly string[]): Record<string, string> {
  const policy = [...allowed, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  };
}
