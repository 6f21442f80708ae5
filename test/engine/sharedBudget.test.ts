import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Said } from '../../src/main/engine/link/budget.ts';
import { SharedBudget } from '../../src/main/engine/sharedBudget.ts';
import { FakeClock } from '../support/fakeClock.ts';

interface Sent {
  readonly by: string;
  readonly what: Said;
  readonly at: number;
}

/** Sockets that share `limit` messages a second. */
class Case {
  readonly clock = new FakeClock();
  readonly sent: Sent[] = [];
  readonly #budget: SharedBudget;
  readonly #sharers = new Map<string, { isInUse: boolean; readonly leave: (() => void)[] }>();

  constructor(limit: number) {
    this.#budget = new SharedBudget(this.clock, { limit, windowMs: 1_000 });
  }

  /** Says so many, one after the other, each when its turn has come. One whose name begins with `spare` is out of use. */
  say(by: string, what: Said, times = 1): void {
    if (times === 0) return;
    const who = this.#sharers.get(by) ?? { isInUse: !by.startsWith('spare'), leave: [] };
    this.#sharers.set(by, who);
    const again = (): void => this.say(by, what, times);
    if (!this.#budget.pass(who, what)) return void who.leave.push(this.#budget.wait(who, what, again));
    this.sent.push({ by, what, at: this.clock.now() });
    this.say(by, what, times - 1);
  }

  /** It has ended. */
  end(by: string): void {
    for (const leave of this.#sharers.get(by)?.leave ?? []) leave();
  }

  get order(): string {
    return this.sent.map(({ by, what }) => (what === 'send' ? by : `${by}:${what}`)).join(' ');
  }
}

it('[L9] sockets that share a budget take turns, those in use before spares', async () => {
  const play = new Case(2);
  play.say('spare', 'send', 3);
  play.say('a', 'send', 4);
  play.say('b', 'send', 1);
  play.say('c', 'send', 2);
  await play.clock.advance(10_000);
  expect(play.order).toBe('spare spare a b c a c a a spare');
});

it('[L4] [L9] probes go first, then pings, but no two of them in a row while a message waits', async () => {
  const play = new Case(1);
  play.say('a', 'send', 4);
  play.say('b', 'ping', 2);
  play.say('c', 'keepalive');
  play.say('d', 'probe');
  await play.clock.advance(10_000);
  expect(play.order).toBe('a d:probe a b:ping a c:keepalive a b:ping');
});

it('[L4] probes of all sockets together take at most half of what they share', async () => {
  const play = new Case(4);
  for (const by of ['a', 'b', 'c']) play.say(by, 'probe', 4);
  await play.clock.advance(1);
  expect(play.order).toBe('a:probe a:probe');
  play.say('d', 'send', 3);
  expect(play.order).toBe('a:probe a:probe d d');
  await play.clock.advance(10_000);
  expect(play.sent).toHaveLength(15);
  for (const { at } of play.sent) {
    const probes = play.sent.filter((one) => one.what === 'probe' && one.at >= at && one.at < at + 1_000);
    expect(probes.length).toBeLessThanOrEqual(2);
  }
});

it('[L4] [L9] a probe that may not go yet keeps nobody waiting', async () => {
  const play = new Case(4);
  play.say('a', 'send', 2);
  await play.clock.advance(500);
  play.say('b', 'probe', 3);
  play.say('a', 'send', 1);
  await play.clock.advance(500);
  expect(play.order).toBe('a a b:probe b:probe a');
  await play.clock.advance(500);
  expect(play.order).toBe('a a b:probe b:probe a b:probe');
});

it('[L9] whoever ends leaves the queue, and nothing waits for it', async () => {
  const play = new Case(1);
  for (const by of ['a', 'b', 'c']) play.say(by, 'send', 3);
  play.end('b');
  expect(play.clock.pending).toBe(1);
  play.end('c');
  await play.clock.advance(1_000);
  expect(play.order).toBe('a a');
  play.end('a');
  expect(play.clock.pending).toBe(0);
});

it('[L9] one of them that fails when its turn has come holds up none of the others', async () => {
  const play = new Case(1);
  const budget = new SharedBudget(play.clock, { limit: 1, windowMs: 1_000 });
  const [one, other] = [{ isInUse: true }, { isInUse: true }];
  budget.pass(one, 'send');
  budget.wait(one, 'send', () => {
    throw new Error('a socket that fails');
  });
  let passed = false;
  budget.wait(other, 'send', () => {
    passed = budget.pass(other, 'send');
  });
  await expect(play.clock.advance(1_000)).rejects.toThrow('a socket that fails');
  await play.clock.advance(1);
  expect(passed).toBe(true);
});

it('[L9] whoever shares a budget, no window holds more than its limit, no place is left while a message waits, and all take turns', async () => {
  const said = fc.record({
    by: fc.constantFrom('a', 'b', 'c', 'd'),
    times: fc.integer({ min: 1, max: 6 }),
    afterMs: fc.integer({ min: 0, max: 1_500 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(said, { maxLength: 12 }), async (limit, story) => {
      const play = new Case(limit);
      const asked = new Map<string, number[]>();
      for (const { by, times, afterMs } of story) {
        await play.clock.advance(afterMs);
        // Each has one message in the queue at a time.
        if ((asked.get(by)?.length ?? 0) > play.sent.filter((one) => one.by === by).length) continue;
        asked.set(by, [...(asked.get(by) ?? []), ...Array<number>(times).fill(play.clock.now())]);
        play.say(by, 'send', times);
      }
      await play.clock.advance(100_000);
      expect(play.clock.pending).toBe(0);
      expect(play.sent).toHaveLength([...asked.values()].flat().length);
      for (const { at } of play.sent) {
        expect(play.sent.filter((one) => one.at >= at && one.at < at + 1_000).length).toBeLessThanOrEqual(limit);
      }
      for (const [by, moments] of asked) {
        const own = play.sent.filter((one) => one.by === by);
        for (const [i, { at }] of own.entries()) {
          const since = Math.max(moments[i] ?? 0, own[i - 1]?.at ?? 0);
          if (since === at) continue;
          // It waited: every window until then was full, and nobody went twice.
          expect(play.sent.filter((one) => one.at > at - 1_001 && one.at < at).length).toBeGreaterThanOrEqual(limit);
          const meanwhile = play.sent.filter((one) => one.by !== by && one.at > since && one.at < at);
          expect(new Set(meanwhile.map((one) => one.by)).size).toBe(meanwhile.length);
        }
      }
    }),
    { numRuns: 300 },
  );
});
