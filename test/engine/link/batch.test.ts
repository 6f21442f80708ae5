import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { LinkRig } from '../../support/linkRig.ts';
import { args, BatchVenue, batchLink, symbols } from './batchVenue.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const statusOf = () =>
  Object.fromEntries(rig.link.figures.view().subscriptions.map(({ name, status }) => [name, status]));

it('[L9] a hundred subscriptions go in as few messages as the venue takes, at its pace, and each has its ack', async () => {
  rig = new LinkRig(batchLink(symbols(100), 40));
  const venue = new BatchVenue(rig);
  rig.net.newest.open();
  await venue.serve(3_000);
  expect(venue.said.map((said) => said.args.length)).toEqual([40, 40, 20]);
  expect(venue.held).toEqual(args(symbols(100)));
  expect(new Set(Object.values(statusOf()))).toEqual(new Set(['acked']));
});

it('[L9] without the venue’s word for it, and for raw messages, each goes alone', async () => {
  const { batch: _, ...alone } = batchLink(symbols(3), 40).preset;
  rig = new LinkRig({ ...batchLink(symbols(3), 40), preset: alone });
  const venue = new BatchVenue(rig);
  rig.net.newest.open();
  await venue.serve(3_000);
  expect(venue.said.map((said) => said.args.length)).toEqual([1, 1, 1]);
  expect(venue.held).toEqual(args(symbols(3)));
});

it('[L9] one bad symbol among many is found by halves, and alone it is refused', async () => {
  rig = new LinkRig(batchLink(symbols(64), 64));
  const venue = new BatchVenue(rig, ['S17']);
  rig.net.newest.open();
  await venue.serve(20_000);
  expect(venue.held).toEqual(args(symbols(64).filter((name) => name !== 'S17')));
  const { 'trade:S17': bad, ...others } = statusOf();
  expect(bad).toBe('refused');
  expect(new Set(Object.values(others))).toEqual(new Set(['acked']));
  expect(venue.said.length).toBeLessThanOrEqual(1 + 2 * 6);
});

it('[L9] [L21] those of a message without an answer are asked for once more, together', async () => {
  rig = new LinkRig(batchLink(symbols(5), 10));
  const venue = new BatchVenue(rig);
  venue.deaf = 1;
  rig.net.newest.open();
  await venue.serve(12_000);
  expect(venue.said.map((said) => [said.op, said.args.length])).toEqual([
    ['sub', 5],
    ['sub', 5],
  ]);
  expect(new Set(Object.values(statusOf()))).toEqual(new Set(['acked']));
});

it('[L9] whatever is wanted in turn, the venue has exactly that in the end, in no message more than it takes', async () => {
  const wanted = fc.uniqueArray(fc.constantFrom(...symbols(12)), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 6 }),
      fc.uniqueArray(fc.constantFrom<string>('S1', 'S5', 'S9'), { maxLength: 3 }),
      fc.array(fc.tuple(wanted, fc.integer({ min: 1, max: 60 })), { minLength: 1, maxLength: 4 }),
      async (most, bad, turns) => {
        const [[first] = [[]]] = turns;
        rig = new LinkRig(batchLink(first, most));
        const venue = new BatchVenue(rig, bad);
        rig.net.newest.open();
        for (const [names, steps] of turns) {
          rig.link.configure(batchLink(names, most));
          await venue.serve(steps * 50);
        }
        await venue.serve(30_000);
        const [last = []] = turns.at(-1) ?? [];
        expect(venue.held).toEqual(args(last.filter((name) => !bad.includes(name))));
        expect(venue.twice).toBe(0);
        for (const said of venue.said) expect(said.args.length).toBeLessThanOrEqual(most);
        for (const name of last) expect(statusOf()[`trade:${name}`]).toBe(bad.includes(name) ? 'refused' : 'acked');
        await rig.end();
      },
    ),
    { numRuns: 60 },
  );
});

const news = (what: string): readonly string[] =>
  rig.happenings.flatMap(({ happening }) =>
    happening.kind === 'subscription' && happening.what === what ? [happening.name] : [],
  );

it.each([6_000, 11_000])(
  '[L9] a batch whose refusal comes %i ms later is asked for by halves, and only the bad symbol is said to be refused',
  async (lagMs) => {
    rig = new LinkRig(batchLink(symbols(8), 100));
    const venue = new BatchVenue(rig, ['S5']);
    venue.lagMs = lagMs;
    rig.net.newest.open();
    await venue.serve(120_000);
    expect(venue.held).toEqual(args(symbols(8).filter((name) => name !== 'S5')));
    expect(statusOf()).toMatchObject({ 'trade:S4': 'acked', 'trade:S5': 'refused' });
    expect(news('refused')).toEqual(['trade:S5']);
    expect(venue.twice).toBe(0);
  },
);

