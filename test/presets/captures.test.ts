import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Dialect, type FrameKind, fill } from '../../src/main/engine/link/dialect.ts';
import { spanOf } from '../../src/main/engine/link/sequence.ts';
import { bytesOf, readCapture } from './capture.ts';
import { presetOf } from './former.ts';

const excerpts = fileURLToPath(new URL('../fixtures/captures/', import.meta.url));
const recordings = fileURLToPath(new URL('../../../shared/captures/', import.meta.url));

interface Counts {
  /** Frames in. */
  readonly frames: number;
  readonly acks: number;
  /** Heartbeats, or pings that the venue wants answered. */
  readonly beats: number;
  readonly greetings: number;
  /** Answers of the recorded client. */
  readonly pongs: number;
}

interface Recording {
  readonly name: string;
  readonly preset: string;
  /** The whole recording, in the folder of recordings. */
  readonly file: string;
  readonly excerpt: Counts;
  /** In the whole recording. `index.json` does not tell greetings, and takes AscendEX's acks for data. */
  readonly greetings: number;
  readonly acks?: number;
  /** The excerpt leaves nothing out between two numbers of its counter. */
  readonly unbroken?: true;
  /** Told from the parsed message, not from its bytes. */
  readonly isData: (message: Message) => boolean;
  /** Channel and symbol of a data message, where the preset has that channel. */
  readonly topic?: (message: Message) => readonly [channel: string, symbol: string] | null;
  /** The same for the numbers alone, where the recording is of another speed of the channel; `null`: it is older than them. */
  readonly numbered?: Recording['topic'] | null;
}

// biome-ignore lint/suspicious/noExplicitAny: parsed JSON of twelve venues, each of its own shape, read by one line of a table each
type Message = any;

const RECORDINGS: readonly Recording[] = [
  {
    name: 'ascendex',
    preset: 'ascendex',
    file: 'ascendex/ASCENDEX.ws.1.0',
    excerpt: { frames: 40, acks: 14, beats: 2, greetings: 1, pongs: 2 },
    greetings: 1,
    acks: 20,
    isData: ({ m }) => ['depth', 'depth-snapshot', 'trades'].includes(m),
    topic: ({ m, symbol }) => (m === 'depth-snapshot' ? null : [m, symbol]),
  },
  {
    name: 'ascendex_futures',
    preset: 'ascendex',
    file: 'ascendex/ASCENDEX_FUTURES.ws.1.0',
    excerpt: { frames: 33, acks: 14, beats: 2, greetings: 1, pongs: 2 },
    greetings: 1,
    acks: 20,
    isData: ({ m }) => ['depth', 'depth-snapshot', 'trades'].includes(m),
    topic: ({ m, symbol }) => (m === 'depth-snapshot' ? null : [m, symbol]),
  },
  {
    name: 'binance_spot',
    preset: 'binance_spot',
    file: 'binance_spot/BINANCE.ws.1.0',
    excerpt: { frames: 56, acks: 0, beats: 0, greetings: 0, pongs: 0 },
    greetings: 0,
    isData: ({ stream }) => stream !== undefined,
    topic: ({ stream }) => {
      const [symbol, channel] = stream.split('@');
      return channel === 'aggTrade' || channel === 'bookTicker' ? [channel, symbol] : null;
    },
  },
  {
    name: 'bitfinex',
    preset: 'bitfinex_v2',
    unbroken: true,
    file: 'bitfinex/BITFINEX.ws.11.0',
    excerpt: { frames: 83, acks: 15, beats: 21, greetings: 2, pongs: 0 },
    greetings: 2,
    isData: (message) => Array.isArray(message) && message[1] !== 'hb',
  },
  {
    name: 'deribit',
    preset: 'deribit_v2',
    file: 'deribit/DERIBIT.ws.1.0',
    excerpt: { frames: 15, acks: 1, beats: 0, greetings: 0, pongs: 0 },
    greetings: 0,
    isData: ({ method }) => method === 'subscription',
    numbered: ({ params }) => String(params.channel).split('.', 2) as [string, string],
  },
  {
    name: 'dydx_v3',
    preset: 'dydx_v3',
    file: 'dydx_v3/DYDX.ws.1.0',
    excerpt: { frames: 24, acks: 1, beats: 0, greetings: 1, pongs: 0 },
    greetings: 1,
    isData: ({ type }) => type === 'channel_data',
    topic: ({ channel, id }) => (channel === 'v3_trades' ? [channel, id] : null),
  },
  {
    name: 'gemini_v2',
    preset: 'gemini_v2_md',
    file: 'gemini_v2/GEMINI.ws.1.0',
    excerpt: { frames: 86, acks: 0, beats: 7, greetings: 0, pongs: 0 },
    greetings: 0,
    isData: ({ type }) => type === 'l2_updates' || type === 'trade',
    topic: ({ symbol }) => ['l2', symbol],
  },
  {
    name: 'htx',
    preset: 'htx',
    file: 'htx/HUOBI.ws.44.0',
    excerpt: { frames: 28, acks: 14, beats: 6, greetings: 0, pongs: 6 },
    greetings: 0,
    isData: ({ ch }) => ch !== undefined,
    topic: ({ ch }) => {
      const [, symbol, ...channel] = ch.split('.');
      return [channel.join('.'), symbol];
    },
  },
  {
    name: 'kraken_v1',
    preset: 'kraken_v1',
    file: 'kraken_v1/KRAKEN.ws.50.0',
    excerpt: { frames: 94, acks: 10, beats: 6, greetings: 1, pongs: 0 },
    greetings: 1,
    isData: (message) => Array.isArray(message),
  },
  {
    name: 'kucoin',
    preset: 'kucoin',
    file: 'kucoin/KUCOIN.ws.1.0',
    excerpt: { frames: 52, acks: 13, beats: 0, greetings: 1, pongs: 0 },
    greetings: 1,
    isData: ({ type }) => type === 'message',
    topic: ({ topic }) => {
      const [, channel, symbol] = /^\/market\/(\w+):(.*)$/.exec(topic) ?? [];
      return channel === 'level2' || channel === 'match' ? [channel, symbol ?? ''] : null;
    },
  },
  {
    name: 'okx',
    preset: 'okx_v5',
    file: 'okx/OKX.ws.1.0',
    excerpt: { frames: 32, acks: 17, beats: 0, greetings: 0, pongs: 0 },
    greetings: 0,
    isData: ({ data }) => data !== undefined,
    topic: ({ arg }) => (arg.channel === 'books' ? null : [arg.channel, arg.instId]),
    numbered: null,
  },
  {
    name: 'upbit',
    preset: 'upbit',
    file: 'upbit/UPBIT.ws.62.0',
    excerpt: { frames: 20, acks: 0, beats: 0, greetings: 0, pongs: 0 },
    greetings: 0,
    isData: ({ ty }) => ty === 'trade' || ty === 'orderbook',
    topic: ({ ty, cd }) => [ty, cd],
  },
];

