import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Dialect } from '../../src/main/engine/link/dialect.ts';
import type { LinkConfig } from '../../src/shared/engineConfig.ts';
import type { Preset } from '../../src/shared/preset.ts';
import { type CaptureLine, readCapture } from '../presets/capture.ts';
import { presetOf } from '../presets/former.ts';
import { linkConfig } from '../support/linkConfig.ts';
import { countersOf, type Frame, framesOf, rawSubscriptions, replay, textOf, toldOf } from './replay.ts';
import { GymRig } from './rig.ts';
import { GymVenue } from './venue.ts';

/** Recorded traffic of twelve venues through real sockets, at its recorded pace and with the default policy. */
const excerpts = fileURLToPath(new URL('../fixtures/captures/', import.meta.url));
const recordings = fileURLToPath(new URL('../../../shared/captures/', import.meta.url));

interface Recording {
  readonly name: string;
  readonly preset: string;
  readonly file: string;
  /** The venue sends heartbeats, or pings that want an answer, within the recording. */
  readonly beats: boolean;
}

const RECORDINGS: readonly Recording[] = [
  { name: 'ascendex', preset: 'ascendex', file: 'ascendex/ASCENDEX.ws.1.0', beats: true },
  { name: 'ascendex_futures', preset: 'ascendex', file: 'ascendex/ASCENDEX_FUTURES.ws.1.0', beats: true },
  { name: 'binance_spot', preset: 'binance_spot', file: 'binance_spot/BINANCE.ws.1.0', beats: false },
  { name: 'bitfinex', preset: 'bitfinex_v2', file: 'bitfinex/BITFINEX.ws.11.0', beats: true },
  { name: 'deribit', preset: 'deribit_v2', file: 'deribit/DERIBIT.ws.1.0', beats: false },
  { name: 'dydx_v3', preset: 'dydx_v3', file: 'dydx_v3/DYDX.ws.1.0', beats: false },
  { name: 'gemini_v2', preset: 'gemini_v2_md', file: 'gemini_v2/GEMINI.ws.1.0', beats: true },
  { name: 'htx', preset: 'htx', file: 'htx/HUOBI.ws.44.0', beats: true },
  { name: 'kraken_v1', preset: 'kraken_v1', file: 'kraken_v1/KRAKEN.ws.50.0', beats: true },
  { name: 'kucoin', preset: 'kucoin', file: 'kucoin/KUCOIN.ws.1.0', beats: false },
  { name: 'okx', preset: 'okx_v5', file: 'okx/OKX.ws.1.0', beats: false },
  { name: 'upbit', preset: 'upbit', file: 'upbit/UPBIT.ws.62.0', beats: false },
];

let rig: GymRig;
let venue: GymVenue;

beforeEach(async () => {
  rig = new GymRig();
  venue = await GymVenue.open();
});
afterEach(async () => {
  await rig.stop();
  await venue.close();
});

const excerptOf = ({ name }: Recording): CaptureLine[] => readCapture(readFileSync(`${excerpts}${name}.txt`, 'utf8'));

function linkTo(preset: Preset, subscriptions: LinkConfig['subscriptions']): LinkConfig {
  return linkConfig({ url: venue.url, dialUrl: venue.url, preset, subscriptions, expectsData: true });
}

/** Plays all frames, and a little of the time behind the last one. */
async function played(preset: Preset, frames: readonly Frame[], subscriptions: LinkConfig['subscriptions']) {
  const progress = replay(rig, venue, frames, preset);
  await rig.run(linkTo(preset, subscriptions));
  await rig.until(() => progress.left <= 0, 'all frames', 120_000);
  await rig.pass(300);
}

function expectNoAlarm(): void {
  expect(rig.causes()).toEqual([]);
  expect(rig.states()).toEqual(['connecting', 'restoring', 'up']);
  expect(rig.happenings('gap')).toEqual([]);
  expect(rig.happenings('quiet')).toEqual([]);
  expect(rig.happenings('alarm')).toEqual([]);
  expect(rig.happenings('notice')).toEqual([]);
  expect(rig.happenings('pong-missed')).toEqual([]);
  expect(venue.guests).toHaveLength(1);
}

