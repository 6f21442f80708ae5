import type { SettingsProblem } from '../../shared/settingsView.ts';
import { pathText } from '../../shared/toml/quoting.ts';
import type { Span } from '../../shared/toml/toml.ts';
import { THRESHOLD_KEYS } from './resolveNotices.ts';

/** What a problem at a key can be only the consequence of: other keys of its table. `''` is the table itself. */
const RESTS_ON: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  link: {
    '': ['url', 'preset'],
    subscribe: ['preset'],
    watch_sequence: ['preset', 'subscribe'],
  },
  pool: { '': ['origins', 'preset'] },
  notice: { '': ['what'], ...Object.fromEntries(THRESHOLD_KEYS.map((key) => [key, ['what']])) },
};

/**
 * Of the problems that were found in what could be read of a faulty text, the errors that will still be there when its
 * `faults` are mended: a link whose `url` is misspelt is not said to have no address. `tables`: paths of two names.
 */
export function withoutFollowUps(
  found: readonly SettingsProblem[],
  faults: readonly SettingsProblem[],
  tables: readonly (readonly [kind: string, name: string])[],
  locate: (path: readonly string[]) => Span,
): SettingsProblem[] {
  const places = tables
    .map(([kind, name]) => ({ kind, start: pathText([kind, name]), line: locate([kind, name]).line }))
    .sort((a, b) => a.line - b.line);
  return found.filter(({ severity, path }) => {
    if (severity !== 'error') return false;
    const place = places.find(({ start }) => keyIn(start, path) !== null);
    const restsOn = RESTS_ON[place?.kind ?? '']?.[keyIn(place?.start ?? '', path) ?? ''];
    return place === undefined || restsOn === undefined || !faults.some((fault) => takes(fault, place.start, restsOn));
  });

  /** A line that is no TOML, or a table that is there twice, may have held any key. */
  function takes(fault: SettingsProblem, start: string, keys: readonly string[]): boolean {
    if (fault.path === '') return places.findLast(({ line }) => line <= fault.line)?.start === start;
    const key = keyIn(start, fault.path);
    return key === '' || (key !== null && (keys.includes(key) || keys.includes(fault.nearest ?? '')));
  }
}

/** The key inside the table that a problem's path leads to, empty for the table itself, `null` for another table. */
function keyIn(start: string, path: string): string | null {
  if (path === start) return '';
  return path.startsWith(`${start}.`) ? (path.slice(start.length + 1).split('.')[0] ?? '') : null;
}
