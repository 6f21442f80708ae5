import { failed, type Outcome, ok } from '../outcome.ts';
import { type Change, type Value, valueText, withChanges } from './change.ts';
import { type DocumentReading, isWithin, type Path, readDocument, type TomlDocument } from './document.ts';
import { pathText } from './quoting.ts';
import { changesToSet } from './setKey.ts';
import { changesToAdd, changesToCopy, changesToRemove, changesToRename } from './tables.ts';
import { nodeAt, type TomlNode } from './toml.ts';
import { changesToUnset } from './unsetKey.ts';

export type { Value } from './change.ts';

/** What a form can do to a text. `path` of the last four is a table's: `['link', 'kraken']`. */
export type TextEdit =
  | { readonly kind: 'set'; readonly path: Path; readonly value: Value }
  | { readonly kind: 'unset'; readonly path: Path }
  | { readonly kind: 'add'; readonly path: Path; readonly keys: readonly (readonly [string, Value])[] }
  | { readonly kind: 'copy'; readonly path: Path; readonly name: string }
  | { readonly kind: 'rename'; readonly path: Path; readonly name: string }
  | { readonly kind: 'remove'; readonly path: Path };

/**
 * Does one edit and leaves every other byte as it is. Problems: `broken-settings` (not TOML), `cannot-edit` (a table or a
 * list stands there, the name is taken, or the path leads through a value), `bad-value` (no TOML can hold it).
 */
export function editText(text: string, edit: TextEdit): Outcome<string> {
  const { path } = edit;
  if (path.length === 0 || (edit.kind === 'set' && valueText(edit.value) === null)) {
    const what = edit.kind === 'set' ? String(edit.value) : 'nothing';
    return failed('bad-value', `${what} cannot be written as TOML`, pathText(path), 'use another value');
  }
  const reading = readDocument(text);
  if (!reading.ok) {
    const where = `line ${reading.span.line}`;
    return failed('broken-settings', 'the text has mistakes, so it is not changed', where, 'repair it first');
  }
  const changes = changesFor(reading.document, edit);
  const edited = changes === null ? null : withChanges(text, changes);
  // An edit is only believed when reading it back shows this one change and no other.
  if (edited !== null && holdsOnly(reading.document, readDocument(edited), edit)) return ok(edited);
  const what = edit.kind === 'set' ? 'set' : 'changed';
  return failed(
    'cannot-edit',
    `${pathText(path)} cannot be ${what} in this text`,
    pathText(path),
    'do it in the text itself',
  );
}

/** One key set in its place. */
export const setValue = (text: string, path: Path, value: Value): Outcome<string> =>
  editText(text, { kind: 'set', path, value });

function changesFor(document: TomlDocument, edit: TextEdit): readonly Change[] | null {
  switch (edit.kind) {
    case 'set':
      return changesToSet(document, edit.path, edit.value);
    case 'unset':
      return changesToUnset(document, edit.path);
    case 'add':
      return changesToAdd(document, edit.path, edit.keys);
    case 'copy':
      return changesToCopy(document, edit.path, edit.name);
    case 'rename':
      return changesToRename(document, edit.path, edit.name);
    case 'remove':
      return changesToRemove(document, edit.path);
  }
}

function holdsOnly(before: TomlDocument, after: DocumentReading, edit: TextEdit): boolean {
  if (!after.ok) return false;
  const { root } = after.document;
  const gone = edit.kind === 'unset' || edit.kind === 'remove' || edit.kind === 'rename' ? edit.path : null;
  if (gone !== null && nodeAt(root, gone) !== null) return false;
  const made = edit.kind === 'copy' || edit.kind === 'rename' ? sibling(edit.path, edit.name) : edit.path;
  if (edit.kind !== 'unset' && edit.kind !== 'remove' && nodeAt(root, made) === null) return false;
  return sorted(leavesOf(root)) === sorted(expectedLeaves(leavesOf(before.root), edit));
}

const sibling = (path: Path, name: string): Path => [...path.slice(0, -1), name];

interface Leaf {
  readonly path: Path;
  readonly value: readonly [type: string, text: string];
}

function expectedLeaves(leaves: readonly Leaf[], edit: TextEdit): readonly Leaf[] {
  const own = leaves.filter((leaf) => isWithin(leaf.path, edit.path));
  const others = leaves.filter((leaf) => !isWithin(leaf.path, edit.path));
  switch (edit.kind) {
    case 'set':
      return [...others, ...leavesOfValue(edit.path, edit.value)];
    case 'unset':
    case 'remove':
      return others;
    case 'add':
      return [...leaves, ...edit.keys.flatMap(([key, value]) => leavesOfValue([...edit.path, key], value))];
    case 'copy':
      return [...leaves, ...moved(own, edit.path, edit.name)];
    case 'rename':
      return [...others, ...moved(own, edit.path, edit.name)];
  }
}

const moved = (leaves: readonly Leaf[], path: Path, name: string): Leaf[] =>
  leaves.map((leaf) => ({ ...leaf, path: [...sibling(path, name), ...leaf.path.slice(path.length)] }));

function leavesOfValue(path: Path, value: Value): Leaf[] {
  if (typeof value === 'object')
    return [
      listLeaf(path, value.length),
      ...value.flatMap((item, index) => leavesOfValue([...path, String(index)], item)),
    ];
  return [{ path, value: [typeof value, String(value)] }];
}

const listLeaf = (path: Path, length: number): Leaf => ({ path, value: ['list', String(length)] });

/** Every value by its path. */
function leavesOf(root: TomlNode): Leaf[] {
  const found: Leaf[] = [];
  const walk = (node: TomlNode, path: Path): void => {
    if (node.kind === 'scalar') found.push({ path, value: [typeof node.value, String(node.value)] });
    else if (node.kind === 'table')
      for (const { name, node: inner } of node.entries.values()) walk(inner, [...path, name]);
    else {
      found.push(listLeaf(path, node.items.length));
      for (const [index, item] of node.items.entries()) walk(item, [...path, String(index)]);
    }
  };
  walk(root, []);
  return found;
}

const sorted = (leaves: readonly Leaf[]): string =>
  JSON.stringify(leaves.map(({ path, value }) => [pathText(path), ...value].join('\n')).sort());
