import { distance } from 'fastest-levenshtein';

/** The known name that `name` was probably meant to be, or `null` when none is reasonably near. */
export function nearestOf(name: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  const wanted = name.toLowerCase().slice(0, 200);
  for (const candidate of known) {
    const away = distance(wanted, candidate.toLowerCase());
    if (away < least && away <= Math.max(2, Math.floor(candidate.length / 3))) {
      best = candidate;
      least = away;
    }
  }
  return best;
}
