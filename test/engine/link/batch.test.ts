import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { LinkConfig, LinkSubscription } from '../../../src/shared/engineConfig.ts';
import type { Preset } from '../../../src/shared/preset.ts';
import { JSON_PRESET, linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const item = (symbol: string): string => `"${symbol}@trade"`;
const one = (symbol: string): LinkSubscription => ({
  name: `trade:${symbol}`,
  channel: 'trade',
  symbol,
  subscribe: `{"op":"sub","args":[${item(symbol)}],"id":{id}}`,
  unsubscribe: `{"op":"unsub","args":[${item(symbol)}],"id":{id}}`,
  item: item(symbol),
  data: [],
  sequence: null,
  identity: null,
});
const BATCH = {
  subscribe: '{"op":"sub","args":[{all}],"id":{id}}',
  unsubscribe: '{"op":"unsub","args":[{all}],"id":{id}}',
};
const link = (symbols: readonly string[], most: number, preset: Partial<Preset> = {}): LinkConfig =>
  linkConfig({
    preset: {
      ...JSON_PRESET,
      ping: { kind: 'protocol' },
      batch: { ...BATCH, most },
      limits: { ...JSON_PRESET.limits, messages: 2 },
      ...preset,
    },
    subscriptions: symbols.map(one),
  });

interface Said {
  readonly op: string;
  readonly args: readonly string[];
  readonly id: number;
}

/** A venue that takes a message whole or not at all, as what it has no `bad` symbol in. */
class Venue {
  readonly held = new Set<string>();
  readonly said: Said[] = [];
  readonly #bad: ReadonlySet<string>;
  #heard = 0;
  #pings = 0;
  /** Subscribes that it leaves unanswered. */
  deaf = 0;

  constructor(bad: readonly string[] = []) {
    this.#bad = new Set(bad.map((symbol) => `${symbol}@trade`));
  }

  async serve(ms: number): Promise<void> {
    const socket = rig.net.newest;
    for (let passed = 0; passed < ms; passed += 50) {
      for (; this.#heard < socket.sent.length; this.#heard += 1) this.#take(JSON.parse(socket.sent[this.#heard] ?? ''));
      if (socket.pingCount > this.#pings) socket.answer();
      this.#pings = socket.pingCount;
      await rig.clock.advance(50);
    }
  }

  #take(said: Said): void {
    this.said.push(said);
    const { op, args, id } = said;
    if (op === 'unsub') return args.forEach((arg) => void this.held.delete(arg));
    if (this.deaf > 0) {
      this.deaf -= 1;
      return;
    }
    if (args.some((arg) => this.#bad.has(arg))) return rig.net.newest.text(`{"op":"error","id":${id}}`);
    for (const arg of args) {
      if (this.held.has(arg)) throw new Error(`${arg} was subscribed twice`);
      this.held.add(arg);
    }
    rig.net.newest.text(`{"op":"subscribed","id":${id}}`);
  }
}

const symbols = (count: number): string[] => Array.from({ length: count }, (_, index) => `S${index}`);
const held = (names: readonly string[]) => new Set(names.map((name) => `${name}@trade`));
const statusOf = () =>
  Object.fromEntries(rig.link.figures.view().subscriptions.map(({ name, status }) => [name, status]));

it('[L9] a hundred subscriptions go in as few messages as the venue takes, at its pace, and each has its ack', async () => {
  rig = new LinkRig(link(symbols(100), 40));
  const venue = new Venue();
  rig.net.newest.open();
  await venue.serve(3_000);
  expect(venue.said.map(({ args }) => args.length)).toEqual([40, 40, 20]);
  expect(venue.held).toEqual(held(symbols(100)));
  expect(new Set(Object.values(statusOf()))).toEqual(new Set(['acked']));
});

it('[L9] without the venue’s word for it, and for raw messages, each goes alone', async () => {
  const { batch: _, ...alone } = link(symbols(3), 40).preset;
  rig = new LinkRig({ ...link(symbols(3), 40), preset: alone });
  const venue = new Venue();
  rig.net.newest.open();
  await venue.serve(3_000);
  expect(venue.said.map(({ args }) => args.length)).toEqual([1, 1, 1]);
  expect(venue.held).toEqual(held(symbols(3)));
});

it('[L9] one bad symbol among many is found by halves, and alone it is refused', async () => {
  rig = new LinkRig(link(symbols(64), 64));
  const venue = new Venue(['S17']);
  rig.net.newest.open();
  await venue.serve(20_000);
  expect(venue.held).toEqual(held(symbols(64).filter((name) => name !== 'S17')));
  const { 'trade:S17': bad, ...others } = statusOf();
  expect(bad).toBe('refused');
  expect(new Set(Object.values(others))).toEqual(new Set(['acked']));
  expect(venue.said.length).toBeLessThanOrEqual(1 + 2 * 6);
});

it('[L9] [L21] those of a message without an answer are asked for once more, together', async () => {
  rig = new LinkRig(link(symbols(5), 10));
  const venue = new Venue();
  venue.deaf = 1;
  rig.net.newest.open();
  await venue.serve(12_000);
  expect(venue.said.map(({ op, args }) => [op, args.length])).toEqual([
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
        rig = new LinkRig(link(first, most));
        const venue = new Venue(bad);
        rig.net.newest.open();
        for (const [names, steps] of turns) {
          rig.link.configure(link(names, most));
          await venue.serve(steps * 50);
        }
        await venue.serve(30_000);
        const [last = []] = turns.at(-1) ?? [];
        expect(venue.held).toEqual(held(last.filter((name) => !bad.includes(name))));
        for (const { args } of venue.said) expect(args.length).toBeLessThanOrEqual(most);
        for (const name of last) expect(statusOf()[`trade:${name}`]).toBe(bad.includes(name) ? 'refused' : 'acked');
        await rig.end();
      },
    ),
    { numRuns: 60 },
  );
});