const EVERYTHING = { pongs: true, acks: true, inFull: true };

interface Frame {
  readonly text: string;
  readonly kind: FrameKind;
}

/** What the dialect makes of every frame that came, and what the recorded client sent after each of the venue's pings. */
function read(recording: Recording, text: string) {
  const dialect = new Dialect(presetOf(recording.preset));
  const frames: Frame[] = [];
  const wanted: string[] = [];
  const sent: string[] = [];
  for (const { direction, payload, binary } of readCapture(text)) {
    if (direction === 'out' && String(payload).includes('pong')) sent.push(String(payload));
    if (direction !== 'in') continue;
    const packed = binary && dialect.preset.encoding === 'gzip';
    const bytes = packed ? gunzipSync(payload) : Buffer.from(payload);
    const kind = dialect.kindOf(bytes, EVERYTHING);
    frames.push({ text: bytes.toString('utf8'), kind });
    if (kind.kind === 'venue-ping' && kind.answer !== null) wanted.push(kind.answer);
  }
  return { frames, wanted, sent };
}

function check(recording: Recording, text: string, counts: Counts, whole: boolean): void {
  const { frames, wanted, sent } = read(recording, text);
  const count = (...kinds: string[]) => frames.filter(({ kind }) => kinds.includes(kind.kind)).length;
  expect({
    frames: frames.length,
    acks: count('ack'),
    beats: count('heartbeat', 'venue-ping'),
    greetings: count('greeting'),
    pongs: sent.length,
  }).toEqual(counts);
  // Byte for byte what the recorded client sent.
  expect(wanted).toEqual(sent);
  for (const { text: frame, kind } of frames) {
    expect(kind.kind === 'data', frame.slice(0, 120)).toBe(recording.isData(JSON.parse(frame)));
  }
  checkTopics(recording, frames);
  checkSequences(recording, frames, whole || recording.unbroken === true);
}

/** Each data frame holds the pieces of its own subscription, and those of no other that the recording has. */
function checkTopics({ preset, topic, isData }: Recording, frames: readonly Frame[]): void {
  if (topic === undefined) return;
  const { channels } = presetOf(preset);
  const messages = frames.map(({ text }) => ({ text, message: JSON.parse(text) })).filter((one) => isData(one.message));
  const topics = new Map(topicsOf(messages, topic));
  expect(topics.size).toBeGreaterThan(0);
  for (const { text, message } of messages) {
    const own = topic(message);
    const holders = [...topics.values()].filter(([channel, symbol]) => {
      const pieces = channels[channel]?.data ?? ['no such channel'];
      return pieces.every((piece) => text.includes(fill(piece, { channel, symbol })));
    });
    expect(holders, text.slice(0, 120)).toEqual(own === null ? [] : [own]);
  }
}

function topicsOf(
  messages: readonly { readonly message: Message }[],
  topic: NonNullable<Recording['topic']>,
): [string, readonly [string, string]][] {
  return messages.flatMap(({ message }) => {
    const own = topic(message);
    return own === null ? [] : [[own.join(':'), own] as [string, readonly [string, string]]];
  });
}

