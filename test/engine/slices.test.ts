import { afterEach, expect, it } from 'vitest';
import { Engine } from '../../src/main/engine/engine.ts';
import type { Clock } from '../../src/main/engine/ports.ts';
import { Histogram } from '../../src/shared/histogram.ts';
import type { LinkClocks } from '../../src/shared/linkView.ts';
import type { SliceRange, SlicesFrame } from '../../src/shared/slices.ts';
import { applyDelta, type Snapshot } from '../../src/shared/snapshot.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { FakeNet } from '../support/fakeNet.ts';
import { engineConfig, linkConfig } from '../support/linkConfig.ts';
import { realPorts } from '../support/realPorts.ts';

let end: () => Promise<void> = async () => undefined;
afterEach(() => end());

/** The real engine with one link that pings every second, on a fake clock and a fake network. */
async function rig() {
  const clock = new FakeClock();
  const net = new FakeNet();
  const wall = { offsetMs: 0 };
  const ticking: Clock = {
    now: () => clock.now(),
    wall: () => (clock.wall() + wall.offsetMs) as ReturnType<FakeClock['wall']>,
    at: (at, run) => clock.at(at, run),
    about: (at, run) => clock.about(at, run),
    sharp: (at, run) => clock.sharp(at, run),
    afterInput: (run) => clock.afterInput(run),
  };
  const engine = new Engine(realPorts({ clock: ticking, random: () => 0.5, dial: net.dial }));
  const links = (...names: string[]) =>
    engine.configure(engineConfig(names.map((name) => linkConfig({ name, policy: { pingIntervalMs: 1000 } }))));
  end = async () => {
    const ended = engine.shutdown(null);
    await clock.advance(2000);
    await ended;
    for (const socket of net.open) socket.isCut = true;
  };
  await links('venue');
  net.newest.open();
  const answered = new Map<unknown, number>();
  return {
    clock,
    net,
    wall,
    engine,
    links,
    /** Lets time pass; every ping is answered after `rttMs`. */
    answering: async (ms: number, rttMs = 4): Promise<void> => {
      for (let passed = 0; passed < ms; passed += rttMs) {
        await clock.advance(rttMs);
        if (net.newest.pingCount > (answered.get(net.newest) ?? 0)) {
          await clock.advance(rttMs);
          passed += rttMs;
          net.newest.answer();
          answered.set(net.newest, net.newest.pingCount);
        }
      }
    },
    read: (range: SliceRange, link = 'venue') => {
      const frames: SlicesFrame[] = [];
      const stop = engine.slices({ link, range }, (frame) => frames.push(frame));
      return { frames, stop };
    },
  };
}

const samplesOf = (frame: SlicesFrame | undefined): number =>
  (frame?.slices ?? []).reduce((sum, { rtt }) => sum + (rtt === null ? 0 : Histogram.decode(rtt).count), 0);

it('[D2] a reader gets its range whole, then once a second only what is new or has changed', async () => {
  const { answering, read, clock } = await rig();
  await answering(30_000);
  const { frames, stop } = read('5m');
  expect(frames).toHaveLength(1);
  expect(frames[0]?.kind).toBe('whole');
  const whole = frames[0]?.slices ?? [];
  expect(samplesOf(frames[0])).toBeGreaterThan(20);
  for (const [i, slice] of whole.entries()) {
    if (i > 0) expect(slice.from - (whole[i - 1]?.from ?? 0)).toBe(5000);
  }
  expect(frames[0]?.until).toBe(clock.wall());
  await answering(12_000);
  const news = frames.slice(1);
  expect(news.length).toBeGreaterThanOrEqual(11);
  expect(news.every((frame) => frame.kind === 'news' && frame.slices.length <= 2)).toBe(true);
  // Put together by their times they are what a newcomer is told now.
  const byFrom = new Map(frames.flatMap((frame) => frame.slices.map((slice) => [slice.from, slice] as const)));
  const newcomer = read('5m');
  const told = newcomer.frames[0]?.slices.slice(0, -1);
  expect(told).toEqual([...byFrom.values()].slice(0, told?.length));
  newcomer.stop();
  stop();
  stop();
  await answering(3_000);
  expect(frames).toHaveLength(news.length + 1);
});

it('[H6] a stall of this machine is in the slices that it lasted through, and what was measured across it is not', async () => {
  const { answering, read, clock, net } = await rig();
  await answering(25_000);
  const { frames, stop } = read('1m');
  const before = net.newest.pingCount;
  while (net.newest.pingCount === before) await clock.advance(4);
  const samples = samplesOf(frames[0]);
  clock.sleep(2_400);
  net.newest.answer();
  await clock.advance(1_100);
  const late = frames.slice(1).flatMap(({ slices }) => slices.filter(({ loopMaxMs }) => loopMaxMs > 1000));
  expect(new Set(late.map(({ from }) => Math.floor(from / 1000))).size).toBeGreaterThanOrEqual(2);
  const all = new Map(frames.flatMap((frame) => frame.slices.map((slice) => [slice.from, slice] as const)));
  const stalled = [...all.values()].reduce((sum, slice) => sum + slice.stalledSamples, 0);
  expect(stalled).toBe(1);
  const counted = [...all.values()].reduce((sum, { rtt }) => sum + (rtt === null ? 0 : Histogram.decode(rtt).count), 0);
  expect(counted - samples).toBeLessThanOrEqual(2);
  stop();
});

