/** Ten hues are told apart; from the eleventh line on they come again, dashed. */
const HUES = 10;
const DASHES = ['6 3', '2 3', '8 3 2 3'] as const;
/** So many lines look unlike each other. */
const LOOKS = HUES * (DASHES.length + 1);

export const seriesColor = (index: number): string => `var(--series-${index % HUES})`;
export const seriesDash = (index: number): string | undefined =>
  index < HUES ? undefined : DASHES[Math.floor(index / HUES - 1) % DASHES.length];

/**
 * By which look each of these is drawn, for links by their number among all: its own as in the table, and where another
 * that is drawn has it already, the next that is free in its hue, or in any.
 */
export function looksOf(indices: readonly number[]): readonly number[] {
  const taken = new Set<number>();
  return indices.map((index) => {
    const own = index % LOOKS;
    const inHue = Array.from({ length: LOOKS / HUES }, (_, turn) => (own + turn * HUES) % LOOKS);
    const any = Array.from({ length: LOOKS }, (_, look) => look);
    const look = [...inHue, ...any].find((candidate) => !taken.has(candidate)) ?? own;
    taken.add(look);
    return look;
  });
}
