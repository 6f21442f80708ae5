import { expect, it } from 'vitest';
import { EventLog } from '../../src/main/engine/eventLog.ts';
import type { LinkEvent } from '../../src/shared/events.ts';
import { FakeClock } from '../support/fakeClock.ts';

const clock = new FakeClock();

function happens(log: EventLog, link: string, times = 1): void {
  for (let i = 0; i < times; i += 1) {
    const happening = { kind: 'quiet', ageMs: i } as const;
    log.add({ at: clock.now(), wall: clock.wall(), link, generation: 1, happening });
  }
}

/** All that a reader was told, and in how many pieces. */
function reader(log: EventLog) {
  const pieces: (readonly LinkEvent[])[] = [];
  const stop = log.follow((events) => pieces.push(events));
  return { pieces, numbers: () => pieces.flat().map(({ seq }) => seq), stop };
}

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, i) => i + 1);

it('[D2] a reader is told what has happened so far in pieces, and in order with what happens meanwhile', async () => {
  const log = new EventLog(clock);
  happens(log, 'a', 1200);
  const { pieces, numbers } = reader(log);
  expect(pieces.map(({ length }) => length)).toEqual([500]);
  happens(log, 'b');
  await clock.advance(0);
  expect(pieces.map(({ length }) => length)).toEqual([500, 500, 201]);
  happens(log, 'b');
  expect(numbers()).toEqual(upTo(1202));
  log.stop();
});

it('[D2] a reader that leaves meanwhile is told nothing more, and nothing is armed after the end', async () => {
  const log = new EventLog(clock);
  happens(log, 'a', 1200);
  const left = reader(log);
  left.stop();
  const stays = reader(log);
  log.stop();
  await clock.advance(1000);
  expect([left.pieces.length, stays.pieces.length]).toEqual([1, 1]);
  expect(clock.pending).toBe(0);
});

it('[D2] one link that is retried without end takes no event from another', () => {
  const log = new EventLog(clock);
  happens(log, 'a');
  happens(log, 'dead', 10_000);
  const { pieces } = reader(log);
  expect(pieces[0]?.[0]?.link).toBe('a');
  log.stop();
});
