import { SliceLog } from '../../src/main/engine/link/sliceLog.ts';
import { SliceFeed, SliceMachine } from '../../src/main/engine/sliceFeed.ts';
import type { SliceRange, SlicesFrame } from '../../src/shared/slices.ts';
import { type MonoMs, monoMs, type WallMs, wallMs } from '../../src/shared/units.ts';
import type { FakeLink } from './fakeLinks.ts';

const PAST_MS = 3_900_000;
const STALL_AGO_MS = 100_000;

/** Slices of made-up links by the engine's own books: an hour and five minutes of past, and what is added each second. */
export class FakeSlices {
  #machine: SliceMachine;
  readonly #logs = new Map<string, SliceLog>();
  readonly #random: () => number;
  readonly #readers = new Set<() => void>();
  readonly #wall: () => WallMs;
  readonly #now: () => MonoMs;
  #hump = 1;

  constructor(now: () => MonoMs, wall: () => WallMs, random: () => number) {
    this.#now = now;
    this.#wall = wall;
    this.#random = random;
    this.#machine = new SliceMachine(monoMs(now() - PAST_MS), wallMs(wall() - PAST_MS));
  }

  /** `downFromAgoMs` to `downToAgoMs` nothing was measured. */
  makePast(link: FakeLink, downFromAgoMs: number, downToAgoMs: number): void {
    const log = new SliceLog();
    this.#logs.set(link.spec.name, log);
    const now = this.#now();
    for (let agoMs = PAST_MS; agoMs > 0; agoMs -= 1000) {
      const wasDown = agoMs <= downFromAgoMs && agoMs > downToAgoMs;
      const isDown = !link.open && agoMs < 120_000;
      if (!wasDown && !isDown) this.#measure(link, monoMs(now - agoMs), agoMs);
    }
  }

  /** As after a restart of the engine, whose clock begins anew: nothing is known of before. */
  restart(): void {
    this.#machine = new SliceMachine(this.#now(), this.#wall());
    for (const name of this.#logs.keys()) this.#logs.set(name, new SliceLog());
  }

  second(links: readonly FakeLink[]): void {
    const now = this.#now();
    this.#machine.lateness.note(monoMs(now - 0.3 - this.#random()), now);
    for (const link of links) if (link.open) this.#measure(link, now, 0);
    for (const read of this.#readers) read();
  }

  follow(input: { link: string; range: SliceRange }, onValue: (frame: SlicesFrame) => void): () => void {
    let machine = this.#machine;
    let feed = new SliceFeed(input.range, machine);
    const read = (): void => {
      if (machine !== this.#machine) {
        machine = this.#machine;
        feed = new SliceFeed(input.range, machine);
      }
      const log = this.#logs.get(input.link);
      if (log !== undefined) onValue(feed.frame(log, this.#now(), this.#wall()));
    };
    this.#readers.add(read);
    read();
    return () => this.#readers.delete(read);
  }

  /** One second of one link: a measurement most of the time, and what the frames said of the feed. */
  #measure({ spec }: FakeLink, at: MonoMs, agoMs: number): void {
    const log = this.#logs.get(spec.name);
    if (log === undefined || spec.ping === 'none' || spec.state === 'paused') return;
    if (this.#random() < 0.004) this.#hump = 1.3 + 1.5 * this.#random();
    this.#hump = 1 + (this.#hump - 1) * 0.99;
    const stall = agoMs > STALL_AGO_MS - 2500 && agoMs <= STALL_AGO_MS;
    if (stall) this.#machine.lateness.note(monoMs(at - 180), at);
    else this.#machine.lateness.note(monoMs(at - 0.2 - this.#random()), at);
    const tail = this.#random() < 0.012 ? 1.5 + 8 * this.#random() : 1;
    const ms = spec.rttMs * this.#hump * (0.92 + 0.16 * this.#random() + 0.3 * this.#random() ** 4) * tail;
    if (stall) log.addStalled(at);
    else if (this.#random() < 0.6) log.add(ms * 1000, at);
    if (spec.lagMs === undefined) return;
    const medianMs = spec.lagMs + 3 * this.#random();
    log.addLag({ medianMs, maxMs: medianMs + 9 * this.#random(), samples: 20 }, at);
  }
}
