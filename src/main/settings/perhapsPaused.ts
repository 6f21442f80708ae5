import { SettingsSchema } from '../../shared/settings.ts';
import { pathText } from '../../shared/toml/quoting.ts';
import { isHeader, keysOf } from '../../shared/toml/syntax.ts';
import { nodeAt } from '../../shared/toml/toml.ts';
import type { LoadedSettings } from './load.ts';
import { isYesOrNo, strayPauses } from './strayPauses.ts';

/**
 * The links of a faulty text of which it cannot be read whether they are paused. Such a link is not run: a trader who
 * paused it would find it dialled.
 */
export function perhapsPaused(
  text: string,
  { readable, problems, unread, headers, root }: Omit<LoadedSettings, 'settings' | 'locate'>,
): ReadonlySet<string> {
  const lines = text.split('\n');
  const names = Object.keys(readable.link ?? {});
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
  // As when another table was put into the middle of a link's.
  const elsewhere = problems
    .filter(({ path }) => !path.startsWith('link.') && path.endsWith('.enabled'))
    .map(({ line }) =>
      below(headers.findLast((header) => header.line <= line && header.path[0] === 'link')?.path ?? []),
    );
  const said = problems.map(({ path, nearest }) => (table: string, name: string): boolean => {
    if (path === `${table}.enabled`) return true;
    if (!path.startsWith(`${table}.`)) return false;
    return nearest === 'enabled' || (nearest === null && hasYesOrNo(['link', name, path.slice(table.length + 1)]));
  });
  const stray = root === null ? [] : strayPauses(root);
  const all = [...lost, ...cutOff, ...elsewhere, ...said];
  return new Set([...stray, ...names.filter((name) => all.some((of) => of(pathText(['link', name]), name)))]);

  /** A key of no meaning, as `paused = true`. */
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
