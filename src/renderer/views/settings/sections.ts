import { pathText } from '../../../shared/toml/quoting.ts';
import type { TomlTable } from '../../../shared/toml/toml.ts';
import { type Field, TABLES, type Table } from './fields.ts';

/** One part of the form: a table of the text, or half of `[connection]`. */
export interface Section {
  readonly id: string;
  readonly path: readonly string[];
  /** The heading that it stands under in the list of sections. */
  readonly group: string;
  readonly title: string;
  readonly table: Table;
  readonly fields: readonly Field[];
}

/** The one table for all links and pools is long, and its keys say which of them they are for. */
const CONNECTION_PARTS = [
  { title: 'links', isIn: (key: string) => key.startsWith('ws_') },
  { title: 'pools', isIn: (key: string) => !key.startsWith('ws_') },
] as const;

/** The sections of a text: each table there can be, and each named one that there is, in the order of the text. */
export function sectionsOf(root: TomlTable | null): readonly Section[] {
  return TABLES.flatMap((table): readonly Section[] => {
    const { name, named, fields } = table;
    if (named) {
      return namesIn(root, name).map((own) => {
        const path = [name, own];
        return { id: pathText(path), path, group: `${name}s`, title: own, table, fields };
      });
    }
    const path = [name];
    if (name !== 'connection') return [{ id: name, path, group: 'Warmwire', title: name, table, fields }];
    return CONNECTION_PARTS.map(({ title, isIn }) => {
      const own = fields.filter(({ key }) => isIn(key));
      return { id: `${name} ${title}`, path, group: 'for all', title: `all ${title}`, table, fields: own };
    });
  });
}

/** The section that shows this key, or the first of this table; `null` where the text has no such table. */
export function sectionFor(sections: readonly Section[], path: readonly string[], key: string | null): Section | null {
  const wanted = pathText(path);
  const own = sections.filter((section) => pathText(section.path) === wanted);
  return own.find(({ fields }) => fields.some((field) => field.key === key)) ?? own[0] ?? null;
}

/** `new-link`, or with the next number that is free. */
export function freeName(root: TomlTable | null, table: string, wish: string): string {
  const taken = new Set(namesIn(root, table));
  if (!taken.has(wish)) return wish;
  let number = 2;
  while (taken.has(`${wish}-${number}`)) number += 1;
  return `${wish}-${number}`;
}

function namesIn(root: TomlTable | null, table: string): readonly string[] {
  const node = root?.entries.get(table)?.node;
  if (node?.kind !== 'table') return [];
  return [...node.entries.values()].filter((entry) => entry.node.kind === 'table').map(({ name }) => name);
}
