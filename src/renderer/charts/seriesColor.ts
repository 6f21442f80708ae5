/** Ten hues are told apart; from the eleventh line on they come again, dashed. */
const HUES = 10;

export const seriesColor = (index: number): string => `var(--series-${index % HUES})`;
export const seriesDash = (index: number): string | undefined =>
  index < HUES ? undefined : ['6 3', '2 3', '8 3 2 3'][Math.floor(index / HUES - 1) % 3];
