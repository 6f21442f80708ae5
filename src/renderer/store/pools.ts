import type { PoolsFrame, PoolView } from '../../shared/pool.ts';
import type { MonoMs } from '../../shared/units.ts';

/** All pools by name, in the order of the settings. */
export interface Pools {
  /** The engine's clock when the newest news was told. */
  readonly at: MonoMs;
  readonly order: readonly string[];
  readonly byName: Readonly<Record<string, PoolView>>;
}

/**
 * Frames hold all pools, whole: what did not change keeps its identity, so that only the rows render that have news. A
 * frame without any news answers `held` itself. Names may be any text, `__proto__` too.
 */
export function nextPools(held: Pools | null, { at, pools }: PoolsFrame): Pools {
  const byName: Record<string, PoolView> = Object.create(null);
  let news = held === null;
  for (const pool of pools) {
    const known = held?.byName[pool.name];
    const same = known !== undefined && JSON.stringify(known) === JSON.stringify(pool);
    byName[pool.name] = same ? known : pool;
    if (!same) news = true;
  }
  const order = pools.map((pool) => pool.name);
  const sameOrder =
    held !== null && order.length === held.order.length && order.every((name, i) => name === held.order[i]);
  if (held !== null && sameOrder && !news) return held;
  return { at, order: sameOrder ? held.order : order, byName };
}
