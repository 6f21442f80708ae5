import type { AST } from 'toml-eslint-parser';
import { keyName, parseToml, type Span, START, type TomlTable, tableOf } from './toml.ts';

export type Path = readonly string[];

type Body = AST.TOMLTopLevelTable | AST.TOMLTable | AST.TOMLInlineTable;

/** One `key = value`, wherever it stands. */
export interface Pair {
  readonly path: Path;
  readonly node: AST.TOMLKeyValue;
  readonly body: Body;
  readonly bodyPath: Path;
}

/** One `[header]` with what is under it. */
export interface Header {
  readonly path: Path;
  readonly node: AST.TOMLTable;
}

/** A text without mistakes, taken apart. */
export interface TomlDocument {
  readonly text: string;
  readonly program: AST.TOMLProgram;
  readonly root: TomlTable;
  readonly pairs: readonly Pair[];
  readonly headers: readonly Header[];
}

export type DocumentReading =
  | { readonly ok: true; readonly document: TomlDocument }
  | { readonly ok: false; readonly span: Span };

/** An edit reads the text it starts from, and the text it makes, which the next one starts from. */
const KEPT = 2;
let kept: readonly (readonly [text: string, reading: DocumentReading])[] = [];

/** Never throws. The last texts are not read again. */
export function readDocument(text: string): DocumentReading {
  const known = kept.find(([one]) => one === text);
  const reading = known?.[1] ?? takeApart(text);
  if (known === undefined) kept = [[text, reading] as const, ...kept].slice(0, KEPT);
  return reading;
}

function takeApart(text: string): DocumentReading {
  const parsed = parseToml(text);
  if (!parsed.ok) return { ok: false, span: parsed.span };
  const { program } = parsed;
  try {
    const root = tableOf(program, text);
    const top = program.body[0];
    const headers = top.body
      .filter((part) => part.type === 'TOMLTable')
      .map((node) => ({ path: headerPath(node), node }));
    return { ok: true, document: { text, program, root, pairs: pairsOf(top), headers } };
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, span: START };
    throw error;
  }
}

function pairsOf(top: AST.TOMLTopLevelTable): Pair[] {
  const pairs: Pair[] = [];
  const collect = (node: AST.TOMLKeyValue, body: Body, bodyPath: Path): void => {
    const path = [...bodyPath, ...node.key.keys.map(keyName)];
    pairs.push({ path, node, body, bodyPath });
    if (node.value.type !== 'TOMLInlineTable') return;
    for (const inner of node.value.body) collect(inner, node.value, path);
  };
  for (const part of top.body) {
    if (part.type === 'TOMLKeyValue') collect(part, top, []);
    else for (const node of part.body) collect(node, part, headerPath(part));
  }
  return pairs;
}

const headerPath = (table: AST.TOMLTable): string[] => table.resolvedKey.map(String);

export const isInline = (body: Body): boolean => body.type === 'TOMLInlineTable';
export const startsWith = (path: Path, start: Path): boolean =>
  path.length > start.length && start.every((step, index) => path[index] === step);
export const equal = (a: Path, b: Path): boolean =>
  a.length === b.length && a.every((step, index) => b[index] === step);
/** The path itself, or anything in it. */
export const isWithin = (path: Path, start: Path): boolean => equal(path, start) || startsWith(path, start);
