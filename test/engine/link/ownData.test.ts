import { afterEach, describe, expect, it } from 'vitest';
import type { LinkConfig, Policy } from '../../../src/shared/engineConfig.ts';
import { healthReasons } from '../../../src/shared/health.ts';
import { healthReasonText } from '../../../src/shared/healthReason.ts';
import type { Preset } from '../../../src/shared/preset.ts';
import { unfitReasonText } from '../../../src/shared/unfitReason.ts';
import { seeded } from '../../renderer/seeded.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const told = (symbol: string) => ({ ...subscription(symbol), data: [`"s":"${symbol}"`] });
const [BTC, ETH] = [told('BTC'), told('ETH')];
const UNKNOWN = '{"Error":"Exceeded msg rate"}';
const PAD = 'y'.repeat(1_100);

type Wish = [LinkConfig['subscriptions'], Partial<Preset>?, Partial<Policy>?];
const wanted = (...[subscriptions, change = {}, policy = {}]: Wish): LinkConfig =>
  linkConfig({ preset: { ...JSON_PRESET, ...change }, subscriptions, expectsData: true, policy });

function link(...wish: Wish): void {
  rig = new LinkRig(wanted(...wish));
  rig.net.newest.open();
  rig.net.newest.answer();
}

const view = () => rig.link.figures.view();
const fit = () => rig.link.figures.fit;
const reasons = (): readonly string[] => healthReasons(view().health).map(healthReasonText);
const unfit = (): readonly string[] => {
  const now = fit();
  return now.fit ? [] : now.reasons.map(unfitReasonText);
};
const data = (symbol: string): void => rig.net.newest.text(`{"s":"${symbol}"}`);

/** The answer to every subscribe message of that symbol so far. */
function answer(symbol: string, word = 'subscribed'): void {
  for (const text of [...rig.net.newest.sent]) {
    const { op, s, id } = JSON.parse(text);
    if (op === 'sub' && s === symbol) rig.net.newest.text(`{"op":"${word}","id":${id}}`);
  }
}

/** Lets time pass at a venue that answers pings and sends these. */
async function passes(ms: number, each: () => void): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    each();
    await rig.answering(500);
  }
}

it('[L5] [H5] [G1] where each subscription can be told, a frame of none of them is life and no data', async () => {
  link([BTC]);
  answer('BTC');
  await passes(30_000, () => rig.net.newest.text(UNKNOWN));
  const { clocks, counters, health } = view();
  expect(clocks.dataAt).toBeNull();
  expect(rig.clock.now() - (clocks.bytesAt ?? 0)).toBeLessThanOrEqual(500);
  expect(counters.dataMessages).toBe(0);
  expect(counters.messages).toBeGreaterThan(50);
  expect(health.level).toBe('degraded');
  expect(unfit()).toEqual(['no fresh data']);
  expect(rig.happenings.some(({ happening }) => happening.kind === 'state' && happening.to.kind === 'suspect')).toBe(
    false,
  );
  data('BTC');
  expect(view().clocks.dataAt).toBe(rig.clock.now());
  expect(fit()).toEqual({ fit: true });
});

it('[L5] [H2] a feed that has gone mute under frames of no subscription is degraded at the notice, before it is stale', async () => {
  link([BTC], {}, { dataTimeoutMs: 20_000, dataNoticeMs: 5_000 });
  answer('BTC');
  await passes(25_000, () => data('BTC'));
  expect(fit()).toEqual({ fit: true });
  await passes(6_000, () => rig.net.newest.text(UNKNOWN));
  expect(reasons()).toContain('no data for 6 s');
  expect(unfit()).toEqual(['no fresh data']);
  expect(rig.net.sockets).toHaveLength(1);
});

it.each([
  ['one of them cannot be told', [BTC, { ...ETH, data: [] }]],
  ['the address itself is the feed', []],
])('[L5] near miss: where %s, any data frame counts', async (_, subscriptions) => {
  link(subscriptions);
  for (const { symbol } of subscriptions) answer(symbol);
  await passes(25_000, () => rig.net.newest.text('{"stream":"x"}'));
  expect(view().clocks.dataAt).not.toBeNull();
  expect(view().counters.dataMessages).toBeGreaterThan(0);
  expect(fit()).toEqual({ fit: true });
});

