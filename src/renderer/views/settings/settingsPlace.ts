import type { PoolKey, SettingsPlace, TablePlace } from '../../route.ts';

/** Line and column, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where the text says it, or could say it; `null` where the text knows nothing of it. */
export function placeIn(text: string, at: SettingsPlace): Place | null {
  return 'pool' in at ? placeOfPoolKey(text, at) : placeOfTable(text, at);
}

/**
 * Where the text says what a key of a pool is: in the pool's own table, else in `[connection]` for all pools, else at the
 * pool's table, where it could be said. `null` where the text does not know the pool.
 */
export function placeOfPoolKey(text: string, { pool, key }: PoolKey): Place | null {
  const lines = text.split('\n');
  const own = headerLine(lines, 'pool', pool);
  return (
    keyUnder(lines, own, key) ??
    keyUnder(lines, headerLine(lines, 'connection'), `http_${key}`) ??
    (own < 0 ? null : { line: own + 1, column: 1 })
  );
}

/** The key, else the table's header, else the end of the text, where the table can be added. */
export function placeOfTable(text: string, { table: [kind, name], key }: TablePlace): Place {
  const lines = text.split('\n');
  const header = headerLine(lines, kind, name);
  const found = key === null ? null : keyUnder(lines, header, key);
  return found ?? { line: header < 0 ? lines.length : header + 1, column: 1 };
}

/** `[kind]` or `[kind.name]`, the name bare or in quotes. */
const HEADER = /^\s*\[\s*([\w-]+)\s*(?:\.\s*(?:("(?:[^"\\]|\\.)*")|'([^']*)'|([\w-]+))\s*)?\]/;

/** The index of the table's line, -1 without it. */
function headerLine(lines: readonly string[], kind: string, name?: string): number {
  return lines.findIndex((line) => {
    const match = HEADER.exec(line);
    if (match?.[1] !== kind) return false;
    const [, , quoted, literal, bare] = match;
    return (quoted === undefined ? (literal ?? bare) : unquoted(quoted)) === name;
  });
}

function unquoted(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
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
