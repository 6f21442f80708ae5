import { keptHere } from './kept.ts';

const KEY = 'warmwire.recent';
const KEPT = 6;

/** What was last done by the palette, newest first: ids that may mean nothing any more. */
export function recentIds(): readonly string[] {
  try {
    const held: unknown = JSON.parse(keptHere.read(KEY) ?? '[]');
    return Array.isArray(held) ? held.filter((id) => typeof id === 'string').slice(0, KEPT) : [];
  } catch {
    return [];
  }
}

export function rememberId(id: string): void {
  const ids = [id, ...recentIds().filter((held) => held !== id)].slice(0, KEPT);
  keptHere.keep(KEY, JSON.stringify(ids));
}