it('[L5] near miss: snapshots and batches of several symbols are data of each, in one moment too', () => {
  link([BTC, ETH]);
  answer('BTC');
  answer('ETH');
  for (let i = 0; i < 3; i += 1) rig.net.newest.text('[{"s":"BTC"},{"s":"ETH"},{"s":"SOL"}]');
  rig.net.newest.text(`{"s":"BTC","snapshot":"${PAD}"}`);
  expect(view().counters.dataMessages).toBe(4);
  expect(view().subscriptions.map(({ dataAt }) => dataAt)).toEqual([rig.clock.now(), rig.clock.now()]);
});

it.each([
  ['small', ''],
  ['large', PAD],
])(
  '[L5] the data clock of a link is never more than a second behind under a flood of %s frames of none',
  async (_, pad) => {
    link([BTC]);
    answer('BTC');
    data('BTC');
    let last = rig.clock.now();
    for (let i = 0; i < 6_000; i += 1) {
      await rig.clock.advance(1);
      if (rig.net.newest.pingCount > 0 && i % 250 === 0) rig.net.newest.answer();
      rig.net.newest.text(`{"status":"${'x'.repeat(80)}${pad}"}`);
      if (i % 37 === 0) {
        rig.net.newest.text(`{"s":"BTC","x":"${'x'.repeat(80)}${pad}"}`);
        last = rig.clock.now();
      }
      const dataAt = view().clocks.dataAt ?? 0;
      expect(dataAt).toBeLessThanOrEqual(last);
      expect(last - dataAt).toBeLessThanOrEqual(1_000);
    }
  },
);

it.each([
  ['small', 1, ''],
  ['large', 1, PAD],
  ['small', 3, ''],
  ['large', 3, PAD],
])('[H3] [G3] of a flood of %s frames of which one in %i is data so many are counted as such', async (_, each, pad) => {
  link([BTC]);
  answer('BTC');
  data('BTC');
  const random = seeded(1);
  const bytes = `"x":"${'x'.repeat(80)}${pad}"`;
  let sent = 1;
  for (let i = 0; i < 20_000; i += 1) {
    if (i % 2 === 0) await rig.clock.advance(1);
    if (rig.net.newest.pingCount > 0 && i % 500 === 0) rig.net.newest.answer();
    const isData = random() < 1 / each;
    if (isData) sent += 1;
    rig.net.newest.text(`{"${isData ? 's' : 'status'}":"BTC",${bytes}}`);
  }
  const { dataMessages } = view().counters;
  expect(Number.isInteger(dataMessages)).toBe(true);
  if (each === 1) expect(dataMessages).toBe(sent);
  else expect(Math.abs(dataMessages / sent - 1)).toBeLessThan(0.1);
});

it('[H5] [G1] [L9] a subscription that was refused and has brought nothing closes the gate by its name', async () => {
  link([BTC, ETH]);
  answer('BTC');
  answer('ETH', 'error');
  await passes(30_000, () => data('BTC'));
  expect(unfit()).toEqual(['1 of 2 subscriptions not in force: ticker:ETH']);
  expect(reasons()).toEqual(['1 of 2 subscriptions not in force: ticker:ETH']);
  data('ETH');
  expect(fit()).toEqual({ fit: true });
  expect(reasons()).toEqual([]);
});

it('[H5] [G1] [L9] so does one that was never acknowledged after its second try', async () => {
  link([BTC, ETH]);
  answer('BTC');
  await passes(9_000, () => data('BTC'));
  expect(unfit().some((reason) => reason.includes('not in force'))).toBe(false);
  await passes(21_000, () => data('BTC'));
  expect(unfit()).toEqual(['1 of 2 subscriptions not in force: ticker:ETH']);
  // A late ack is one.
  answer('ETH');
  expect(fit()).toEqual({ fit: true });
});

it('[H5] near miss: where a subscription cannot be told and is alone, data decide, but for one that was refused', async () => {
  const alone = [{ ...BTC, data: [] }];
  link(alone);
  await passes(30_000, () => data('BTC'));
  expect(view().subscriptions[0]?.status).toBe('never-acked');
  expect(fit()).toEqual({ fit: true });
  rig.end();
  link(alone);
  answer('BTC', 'error');
  await passes(30_000, () => data('BTC'));
  expect(unfit()).toEqual(['1 of 1 subscription not in force: ticker:BTC']);
});

