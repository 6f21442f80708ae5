/** All links in the order of the settings, and the place of each among the revisions. Another one whenever there are others. */
export interface Lineup<L> {
  readonly links: readonly L[];
  readonly places: readonly number[];
}

export function lineupOf<L extends { readonly revision: { readonly place: number } }>(links: Iterable<L>): Lineup<L> {
  const all = [...links];
  return { links: all, places: all.map(({ revision }) => revision.place) };
}