/** Every frame was counted, each clock that can move has moved, and the venue's pings got the recorded answers. */
function expectMoved({ beats }: Recording, lines: readonly CaptureLine[], preset: Preset, frames: number): void {
  const { clocks, counters, about } = rig.link();
  const answers = lines.flatMap(({ direction, payload }) =>
    direction === 'out' && String(payload).includes('pong') ? [String(payload)] : [],
  );
  expect(venue.newest.received.filter((text) => text.includes('pong'))).toEqual(answers);
  expect(counters.venuePings).toBe(answers.length);
  const pongs = preset.ping.kind === 'json' || preset.ping.kind === 'text' ? counters.pongs : 0;
  expect(counters.messages).toBe(frames + pongs);
  expect(counters.dataMessages).toBeGreaterThan(0);
  expect(clocks.dataAt).not.toBeNull();
  expect(clocks.heartbeatAt !== null).toBe(beats);
  if (preset.ping.kind !== 'none') expect(counters.pongs).toBeGreaterThan(0);
  expect(counters.foreignPongs).toBe(0);
  expect(about.generation).toBe(1);
}

describe('excerpts of recordings', () => {
  it.each(RECORDINGS)('[L20] the excerpt of $name passes without a false alarm', async (one) => {
    const lines = excerptOf(one);
    // Pauses in which frames were left out are cut short, so the venue's own time means nothing here.
    const preset: Preset = { ...presetOf(one.preset), event_time: undefined, token: undefined };
    const frames = framesOf(lines, 500);
    const raw = rawSubscriptions(lines, preset);
    const inUrl = countersOf(frames, preset).map((subscription) => ({ ...subscription, sequence: null }));
    // Two: an excerpt is over before the venue's limit would let all of them out.
    await played(preset, frames, (raw.length > 0 ? raw : inUrl).slice(0, 2));
    expectNoAlarm();
    expectMoved(one, lines, preset, frames.length);
  });

  it('[L20] streams that the address names need no subscription: Binance, nothing wanted, and data come', async () => {
    const [one] = RECORDINGS.filter(({ name }) => name === 'binance_spot');
    if (one === undefined) throw new Error('no recording');
    const preset: Preset = { ...presetOf(one.preset), event_time: undefined, token: undefined };
    await played(preset, framesOf(excerptOf(one), 500), []);
    expect(rig.link().counters.dataMessages).toBeGreaterThan(0);
    expectNoAlarm();
  });
});

describe.runIf(existsSync(recordings))('whole recordings', () => {
  async function whole(one: Recording): Promise<void> {
    const lines = readCapture(readFileSync(recordings + one.file, 'utf8'));
    const preset: Preset = { ...presetOf(one.preset), token: undefined };
    const frames = framesOf(lines);
    await played(preset, frames, [...rawSubscriptions(lines, preset), ...countersOf(frames, preset)]);
    expectNoAlarm();
    expectMoved(one, lines, preset, frames.length);
    for (const { name, sequence } of rig.link().subscriptions) {
      if (sequence !== null) expect(sequence, name).toMatchObject({ missing: 0, duplicates: 0, resets: 0 });
    }
  }

  it.each(RECORDINGS)('[L20] the recorded time of $name passes without a false alarm', whole);
});

describe('what the preset can tell of a recording', () => {
  /** Bitfinex and Kraken v1 name the channel of their data by a number only, and Deribit's is of another speed. */
  const TOLD = RECORDINGS.filter(({ name }) => !['bitfinex', 'kraken_v1', 'deribit'].includes(name));

  it.each(TOLD)(
    '[L20] [L5] $name: exactly the frames of what is subscribed are data, and none comes twice',
    async (one) => {
      const lines = excerptOf(one);
      const preset: Preset = { ...presetOf(one.preset), event_time: undefined, token: undefined };
      const frames = framesOf(lines, 500);
      const found = Object.keys(preset.channels).flatMap((channel) => toldOf(frames, preset, channel));
      // Two: what else was recorded is of no subscription then.
      const wanted = found.slice(0, 2);
      expect(wanted).not.toEqual([]);
      await played(preset, frames, wanted);
      expectNoAlarm();
      const dialect = Dialect.of(preset);
      const own = frames
        .map((frame) => textOf(frame, preset))
        .filter((text) => {
          const isOwn = wanted.some(({ data }) => data.every((piece) => text.includes(piece)));
          return isOwn && dialect.kindOf(Buffer.from(text), { pongs: true, acks: true, inFull: true }).kind === 'data';
        });
      expect(rig.link().counters.dataMessages).toBe(own.length);
      for (const { name, dataAt } of rig.link().subscriptions) expect(dataAt, name).not.toBeNull();
    },
  );

  it.runIf(existsSync(recordings)).each(TOLD)(
    '[L20] [L5] $name: the whole recording, with all that it can tell, passes without a false alarm',
    async (one) => {
      const lines = readCapture(readFileSync(recordings + one.file, 'utf8'));
      const preset: Preset = { ...presetOf(one.preset), token: undefined };
      const frames = framesOf(lines);
      const wanted = Object.keys(preset.channels).flatMap((channel) => toldOf(frames, preset, channel));
      // All at once: it is over before the venue's limit would let them out.
      await played({ ...preset, limits: { ...preset.limits, messages: undefined } }, frames, wanted);
      expectNoAlarm();
      for (const { name, dataAt } of rig.link().subscriptions) expect(dataAt, name).not.toBeNull();
    },
  );
});

