/** Follows something as long as the page is seen, and is told once when it comes back: nothing is drawn in a hidden page. */
export function whileSeen(follow: (listener: () => void) => () => void, listener: () => void): () => void {
  const whenSeen = (): void => {
    if (!document.hidden) listener();
  };
  document.addEventListener('visibilitychange', whenSeen);
  const unfollow = follow(whenSeen);
  return () => {
    document.removeEventListener('visibilitychange', whenSeen);
    unfollow();
  };
}

/** Keeps something open as long as the page is seen; it is opened anew each time the page comes back. */
export function openWhileSeen(open: () => () => void): () => void {
  let stop: (() => void) | null = null;
  const arrange = (): void => {
    if (document.hidden) {
      stop?.();
      stop = null;
    } else stop ??= open();
  };
  document.addEventListener('visibilitychange', arrange);
  arrange();
  return () => {
    document.removeEventListener('visibilitychange', arrange);
    stop?.();
  };
}
