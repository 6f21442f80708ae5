/**
 * The links that are chosen for an action. A set and not the table's own record of names: a link may be named `__proto__`.
 * `anchor`: where a range began that Shift makes longer and shorter; `base`: what was chosen before it.
 */
export interface Selection {
  readonly names: ReadonlySet<string>;
  readonly anchor: string | null;
  readonly base: ReadonlySet<string>;
}

const NOBODY: ReadonlySet<string> = new Set();
export const NO_SELECTION: Selection = { names: NOBODY, anchor: null, base: NOBODY };

export function toggle({ names }: Selection, name: string): Selection {
  const next = new Set(names);
  if (!next.delete(name)) next.add(name);
  return { names: next, anchor: name, base: next };
}

/** All of `shown` are chosen, or none of them when all were. */
export function toggleAll({ names }: Selection, shown: readonly string[]): Selection {
  const next = new Set(names);
  const all = shown.length > 0 && shown.every((name) => names.has(name));
  for (const name of shown) {
    if (all) next.delete(name);
    else next.add(name);
  }
  return { names: next, anchor: null, base: next };
}

/** Chooses from the anchor (`from` where there is none) to `to` in the order of `shown`, and what was chosen before. */
export function extend(
  { names, anchor, base }: Selection,
  shown: readonly string[],
  from: string,
  to: string,
): Selection {
  const begin = anchor !== null && shown.includes(anchor) ? anchor : from;
  const held = begin === anchor ? base : names;
  const [a, b] = [shown.indexOf(begin), shown.indexOf(to)];
  if (a < 0 || b < 0) return { names, anchor, base };
  const range = shown.slice(Math.min(a, b), Math.max(a, b) + 1);
  return { names: new Set([...held, ...range]), anchor: begin, base: held };
}
