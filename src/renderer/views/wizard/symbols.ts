import type { ChannelCard } from '../../../shared/presetCard.ts';

/** What one link's `subscribe` may hold. */
export const MOST_SUBSCRIPTIONS = 1000;

/** The symbols that were typed or pasted, each once: separated by spaces, commas, semicolons or lines. */
export function symbolsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((symbol) => symbol !== ''))];
}

/** Every chosen channel with every symbol, in the order of the channels; one without symbols stands alone. */
export function subscribeOf(
  known: readonly ChannelCard[],
  chosen: readonly string[],
  symbols: readonly string[],
): string[] {
  return known
    .filter(({ name }) => chosen.includes(name))
    .flatMap(({ name, wantsSymbol }) => (wantsSymbol ? symbols.map((symbol) => `${name}:${symbol}`) : [name]));
}
