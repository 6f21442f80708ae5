import { afterEach, expect, it } from 'vitest';
import type { LinkConfig, LinkSubscription, Policy } from '../../../src/shared/engineConfig.ts';
import type { Preset } from '../../../src/shared/preset.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const told = (symbol: string): LinkSubscription => ({ ...subscription(symbol), data: [`"s":"${symbol}"`] });
const untold = (symbol: string): LinkSubscription => subscription(symbol);
const [BTC, ETH, SOL] = [told('BTC'), told('ETH'), told('SOL')];

/** A venue that answers each subscribe message by its symbol, and sends data of what it took. */
const venue = {
  refuses: new Set<string>(),
  ignores: new Set<string>(),
  silent: new Set<string>(),
  took: new Set<string>(),
  heard: 0,
};

function link(
  subscriptions: readonly LinkSubscription[],
  preset: Partial<Preset> = {},
  policy: Partial<Policy> = {},
): LinkConfig {
  const ping = { kind: 'protocol' } as const;
  return linkConfig({
    preset: { ...JSON_PRESET, ping, ...preset },
    subscriptions: [...subscriptions],
    expectsData: true,
    // Pongs come with the next step.
    policy: { fitP99Ms: 5_000, ...policy },
  });
}

function open(config: LinkConfig, random?: () => number): void {
  rig = new LinkRig(config, random);
  for (const set of [venue.refuses, venue.ignores, venue.silent, venue.took]) set.clear();
  venue.heard = 0;
  rig.net.newest.open();
}

let n = 0;
/** `answer`: what it says to a subscribe message that it does not ignore. */
function serve(answer = idAnswer): void {
  const socket = rig.net.newest;
  for (; venue.heard < socket.sent.length; venue.heard += 1) {
    const { op, s, id } = JSON.parse(socket.sent[venue.heard] ?? '');
    if (op === 'unsub') venue.took.delete(s);
    if (op !== 'sub' || venue.ignores.has(s)) continue;
    if (!venue.refuses.has(s)) venue.took.add(s);
    const text = answer(venue.refuses.has(s), id, s);
    if (text !== null) socket.text(text);
  }
  for (const s of venue.took) if (!venue.silent.has(s)) socket.text(`{"s":"${s}","n":${n++}}`);
}
const idAnswer = (isNo: boolean, id: number, _: string): string | null =>
  `{"op":"${isNo ? 'error' : 'subscribed'}","id":${id}}`;

async function passes(ms: number, stepMs = 500, answer = idAnswer): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    serve(answer);
    await rig.clock.advance(stepMs);
    for (const socket of rig.net.sockets) if (!socket.isCut) socket.answer();
    rig.tick();
  }
}

const view = () => rig.link.figures.view();
const fit = () => rig.link.figures.fit;
const row = (symbol: string) => view().subscriptions.find(({ name }) => name === `ticker:${symbol}`);
const subscribes = (symbol: string) =>
  rig.net.newest.sent.filter((text) => text.includes('"op":"sub"') && text.includes(`"${symbol}"`)).length;
const news = (symbol: string) =>
  rig.happenings.flatMap(({ happening }) =>
    happening.kind === 'subscription' && happening.name === `ticker:${symbol}` ? [happening.what] : [],
  );
const NOT_IN_FORCE = { fit: false, reasons: [{ kind: 'not-in-force', names: ['ticker:ETH'], count: 1, wanted: 2 }] };

it.each(['refuses', 'ignores'] as const)(
  '[L9] [H5] [G1] what the venue %s for a while is asked for again after 30 s, 60 s, 2 min …, and is in force once it is taken',
  async (how) => {
    open(link([BTC, ETH]));
    venue[how].add('ETH');
    await passes(20_000);
    const first = subscribes('ETH');
    const givenUpAt = row('ETH')?.since ?? 0;
    const firstAgain = (row('ETH')?.againAt ?? 0) - givenUpAt;
    expect(firstAgain).toBeGreaterThanOrEqual(30_000);
    expect(firstAgain).toBeLessThanOrEqual(33_000);
    await passes(240_000);
    expect(subscribes('ETH') - first).toBe(3);
    expect(fit()).toEqual(NOT_IN_FORCE);
    venue[how].clear();
    await passes(300_000);
    expect(subscribes('ETH') - first).toBe(4);
    expect(row('ETH')).toMatchObject({ status: 'acked', againAt: null });
    expect(fit()).toEqual({ fit: true });
    expect(view().health).toEqual({ level: 'healthy' });
    expect(rig.net.sockets).toHaveLength(1);
  },
);

