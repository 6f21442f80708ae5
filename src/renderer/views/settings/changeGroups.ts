import type { SettingsChange } from '../../../shared/settingsView.ts';

/** Links, or pools, to which a text does the very same. */
export interface ChangeGroup extends Pick<SettingsChange, 'effect' | 'keys'> {
  readonly id: string;
  readonly of: 'links' | 'pools';
  /** Paused now: it has no socket that the change could concern. */
  readonly paused: boolean;
  readonly names: readonly string[];
}

/** The first in this order are those whose socket it concerns. */
const ORDER: readonly SettingsChange['effect'][] = [
  'redial',
  'readdress',
  'removed',
  'paused',
  'restart',
  'resubscribe',
  'added',
  'resumed',
  'live',
];

/** What is the same is told once, however many it concerns; in a group the names are in the order of the changes. */
export function changeGroups(
  changes: readonly SettingsChange[],
  isPaused: (link: string) => boolean,
): readonly ChangeGroup[] {
  const groups = new Map<string, ChangeGroup & { readonly names: string[] }>();
  const inOrder = [...changes].sort((a, b) => ORDER.indexOf(a.effect) - ORDER.indexOf(b.effect));
  for (const { link, pool, effect, keys } of inOrder) {
    const of = pool === true ? 'pools' : 'links';
    const paused = of === 'links' && isPaused(link);
    const id = JSON.stringify([of, effect, paused, keys]);
    const group = groups.get(id) ?? { id, of, effect, paused, keys, names: [] };
    group.names.push(link);
    groups.set(id, group);
  }
  return [...groups.values()];
}
