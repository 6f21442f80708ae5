import { deflateRawSync, inflateRawSync } from 'node:zlib';
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

/** Exchanges of one page. */
const PAGE_ROWS = 40;
const FIRST_PAGE_BYTES = 512;
/** A page is small: as well packed as with zlib's 256 kB of working memory, in less time. */
const PACKING = { level: 1, windowBits: 12, memLevel: 5 } as const;

/**
 * The last exchanges of one link, in little room: packed into a page, and a full page deflated, for venues say much the
 * same each time. 200 pings and pongs take 3 to 10 kB, where an object each would take 40.
 */
export class ControlRing {
  /** Full pages, oldest first. */
  #full: readonly Buffer[] = [];
  #page = Buffer.alloc(0);
  #until = 0;
  #newestAt = 0;
  #rows = 0;
  #seq = 0;

  /** The number of the newest exchange; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  /** Of memory. */
  get sizeBytes(): number {
    return this.#full.reduce((sum, page) => sum + page.buffer.byteLength, this.#page.buffer.byteLength);
  }

  get newest(): ControlFrame | null {
    return this.#rows === 0 ? null : readRow(this.#page, this.#newestAt, this.#seq);
  }

  add(row: ControlRow): void {
    if (this.#rows === PAGE_ROWS) this.#turn();
    this.#makeRoom(HEAD_BYTES + row.bytes.length);
    this.#newestAt = this.#until;
    writeHead(this.#page, this.#newestAt, row, row.bytes.length);
    row.bytes.copy(this.#page, this.#newestAt + HEAD_BYTES);
    this.#until += HEAD_BYTES + row.bytes.length;
    this.#rows += 1;
    this.#seq += 1;
  }

  /** Changes what is known of the newest one; its bytes stay. */
  amend(change: Partial<Pick<ControlFrame, 'wall' | 'rttMs' | 'notes' | 'count'>>): void {
    const { newest } = this;
    if (newest !== null) writeHead(this.#page, this.#newestAt, { ...newest, ...change }, newest.bytes.length);
  }

  /** From that number on, or from the oldest that is still known; oldest first. */
  since(seq: number): readonly ControlFrame[] {
    const from = Math.max(seq, this.#seq - CONTROL_KEPT + 1);
    const pages = [...this.#full, this.#page.subarray(0, this.#until)];
    const frames: ControlFrame[] = [];
    for (const [index, page] of pages.entries()) {
      const before = this.#seq - this.#rows - (this.#full.length - index) * PAGE_ROWS;
      const isOpen = index === this.#full.length;
      if (!isOpen && before + PAGE_ROWS < from) continue;
      frames.push(...readPage(isOpen ? page : inflateRawSync(page), before));
    }
    return frames.filter((frame) => frame.seq >= from);
  }

  /** The page is full: it is put away, and the oldest one is forgotten. */
  #turn(): void {
    const full = ownBytes(deflateRawSync(this.#page.subarray(0, this.#until), PACKING));
    this.#full = [...this.#full, full].slice(-CONTROL_KEPT / PAGE_ROWS);
    this.#until = 0;
    this.#rows = 0;
  }

  #makeRoom(neededBytes: number): void {
    const wanted = this.#until + neededBytes;
    if (wanted <= this.#page.length) return;
    const room = Buffer.alloc(Math.max(FIRST_PAGE_BYTES, Math.ceil(wanted * 1.25)));
    this.#page.copy(room, 0, 0, this.#until);
    this.#page = room;
  }
}

/** What zlib returns is the beginning of 16 kB, all of which it would hold. */
function ownBytes(bytes: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}

function readPage(page: Buffer, before: number): readonly ControlFrame[] {
  const frames: ControlFrame[] = [];
  let seq = before;
  for (let at = 0; at < page.length; at += HEAD_BYTES + page.readUInt8(at + LENGTH)) {
    seq += 1;
    frames.push(readRow(page, at, seq));
  }
  return frames;
}

function writeHead(page: Buffer, at: number, row: Omit<ControlRow, 'bytes'>, length: number): void {
  page.writeDoubleLE(row.wall, at + WALL);
  page.writeUInt32LE(row.rttMs === null ? UNMEASURED : capped(row.rttMs * 1000), at + RTT);
  page.writeUInt32LE(capped(row.generation), at + GENERATION);
  page.writeUInt32LE(capped(row.size), at + SIZE);
  page.writeUInt32LE(capped(row.count), at + COUNT);
  page.writeUInt8(CONTROL_KINDS.indexOf(row.kind), at + KIND);
  page.writeUInt8((row.direction === 'received' ? RECEIVED : 0) | (CARRIERS.indexOf(row.carrier) << 1), at + FLAGS);
  page.writeUInt8(
    CONTROL_NOTES.reduce((set, note, bit) => set | (row.notes.includes(note) ? 1 << bit : 0), 0),
    at + NOTES,
  );
  page.writeUInt8(length, at + LENGTH);
}

function readRow(page: Buffer, at: number, seq: number): ControlFrame {
  const rtt = page.readUInt32LE(at + RTT);
  const flags = page.readUInt8(at + FLAGS);
  const notes = page.readUInt8(at + NOTES);
  const from = at + HEAD_BYTES;
  return {
    seq,
    wall: wallMs(page.readDoubleLE(at + WALL)),
    generation: page.readUInt32LE(at + GENERATION),
    direction: (flags & RECEIVED) === RECEIVED ? 'received' : 'sent',
    kind: CONTROL_KINDS[page.readUInt8(at + KIND)] ?? 'message',
    carrier: CARRIERS[flags >> 1] ?? 'message',
    bytes: page.toString('latin1', from, from + page.readUInt8(at + LENGTH)),
    size: page.readUInt32LE(at + SIZE),
    rttMs: rtt === UNMEASURED ? null : rtt / 1000,
    notes: CONTROL_NOTES.filter((_, bit) => (notes & (1 << bit)) !== 0),
    count: page.readUInt32LE(at + COUNT),
  };
}

const capped = (value: number): number => Math.min(UNMEASURED - 1, Math.max(0, Math.round(value)));
