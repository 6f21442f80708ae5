import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What the built page loads before it can show anything: each script once, with its size as sent gzipped, bytes. */
export function initialScripts(folder: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  for (const [, name] of html.matchAll(/(?:src|href)="([^"]+\.js)"/g)) follow(resolve(folder, name ?? ''), sizes);
  return sizes;
}

/** A script and what it imports statically; what `import()` names is loaded when a page wants it. */
function follow(file: string, sizes: Map<string, number>): void {
  if (sizes.has(file)) return;
  const text = readFileSync(file, 'utf8');
  sizes.set(file, gzipSync(text).length);
  for (const [, name] of text.matchAll(/(?:^|[;\n}])(?:import|export)\s*[^'"`();]*?["'`](\.[^"'`]+\.js)["'`]/g)) {
    follow(resolve(dirname(file), name ?? ''), sizes);
  }
}
