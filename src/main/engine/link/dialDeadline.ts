import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { SessionCore } from './sessionCore.ts';

/** A stall is measured to about a millisecond. */
const CLOCK_GRAIN_MS = 1;

/**
 * Ends a dial that is not open `limitMs` after `from`. What this machine did not read in time is no fault of the venue's: its
 * stalls are taken off, and what has already arrived is read first. No grace begins anew, as it does for a pong: on a machine
 * that stalls again and again the dial would never end. Disarmed as `connect`.
 */
export function awaitOpening(core: SessionCore, from: MonoMs, limitMs: number, forMs = limitMs): void {
  const { clock, dial, stall, timers } = core;
  timers.arm('connect', forMs, () =>
    timers.armAfterInput('connect', () => {
      const missingMs = limitMs - (elapsedMs(from, clock.now()) - stall.heldUpMs(from));
      if (missingMs > CLOCK_GRAIN_MS) return awaitOpening(core, from, limitMs, missingMs);
      core.end({ kind: 'dial-timeout', phase: dial.phase, limitMs });
    }),
  );
}
