import { elapsedMs } from '../../shared/units.ts';
import type { Clock } from './ports.ts';

/** A turn takes about so long, ms: a pong that comes meanwhile waits no longer, which is within what a loop is late anyway. */
const TURN_MS = 1;
/** Where so much comes in that a round takes longer, ms, the rest of it is done at once: whoever waits for it is not starved. */
const ROUND_MS = 100;

interface How {
  readonly clock: Pick<Clock, 'now'>;
  /** Calls `turn` after the input that has arrived meanwhile, as long as its owner lives. */
  readonly later: (turn: () => void) => void;
  readonly done: () => void;
}

/**
 * Does `each` for every item and then `done`, a turn at a time: with hundreds of links it would hold up what comes in, and a
 * round trip would be measured with it. The answer does at once what is left; it may be called when nothing is.
 */
export function inTurns<T>(items: Iterable<T>, each: (item: T) => void, { clock, later, done }: How): () => void {
  const all = [...items];
  let next = 0;
  let over = false;
  const go = (isUp: () => boolean): void => {
    if (over) return;
    while (next < all.length) {
      if (isUp()) return later(turn);
      const item = all[next] as T;
      next += 1;
      each(item);
    }
    over = true;
    done();
  };
  const startedAt = clock.now();
  const turn = (): void => {
    const from = clock.now();
    const isLate = elapsedMs(startedAt, from) >= ROUND_MS;
    go(() => !isLate && elapsedMs(from, clock.now()) >= TURN_MS);
  };
  turn();
  return () => go(() => false);
}
