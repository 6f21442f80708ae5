import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';

/** A stretch of the text. Lines and columns start at 1; a column is a UTF-16 unit, as editors count. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export const START: Span = { line: 1, column: 1, endLine: 1, endColumn: 1 };

export interface TomlTable {
  readonly kind: 'table';
  readonly span: Span;
  /** A map and not an object: a key may be called `__proto__`. */
  readonly entries: Map<string, TomlEntry>;
}

export interface TomlEntry {
  readonly name: string;
  readonly keySpan: Span;
  readonly node: TomlNode;
}

export interface TomlList {
  readonly kind: 'list';
  readonly span: Span;
  /** True for `[[name]]`. */
  readonly ofTables: boolean;
  readonly items: TomlNode[];
}

export interface TomlScalar {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: string | number | boolean | Date;
  /** As it is written. */
  readonly source: string;
}

export type TomlNode = TomlTable | TomlList | TomlScalar;

/** The parsed document, or where and why it is not TOML 1.0. A byte order mark in front is accepted. */
export type TomlParse =
  | { readonly ok: true; readonly program: AST.TOMLProgram }
  | { readonly ok: false; readonly span: Span; readonly index: number; readonly reason: string };

const BOM = '\u{feff}';

/** Never throws. */
export function parseToml(text: string): TomlParse {
  // The parser refuses the mark; a space in its place keeps every position as it is.
  const marked = text.startsWith(BOM) ? ` ${text.slice(1)}` : text;
  // To a 0 that nothing comes after it gives no place.
  const code = marked.endsWith('0') ? `${marked} ` : marked;
  try {
    return { ok: true, program: parseTOML(code, { tomlVersion: '1.0' }) };
  } catch (error) {
    if (error instanceof ParseError) {
      const { lineNumber: line, index, message } = error;
      const column = error.column + 1;
      return { ok: false, span: { line, column, endLine: line, endColumn: column + 1 }, index, reason: message };
    }
    if (error instanceof RangeError) {
      return { ok: false, span: START, index: 0, reason: 'lists or tables lie too deep in each other' };
    }
    throw error;
  }
}

/** The document as tables by name; throws a `RangeError` where tables lie deeper than the stack. */
export function tableOf(program: AST.TOMLProgram, text: string): TomlTable {
  const top = program.body[0];
  const root: TomlTable = { kind: 'table', span: spanOf(top), entries: new Map() };
  for (const part of top.body) {
    if (part.type === 'TOMLKeyValue') addKeyValue(root, part, text);
    else for (const entry of part.body) addKeyValue(openTable(root, part), entry, text);
    if (part.type === 'TOMLTable' && part.body.length === 0) openTable(root, part);
  }
  return root;
}

/** The headers of the document in their order, each with the names in its brackets. */
export function headersOf({ body }: AST.TOMLProgram): { readonly line: number; readonly path: readonly string[] }[] {
  return body[0].body.flatMap((part) =>
    part.type === 'TOMLTable' ? [{ line: part.loc.start.line, path: part.key.keys.map(keyName) }] : [],
  );
}

export function spanOf(node: AST.HasLocs): Span {
  const { start, end } = node.loc;
  return { line: start.line, column: start.column + 1, endLine: end.line, endColumn: end.column + 1 };
}

export function keyName(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

/** The node at `path`, where a list is entered by its index. */
export function nodeAt(root: TomlTable, path: readonly string[]): TomlNode | null {
  let node: TomlNode = root;
  for (const step of path) {
    const next: TomlNode | undefined =
      node.kind === 'table'
        ? node.entries.get(step)?.node
        : node.kind === 'list'
          ? node.items[Number(step)]
          : undefined;
    if (next === undefined) return null;
    node = next;
  }
  return node;
}

/** Where `path` stands: the value of a key, the name of a table; of the nearest table above when it is not there. */
export function locateIn(root: TomlTable, path: readonly string[]): Span {
  let found = START;
  for (let length = 1; length <= path.length; length++) {
    const parent = nodeAt(root, path.slice(0, length - 1));
    const node = nodeAt(root, path.slice(0, length));
    if (parent === null || node === null) break;
    const entry = parent.kind === 'table' ? parent.entries.get(path[length - 1] ?? '') : undefined;
    found = entry !== undefined && node.kind === 'table' ? entry.keySpan : node.span;
  }
  return found;
}

function addKeyValue(table: TomlTable, pair: AST.TOMLKeyValue, text: string): void {
  const keys = pair.key.keys;
  const last = keys.at(-1);
  if (last === undefined) return;
  const parent = keys.slice(0, -1).reduce(childTable, table);
  parent.entries.set(keyName(last), { name: keyName(last), keySpan: spanOf(last), node: nodeOf(pair.value, text) });
}

/** The table of a header, made where it is new; for `[[name]]` its last element. */
function openTable(root: TomlTable, header: AST.TOMLTable): TomlTable {
  let table = root;
  let depth = 0;
  for (const key of header.key.keys) {
    depth += 1;
    const isLast = depth === header.key.keys.length;
    const index = isLast && header.kind === 'array' ? header.resolvedKey.at(-1) : undefined;
    table = typeof index === 'number' ? elementTable(table, key, index) : childTable(table, key);
  }
  return table;
}

function childTable(table: TomlTable, key: AST.TOMLBare | AST.TOMLQuoted): TomlTable {
  const name = keyName(key);
  const held = table.entries.get(name)?.node;
  const node = held?.kind === 'list' ? held.items.at(-1) : held;
  if (node?.kind === 'table') return node;
  const made: TomlTable = { kind: 'table', span: spanOf(key), entries: new Map() };
  table.entries.set(name, { name, keySpan: spanOf(key), node: made });
  return made;
}

function elementTable(table: TomlTable, key: AST.TOMLBare | AST.TOMLQuoted, index: number): TomlTable {
  const name = keyName(key);
  const held = table.entries.get(name)?.node;
  const list: TomlList = held?.kind === 'list' ? held : { kind: 'list', span: spanOf(key), ofTables: true, items: [] };
  if (list !== held) table.entries.set(name, { name, keySpan: spanOf(key), node: list });
  const item = list.items[index];
  if (item?.kind === 'table') return item;
  const made: TomlTable = { kind: 'table', span: spanOf(key), entries: new Map() };
  list.items[index] = made;
  return made;
}

function nodeOf(content: AST.TOMLContentNode, text: string): TomlNode {
  const span = spanOf(content);
  if (content.type === 'TOMLArray') {
    return { kind: 'list', span, ofTables: false, items: content.elements.map((item) => nodeOf(item, text)) };
  }
  if (content.type === 'TOMLInlineTable') {
    const table: TomlTable = { kind: 'table', span, entries: new Map() };
    for (const pair of content.body) addKeyValue(table, pair, text);
    return table;
  }
  return { kind: 'scalar', span, value: content.value, source: text.slice(content.range[0], content.range[1]) };
}
