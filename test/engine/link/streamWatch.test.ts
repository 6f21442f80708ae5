import { afterEach, expect, it, vi } from 'vitest';
import { type StreamListener, StreamWatch } from '../../../src/main/engine/link/streamWatch.ts';
import type { LinkSubscription } from '../../../src/shared/engineConfig.ts';
import { monoMs } from '../../../src/shared/units.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const numbered = (sequence: LinkSubscription['sequence']) =>
  linkConfig({
    preset: JSON_PRESET,
    expectsData: true,
    subscriptions: [{ ...subscription('BTC'), data: ['"s":"BTC"'], identity: 'n', sequence }],
  });

const counts = () => rig.link.figures.view().subscriptions[0]?.sequence;
const gaps = () => rig.kinds().filter((kind) => kind === 'gap').length;

async function receives(...numbers: readonly number[]): Promise<void> {
  for (const n of numbers) rig.net.newest.text(`{"s":"BTC","n":${n},"m":${n}}`);
  await rig.clock.advance(2_000);
  rig.tick();
}

function start(sequence: LinkSubscription['sequence']): void {
  rig = new LinkRig(numbered(sequence));
  rig.net.newest.open();
  rig.net.newest.text('{"op":"subscribed","id":1}');
}

it('[L15] watch_sequence that is switched on while connected watches from then on', async () => {
  start(null);
  await receives(1);
  rig.link.configure(numbered({ field: 'n' }));
  await receives(5, 9);
  expect(counts()).toMatchObject({ gaps: 1, missing: 3 });
  expect(gaps()).toBe(1);
  expect(rig.net.sockets.length).toBe(1);
});

it('[L15] switched off while connected it says nothing of gaps any more', async () => {
  start({ field: 'n' });
  await receives(1);
  rig.link.configure(numbered(null));
  await receives(9);
  expect(counts()).toBeNull();
  expect(gaps()).toBe(0);
});

it('[L15] another subscription beside it leaves its count alone', async () => {
  start({ field: 'n' });
  await receives(1, 2);
  const both = numbered({ field: 'n' });
  rig.link.configure({ ...both, subscriptions: [...both.subscriptions, subscription('ETH')] });
  await receives(4);
  expect(counts()).toMatchObject({ gaps: 1, missing: 1 });
});

it('[L15] one counter for the whole connection: messages of other subscriptions, heartbeats and acks are in it', async () => {
  const { subscriptions, ...config } = numbered({ field: 'n', of_connection: true });
  rig = new LinkRig({ ...config, subscriptions: [...subscriptions, { ...subscription('ETH'), data: ['"s":"ETH"'] }] });
  rig.net.newest.open();
  const frames = [
    '{"op":"subscribed","id":1,"n":1}',
    '{"s":"BTC","n":2}',
    '{"op":"heartbeat","n":3}',
    '{"op":"subscribed","id":2,"n":4}',
    '{"s":"ETH","n":5}',
    '{"s":"BTC","n":6}',
  ];
  for (const frame of frames) rig.net.newest.text(frame);
  await receives();
  expect(counts()).toMatchObject({ gaps: 0, missing: 0, duplicates: 0 });
  rig.net.newest.text('{"s":"ETH","n":8}');
  await receives();
  expect(counts()).toMatchObject({ gaps: 1, missing: 1 });
  expect(rig.link.figures.view().subscriptions.map(({ dataAt }) => dataAt === null)).toEqual([false, false]);
});

it('[L5] it is said of each subscription whether its data can be told from that of others, before and on a socket', () => {
  const { subscriptions, ...config } = numbered({ field: 'n' });
  rig = new LinkRig({ ...config, subscriptions: [...subscriptions, { ...subscription('ETH'), data: [] }] });
  const told = () => rig.link.figures.view().subscriptions.map((one) => one.told);
  expect(told()).toEqual([true, false]);
  rig.net.newest.open();
  expect(told()).toEqual([true, false]);
});

const MANY = Array.from({ length: 200 }, (_, i): LinkSubscription => {
  const symbol = `S${1000 + i}`;
  return { ...subscription(symbol), data: [`"s":"${symbol}"`], identity: 'n', sequence: null };
});

/** A watch of many subscriptions, the marks that it tells, and a frame that counts what is looked for in it. */
function comparing(subscriptions: readonly LinkSubscription[]) {
  const marks: string[] = [];
  const gap = (): void => undefined;
  const marked: StreamListener['marked'] = (name, { key }) => marks.push(`${name} ${key}`);
  const watch = new StreamWatch(subscriptions, JSON_PRESET, { gap, proving: () => true, marked });
  const frame = (text: string) => {
    const buffer = Buffer.from(text);
    const includes = vi.spyOn(buffer, 'includes');
    watch.numbersOnly(buffer, monoMs(0));
    return includes.mock.calls.length;
  };
  return { watch, marks, frame };
}

it('[L12] while two sockets are compared a frame is looked up among the subscriptions, and not compared with each', () => {
  const { marks, frame } = comparing(MANY);
  expect(frame('{"s":"S1007","n":1}')).toBeLessThan(5);
  expect(frame('[{"s":"S1007","n":2},{"s":"S1199","n":3}]')).toBeLessThan(5);
  expect(frame('{"s":"S2000","n":1}')).toBeLessThan(5);
  expect(marks).toEqual(['ticker:S1007 1']);
});

it('[L12] [L15] what stays watched misses no frame when another is added beside it', () => {
  const watched = MANY.slice(0, 6).map((one): LinkSubscription => ({ ...one, sequence: { field: 'n' } }));
  const { watch, marks, frame } = comparing(watched.slice(0, 5));
  for (const n of [1, 2, 3, 4, 5, 6]) {
    frame(`{"s":"S1000","n":${n}}`);
    watch.change(n % 2 === 0 ? watched : watched.slice(0, 5));
  }
  expect(marks).toHaveLength(6);
  expect(watch.view('ticker:S1000').sequence).toMatchObject({ gaps: 0, duplicates: 0 });
});
