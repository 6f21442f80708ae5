/** Of which links the overview's chart is: all, those that the filter leaves, or those that are selected. */
export type ChartScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'shown' | 'selected'; readonly names: readonly string[] };

export const ALL_LINKS: ChartScope = { kind: 'all' };

/** What is selected leads; a filter that leaves no link narrows nothing. */
export function scopeOf(selected: readonly string[], shown: readonly string[] | null): ChartScope {
  if (selected.length > 0) return { kind: 'selected', names: selected };
  return shown === null || shown.length === 0 ? ALL_LINKS : { kind: 'shown', names: shown };
}

/** The held one where it says the same, so that nothing is drawn anew for it. */
export function sameScope(held: ChartScope, next: ChartScope): ChartScope {
  if (held.kind === 'all' || next.kind === 'all') return held.kind === next.kind ? held : next;
  const same = held.names.length === next.names.length && next.names.every((name, i) => held.names[i] === name);
  return same && held.kind === next.kind ? held : next;
}

/** Which of the links are drawn, beside the title; empty where it is all of them. `byHand`: a person chose among the lines. */
export function drawnText(
  kind: ChartScope['kind'],
  { drawn, of, byHand }: { readonly drawn: number; readonly of: number; readonly byHand: boolean },
): string {
  const all = kind === 'all' ? `${of} links` : `${of} ${kind}`;
  if (drawn < of) return byHand ? `${drawn} of ${all}` : `the ${drawn} worst of ${all}`;
  if (kind === 'all') return '';
  return of === 1 ? `the ${kind} link` : `the ${all}`;
}
