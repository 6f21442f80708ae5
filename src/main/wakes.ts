import { systemClock } from './engine/systemClock.ts';
import { type WakeReason, WakeWatch } from './engine/wakeWatch.ts';
import { networkAddresses } from './networkAddresses.ts';

const LOOK_EVERY_MS = 1000;

/** Tells the host, as the engine tells itself, that this machine slept or changed its network. Answers how to end it. */
export function watchForWakes(onWake: (kind: WakeReason) => void): () => void {
  const watch = new WakeWatch(systemClock.now(), systemClock.wall(), networkAddresses);
  const timer = setInterval(() => {
    const kind = watch.look(systemClock.now(), systemClock.wall());
    if (kind !== null) onWake(kind);
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
