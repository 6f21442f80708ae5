import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DataClocks } from '../../../src/main/engine/link/dataClocks.ts';
import { FrameSampler } from '../../../src/main/engine/link/frameSampler.ts';
import type { LinkSubscription } from '../../../src/shared/engineConfig.ts';
import { monoMs } from '../../../src/shared/units.ts';
import { seeded } from '../../renderer/seeded.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

/** How venues name what a message is of, and the message. */
const DIALECTS: Readonly<Record<string, { data: (symbol: string) => string[]; frame: (symbol: string) => string }>> = {
  'a key of its own': {
    data: (symbol) => ['"channel":"ticker"', `"s":"${symbol}"`],
    frame: (symbol) => `{"channel":"ticker","s":"${symbol}","p":1}`,
  },
  'within a topic, the symbol first': {
    data: (symbol) => [`"stream":"${symbol}@trade"`],
    frame: (symbol) => `{"stream":"${symbol}@trade","data":{"p":1}}`,
  },
  'the last of many in one message': {
    data: (symbol) => ['"T":"t"', `"S":"${symbol}"`],
    frame: (symbol) => `[{"T":"t","S":"other"},{"T":"t","S":"é"},{"T":"t","S":"${symbol}"}]`,
  },
  'nothing before it': { data: (symbol) => [`${symbol};`], frame: (symbol) => `${symbol};1` },
};

const told = (symbol: string, data: readonly string[]): LinkSubscription => ({
  ...subscription(symbol),
  data: [...data],
});

it.each(Object.entries(DIALECTS))(
  '[L5] the clock of each subscription is right within a second, whatever floods beside it: %s',
  (_, { data, frame }) => {
    const perSec = fc.constantFrom(0.05, 0.3, 1, 4, 60, 300);
    fc.assert(
      fc.property(fc.array(perSec, { minLength: 1, maxLength: 40 }), fc.nat(), (slow, seed) => {
        const rates = [600, ...slow];
        const random = seeded(seed);
        const symbols = rates.map((_, i) => `S${i}`.padEnd(2 + (i % 5), 'é'));
        const clocks = new DataClocks(
          symbols.map((symbol) => told(symbol, data(symbol))),
          false,
        );
        const sampler = new FrameSampler();
        const waitMs = (rate: number): number => (-Math.log(1 - random()) * 1000) / rate;
        const next = rates.map(waitMs);
        const last = rates.map(() => 0);
        for (let now = 0; now < 6_000; now += 4) {
          for (const [i, rate] of rates.entries()) {
            while ((next[i] as number) <= now) {
              const buffer = Buffer.from(frame(symbols[i] as string));
              if (sampler.inFull(monoMs(now))) clocks.sampled(buffer, monoMs(now));
              else clocks.overdue(buffer, monoMs(now));
              last[i] = now;
              next[i] = (next[i] as number) + waitMs(rate);
            }
          }
          if (now % 100 !== 0) continue;
          for (const [i, symbol] of symbols.entries()) {
            const shown = clocks.at(`ticker:${symbol}`) ?? 0;
            expect(shown).toBeLessThanOrEqual(last[i] as number);
            expect((last[i] as number) - shown).toBeLessThanOrEqual(1_000);
          }
        }
      }),
      { numRuns: 15 },
    );
  },
);

it('[L5] beside a flood, subscriptions that bring something every few seconds are never taken for stale', () => {
  const symbols = Array.from({ length: 60 }, (_, i) => `S${i}_`);
  const subscriptions = symbols.map((symbol) => told(symbol, [`"s":"${symbol}"`]));
  const rig = new LinkRig(
    linkConfig({ preset: JSON_PRESET, subscriptions, expectsData: true, policy: { dataTimeoutMs: 20_000 } }),
  );
  const random = seeded(5);
  const socket = rig.net.newest;
  const send = (symbol: string): void => socket.text(`{"s":"${symbol}","x":"${'y'.repeat(80)}"}`);
  socket.open();
  for (const text of [...socket.sent]) {
    const { op, id } = JSON.parse(text);
    if (op === 'sub') socket.text(`{"op":"subscribed","id":${id}}`);
  }
  for (const symbol of symbols) send(symbol);
  const next = symbols.map(() => 2_000 * random());
  let pings = 0;
  for (let now = 0; now < 60_000; now += 2) {
    rig.clock.advanceSync(2);
    if (socket.pingCount > pings) socket.answer();
    pings = socket.pingCount;
    send(symbols[0] as string);
    for (const [i, symbol] of symbols.entries()) {
      if ((next[i] as number) > now) continue;
      send(symbol);
      next[i] = now + 2_000 + 2_000 * random();
    }
  }
  const stale = rig.happenings.filter(
    ({ happening }) => happening.kind === 'subscription' && happening.what === 'stale-resubscribed',
  );
  expect(stale).toEqual([]);
  expect(socket.sent.filter((text) => text.includes('unsub'))).toEqual([]);
  rig.end();
});