it('[L5] [H2] one that was acked and brings nothing at all while others flow degrades from the notice on, and leaves the gate open', async () => {
  link([BTC, ETH], {}, { dataNoticeMs: 30_000 });
  answer('BTC');
  answer('ETH');
  await passes(29_500, () => data('BTC'));
  expect(view().health).toEqual({ level: 'healthy' });
  await passes(1_500, () => data('BTC'));
  expect(reasons()).toEqual(['no data of ticker:ETH']);
  expect(fit()).toEqual({ fit: true });
  data('ETH');
  expect(view().health).toEqual({ level: 'healthy' });
});

/** Lets time pass in which BTC flows, and ETH brings something at its end. */
async function silentFor(ms: number): Promise<void> {
  await passes(ms, () => {
    data('BTC');
    rig.tick();
  });
  data('ETH');
}

const healthTold = () => rig.kinds().filter((kind) => kind === 'health').length;
const ethAsked = () => rig.net.newest.sent.filter((text) => text.includes('"sub"') && text.includes('ETH')).length;

it('[L5] [H2] [S2] a symbol that trades every 90 s is no news: neither health nor an incident tells of it', async () => {
  link([BTC, ETH]);
  answer('BTC');
  answer('ETH');
  await silentFor(1_000);
  const before = healthTold();
  for (let i = 0; i < 30; i += 1) {
    await silentFor(90_000);
  }
  expect(healthTold()).toBe(before);
  expect(ethAsked()).toBe(1);
  expect(view().health).toEqual({ level: 'healthy' });
});

it('[L5] [H2] one that flowed degrades once it is silent for three times as long as it ever was, at least the notice', async () => {
  link([BTC, ETH], {}, { dataNoticeMs: 30_000 });
  answer('BTC');
  answer('ETH');
  for (let i = 0; i < 40; i += 1) await silentFor(i === 10 ? 15_000 : 500);
  await passes(44_500, () => data('BTC'));
  expect(view().health).toEqual({ level: 'healthy' });
  await passes(1_500, () => data('BTC'));
  expect(reasons()).toEqual(['no data of ticker:ETH']);
  expect(unfit().join()).not.toContain('fresh');
  data('ETH');
  expect(view().health).toEqual({ level: 'healthy' });
  for (let i = 0; i < 40; i += 1) await silentFor(500);
  await passes(100_000, () => data('BTC'));
  expect(view().health).toEqual({ level: 'healthy' });
});

it('[L5] [H2] [S2] one that is silent for longer than the data timeout is subscribed anew once, and its next such silence is usual', async () => {
  link([BTC, ETH], {}, { dataTimeoutMs: 120_000 });
  answer('BTC');
  answer('ETH');
  await silentFor(1_000);
  await passes(121_000, () => data('BTC'));
  expect(ethAsked()).toBe(2);
  answer('ETH');
  // A snapshot may come of it.
  await passes(3_500, () => data('BTC'));
  expect(view().health).toEqual({ level: 'healthy' });
  await silentFor(2_500);
  expect(view().health).toEqual({ level: 'healthy' });
  for (let i = 0; i < 3; i += 1) await silentFor(140_000);
  expect(ethAsked()).toBe(2);
});

it('[L5] near miss: a silence that only a snapshot has ended was no usual one', async () => {
  link([BTC, ETH], {}, { dataTimeoutMs: 120_000 });
  answer('BTC');
  answer('ETH');
  await silentFor(1_000);
  for (const asked of [2, 3]) {
    await passes(121_000, () => data('BTC'));
    expect(ethAsked()).toBe(asked);
    answer('ETH');
    await silentFor(1_000);
    expect(view().health).toEqual({ level: 'healthy' });
  }
  await passes(121_000, () => data('BTC'));
  answer('ETH');
  await passes(7_000, () => data('BTC'));
  expect(reasons()).toEqual(['no data of ticker:ETH']);
});

