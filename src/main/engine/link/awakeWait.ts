import type { SessionCore } from './sessionCore.ts';

/** A stall is measured to about a millisecond. */
const CLOCK_GRAIN_MS = 1;

/**
 * Calls `done` when `limitMs` have passed by `passedMs`, which leaves out what this machine did not hear in time; what has
 * already arrived is read before each look. Disarmed by its name.
 */
export function awaitAwake(
  { timers }: Pick<SessionCore, 'timers'>,
  name: Parameters<SessionCore['timers']['arm']>[0],
  limitMs: number,
  passedMs: () => number,
  done: () => void,
): void {
  const look = (): void => {
    const leftMs = limitMs - passedMs();
    if (leftMs <= CLOCK_GRAIN_MS) return done();
    timers.arm(name, leftMs, () => timers.armAfterInput(name, look));
  };
  timers.arm(name, Math.max(0, limitMs - passedMs()), () => timers.armAfterInput(name, look));
}
