import { SettingsSchema } from '../../shared/settings.ts';
import { pathText } from '../../shared/toml/quoting.ts';
import { isHeader, keysOf } from '../../shared/toml/syntax.ts';
import { nodeAt } from '../../shared/toml/toml.ts';
import type { LoadedSettings } from './load.ts';
import { isEnabled, isYesOrNo, strayPauses } from './strayPauses.ts';

/**
 * The links of a faulty text of which it cannot be read whether they are paused. Such a link is not run: a trader who
 * paused it would find it dialled.
 */
export function perhapsPaused(
  text: string,
  { readable, problems, unread, headers, root }: Omit<LoadedSettings, 'settings' | 'locate'>,
): ReadonlySet<string> {
  const lines = text.split('\n');
  const links = Object.keys(readable.link ?? {}).map((name) => ({ name, table: pathText(['link', name]) }));
  const names = links.map(({ name }) => name);
  const lineAt = (line: number): string => lines[line - 1] ?? '';
  const isTable = (line: number, path: readonly string[]): boolean =>
    Object.hasOwn(SettingsSchema.shape, path[0] ?? '') || !isPerhapsItem(lineAt(line));
  /** The table in whose part of the text the line is. */
  const tableAt = (line: number): readonly string[] =>
    headers.findLast((header) => header.line <= line && isTable(header.line, header.path))?.path ?? [];

  // Whatever could not be read may have said that the link is paused.
  const lost = unread.map(({ path, line }) =>
    path === '' ? lostAt(lineAt(line), tableAt(line), names) : inside(path),
  );
  const cutOff = problems
    .filter(({ line, path }) => isHeader(lineAt(line)) && !isTable(line, keysOf(`${path} = 0`)))
    .map(({ line }) => below(tableAt(line)));
  // As when another table was put into the middle of a link's, for the first time or for the second.
  const elsewhere = problems
    .filter(({ path }) => !path.startsWith('link.') && path.endsWith('.enabled'))
    .map(({ line }) =>
      below(headers.findLast((header) => header.line <= line && header.path[0] === 'link')?.path ?? []),
    );
  const again = unread
    .filter(({ path, line }) => path !== '' && isHeader(lineAt(line)) && pausesBelow(line))
    .map(({ line }) => below(tableAt(line)));
  const all = [...lost, ...cutOff, ...elsewhere, ...again];
  const said = saidOf(links);
  const stray = root === null ? [] : strayPauses(root);
  const concerned = links.filter(({ name, table }) => said.has(name) || all.some((of) => of(table, name)));
  return new Set([...stray, ...concerned.map(({ name }) => name)]);

  /** Whether what stands there until the next header may pause a link. */
  function pausesBelow(header: number): boolean {
    for (let line = header + 1; line <= lines.length && !isHeader(lineAt(line)); line++) {
      const [key = '', ...value] = lineAt(line).split('=');
      if (isEnabled(keysOf(`${key} = 0`).at(-1) ?? '') || /^\s*(true|false)\b/.test(value.join('='))) return true;
    }
    return false;
  }

  /** Those with a problem at their `enabled`, or at a key that may be meant so. */
  function saidOf(links: readonly { readonly name: string; readonly table: string }[]): ReadonlySet<string> {
    const byTable = new Map(links.map(({ name, table }) => [table, name]));
    const said = new Set<string>();
    for (const { path, nearest } of problems) {
      for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
        const name = byTable.get(path.slice(0, dot));
        const key = path.slice(dot + 1);
        if (name === undefined) continue;
        const isMeant = key === 'enabled' || nearest === 'enabled';
        if (isMeant || (nearest === null && hasYesOrNo(['link', name, key]))) said.add(name);
      }
    }
    return said;
  }

  /** A key of no meaning, as `paused = true` or `active = "no"`. */
  function hasYesOrNo(path: readonly string[]): boolean {
    const node = root === null ? null : nodeAt(root, path);
    return node !== null && isYesOrNo(node);
  }
}

type Concerns = (table: string, name: string) => boolean;

/** What is there twice is a key of a link, its table, or the table of all links. */
const inside =
  (path: string): Concerns =>
  (table) =>
    path === table || path.startsWith(`${table}.`) || path === 'link';

/** A line in brackets that begins with a text is an entry of a list that has lost its first line, or a table's name. */
const isPerhapsItem = (line: string): boolean => !/^\s*(?:\[{1,2}\s*[\w-]|link\b)[^=]*$/.test(line);

/** What stands below such a line belongs to the table above it. Where that is of more links it may be any one's. */
const below =
  (above: readonly string[]): Concerns =>
  (_, name) =>
    above.length < 2 ? above.length === 0 || above[0] === 'link' : above[0] === 'link' && above[1] === name;

/** A line that is no TOML: it belongs to the table that it stands in, or that it names itself. */
function lostAt(line: string, above: readonly string[], links: readonly string[]): Concerns {
  if (isHeader(line)) return (_, name) => line.includes(name);
  const beforeValue = line.split('=', 1)[0] ?? '';
  const path = [...above, ...keysOf(`${beforeValue} = 0`)];
  if (path[0] !== 'link') return (_, own) => above.length === 0 && (line.includes(own) || /^\s*["']?link/.test(line));
  // In the table of all links a line without the name of one may be any one's.
  const name = links.find((link) => link === path[1]);
  return (_, own) => name === undefined || name === own;
}
