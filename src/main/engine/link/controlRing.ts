import {
  CARRIERS,
  CONTROL_KEPT,
  CONTROL_KINDS,
  CONTROL_NOTES,
  type ControlFrame,
} from '../../../shared/controlFrame.ts';
import { wallMs } from '../../../shared/units.ts';

/** One exchange to be kept; its number follows from its place. */
export type ControlRow = Omit<ControlFrame, 'seq' | 'bytes'> & { readonly bytes: Buffer };

const WALL = 0;
const RTT = 8;
const GENERATION = 12;
const SIZE = 16;
const COUNT = 20;
const KIND = 24;
const FLAGS = 25;
const NOTES = 26;
const LENGTH = 27;
const HEAD_BYTES = 28;

const UNMEASURED = 0xffff_ffff;
const RECEIVED = 1;
const STEP_BYTES = 512;

/**
 * The last exchanges of one link, packed into one buffer that grows with what is in it: 200 short pings and pongs take
 * 7 KB, where an object each would take 40.
 */
export class ControlRing {
  #bytes = Buffer.alloc(0);
  #from = 0;
  #until = 0;
  #newestAt = 0;
  #rows = 0;
  #seq = 0;

  /** The number of the newest exchange; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  get newest(): ControlFrame | null {
    return this.#rows === 0 ? null : this.#read(this.#newestAt, this.#seq);
  }

  add(row: ControlRow): void {
    if (this.#rows === CONTROL_KEPT) {
      this.#from += this.#rowBytes(this.#from);
      this.#rows -= 1;
    }
    this.#makeRoom(HEAD_BYTES + row.bytes.length);
    this.#newestAt = this.#until;
    this.#write(this.#newestAt, row);
    row.bytes.copy(this.#bytes, this.#newestAt + HEAD_BYTES);
    this.#until += HEAD_BYTES + row.bytes.length;
    this.#rows += 1;
    this.#seq += 1;
  }

  /** Changes what is known of the newest one; its bytes stay. */
  amend(change: Partial<Pick<ControlFrame, 'wall' | 'rttMs' | 'notes' | 'count'>>): void {
    const { newest } = this;
    if (newest === null) return;
    const length = this.#bytes.readUInt8(this.#newestAt + LENGTH);
    this.#write(this.#newestAt, { ...newest, ...change, bytes: { length } });
  }

  /** From that number on, or from the oldest that is still known; oldest first. */
  since(seq: number): readonly ControlFrame[] {
    const frames: ControlFrame[] = [];
    let number = this.#seq - this.#rows;
    for (let at = this.#from; at < this.#until; at += this.#rowBytes(at)) {
      number += 1;
      if (number >= seq) frames.push(this.#read(at, number));
    }
    return frames;
  }

  #rowBytes(at: number): number {
    return HEAD_BYTES + this.#bytes.readUInt8(at + LENGTH);
  }

  /** Moves what is kept to the front; where little would be left over, to a larger buffer. */
  #makeRoom(neededBytes: number): void {
    if (this.#until + neededBytes <= this.#bytes.length) return;
    const kept = this.#bytes.subarray(this.#from, this.#until);
    const wanted = Math.ceil((kept.length + neededBytes) * 1.1);
    const room = wanted <= this.#bytes.length ? this.#bytes : Buffer.alloc(Math.ceil(wanted / STEP_BYTES) * STEP_BYTES);
    kept.copy(room);
    this.#until -= this.#from;
    this.#from = 0;
    this.#bytes = room;
  }

  #write(at: number, row: Omit<ControlRow, 'bytes'> & { readonly bytes: { readonly length: number } }): void {
    const bytes = this.#bytes;
    bytes.writeDoubleLE(row.wall, at + WALL);
    bytes.writeUInt32LE(row.rttMs === null ? UNMEASURED : capped(row.rttMs * 1000), at + RTT);
    bytes.writeUInt32LE(capped(row.generation), at + GENERATION);
    bytes.writeUInt32LE(capped(row.size), at + SIZE);
    bytes.writeUInt32LE(capped(row.count), at + COUNT);
    bytes.writeUInt8(CONTROL_KINDS.indexOf(row.kind), at + KIND);
    const direction = row.direction === 'received' ? RECEIVED : 0;
    bytes.writeUInt8(direction | (CARRIERS.indexOf(row.carrier) << 1), at + FLAGS);
    bytes.writeUInt8(
      CONTROL_NOTES.reduce((set, note, bit) => set | (row.notes.includes(note) ? 1 << bit : 0), 0),
      at + NOTES,
    );
    bytes.writeUInt8(row.bytes.length, at + LENGTH);
  }

  #read(at: number, seq: number): ControlFrame {
    const bytes = this.#bytes;
    const rtt = bytes.readUInt32LE(at + RTT);
    const flags = bytes.readUInt8(at + FLAGS);
    const notes = bytes.readUInt8(at + NOTES);
    return {
      seq,
      wall: wallMs(bytes.readDoubleLE(at + WALL)),
      generation: bytes.readUInt32LE(at + GENERATION),
      direction: (flags & RECEIVED) === RECEIVED ? 'received' : 'sent',
      kind: CONTROL_KINDS[bytes.readUInt8(at + KIND)] ?? 'message',
      carrier: CARRIERS[flags >> 1] ?? 'message',
      bytes: bytes.toString('latin1', at + HEAD_BYTES, at + this.#rowBytes(at)),
      size: bytes.readUInt32LE(at + SIZE),
      rttMs: rtt === UNMEASURED ? null : rtt / 1000,
      notes: CONTROL_NOTES.filter((_, bit) => (notes & (1 << bit)) !== 0),
      count: bytes.readUInt32LE(at + COUNT),
    };
  }
}

const capped = (value: number): number => Math.min(UNMEASURED - 1, Math.max(0, Math.round(value)));
