import type { PoolKey } from '../../route.ts';

/** Line and column, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Where the text says what a key of a pool is: in the pool's own table, else in `[connection]` for all pools, else at the
 * pool's table, where it could be said. `null` where the text does not know the pool.
 */
export function placeOfPoolKey(text: string, { pool, key }: PoolKey): Place | null {
  const lines = text.split('\n');
  const own = lines.findIndex((line) => poolNamed(line) === pool);
  const shared = lines.findIndex((line) => /^\s*\[\s*connection\s*\]/.test(line));
  return (
    keyUnder(lines, own, key) ??
    keyUnder(lines, shared, `http_${key}`) ??
    (own < 0 ? null : { line: own + 1, column: 1 })
  );
}

const POOL_TABLE = /^\s*\[\s*pool\s*\.\s*(?:("(?:[^"\\]|\\.)*")|'([^']*)'|([\w-]+))\s*\]/;

function poolNamed(line: string): string | null {
  const [, quoted, literal, bare] = POOL_TABLE.exec(line) ?? [];
  return quoted === undefined ? (literal ?? bare ?? null) : unquoted(quoted);
}

function unquoted(text: string): string | null {
  try {
    return String(JSON.parse(text));
  } catch {
    return null;
  }
}

function keyUnder(lines: readonly string[], header: number, key: string): Place | null {
  if (header < 0) return null;
  for (let at = header + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (/^\s*\[/.test(line)) return null;
    if (line.trimStart().split(/[\s=]/, 1)[0] === key) return { line: at + 1, column: line.search(/\S/) + 1 };
  }
  return null;
}