it('[L9] [D3] what was refused, or never sent, is not unsubscribed with the others: they would stay', async () => {
  rig = new LinkRig(batchLink(symbols(8), 4));
  const venue = new BatchVenue(rig, ['S1'], true);
  rig.net.newest.open();
  await venue.serve(20_000);
  const answered = venue.said.length;
  // Two take the places of this moment, so that S10 waits.
  for (const count of [9, 10, 11]) rig.link.configure(batchLink(symbols(count), 4));
  rig.link.configure(batchLink(['S0'], 4));
  await venue.serve(10_000);
  expect(venue.held).toEqual(args(['S0']));
  const unsaid = venue.said.slice(answered).filter(({ op }) => op === 'unsub');
  expect(unsaid.flatMap((said) => said.args)).not.toContain('S1@trade');
  expect(venue.said.flatMap((said) => said.args)).not.toContain('S10@trade');
});

it('[L9] [D3] an unsubscribe of several that is refused is said by halves, but for what is wanted again', async () => {
  rig = new LinkRig(batchLink(symbols(6), 10));
  const venue = new BatchVenue(rig, [], true);
  rig.net.newest.open();
  await venue.serve(5_000);
  // The venue has dropped one by itself.
  venue.held.delete('S2@trade');
  venue.lagMs = 400;
  rig.link.configure(batchLink(['S0'], 10));
  await venue.serve(200);
  rig.link.configure(batchLink(['S0', 'S4'], 10));
  await venue.serve(20_000);
  expect([...venue.held]).toEqual(expect.arrayContaining([...args(['S0', 'S4'])]));
  for (const gone of ['S1', 'S2', 'S3', 'S5']) expect(venue.held).not.toContain(`${gone}@trade`);
});

/** Answers after so long, without a symbol in `no`, or does not answer at all. */
interface Turn {
  readonly names: readonly string[];
  readonly forMs: number;
  readonly no: readonly string[];
  readonly mute: boolean;
}

/** Then refused, when it is asked for again, and given up: the venue may have it all the same. */
const TAKEN_WITHOUT_A_WORD: Turn[] = [
  { names: ['S1'], forMs: 11_000, no: [], mute: true },
  { names: ['S1'], forMs: 32_000, no: ['S1'], mute: false },
  { names: [], forMs: 1_000, no: [], mute: false },
];

it('[L9] [H5] however slow the venue, each is in force, or known not to be and asked for again, and in the end all that may be are', async () => {
  const some = fc.uniqueArray(fc.constantFrom(...symbols(12)), { maxLength: 12 });
  const turn: fc.Arbitrary<Turn> = fc.record({
    names: some,
    forMs: fc.integer({ min: 1, max: 30 }).map((secs) => secs * 1_000),
    no: some,
    mute: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1_000, max: 12_000 }),
      fc.boolean(),
      fc.uniqueArray(fc.constantFrom<string>('S1', 'S5', 'S9'), { maxLength: 3 }),
      fc.array(turn, { minLength: 1, maxLength: 5 }),
      async (most, lagMs, strict, bad, turns) => {
        rig?.end();
        rig = new LinkRig(batchLink([], most));
        const venue = new BatchVenue(rig, bad, strict);
        venue.lagMs = lagMs;
        rig.net.newest.open();
        const serve = async (ms: number): Promise<void> => {
          for (let passed = 0; passed < ms; passed += 1_000) {
            await venue.serve(1_000, 250);
            for (const { status, againAt } of rig.view().subscriptions) {
              const isGivenUp = status === 'refused' || status === 'never-acked';
              expect(againAt !== null && againAt >= rig.clock.now()).toBe(isGivenUp);
            }
          }
        };
        for (const { names, forMs, no, mute } of turns) {
          rig.link.configure(batchLink(names, most));
          // What a strict venue has taken without a word cannot be asked for again.
          venue.mute = mute && !strict;
          venue.bad = args([...bad, ...no]);
          await serve(forMs);
        }
        venue.mute = false;
        venue.bad = args(bad);
        await serve(600_000);
        const { names: last = [] } = turns.at(-1) ?? {};
        expect(venue.held).toEqual(args(last.filter((name) => !bad.includes(name))));
        // What such a venue has, it refuses, too: nothing else may tell that it has it.
        const known = last.filter((name) => bad.includes(name) || !strict);
        for (const name of known) expect(statusOf()[`trade:${name}`]).toBe(bad.includes(name) ? 'refused' : 'acked');
        expect(rig.net.sockets).toHaveLength(1);
      },
    ),
    { numRuns: 25, examples: [[1, 1_000, false, [], TAKEN_WITHOUT_A_WORD]] },
  );
});
