/**
 * What the system says; while it does not (it may not be asked here, no file descriptor is left) what it said last, and `first`
 * before it has said anything.
 */
export function lastKnown<T>(ask: () => T, first: T): () => T {
  let known = first;
  return () => {
    try {
      known = ask();
    } catch {
      // Asked once a second: the next answer is soon enough.
    }
    return known;
  };
}
