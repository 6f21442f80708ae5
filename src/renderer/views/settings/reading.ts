import { MAX_SETTINGS_BYTES } from '../../../shared/settings.ts';
import type { SettingsProblem } from '../../../shared/settingsView.ts';
import { readDocument } from '../../../shared/toml/document.ts';
import { readSyntax } from '../../../shared/toml/syntax.ts';
import { START, type TomlNode, type TomlTable } from '../../../shared/toml/toml.ts';

/** What the form knows of the text. With problems it shows what could be read, and edits nothing. */
export interface Reading {
  readonly root: TomlTable | null;
  readonly problems: readonly SettingsProblem[];
}

/** A text that is too large to be settings is not read: each key typed would cost as much. */
export function readText(text: string): Reading {
  if (text.length > MAX_SETTINGS_BYTES) return { root: null, problems: [TOO_LARGE] };
  const reading = readDocument(text);
  return reading.ok ? { root: reading.document.root, problems: [] } : readSyntax(text);
}

const TOO_LARGE: SettingsProblem = {
  severity: 'error',
  ...START,
  path: '',
  message: 'the text has more than 1 MiB',
  expected: 'at most 1 MiB',
  nearest: null,
};

/** Where a line stands: in which table, and in the value of which of its keys. */
export interface Spot {
  readonly path: readonly string[];
  readonly key: string | null;
}

/** `null` above the first table. */
export function spotAt(root: TomlTable, line: number): Spot | null {
  let table: { readonly path: readonly string[]; readonly line: number } | null = null;
  for (const { path, node, line: at } of tablesIn(root, [])) {
    for (const { name, keySpan, node: value } of node.entries.values()) {
      if (value.kind === 'table') continue;
      if (keySpan.line <= line && line <= value.span.endLine) return { path, key: name };
    }
    if (at <= line && (table === null || at >= table.line)) table = { path, line: at };
  }
  return table === null ? null : { path: table.path, key: null };
}

interface Place {
  readonly path: readonly string[];
  readonly node: TomlTable;
  readonly line: number;
}

/** Every table but the whole, outer ones first. */
function tablesIn(table: TomlTable, path: readonly string[]): Place[] {
  return [...table.entries.values()].flatMap(({ name, node, keySpan }) => {
    const own = [...path, name];
    return node.kind === 'table' ? [{ path: own, node, line: keySpan.line }, ...tablesIn(node, own)] : [];
  });
}

/** The value as it stands in the text, `undefined` where the table does not set it. */
export const valueIn = (table: TomlTable | null, key: string): TomlNode | undefined => table?.entries.get(key)?.node;
