import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { awaitAwake } from './awakeWait.ts';
import type { SessionCore } from './sessionCore.ts';

/**
 * Ends a dial that is not open `limitMs` after `from`. What this machine did not read in time is no fault of the venue's: its
 * stalls are taken off. No grace begins anew, as it does for a pong: on a machine that stalls again and again the dial would
 * never end. Disarmed as `connect`.
 */
export function awaitOpening(core: SessionCore, from: MonoMs, limitMs: number): void {
  const { clock, dial, stall } = core;
  const passedMs = (): number => elapsedMs(from, clock.now()) - stall.heldUpMs(from);
  awaitAwake(core, 'connect', limitMs, passedMs, () => core.end({ kind: 'dial-timeout', phase: dial.phase, limitMs }));
}
