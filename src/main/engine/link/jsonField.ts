/**
 * The source text of the value at `path` in a JSON text, byte for byte as it came: `"1.0"`, `1645202800015`, a number
 * beyond 2^53. A step is a member's name or, in an array, a place from 0, or -1 for the last. `null` if there is no such
 * value. Nothing is decoded, so nothing can be retyped.
 */
export function jsonField(text: string, path: readonly string[]): string | null {
  let at = skipSpace(text, 0);
  for (const [depth, name] of path.entries()) {
    const from = text[at] === '[' ? findPlace(text, at, Number(name)) : findMember(text, at, name);
    if (from === null) return null;
    if (depth === path.length - 1) {
      const end = endOfValue(text, from);
      return end === null ? null : text.slice(from, end);
    }
    at = from;
  }
  return null;
}

/** A copy, to keep: V8 holds a whole frame for a piece of 13 characters or more that was cut out of it. */
export const ownText = (piece: string): string => Buffer.from(piece).toString();

function findMember(text: string, at: number, name: string): number | null {
  if (text[at] !== '{') return null;
  let i = skipSpace(text, at + 1);
  while (text[i] === '"') {
    const keyEnd = endOfString(text, i);
    if (keyEnd === null) return null;
    const isIt = keyIs(text.slice(i, keyEnd), name);
    i = skipSpace(text, keyEnd);
    if (text[i] !== ':') return null;
    i = skipSpace(text, i + 1);
    if (isIt) return i;
    const end = endOfValue(text, i);
    if (end === null) return null;
    i = skipSpace(text, end);
    if (text[i] !== ',') return null;
    i = skipSpace(text, i + 1);
  }
  return null;
}

function findPlace(text: string, at: number, wanted: number): number | null {
  let i = skipSpace(text, at + 1);
  let last: number | null = null;
  for (let place = 0; i < text.length && text[i] !== ']'; place += 1) {
    if (place === wanted) return i;
    last = i;
    const end = endOfValue(text, i);
    if (end === null) return null;
    i = skipSpace(text, end);
    if (text[i] === ',') i = skipSpace(text, i + 1);
    else if (text[i] !== ']') return null;
  }
  return wanted === -1 ? last : null;
}

function keyIs(source: string, name: string): boolean {
  if (!source.includes('\\')) return source.slice(1, -1) === name;
  try {
    return JSON.parse(source) === name;
  } catch {
    return false;
  }
}

function endOfValue(text: string, from: number): number | null {
  const first = text[from];
  if (first === '"') return endOfString(text, from);
  if (first === '{' || first === '[') return endOfNested(text, from);
  let i = from;
  while (i < text.length && !/[\s,}\]]/.test(text[i] as string)) i += 1;
  return i === from ? null : i;
}

function endOfNested(text: string, from: number): number | null {
  let depth = 0;
  for (let i = from; i < text.length; i += 1) {
    const c = text[i];
    if (c === '"') {
      const end = endOfString(text, i);
      if (end === null) return null;
      i = end - 1;
    } else if (c === '{' || c === '[') depth += 1;
    else if (c === '}' || c === ']') {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return null;
}

function endOfString(text: string, from: number): number | null {
  for (let i = from + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i + 1;
  }
  return null;
}

function skipSpace(text: string, from: number): number {
  let i = from;
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i += 1;
  return i;
}
