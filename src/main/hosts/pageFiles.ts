import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

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

/**
 * The built page, for both hosts. `path` is the URL's path; nothing outside `folder` can be named by it. `connectTo` is
 * the one address beside its own origin that the page may open a socket to, or `null`.
 */
export async function pageFile(folder: string, path: string, connectTo: string | null): Promise<PageFile> {
  const name = fileOf(folder, path);
  const type = name === null ? undefined : TYPES[extname(name)];
  if (name === null || type === undefined) return notFound();
  let body: Buffer | string;
  try {
    body = await readFile(name);
  } catch {
    return notFound();
  }
  const nonce = randomBytes(16).toString('base64');
  const isPage = extname(name) === '.html';
  if (isPage) body = body.toString('utf8').replaceAll('__CSP_NONCE__', nonce);
  return {
    status: 200,
    headers: {
      ...securityHeaders(pagePolicy(nonce, connectTo)),
      'content-type': type,
      'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
    },
    body,
  };
}

function fileOf(folder: string, path: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (decoded.includes('\0')) return null;
  const root = resolve(folder);
  const file = resolve(join(root, decoded === '/' ? 'index.html' : decoded));
  return file.startsWith(root + sep) ? file : null;
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
