import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Judgement } from '../../../src/main/engine/link/judgement.ts';
import { RttWindows } from '../../../src/main/engine/link/rtt.ts';
import { after, type MonoMs, monoMs } from '../../../src/shared/units.ts';
import { POLICY } from '../../support/linkConfig.ts';

const MINUTE_MS = 60_000;

/** One link that is pinged every 15 s, judged every second, as the engine does. */
class Pinged {
  readonly #rtt = new RttWindows();
  readonly #judgement = new Judgement();
  #now: MonoMs = monoMs(0);
  #pings = 0;
  readonly told: string[] = [];
  readonly turnsAt: number[] = [];

  get degradedBy(): number | null {
    return this.#judgement.degradedBy;
  }

  /** So many minutes in which the n-th ping takes so long. */
  runs(minutes: number, rttMs: (n: number) => number, everySecs = 15): this {
    for (let passed = 0; passed < minutes * MINUTE_MS; passed += 1_000) {
      this.#now = after(this.#now, 1_000);
      if (passed % (everySecs * 1_000) === 0) this.#rtt.add(rttMs(this.#pings++), this.#now);
      const news = this.#judgement.degradation(this.#rtt, POLICY, this.#now);
      if (news === null) continue;
      this.told.push(`${news.turn} ${Math.round(news.p99Ms)}/${Math.round(news.baselineMs)}`);
      this.turnsAt.push(this.#now);
    }
    return this;
  }
}

const usual = (n: number): number => 10 + (n % 5);

it('[H8] in the first hour of a link already, 5 min at three times its usual p99 are told within a minute, and their end', () => {
  const link = new Pinged().runs(40, usual).runs(1, () => 42);
  expect(link.told).toEqual(['slower 42/14']);
  expect(link.degradedBy).toBeCloseTo(3, 1);
  link.runs(9, () => 42).runs(6, usual);
  expect(link.told).toEqual(['slower 42/14', 'back 14/14']);
  expect(link.degradedBy).toBeNull();
});

it('[H8] a bad start is not the measure for ever, and a bad hour not for the next one', () => {
  const link = new Pinged().runs(10, () => 200).runs(120, usual);
  expect(link.runs(5, () => 42).told).toEqual(['slower 42/14']);
  link.runs(40, () => 42).runs(20, usual);
  expect(link.runs(5, () => 42).told).toEqual(['slower 42/14', 'back 14/14', 'slower 42/14']);
});

it('[H8] what has been slow for an hour is its baseline from then on, and said to be', () => {
  const link = new Pinged().runs(60, usual).runs(70, () => 42);
  expect(link.told).toEqual(['slower 42/14', 'usual 42/14']);
  expect(link.degradedBy).toBeNull();
  expect(link.runs(60, () => 42).told).toHaveLength(2);
  expect(link.runs(5, () => 100).told.at(-1)).toBe('slower 100/42');
});

it('[H8] near misses: under twice its baseline, one bad block before it has one, and a p99 that sways around the limit', () => {
  expect(new Pinged().runs(60, usual).runs(60, () => 27).told).toEqual([]);
  expect(new Pinged().runs(4, usual).runs(5, () => 100).told).toEqual([]);
  const swaying = new Pinged().runs(60, usual).runs(50, (n) => (n % 40 < 20 ? 30 : 24));
  expect(swaying.told).toEqual(['slower 30/14']);
});

it('[H8] at 1.5 times its baseline and below it is back: between the two limits nothing changes', () => {
  const link = new Pinged()
    .runs(60, usual)
    .runs(6, () => 30)
    .runs(20, () => 22);
  expect(link.told).toEqual(['slower 30/14']);
  expect(link.runs(6, () => 20).told).toEqual(['slower 30/14', 'back 20/14']);
});

it('[H8] one slow sample is no degradation, however many there are besides it in the 5 min', () => {
  for (const everySecs of [15, 3, 2, 1]) {
    expect(new Pinged().runs(60, usual, everySecs).runs(6, (n) => (n % 400 === 7 ? 90 : 10), everySecs).told).toEqual(
      [],
    );
  }
});

it('[H8] whatever the round trips and however often it is pinged, an alert stands for a minute at least', () => {
  const slowShare = fc.constantFrom(0.005, 0.01, 0.02, 0.05, 0.2);
  const stretch = fc.record({ everySecs: fc.constantFrom(1, 2, 3, 5, 15), slowShare, seed: fc.nat(1_000) });
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 1, maxLength: 8 }), (stretches) => {
      const link = new Pinged().runs(20, usual);
      for (const { everySecs, slowShare: share, seed } of stretches) {
        const isSlow = (n: number) => ((n + seed) * 0.618_034) % 1 < share;
        link.runs(6, (n) => (isSlow(n) ? 90 : usual(n)), everySecs);
      }
      const [turns, at] = [link.told.map((told) => told.split(' ')[0]), link.turnsAt];
      for (const [i, turn] of turns.entries()) {
        expect(turn).toBe(i % 2 === 0 ? 'slower' : 'back');
        if (turn === 'back') expect((at[i] ?? 0) - (at[i - 1] ?? 0)).toBeGreaterThanOrEqual(MINUTE_MS);
      }
    }),
    { numRuns: 40 },
  );
});