describe('Bitfinex, whose messages of all channels have one counter', () => {
  const [bitfinex] = RECORDINGS.filter(({ name }) => name === 'bitfinex');

  async function tampered(tamper: (frames: Frame[]) => void, heartbeats = false): Promise<void> {
    if (bitfinex === undefined) throw new Error('no recording');
    const lines = excerptOf(bitfinex);
    const preset = presetOf(bitfinex.preset);
    const all = framesOf(lines, 500);
    const frames = heartbeats ? all : withoutHeartbeats(all);
    tamper(frames);
    await played(preset, frames, [...rawSubscriptions(lines, preset), ...countersOf(frames, preset)]);
    await rig.pass(2_500);
  }

  /** The messages numbered anew, as if no heartbeat had been among them. */
  function withoutHeartbeats(frames: readonly Frame[]): Frame[] {
    let number = 0;
    return frames.flatMap(({ atMs, payload }) => {
      const text = String(payload);
      if (text.includes(',"hb"')) return [];
      if (!text.startsWith('[')) return [{ atMs, payload }];
      number += 1;
      return [{ atMs, payload: text.replace(/,\d+\]$/, `,${number}]`) }];
    });
  }

  /** The place of the n-th data frame. */
  const data = (frames: readonly Frame[], n: number): number =>
    frames.flatMap(({ payload }, index) => (String(payload).startsWith('[') ? [index] : []))[n] ?? -1;

  const counted = () => rig.link().subscriptions.find(({ sequence }) => sequence !== null)?.sequence;

  it('[L20] 17. near miss: heartbeats are numbered like data, and so nothing is missing', async () => {
    await tampered(() => undefined, true);
    expect(counted()).toMatchObject({ missing: 0, duplicates: 0 });
    expect(rig.causes()).not.toContain('sequence gap');
  });

  it('[L20] 17. near miss: every number came: no gap', async () => {
    await tampered(() => undefined);
    expect(counted()).toMatchObject({ missing: 0, duplicates: 0, reordered: 0 });
    expect(rig.causes()).toEqual([]);
  });

  it('[L20] 17. one frame left out is a sequence gap', async () => {
    await tampered((frames) => void frames.splice(data(frames, 20), 1));
    expect(rig.verdicts()).toMatchObject([{ cause: 'sequence gap', blame: 'venue', certainty: 'likely' }]);
    expect(await rig.happened('gap')).toMatchObject({ missing: 1 });
    expect(venue.guests).toHaveLength(1);
  });

  it('[L20] 13. one frame twice is a duplicate, and no gap', async () => {
    await tampered((frames) => {
      const at = data(frames, 20);
      frames.splice(at, 0, ...frames.slice(at, at + 1));
    });
    expect(rig.causes()).toEqual(['duplicate delivery']);
    expect(counted()).toMatchObject({ missing: 0, duplicates: 1 });
  });

  it('[L20] 17. two frames the other way round are neither', async () => {
    await tampered((frames) => {
      const at = data(frames, 20);
      const [one, two] = [frames[at], frames[at + 1]];
      if (one === undefined || two === undefined) throw new Error('no frames');
      frames[at] = { ...two, atMs: one.atMs };
      frames[at + 1] = { ...one, atMs: two.atMs };
    });
    expect(rig.causes()).toEqual([]);
    expect(counted()).toMatchObject({ missing: 0, duplicates: 0, reordered: 1 });
  });
});
