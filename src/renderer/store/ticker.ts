import { useSyncExternalStore } from 'react';

/**
 * The page's one ticking source: ages and countdowns hang on it. With every frame of the engine, 4 Hz,
 * so that both are drawn at once; by itself when none comes. Off in a hidden page.
 */
const TICK_MS = 300;

let nowMs = performance.now();
let timer: ReturnType<typeof setInterval> | null = null;
const listeners = new Set<() => void>();
let ticks = 0;
let reserved = 0;

/** The page's monotonic clock as of the last tick. */
export const tickedNow = (): number => nowMs;

export function onTick(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    document.addEventListener('visibilitychange', arrange);
    arrange();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    document.removeEventListener('visibilitychange', arrange);
    arrange();
  };
}

/** Work that comes once a second and is much for one tick asks for the next one; what can wait leaves that to it. */
export function reserveNextTick(): void {
  reserved = ticks + 1;
}

export const isTickReserved = (): boolean => ticks === reserved;

/** Renders again only when what `read` answers has changed since the last tick. */
export function useTicked<T extends string | number | boolean | null>(read: () => T): T {
  return useSyncExternalStore(onTick, read);
}

/** A frame of the engine has come. */
export function tickWithFrame(): void {
  if (timer === null) return;
  clearInterval(timer);
  timer = setInterval(tick, TICK_MS);
  tick();
}

function arrange(): void {
  const wanted = listeners.size > 0 && !document.hidden;
  if (wanted && timer === null) {
    tick();
    timer = setInterval(tick, TICK_MS);
  } else if (!wanted && timer !== null) {
    clearInterval(timer);
    timer = null;
  }
}

function tick(): void {
  ticks += 1;
  nowMs = performance.now();
  for (const listener of listeners) listener();
}
