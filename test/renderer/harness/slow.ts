import type { Page } from 'playwright-core';

/**
 * With WARMWIRE_TEST_LAG_MS=100 every renderer test runs on a slow wire and a slow page, which shows what a test only
 * sees in time on a quick machine.
 */
const LAG_MS = Number(process.env.WARMWIRE_TEST_LAG_MS ?? 0);

/** Does it now, or so many lags later; what is put off alike keeps its order. */
export function late(act: () => void, lags = 1): void {
  if (LAG_MS === 0) act();
  else setTimeout(act, lags * LAG_MS);
}

/** Frames, timers, the scheduler's own messages, sizes that were observed, and the address: all come late. Call before the page is opened. */
export async function slowDown(page: Page): Promise<void> {
  if (LAG_MS > 0) await page.addInitScript(install, LAG_MS);
}

function install(lagMs: number): void {
  const { setTimeout: soon, clearTimeout: cancel } = window;
  const later = (act: () => void, ms = lagMs): number => Number(soon.call(window, act, ms));

  const frame = window.requestAnimationFrame.bind(window);
  const frames = new Map<number, number>();
  window.requestAnimationFrame = (act) => {
    const id = frame(() =>
      frames.set(
        id,
        later(() => act(performance.now())),
      ),
    );
    return id;
  };
  const noFrame = window.cancelAnimationFrame.bind(window);
  window.cancelAnimationFrame = (id) => {
    noFrame(id);
    cancel(frames.get(id));
  };

  window.setTimeout = ((act: () => void, ms = 0) => later(act, ms + lagMs)) as typeof window.setTimeout;

  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function postLate(message: unknown) {
    later(() => post.call(this, message), lagMs / 2);
  };

  const Observer = window.ResizeObserver;
  window.ResizeObserver = class extends Observer {
    constructor(look: ResizeObserverCallback) {
      super((entries, observer) => void later(() => look(entries, observer)));
    }
  };

  // What the browser tells of the address; what the page tells itself is at once.
  const listen = window.addEventListener.bind(window) as (type: string, listener: unknown, options?: unknown) => void;
  const leave = window.removeEventListener.bind(window) as typeof listen;
  const own = new Map<unknown, (event: Event) => void>();
  window.addEventListener = (type: string, listener: unknown, options?: unknown) => {
    if (type !== 'hashchange' || typeof listener !== 'function') return listen(type, listener, options);
    const put = (event: Event): unknown => (event.isTrusted ? later(() => listener(event)) : listener(event));
    own.set(listener, put);
    listen(type, put, options);
  };
  window.removeEventListener = (type: string, listener: unknown, options?: unknown) =>
    leave(type, type === 'hashchange' ? own.get(listener) : listener, options);
}