it('[L9] [H2] a wrong symbol costs four messages an hour, is told once, and never opens the gate for a moment', async () => {
  open(link([BTC, ETH]));
  venue.refuses.add('ETH');
  await passes(10_000);
  const health = () => rig.happenings.filter(({ happening }) => happening.kind === 'health').length;
  const toldOfHealth = health();
  for (let hour = 0; hour < 2; hour += 1) {
    const before = subscribes('ETH');
    for (let passed = 0; passed < 3_600_000; passed += 1_000) {
      serve();
      await rig.clock.advance(1_000);
      rig.net.newest.answer();
      if (passed % 5_000 === 0) rig.tick();
      expect(fit().fit).toBe(false);
      expect(row('ETH')?.againAt).toBeGreaterThanOrEqual(rig.clock.now());
    }
    const asked = subscribes('ETH') - before;
    if (hour > 0) expect(asked).toBeLessThanOrEqual(4);
    expect(asked).toBeGreaterThanOrEqual(3);
  }
  expect(news('ETH')).toEqual(['refused']);
  expect(health()).toBe(toldOfHealth);
});

it('[L9] links that were refused together do not ask again together', async () => {
  const waits = [];
  for (const random of [0, 0.99]) {
    open(link([BTC, ETH]), () => random);
    venue.refuses.add('ETH');
    await passes(1_000);
    waits.push((row('ETH')?.againAt ?? 0) - (row('ETH')?.since ?? 0));
    rig.end();
  }
  expect(waits).toEqual([30_000, 32_970]);
  open(link([BTC]));
});

it('[L9] what was refused takes at most half of the venue’s budget for subscribing: what is wanted anew has its place', async () => {
  const many = Array.from({ length: 60 }, (_, i) => told(`X${i}Y`));
  const limits = { ...JSON_PRESET.limits, subscribes: 30, subscribes_window_secs: 600 };
  open(link([BTC, ...many], { limits }));
  for (const { symbol } of many) venue.refuses.add(symbol);
  await passes(4_000_000);
  const before = rig.net.newest.sent.length;
  await passes(630_000);
  expect(rig.net.newest.sent.length - before).toBeLessThanOrEqual(16);
  rig.link.configure(link([BTC, ...many, SOL], { limits }));
  await passes(2_000);
  expect(row('SOL')?.status).toBe('acked');
});

it('[L9] while its message waits for a place it is asked for once, and has a next time', async () => {
  const limits = { ...JSON_PRESET.limits, messages: 2, messages_window_secs: 400 };
  open(link([BTC, ETH], { limits }));
  venue.refuses.add('ETH');
  await passes(10_000);
  for (let passed = 0; passed < 800_000; passed += 1_000) {
    await passes(1_000);
    expect(row('ETH')?.againAt).toBeGreaterThanOrEqual(rig.clock.now());
  }
  expect(subscribes('ETH')).toBe(3);
});

it('[L9] near miss: one that brings its own data whatever was said of it is not asked for again', async () => {
  open(link([BTC, ETH]));
  await passes(2_000, 500, (isNo, id, s) => idAnswer(isNo || s === 'ETH', id, s));
  expect(row('ETH')).toMatchObject({ status: 'refused', againAt: null });
  await passes(300_000);
  expect(subscribes('ETH')).toBe(1);
  expect(fit()).toEqual({ fit: true });
});

it('[L9] [D3] what is taken out of the settings is asked for no more', async () => {
  open(link([BTC, ETH]));
  venue.refuses.add('ETH');
  await passes(10_000);
  rig.link.configure(link([BTC]));
  await passes(120_000);
  expect(subscribes('ETH')).toBe(1);
  expect(rig.net.newest.sent.filter((text) => text.includes('unsub'))).toEqual([]);
});

it('[L9] a refusal without an id is of what waits longest for its answer: one that is asked for again takes none from another', async () => {
  const bare: Partial<Preset> = { ack: { kind: 'contains', pieces: ['"op":"subscribed"', '"{symbol}"'] } };
  const answer = (isNo: boolean, _: number, s: string): string =>
    isNo ? '{"op":"error"}' : `{"op":"subscribed","s":"${s}"}`;
  open(link([BTC, ETH], bare));
  venue.refuses.add('ETH');
  await passes(20_000, 500, answer);
  expect(row('ETH')?.status).toBe('refused');
  // It has been asked for again a moment before, and both wait.
  while (subscribes('ETH') === 1) {
    rig.net.newest.answer();
    await rig.clock.advance(100);
  }
  await rig.clock.advance(100);
  rig.link.configure(link([BTC, SOL, ETH], bare));
  await passes(5_000, 500, answer);
  expect(row('ETH')?.status).toBe('refused');
  expect(row('SOL')?.status).toBe('acked');
  expect(news('SOL')).toEqual(['acked']);
});

