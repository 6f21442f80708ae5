/** The noun that stands with a number. */
export const nounFor = (n: number, one: string, many = `${one}s`): string => (n === 1 ? one : many);

/** `1 ping`, `2 pings`, as sentences have them. */
export const counted = (n: number, one: string, many?: string): string => `${n} ${nounFor(n, one, many)}`;
