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