it.each<[string, Partial<Preset>]>([
  ['where the venue never acks', {}],
  [
    'and takes all in one message',
    {
      whole: '{"op":"all","s":[{all}]}',
      later: { add: '{"op":"sub","s":[{all}]}', remove: '{"op":"remove","s":[{all}]}' },
    },
  ],
  ['and each replaces the one before', { whole: '{"op":"all","s":[{all}]}' }],
])('[L9] a refusal %s holds until one has gone by without it while data come', async (_, preset) => {
  const listed = (symbol: string): LinkSubscription =>
    preset.whole === undefined ? untold(symbol) : { ...untold(symbol), subscribe: `"${symbol}"`, unsubscribe: null };
  open(link([listed('ETH'), listed('BTC')], { ack: { kind: 'data' }, ...preset }));
  const socket = rig.net.newest;
  socket.text('{"op":"error"}');
  venue.took.add('BTC');
  venue.heard = Number.POSITIVE_INFINITY;
  const askedOnce = socket.sent.length;
  await passes(20_000);
  expect(fit()).toEqual(NOT_IN_FORCE);
  await passes(13_000);
  expect(socket.sent.length).toBe(askedOnce + 1);
  expect(socket.sent.at(-1)).toContain('"ETH"');
  socket.text('{"op":"error"}');
  await passes(60_000);
  expect(fit()).toEqual(NOT_IN_FORCE);
  await passes(130_000);
  expect(row('ETH')).toMatchObject({ status: 'acked', againAt: null });
  expect(fit()).toEqual({ fit: true });
  expect(news('ETH')).toEqual(['refused', 'acked']);
});

it.each([
  ['refuses', 'refused'],
  ['ignores', 'never-acked'],
] as const)(
  '[L9] [H5] [H6] one that was silent, was subscribed anew, and that the venue %s then is not in force, whatever it brought before',
  async (how, status) => {
    open(link([BTC, ETH], {}, { dataTimeoutMs: 60_000, dataNoticeMs: 20_000 }));
    await passes(30_000);
    venue.silent.add('ETH');
    venue[how].add('ETH');
    await passes(80_000);
    expect(row('ETH')).toMatchObject({ status, retried: true, againAt: expect.any(Number) });
    expect(fit()).toEqual(NOT_IN_FORCE);
    const { refused, neverAcked, mutedTopics } = rig.link.witness().open ?? {};
    expect([refused, neverAcked]).toEqual(how === 'refuses' ? [1, 0] : [0, 1]);
    expect(mutedTopics).toEqual([]);
    venue.silent.clear();
    venue[how].clear();
    await passes(120_000);
    expect(fit()).toEqual({ fit: true });
    // It is not stale for the time in which it was not in force.
    expect(news('ETH').filter((what) => what === 'stale-resubscribed')).toHaveLength(1);
  },
);

it('[L9] [H5] so it is with one that had been served although it was refused', async () => {
  open(link([BTC, ETH], {}, { dataTimeoutMs: 60_000, dataNoticeMs: 20_000 }));
  await passes(30_000, 500, (isNo, id, s) => idAnswer(isNo || s === 'ETH', id, s));
  expect(fit()).toEqual({ fit: true });
  venue.silent.add('ETH');
  venue.refuses.add('ETH');
  await passes(80_000);
  expect(row('ETH')).toMatchObject({ status: 'refused', retried: true, againAt: expect.any(Number) });
  expect(fit()).toEqual(NOT_IN_FORCE);
  expect(news('ETH')).toEqual(['refused', 'stale-resubscribed', 'refused']);
  venue.silent.clear();
  venue.refuses.clear();
  await passes(40_000);
  expect(fit()).toEqual({ fit: true });
});

it('[L9] [L5] one that comes into force late has its time for data from there', async () => {
  open(link([BTC, ETH], {}, { dataTimeoutMs: 60_000, dataNoticeMs: 20_000 }));
  venue.refuses.add('ETH');
  venue.silent.add('ETH');
  await passes(70_000);
  venue.refuses.clear();
  await passes(60_000);
  expect(row('ETH')?.status).toBe('acked');
  expect(news('ETH')).toEqual(['refused', 'acked']);
  await passes(60_000);
  expect(news('ETH')).toContain('stale-resubscribed');
});
