import { pathText } from '../../shared/toml/quoting.ts';
import { isHeader, keysOf } from '../../shared/toml/syntax.ts';
import type { LoadedSettings } from './load.ts';

/**
 * The links of a faulty text of which it cannot be read whether they are paused. Such a link is not run: a trader who
 * paused it would find it dialled.
 */
export function perhapsPaused(
  text: string,
  { readable, problems, unread, tableAt }: Pick<LoadedSettings, 'readable' | 'problems' | 'unread' | 'tableAt'>,
): ReadonlySet<string> {
  const lines = text.split('\n');
  // Whatever could not be read may have said that the link is paused.
  const lost = unread.map(({ path, line }) =>
    path === '' ? lostAt(lines[line - 1] ?? '', tableAt(line)) : inside(path),
  );
  const said = problems.map(({ path, nearest }) => (table: string): boolean => {
    return path === `${table}.enabled` || (nearest === 'enabled' && path.startsWith(`${table}.`));
  });
  const names = Object.keys(readable.link ?? {});
  return new Set(names.filter((name) => [...lost, ...said].some((of) => of(pathText(['link', name]), name))));
}

type Concerns = (table: string, name: string) => boolean;

/** What is there twice is a key of a link, its table, or the table of all links. */
const inside =
  (path: string): Concerns =>
  (table) =>
    path === table || path.startsWith(`${table}.`) || path === 'link';

/** A line that is no TOML: it belongs to the table that it stands in, or that it names itself. */
function lostAt(line: string, above: readonly string[]): Concerns {
  if (isHeader(line)) return (_, name) => line.includes(name);
  const beforeValue = line.split('=', 1)[0] ?? '';
  const path = [...above, ...keysOf(`${beforeValue} = 0`)];
  if (path[0] !== 'link') return () => above.length === 0 && /^\s*["']?link/.test(line);
  // In the table of all links a line without a readable name may be any link's.
  const name = path.length > 1 ? path[1] : undefined;
  return (_, own) => name === undefined || name === own;
}
