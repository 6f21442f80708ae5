import { editText } from '../../../shared/toml/edit.ts';
import { nodeAt, type TomlTable } from '../../../shared/toml/toml.ts';
import { readText } from './reading.ts';

/** A Pause or Resume as it stands in a file. */
interface Press {
  readonly link: string;
  readonly from: Said;
  readonly to: boolean;
}

/** What a text says of `enabled` of a link. */
type Said = boolean | 'not set' | 'no link' | 'no yes or no';

/**
 * `mine` with the presses that made `after` of `before`. `null` where something else did, be it as little as a comment,
 * or where `mine` cannot be read, has no such link or says something else of it by itself: that is for a person to settle.
 */
export function withPresses(before: string, after: string, mine: string): string | null {
  const presses = pressesBetween(before, after);
  if (presses.length === 0 || pressed(before, presses) !== after) return null;
  return pressed(mine, presses);
}

function pressesBetween(before: string, after: string): readonly Press[] {
  const [then, now] = [readText(before).root, readText(after).root];
  const links = now === null ? null : nodeAt(now, ['link']);
  if (then === null || now === null || links?.kind !== 'table') return [];
  return [...links.entries.keys()].flatMap((link) => {
    const [from, to] = [saidOf(then, link), saidOf(now, link)];
    return typeof to === 'boolean' && to !== from ? [{ link, from, to }] : [];
  });
}

/** As the host writes them. */
function pressed(text: string, presses: readonly Press[]): string | null {
  return presses.reduce<string | null>((made, { link, from, to }) => {
    const { root } = made === null ? { root: null } : readText(made);
    if (made === null || root === null) return null;
    const said = saidOf(root, link);
    if (said === to) return made;
    if (said !== from || said === 'no link') return null;
    const edited = editText(made, { kind: 'set', path: ['link', link, 'enabled'], value: to });
    return edited.ok ? edited.value : null;
  }, text);
}

function saidOf(root: TomlTable, link: string): Said {
  if (nodeAt(root, ['link', link])?.kind !== 'table') return 'no link';
  const node = nodeAt(root, ['link', link, 'enabled']);
  if (node === null) return 'not set';
  return node.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : 'no yes or no';
}