it('[L9] [L20] 15. data of its own decide: restored at the first of them, in force, and no verdict; the ack is still asked for', async () => {
  link([BTC, ETH]);
  expect(view().state).toMatchObject({ kind: 'restoring', acked: 0 });
  data('BTC');
  expect(view().state).toMatchObject({ kind: 'restoring', acked: 1, wanted: 2 });
  data('ETH');
  expect(rig.state).toBe('up');
  expect(rig.happenings.find(({ happening }) => happening.kind === 'restored')?.happening).toMatchObject({
    subscriptions: 2,
  });
  await passes(30_000, () => {
    data('BTC');
    data('ETH');
  });
  expect(view().subscriptions.map(({ status }) => status)).toEqual(['never-acked', 'never-acked']);
  expect(rig.net.newest.sent.filter((text) => text.includes('"op":"sub"'))).toHaveLength(4);
  expect(view().health).toEqual({ level: 'healthy' });
  expect(fit()).toEqual({ fit: true });
  expect(rig.link.witness().open?.neverAcked).toBe(0);
});

it('[L9] near miss: data from before it was subscribed anew do not acknowledge that', async () => {
  link([BTC, ETH], {}, { dataTimeoutMs: 20_000, dataNoticeMs: 5_000 });
  answer('BTC');
  answer('ETH');
  data('ETH');
  await passes(20_500, () => data('BTC'));
  expect(rig.net.newest.sent.filter((text) => text.includes('"unsub"'))).toHaveLength(1);
  expect(reasons()).toEqual(['1 of 2 subscriptions not acknowledged']);
});

describe('the same frame again and again', () => {
  const frozen = (symbol: string): void => rig.net.newest.text(`{"s":"${symbol}","same":1}`);
  let n = 0;
  const fresh = (symbol: string): void => rig.net.newest.text(`{"s":"${symbol}","n":${n++}}`);

  async function bothFlow(change: Partial<Preset> = {}): Promise<void> {
    link([BTC, ETH], { repeats: false, ...change });
    answer('BTC');
    answer('ETH');
    await passes(30_000, () => {
      fresh('BTC');
      fresh('ETH');
    });
    expect(fit()).toEqual({ fit: true });
  }

  it('[L20] [H5] [G1] 2. of one subscription while another brings what is new: degraded by its name, and fit', async () => {
    await bothFlow();
    await passes(62_000, () => {
      fresh('BTC');
      frozen('ETH');
    });
    expect(reasons()).toEqual(['the same message again and again of ticker:ETH']);
    expect(fit()).toEqual({ fit: true });
    expect(rig.link.witness().open?.sameForMs).toBeGreaterThan(60_000);
    await passes(500, () => fresh('ETH'));
    expect(view().health).toEqual({ level: 'healthy' });
  });

  it('[L20] [H5] [G1] 2. of all that bring anything: not fit, until one brings what is new, or they are silent', async () => {
    await bothFlow();
    await passes(62_000, () => frozen('BTC'));
    expect(unfit()).toEqual(['no fresh data: the same message comes again and again']);
    await passes(61_000, () => undefined);
    expect(unfit()[0]).toBe('no fresh data');
    fresh('ETH');
    expect(unfit().join()).not.toContain('fresh');
  });

  it('[L20] [H5] [G1] 2. so it is at a venue that stamps other channels than these', async () => {
    await bothFlow({ event_time: { field: ['E'], unit: 'ms' } });
    await passes(62_000, () => frozen('BTC'));
    expect(unfit()).toEqual(['no fresh data: the same message comes again and again']);
  });

  it('[L20] [D3] [G1] 2. an edit of the subscriptions does not open the gate onto a frozen feed', async () => {
    await bothFlow();
    await passes(62_000, () => frozen('BTC'));
    rig.link.configure(wanted([BTC], { repeats: false }));
    await passes(5_000, () => frozen('BTC'));
    expect(unfit()).toEqual(['no fresh data: the same message comes again and again']);
  });

  it('[L20] [G1] 2. near miss: a quiet symbol that says each 20 s that nothing has changed, and then nothing more', async () => {
    await bothFlow();
    let i = 0;
    await passes(200_000, () => {
      fresh('BTC');
      if (i++ % 40 === 0) frozen('ETH');
      expect(fit()).toEqual({ fit: true });
    });
    expect(view().health).toEqual({ level: 'healthy' });
  });
});
