/** A name for a link that no other has: from a preset (`kraken_v2`), or from an address (`wss://ws.example.com/x`). */
export function proposedName(from: string, taken: readonly string[]): string {
  const host = /^[a-z]+:\/\/([^/?#:]+)/.exec(from)?.[1];
  const base = (host ?? from).replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'my-venue';
  const used = new Set(taken);
  let name = base;
  for (let copy = 2; used.has(name); copy += 1) name = `${base}-${copy}`;
  return name;
}
