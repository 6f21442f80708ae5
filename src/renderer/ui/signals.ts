/** What one part of the page asks another to show, without knowing it. */
export type Signal = 'shortcuts' | 'notices' | 'palette' | 'tour';

export function signal(what: Signal): void {
  window.dispatchEvent(new Event(`warmwire:${what}`));
}

/** Calls at each signal until the returned function is called. */
export function onSignal(what: Signal, listener: () => void): () => void {
  window.addEventListener(`warmwire:${what}`, listener);
  return () => window.removeEventListener(`warmwire:${what}`, listener);
}
