import { type MonoMs, monoMs, wallMs } from '../../shared/units.ts';
import type { Clock } from './ports.ts';
import { Wheel } from './wheel.ts';

/** The longest wait one Node timer can hold; a longer one is armed in pieces. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A Node timer comes up to so much after its time, ms. Staying awake instead costs more: whoever is then woken goes first. */
const TIMER_LATE_MS = 1;

const exact: Omit<Clock, 'about'> = {
  now: () => monoMs(performance.now()),
  wall: () => wallMs(Date.now()),
  at(at: MonoMs, task: () => void) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const delayMs = at - performance.now();
      timer = setTimeout(delayMs > LONGEST_TIMER_MS ? arm : task, Math.min(LONGEST_TIMER_MS, Math.max(0, delayMs)));
    };
    arm();
    return () => clearTimeout(timer);
  },
  sharp(at: MonoMs, task: () => void) {
    return exact.at(monoMs(at - TIMER_LATE_MS / 2), task);
  },
  afterInput(task: () => void) {
    const handle = setImmediate(task);
    return () => clearImmediate(handle);
  },
};

const wheel = new Wheel(exact);

/** This process's own clock and timers. Monotonic time has a resolution of a microsecond or better. */
export const systemClock: Clock = { ...exact, about: (at, task) => wheel.at(at, task) };
