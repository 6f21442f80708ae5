import type { ControlFrame, ControlUpdate } from '../../src/shared/controlFrame.ts';
import { wallMs } from '../../src/shared/units.ts';
import { type FakeWall, realWall } from './fakeTime.ts';

/** The control exchanges of made-up links: twenty to begin with, and what a test adds. */
export class FakeControl {
  readonly #wall: FakeWall;
  readonly #frames = new Map<string, ControlFrame[]>();
  readonly #readers = new Set<{ readonly link: string; readonly tell: (update: ControlUpdate) => void }>();

  constructor(wall: FakeWall = realWall) {
    this.#wall = wall;
  }

  follow(link: string, tell: (update: ControlUpdate) => void): () => void {
    const reader = { link, tell };
    this.#readers.add(reader);
    tell({ kind: 'whole', frames: this.#of(link).slice(-200) });
    return () => void this.#readers.delete(reader);
  }

  add(link: string, change: Partial<ControlFrame>): void {
    const frames = this.#of(link);
    const frame = controlFrame(frames.length + 1, { wall: this.#wall(), ...change });
    frames.push(frame);
    for (const reader of this.#readers) if (reader.link === link) reader.tell({ kind: 'more', frames: [frame] });
  }

  /** As after a restart of the host: the numbers begin anew, and every page is told the whole. */
  restart(link: string): void {
    this.#frames.delete(link);
    for (const reader of this.#readers) {
      if (reader.link === link) reader.tell({ kind: 'whole', frames: this.#of(link).slice(-200) });
    }
  }

  #of(link: string): ControlFrame[] {
    const known = this.#frames.get(link);
    if (known !== undefined) return known;
    const made = OPENING.map((change, i) =>
      controlFrame(i + 1, { wall: wallMs(this.#wall() - (OPENING.length - i) * 500), ...change }),
    );
    this.#frames.set(link, made);
    return made;
  }
}

export function controlFrame(seq: number, change: Partial<ControlFrame> = {}): ControlFrame {
  const bytes = change.bytes ?? '';
  return {
    seq,
    wall: wallMs(1_763_000_000_000 + seq * 250),
    generation: 2,
    direction: 'sent',
    kind: 'ping',
    carrier: 'message',
    bytes,
    size: bytes.length,
    rttMs: null,
    notes: [],
    count: 1,
    ...change,
  };
}

const received = { direction: 'received' } as const;
const PINGS: readonly Partial<ControlFrame>[] = Array.from({ length: 6 }, (_, i) => [
  { bytes: `{"op":"ping","id":${i + 4}}` },
  { ...received, kind: 'pong' as const, bytes: `{"op":"pong","id":${i + 4}}`, rttMs: 4.21 + i / 10 },
]).flat();

const OPENING: readonly Partial<ControlFrame>[] = [
  { generation: 1, ...received, kind: 'close', carrier: 'protocol', bytes: '\u0003\u00f4service restart', size: 17 },
  { kind: 'login', bytes: '{"op":"login","key":"{secret:DEMO_KEY}"}' },
  { kind: 'subscribe', bytes: '{"op":"sub","s":"BTC-USD","id":2}' },
  { ...received, kind: 'ack', bytes: '{"op":"subscribed","id":2}' },
  { ...received, kind: 'refusal', bytes: '{"op":"error","id":3,"msg":"no such symbol"}' },
  ...PINGS,
  { ...received, kind: 'heartbeat', bytes: '{"op":"heartbeat"}', count: 41 },
  { ...received, kind: 'ping', carrier: 'protocol', bytes: 'a\u0000b\n\u00ff', size: 5 },
  { kind: 'pong', carrier: 'protocol', bytes: 'a\u0000b\n\u00ff', size: 5 },
  { ...received, kind: 'pong', bytes: '{"op":"pong","id":99}', notes: ['foreign'] },
  { ...received, kind: 'pong', bytes: '{"op":"pong","id":10}', rttMs: 90_000, notes: ['late', 'stalled'] },
];
