import fc from 'fast-check';
import { it } from 'vitest';
import { happenings, LinkPlay, policies } from './linkPlay.ts';

const random = fc.double({ min: 0, max: 0.99, noNaN: true });

it('[L19] over random histories of network, clock, person and settings every rule of a link holds, it comes back, and it ends', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, policies, random, async (history, policy, chance) => {
      const play = new LinkPlay(policy, chance);
      for (const event of history) {
        await play.do(event);
        play.check();
      }
      await play.comesBack();
      await play.ends();
    }),
    { numRuns: 1_500 },
  );
}, 60_000);

it('[L17] a link ends within its close deadline in the middle of any history, with nothing open and nothing armed', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, policies, random, async (history, policy, chance) => {
      const play = new LinkPlay(policy, chance);
      for (const event of history) await play.do(event);
      await play.ends();
    }),
    { numRuns: 1_000 },
  );
}, 60_000);
