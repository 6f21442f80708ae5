import { SettingsSchema } from '../../shared/settings.ts';
import type { TomlEntry, TomlNode, TomlTable } from '../../shared/toml/toml.ts';
import { nearestOf } from './nearest.ts';

/**
 * The links that may be meant by an `enabled` that stands in no link's table, because a name on the way to it is misspelt:
 * `[link]` / `pause.enabled = false`, or `lik.paused.enabled = false`; or because it stands in another table, as one that
 * was appended to the file. A table that has an address is a link of its own.
 */
export function strayPauses(root: TomlTable): string[] {
  const links: string[] = [];
  const paths: (readonly string[])[] = [];
  for (const entry of root.entries.values()) {
    if (entry.name === 'link' && entry.node.kind === 'table') inLinks(entry.node);
    else if (!Object.hasOwn(SettingsSchema.shape, entry.name)) look(entry, []);
    else if (entry.node.kind === 'table') inOther(entry.node, NAMED.includes(entry.name));
  }
  return paths.flatMap((path) => meantBy(path, links));

  function inLinks(all: TomlTable): void {
    for (const entry of all.entries.values()) {
      const { name, node } = entry;
      if (node.kind !== 'table') {
        if (isYesOrNo(node)) paths.push([]);
      } else if (hasAddress(node)) {
        links.push(name);
        for (const own of node.entries.values()) if (own.node.kind === 'table') look(own, [name]);
      } else look(entry, []);
    }
  }

  /** No table that means anything stands below `[gate]`, or below the name of a pool. */
  function inOther(table: TomlTable, ofNames: boolean): void {
    for (const entry of table.entries.values()) {
      if (entry.node.kind !== 'table') continue;
      if (ofNames) inOther(entry.node, false);
      else look(entry, []);
    }
  }

  function look({ name, node }: TomlEntry, above: readonly string[]): void {
    if (node.kind !== 'table') {
      if (isEnabled(name) || isEnabled(`${above.at(-1)}.${name}`)) paths.push(above);
    } else if (!hasAddress(node) && above.length < LONGEST_WAY) {
      for (const entry of node.entries.values()) look(entry, [...above, name]);
    }
  }
}

/** A key of thousands of parts means no link, and going down all of them would not end well. */
const LONGEST_WAY = 100;

const NAMED: readonly string[] = ['pool', 'notice'];

export const isEnabled = (name: string): boolean => nearestOf(name, ['enabled']) !== null;

/** In TOML's words or in a person's. */
export const isYesOrNo = (node: TomlNode): boolean => node.kind === 'scalar' && YES_OR_NO.test(String(node.value));

/** That may pause a link, as a key or as its value. */
export const isPauseWord = (word: string): boolean => isEnabled(word) || YES_OR_NO.test(word);

const YES_OR_NO = /^\s*(?:true|false|yes|no|[yn01]|on|off|(?:in)?active|(?:en|dis)abled?|paused?|stop(?:ped)?)\s*$/i;

const hasAddress = ({ entries }: TomlTable): boolean => entries.has('url') || entries.has('preset');

/** Those that the names lead to, else those of nearly such a name. A way without a name may lead to any. */
function meantBy(path: readonly string[], links: readonly string[]): readonly string[] {
  const [first, ...others] = path;
  if (first === undefined || (others.length === 0 && nearestOf(first, ['link']) !== null)) return links;
  const named = links.filter((link) => path.includes(link));
  if (named.length > 0) return named;
  const ways = [...path, path.join('.')];
  return links.filter((link) => ways.some((name) => name.includes(link) || nearestOf(name, [link]) !== null));
}
