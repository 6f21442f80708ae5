import { vi } from 'vitest';

/** Far longer than anything takes on the busiest machine: no test asserts a time by it, only what never comes fails. */
export const PATIENCE_MS = 30_000;

/** Resolves with what `check` gives as soon as it throws nothing. */
export const until = <T>(check: () => Promise<T> | T): Promise<T> =>
  vi.waitFor(check, { timeout: PATIENCE_MS, interval: 50 });