it('[D2] a link that is unknown, removed while it is read or made anew harms nobody', async () => {
  const { answering, read, links, net } = await rig();
  const nobody = read('1h', '__proto__');
  await answering(5_000);
  const { frames, stop } = read('1m');
  await links();
  const held = frames.length;
  await answering(3_000);
  expect(frames).toHaveLength(held);
  await links('venue');
  net.newest.open();
  await answering(3_000);
  expect(frames.slice(held)[0]?.kind).toBe('whole');
  expect(samplesOf(frames.slice(held)[0])).toBeLessThan(3);
  expect(nobody.frames).toEqual([]);
  stop();
  nobody.stop();
});

it('[D2] a clock that is put forward leaves the past where it was, one that is put back moves it and tells it whole', async () => {
  const { answering, read, wall } = await rig();
  await answering(10_000);
  const { frames, stop } = read('1m');
  const past = frames[0]?.slices[3]?.from ?? 0;
  wall.offsetMs += 3_600_000;
  await answering(2_000);
  expect(frames.slice(1).every(({ kind }) => kind === 'news')).toBe(true);
  expect(read('1m').frames[0]?.slices[3]?.from).toBe(past);
  const count = frames.length;
  wall.offsetMs -= 7_200_000;
  await answering(2_000);
  expect(frames[count]?.kind).toBe('whole');
  const froms = frames[count]?.slices.map(({ from }) => from) ?? [];
  expect(froms).toEqual([...froms].sort((a, b) => a - b));
  expect(froms.at(-1)).toBeLessThan(past);
  stop();
});

it('[L5] whoever looks at one link is told its clocks four times a second while something comes, and not while nothing does', async () => {
  const { clock, net, engine } = await rig();
  await clock.advance(100);
  const told: LinkClocks[] = [];
  const stop = engine.clocks({ link: 'venue' }, (clocks) => told.push(clocks));
  expect(told).toHaveLength(1);
  for (let i = 0; i < 20; i += 1) {
    await clock.advance(50);
    net.newest.text('{"price":1}');
  }
  await clock.advance(250);
  expect(told).toHaveLength(6);
  const last = told.at(-1)?.dataAt ?? 0;
  expect(clock.now() - last).toBeLessThanOrEqual(250);
  await clock.advance(500);
  expect(told).toHaveLength(6);
  net.newest.end({ kind: 'cut', code: 'ECONNRESET' });
  await clock.advance(250);
  // Without a socket they go on from the last one.
  expect(told).toHaveLength(6);
  expect(told.at(-1)?.dataAt).toBe(last);
  net.newest.open();
  net.newest.text('{"price":2}');
  await clock.advance(250);
  expect(told).toHaveLength(7);
  expect(told.at(-1)?.dataAt).toBeGreaterThan(last);
  stop();
  net.newest.text('{"price":3}');
  await clock.advance(5000);
  expect(told).toHaveLength(7);
});

it('[D1] of a healthy link that messages come to, each frame has the clocks and counts of now, and the rest of it within a second', async () => {
  const { clock, net, engine, answering } = await rig();
  await answering(12_000);
  let seen: Snapshot | null = null;
  const stop = engine.snapshots(null, (frame) => {
    seen = frame.kind === 'whole' ? frame.snapshot : seen && applyDelta(seen, frame.delta);
  });
  const view = () => (seen as Snapshot | null)?.links['venue'];
  expect(view()?.health.level).toBe('healthy');
  let sent = view()?.counters.messages ?? 0;
  const upMs: number[] = [];
  let answered = net.newest.pingCount;
  for (let i = 0; i < 80; i += 1) {
    await clock.advance(20);
    net.newest.text('{"price":1}');
    sent += 1;
    if (net.newest.pingCount > answered) net.newest.answer();
    answered = net.newest.pingCount;
    await clock.advance(30);
    if (i % 5 !== 4) continue;
    // A frame has gone out within the last 50 ms, or goes out with this moment.
    expect(sent - (view()?.counters.messages ?? 0)).toBeLessThanOrEqual(5);
    expect(clock.now() - (view()?.clocks.dataAt ?? 0)).toBeLessThanOrEqual(300);
    upMs.push(view()?.uptime.upMs ?? 0);
  }
  expect((upMs.at(-1) ?? 0) - (upMs[0] ?? 0)).toBeGreaterThan(2_000);
  stop();
});

it('[D1] data that end a complaint are seen to end it in the next frame', async () => {
  const { clock, net, engine, answering } = await rig();
  const policy = { pingIntervalMs: 1000, dataNoticeMs: 60_000 };
  await engine.configure(engineConfig([linkConfig({ name: 'venue', expectsData: true, policy })]));
  await answering(12_000);
  net.newest.text('{"price":1}');
  let seen: Snapshot | null = null;
  const stop = engine.snapshots(null, (frame) => {
    seen = frame.kind === 'whole' ? frame.snapshot : seen && applyDelta(seen, frame.delta);
  });
  const health = () => (seen as Snapshot | null)?.links['venue']?.health.level;
  await answering(70_300);
  expect(health()).toBe('degraded');
  net.newest.text('{"price":2}');
  await clock.advance(260);
  expect(health()).toBe('healthy');
  stop();
});
