import {
  type Carrier,
  CONTROL_TEXT_BYTES,
  type ControlFrame,
  type ControlKind,
  type ControlNote,
} from '../../../shared/controlFrame.ts';
import { type DownReason, reasonText } from '../../../shared/linkState.ts';
import type { WallMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';
import { ControlRing, type ControlRow } from './controlRing.ts';

/** So much of an exchange is searched for secrets; all that is kept of it lies before. */
const LOOKED_AT_BYTES = 4096;

/** Pings whose entry may wait. Usually it is one: the next exchange is its pong. */
const MAX_JOTTED = 4;

type What = Pick<ControlRow, 'generation' | 'direction' | 'kind' | 'carrier'>;

/**
 * The last exchanges of one link that are no data, over all its sockets. Nothing in it has a secret in clear.
 *
 * A ping is only jotted down while its pong is under way: packing it would take as long as a near venue needs to answer,
 * and be measured with it.
 */
export class ControlLog {
  readonly #clock: Clock;
  /** The same text without secrets. */
  readonly clean: (text: string) => string;
  readonly #ring = new ControlRing();
  #jotted: { readonly what: What; readonly text: string; readonly wall: WallMs }[] = [];
  #revision = 0;

  constructor(parts: { clock: Clock; clean: (text: string) => string }) {
    this.#clock = parts.clock;
    this.clean = parts.clean;
  }

  /** Another number: something was added, or the newest has grown. */
  get revision(): number {
    return this.#revision;
  }

  /** The number of the newest exchange. */
  get seq(): number {
    return this.#ring.seq + this.#jotted.length;
  }

  get sizeBytes(): number {
    return this.#packed().sizeBytes;
  }

  since(seq: number): readonly ControlFrame[] {
    return this.#packed().since(seq);
  }

  /** `lines`: it speaks lines over TCP, and so has no control frames. */
  writer(generation: number, lines: boolean): ControlWriter {
    return new ControlWriter(generation, lines, this);
  }

  write(what: What, content: Buffer): void {
    this.#revision += 1;
    this.#pack(what, content, this.#clock.wall(), this.#packed());
  }

  /** Writes it down with the exchange after it, as of now. */
  jot(what: What, text: string): void {
    this.#revision += 1;
    if (this.#jotted.length === MAX_JOTTED) this.#packed();
    this.#jotted.push({ what, text, wall: this.#clock.wall() });
  }

  #packed(): ControlRing {
    const jotted = this.#jotted;
    if (jotted.length > 0) {
      this.#jotted = [];
      for (const { what, text, wall } of jotted) this.#pack(what, Buffer.from(text), wall, this.#ring);
    }
    return this.#ring;
  }

  #pack(what: What, content: Buffer, wall: WallMs, ring: ControlRing): void {
    const looked = content.subarray(0, LOOKED_AT_BYTES);
    const text = looked.toString('utf8');
    const clean = this.clean(text);
    const bytes = (clean === text ? looked : Buffer.from(clean)).subarray(0, CONTROL_TEXT_BYTES);
    ring.add({ ...what, wall, bytes, size: content.length, rttMs: null, notes: [], count: 1 });
  }

  /** True if it was the newest of that socket once more, and was only counted. */
  again(generation: number, kind: ControlKind): boolean {
    const { newest } = this.#packed();
    if (newest === null || newest.generation !== generation || newest.kind !== kind) return false;
    this.#revision += 1;
    this.#ring.amend({ wall: this.#clock.wall(), count: newest.count + 1 });
    return true;
  }

  /** What became of the pong that was just written. */
  judge(rttMs: number | null, notes: readonly ControlNote[]): void {
    this.#packed().amend({ rttMs, notes });
  }
}

/** The log from the side of one socket. */
export class ControlWriter {
  readonly #generation: number;
  readonly #usual: Carrier;
  readonly #log: ControlLog;

  constructor(generation: number, lines: boolean, log: ControlLog) {
    this.#generation = generation;
    this.#usual = lines ? 'line' : 'message';
    this.#log = log;
  }

  sent(kind: ControlKind, content: string | Buffer, carrier = this.#usual): void {
    this.#write('sent', kind, carrier, content);
  }

  pinged(text: string, carrier = this.#usual): void {
    this.#log.jot({ generation: this.#generation, direction: 'sent', kind: 'ping', carrier }, text);
  }

  received(kind: ControlKind, content: Buffer, carrier = this.#usual): void {
    this.#write('received', kind, carrier, content);
  }

  /** The same text without secrets. */
  clean(text: string): string {
    return this.#log.clean(text);
  }

  beat(frame: Buffer): void {
    if (!this.#log.again(this.#generation, 'heartbeat')) this.received('heartbeat', frame);
  }

  /** The pong that was received just now is ours. `null`: it cannot be told which ping it answers. */
  measured(rttMs: number | null, is: { readonly late: boolean; readonly stalled: boolean }): void {
    const notes = (['late', 'stalled'] as const).filter((note) => is[note]);
    this.#log.judge(rttMs, notes);
  }

  /** The pong that was received just now answers nothing. */
  foreign(): void {
    this.#log.judge(null, ['foreign']);
  }

  closing(code: number): void {
    if (this.#usual === 'line') this.cut('closed politely');
    else this.#write('sent', 'close', 'protocol', closeFrame(code, ''));
  }

  /** The other side ended the socket: by a close frame, or without a word. */
  ended(reason: DownReason): void {
    if (reason.kind === 'closed') this.#write('received', 'close', 'protocol', closeFrame(reason.code, reason.text));
    else this.#write('received', 'cut', 'none', reasonText(reason));
  }

  cut(why: string): void {
    this.#write('sent', 'cut', 'none', why);
  }

  #write(direction: ControlRow['direction'], kind: ControlKind, carrier: Carrier, content: string | Buffer): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.#log.write({ generation: this.#generation, direction, kind, carrier }, bytes);
  }
}

/** A close frame as it was on the wire: two bytes of code, then the text. 1005 is no code on the wire but the lack of one. */
function closeFrame(code: number, text: string): Buffer {
  return code === 1005 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(text)]);
}
