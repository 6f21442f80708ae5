import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

type Load<P> = () => Promise<{ readonly default: ComponentType<P> }>;

const loads: (() => Promise<unknown>)[] = [];
let wantsAll = false;

/**
 * A part of the page whose code is fetched when it is wanted, or by `fetchAll`. Call at the top of a module.
 */
export function later<P>(load: Load<P>): LazyExoticComponent<ComponentType<P>> {
  if (wantsAll) fetchNow(load);
  else loads.push(load);
  return lazy(load);
}

/** Fetches all that is not here yet: once the engine's host is gone, nothing could be, and a page could not be opened. */
export function fetchAll(): void {
  wantsAll = true;
  for (const load of loads.splice(0)) fetchNow(load);
}

/** A part that does not come now is asked for again when it is wanted. */
function fetchNow(load: () => Promise<unknown>): void {
  load().catch(() => undefined);
}
