import type { SettingsProblem } from '../../shared/settingsView.ts';
import { pathText } from '../../shared/toml/quoting.ts';
import type { Span } from '../../shared/toml/toml.ts';

/**
 * The links of a faulty text of which it cannot be read whether they are paused. Such a link is not run: a trader who
 * paused it would find it dialled.
 */
export function perhapsPaused(
  text: string,
  faults: readonly SettingsProblem[],
  tables: readonly (readonly [kind: string, name: string])[],
  locate: (path: readonly string[]) => Span,
): ReadonlySet<string> {
  const lines = text.split('\n');
  const places = tables
    .map(([kind, name]) => ({ kind, name, line: locate([kind, name]).line }))
    .sort((a, b) => a.line - b.line);
  const doubtful = faults.flatMap(({ line, path, nearest }) => {
    // A line that is no TOML has no path: it says of itself which key it was to be.
    const inLine = path === '' && ENABLED.test(lines[line - 1] ?? '');
    return places.filter((place, index) => {
      if (place.kind !== 'link') return false;
      if (inLine) return place.line <= line && (places[index + 1]?.line ?? line + 1) > line;
      const table = pathText(['link', place.name]);
      return path === `${table}.enabled` || (nearest === 'enabled' && path.startsWith(`${table}.`));
    });
  });
  return new Set(doubtful.map(({ name }) => name));
}

const ENABLED = /^\s*["']?enabled/;
