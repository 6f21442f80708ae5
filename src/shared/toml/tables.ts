import { type Change, isBlank, lineEnd, lineStart, nextLine, type Value, valueText, withChanges } from './change.ts';
import {
  equal,
  type Header,
  isInline,
  isWithin,
  type Pair,
  type Path,
  startsWith,
  type TomlDocument,
} from './document.ts';
import { keyText, pathText } from './quoting.ts';
import { nodeAt } from './toml.ts';
import { outOfInline } from './unsetKey.ts';

/** A table of its own, below the last one of its kind (`link.*`), else at the end. */
export function changesToAdd(
  document: TomlDocument,
  path: Path,
  keys: readonly (readonly [string, Value])[],
): readonly Change[] | null {
  const lines = keys.map(([key, value]) => lineOf(key, value));
  if (nodeAt(document.root, path) !== null || lines.includes(null)) return null;
  const source = [`[${pathText(path)}]`, ...lines].join('\n');
  return [placed(document, path, source.replaceAll('\n', lineEnd(document.text)))];
}

/** The lines of a table that has a header of its own, from there to its last key, and the number of the first, from 1. */
export function linesOf(document: TomlDocument, path: Path): { readonly block: string; readonly line: number } | null {
  const header = document.headers.find((one) => equal(one.path, path));
  if (header === undefined) return null;
  const [from, end] = extent(document.text, header);
  return { block: document.text.slice(from, end).trimEnd(), line: document.text.slice(0, from).split('\n').length };
}

/** A list that would make a longer line has each item on its own. */
const LONGEST_LINE = 100;

function lineOf(key: string, value: Value): string | null {
  const text = valueText(value);
  if (text === null) return null;
  const line = `${keyText(key)} = ${text}`;
  if (!Array.isArray(value) || line.length <= LONGEST_LINE) return line;
  return `${keyText(key)} = [\n${value.map((item) => `  ${valueText(item)},\n`).join('')}]`;
}

/** The same keys and comments under another name, right below. */
export function changesToCopy(document: TomlDocument, path: Path, name: string): readonly Change[] | null {
  const to = [...path.slice(0, -1), name];
  if (nodeAt(document.root, path)?.kind !== 'table' || nodeAt(document.root, to) !== null) return null;
  const [header, ...others] = document.headers.filter((one) => isWithin(one.path, path));
  const scattered = document.pairs.some((pair) => isWithin(pair.path, path) && pair.bodyPath.length < path.length);
  if (header !== undefined && others.length === 0 && !scattered) {
    const [from, end] = extent(document.text, header);
    const key = renamed(header.node.key.keys[path.length - 1], name);
    if (key === null) return null;
    const inner = { ...key, from: key.from - from, to: key.to - from };
    const source = withChanges(document.text.slice(from, end), [inner]).trimEnd();
    return [below(document.text, end, source)];
  }
  const own = document.pairs.filter(
    (pair) => startsWith(pair.path, path) && pair.node.value.type !== 'TOMLInlineTable',
  );
  const source = own.map(({ path: at, node }) => {
    const [from, end] = node.value.range;
    return `${pathText(at.slice(path.length))} = ${document.text.slice(from, end)}`;
  });
  return [placed(document, to, [`[${pathText(to)}]`, ...source].join(lineEnd(document.text)))];
}

/** Its name in every place that says it. */
export function changesToRename(document: TomlDocument, path: Path, name: string): readonly Change[] | null {
  const to = [...path.slice(0, -1), name];
  if (nodeAt(document.root, path)?.kind !== 'table' || nodeAt(document.root, to) !== null) return null;
  const headers = document.headers
    .filter((one) => isWithin(one.path, path))
    .map(({ node }) => node.key.keys[path.length - 1]);
  const scattered = document.pairs
    .filter((pair) => isWithin(pair.path, path) && pair.bodyPath.length < path.length)
    .map(({ node, bodyPath }) => node.key.keys[path.length - 1 - bodyPath.length]);
  const changes = [...headers, ...scattered].map((key) => renamed(key, name));
  return changes.flatMap((change) => (change === null ? [] : [change]));
}

/**
 * The table with its own comments: those beside and between its keys, and those right above it after an empty line.
 * Comments below its last key may speak of the next table, and stay.
 */
export function changesToRemove(document: TomlDocument, path: Path): readonly Change[] | null {
  const { text, root } = document;
  if (nodeAt(root, path) === null) return null;
  const whole = document.headers
    .filter((one) => isWithin(one.path, path))
    .map((header) => {
      const [from, to] = extent(text, header);
      const start = startOfRemark(text, from);
      const gap = isBlank(text.slice(lineStart(text, Math.max(0, start - 1)), start)) ? blankAfter(text, to) : to;
      return { from: start, to: gap, insert: '' };
    });
  const parts: Pair[] = document.pairs.filter(
    (pair) => isWithin(pair.path, path) && pair.bodyPath.length < path.length,
  );
  const lines = parts.map(({ node, body }): readonly Change[] | null =>
    isInline(body)
      ? outOfInline(document, node)
      : [{ from: lineStart(text, node.range[0]), to: nextLine(text, node.range[1]), insert: '' }],
  );
  return lines.includes(null) ? null : [...whole, ...lines.flatMap((one) => one ?? [])];
}

const renamed = (key: { readonly range: readonly [number, number] } | undefined, name: string): Change | null =>
  key === undefined ? null : { from: key.range[0], to: key.range[1], insert: keyText(name) };

/** From the header's line to the end of the line of its last key. */
function extent(text: string, { node }: Header): [number, number] {
  const end = node.body.at(-1)?.range[1] ?? node.key.range[1];
  return [lineStart(text, node.range[0]), nextLine(text, end)];
}

function placed(document: TomlDocument, path: Path, source: string): Change {
  const { text, headers } = document;
  const kin = headers.findLast(
    (one) => one.path.length === path.length && equal(one.path.slice(0, -1), path.slice(0, -1)),
  );
  return below(text, kin === undefined ? text.length : pastRemarks(text, extent(text, kin)[1]), source);
}

/** Behind the comment lines right below a table, unless they belong to what follows them. */
function pastRemarks(text: string, end: number): number {
  let at = end;
  while (text.slice(at, nextLine(text, at)).trimStart().startsWith('#')) at = nextLine(text, at);
  return text.slice(at).trimStart().startsWith('[') && !isBlank(text.slice(at, nextLine(text, at))) ? end : at;
}

/** With an empty line above. */
function below(text: string, offset: number, source: string): Change {
  const eol = lineEnd(text);
  const before = text.slice(0, offset);
  const gap = isBlank(before) ? '' : before.endsWith('\n') ? eol : eol + eol;
  return { from: offset, to: offset, insert: `${gap}${source}${eol}` };
}

/** Where the comment lines right above `from` begin, if an empty line parts them from what is before. */
function startOfRemark(text: string, from: number): number {
  let start = from;
  while (start > 0) {
    const above = lineStart(text, start - 1);
    const line = text.slice(above, start);
    if (isBlank(line)) return start;
    if (!line.trimStart().startsWith('#')) return from;
    start = above;
  }
  return from;
}

function blankAfter(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && isBlank(text.slice(at, nextLine(text, at)))) at = nextLine(text, at);
  return at;
}
