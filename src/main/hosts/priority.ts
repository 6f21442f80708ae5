import { constants, setPriority } from 'node:os';

/**
 * Lets the engine's thread go before this one where both want the processor: a page, a scrape or a bot that asks may wait,
 * a pong may not. Linux keeps a priority for each thread; elsewhere it is the whole program's, and stays. Call it once the
 * engine's thread has been started: threads started later have the lower priority, too.
 */
export function goAfterTheEngine(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A container may forbid it; then all threads are equal, as before.
  }
}