/** Numbers that a preset names do follow each other; where frames were left out they still rise. */
function checkSequences(recording: Recording, frames: readonly Frame[], unbroken: boolean): void {
  const { preset, numbered } = recording;
  const topic = numbered ?? recording.topic;
  const { channels } = presetOf(preset);
  const whole = Object.values(channels).every(({ data, sequence }) => data === undefined && sequence?.field === '-1');
  const last = new Map<string, bigint>();
  for (const { text, kind } of frames) {
    if (kind.kind !== 'data' && kind.kind !== 'heartbeat') continue;
    const message = JSON.parse(text);
    const own = kind.kind === 'data' && topic !== undefined ? topic(message) : null;
    const sequence = whole ? { field: '-1' } : own === null ? undefined : channels[own[0]]?.sequence;
    if (sequence === undefined || numbered === null) continue;
    const name = whole ? '' : (own ?? []).join(':');
    const span = spanOf(text, sequence);
    if (span === null) throw new Error(`no number in ${text}`);
    const before = last.get(name);
    if (before !== undefined && unbroken) expect(span.from, text.slice(0, 120)).toBe(before);
    if (before !== undefined) expect(span.to, text.slice(0, 120)).toBeGreaterThan(before);
    last.set(name, span.to);
  }
  if (numbered !== null && Object.values(channels).some(({ sequence }) => sequence !== undefined))
    expect(last.size).toBeGreaterThan(0);
}

describe('recordings of real traffic', () => {
  it.each(RECORDINGS)(
    '[L20] [C3] $name: each frame of the excerpt is what it is, and pings get the recorded answer',
    (one) => {
      check(one, readFileSync(`${excerpts}${one.name}.txt`, 'utf8'), one.excerpt, false);
    },
  );

  it.runIf(existsSync(recordings)).each(RECORDINGS)(
    '[L20] [C3] $name: the whole recording has as many acks, heartbeats and pongs as its index says',
    (one) => {
      const index: Message[] = JSON.parse(readFileSync(`${recordings}index.json`, 'utf8'));
      const entry = index.find(({ file }) => file === one.file);
      const beats = Object.values<number>(entry.heartbeats_in).reduce((sum, count) => sum + count, 0);
      check(
        one,
        readFileSync(recordings + one.file, 'utf8'),
        {
          frames: entry.frames_in,
          acks: one.acks ?? entry.acks_in,
          beats,
          greetings: one.greetings,
          pongs: entry.client_pongs_out,
        },
        true,
      );
    },
  );

  it('[C3] every recording of the folder is read', () => {
    if (!existsSync(recordings)) return expect(RECORDINGS).toHaveLength(12);
    const index: Message[] = JSON.parse(readFileSync(`${recordings}index.json`, 'utf8'));
    expect(RECORDINGS.map(({ file }) => file).sort()).toEqual(index.map(({ file }) => file).sort());
  });

  it('[L3] HTX pings come as gzip in binary frames, their answers go as plain text within a millisecond', () => {
    const lines = readCapture(readFileSync(`${excerpts}htx.txt`, 'utf8'));
    const pings = lines.flatMap(({ binary, payload, at }, index) => {
      const text = binary ? gunzipSync(payload).toString('utf8') : '';
      return text.startsWith('{"ping":') ? [{ text, at, next: lines[index + 1] }] : [];
    });
    expect(pings).toHaveLength(6);
    for (const { text, at, next } of pings) {
      expect(next).toMatchObject({ direction: 'out', binary: false, payload: text.replace('ping', 'pong') });
      expect((next?.at ?? 0) - at).toBeLessThan(0.001);
    }
  });
});

describe('readCapture', () => {
  it('[C3] tells the three kinds of lines, and text from bytes', () => {
    const text = [
      'wss://a/b?c=1:2 <-> 1.5',
      'wss://a/b?c=1:2 <- 2.25: {"op":"sub: <- 3"}',
      '3.125: {"a":": <- b\'x\'"}',
      "4: b'\\x1f\\x8b\\n\\'\"\\\\ a'",
      '5: b"it\'s"',
      '',
    ].join('\n');
    expect(readCapture(text)).toEqual([
      { at: 1.5, direction: 'open', payload: 'wss://a/b?c=1:2', binary: false },
      { at: 2.25, direction: 'out', payload: '{"op":"sub: <- 3"}', binary: false },
      { at: 3.125, direction: 'in', payload: '{"a":": <- b\'x\'"}', binary: false },
      { at: 4, direction: 'in', payload: Buffer.from('\x1f\x8b\n\'"\\ a', 'latin1'), binary: true },
      { at: 5, direction: 'in', payload: Buffer.from("it's"), binary: true },
    ]);
  });

  it.each(['hello', '1.5 {"a":1}', "1: b'\\q'", "1: b'\\xg0'", "1: b'é'"])(
    '[C3] %j is refused, not skipped',
    (line) => {
      expect(() => readCapture(line)).toThrow();
    },
  );

  it('[C3] knows the escapes of Python', () => {
    expect([...bytesOf('\\n\\r\\t\\x00\\xff\\\\\\\'\\"~')]).toEqual([10, 13, 9, 0, 255, 92, 39, 34, 126]);
  });
});
