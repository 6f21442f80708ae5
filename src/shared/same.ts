/** Whether two values that JSON could carry are the same. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  // Key by key, without a list of them: thousands of views are compared a second.
  let keys = 0;
  for (const key in left) {
    const value = left[key];
    // Most are plain values that have not changed; one that is not there is undefined, too.
    const isKnown = value === right[key] && value !== undefined;
    if (!isKnown && !(Object.hasOwn(right, key) && same(value, right[key]))) return false;
    keys += 1;
  }
  for (const _ in right) keys -= 1;
  return keys === 0;
}

/** `after`, with the parts of `before` in place of those that say the same: what has not changed is held once, and known at a glance. */
export function sharing<T extends object>(before: T, after: T): T {
  for (const key in after) if (before[key] !== after[key] && same(before[key], after[key])) after[key] = before[key];
  return after;
}
