import type { LinkSubscription } from '../../../shared/engineConfig.ts';
import type { Sameness } from '../../../shared/freshness.ts';
import type { Preset, SequenceRule } from '../../../shared/preset.ts';
import type { SubscriptionView } from '../../../shared/subscriptionView.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Asked } from './asked.ts';
import { DataClocks } from './dataClocks.ts';
import { DataIndex, type Sought } from './dataIndex.ts';
import type { MessageMark } from './handover.ts';
import { jsonField } from './jsonField.ts';
import { Named } from './named.ts';
import { SequenceWatch, spanOf } from './sequence.ts';

export interface StreamListener {
  gap(name: string, missing: number): void;
  /** Whether marks are of use now. */
  proving(): boolean;
  /** A message that can be told from every other of its subscription. */
  marked(name: string, mark: MessageMark): void;
}

interface Watched extends Sought {
  readonly name: string;
  /** How its numbers are told, as a text: what was counted by another rule is no count of this one's. */
  readonly numbers: string;
  /** None: it numbers every message. */
  readonly pieces: readonly Buffer[];
  readonly rule: SequenceRule | null;
  readonly watch: SequenceWatch | null;
  /** Where the identity of a message stands; `null`: its number is its identity. */
  readonly identity: readonly string[] | null;
}

const NONE_WATCHED = new Named<Watched>([]);
const NO_INDEX = new DataIndex<Watched>([]);

/** What the subscriptions of one socket deliver: their own data clocks, and the numbers of those that are watched. */
export class StreamWatch {
  readonly #clocks: DataClocks;
  readonly #listener: StreamListener;
  #watched = NONE_WATCHED;
  /** Those whose numbers are watched. */
  #numbered = NO_INDEX;
  /** All that are watched, while an overlap is compared. */
  #compared: DataIndex<Watched> | null = null;
  #subscriptions: readonly LinkSubscription[] = [];
  /** When each stale subscription was subscribed anew, alone, once. */
  #retriedAt: Map<string, MonoMs> | null = null;

  constructor(subscriptions: readonly LinkSubscription[], preset: Preset, listener: StreamListener) {
    this.#clocks = new DataClocks(subscriptions, !preset.repeats);
    this.#listener = listener;
    this.change(subscriptions);
  }

  change(subscriptions: readonly LinkSubscription[]): void {
    this.#subscriptions = subscriptions;
    this.#clocks.change(subscriptions);
    const before = this.#watched;
    const watched = subscriptions.flatMap(({ name, symbol, data, sequence, identity }) => {
      if (sequence === null && identity === null) return [];
      const known = before.at(name);
      const numbers = JSON.stringify([data, sequence, identity]);
      if (known?.numbers === numbers) return [known];
      const pieces = sequence?.of_connection === true ? [] : data.map((piece) => Buffer.from(piece));
      const watch = sequence === null ? null : new SequenceWatch(sequence.previous === undefined);
      return [
        { name, symbol, numbers, pieces, rule: sequence, watch, identity: identity?.split('.') ?? null, frame: 0 },
      ];
    });
    this.#watched = watched.length === 0 ? NONE_WATCHED : new Named(watched);
    const numbered = watched.filter(({ watch }) => watch !== null);
    this.#numbered = numbered.length === 0 ? NO_INDEX : new DataIndex(numbered);
    this.#compared = null;
    this.#forgetRetries();
  }

  /** Something is subscribed, and each one's frames can be told: a frame of none of them is no data. */
  get tellsAll(): boolean {
    return this.#clocks.count > 0 && this.#clocks.count === this.#subscriptions.length;
  }

  /** Its data frames can be told from those of others. */
  isTold(name: string): boolean {
    return this.#clocks.at(name) !== undefined;
  }

  /** When its own data came last; `null`: none yet, or nobody can say. */
  dataAt(name: string): MonoMs | null {
    return this.#clocks.at(name) ?? null;
  }

  /** Silence of it that is unusual, ms; without end while too little of it has come to know that. */
  unusualMs(name: string): number {
    const silence = this.#clocks.silenceOf(name);
    return silence?.isKnown === true ? silence.unusualMs : Number.POSITIVE_INFINITY;
  }

  /** It was sent, perhaps again. */
  subscribed(name: string, now: MonoMs): void {
    this.#clocks.subscribed(name, now);
  }

  /** True once after data of a subscription have come for the first time since it was sent. */
  takeFirst(): boolean {
    return this.#clocks.takeFirst();
  }

  /** Which of them have brought the same frame again and again for longer than `noticeMs`. */
  sameness(now: MonoMs, noticeMs: number): Sameness {
    return this.#clocks.sameness(now, noticeMs);
  }

  /** Messages that came twice, by their identity, of the sample and of those whose numbers are not watched. */
  get twice(): number {
    return this.#clocks.twice;
  }

  /** A frame of the sample that may be data. True if it is of a subscription. */
  data(frame: Buffer, now: MonoMs): boolean {
    this.#numbers(frame, now);
    return this.#clocks.sampled(frame, now);
  }

  /**
   * A frame outside the sample. True if it is of a subscription of which something was due. Numbers are read from every
   * frame: a sample of them would be all gaps.
   */
  unread(frame: Buffer, now: MonoMs): boolean {
    this.#numbers(frame, now);
    return this.#clocks.count > 0 && this.#clocks.overdue(frame, now);
  }

  /** Its numbers count although its arrival says nothing of freshness. */
  numbersOnly(frame: Buffer, now: MonoMs): void {
    this.#numbers(frame, now);
  }

  /** No data: it is numbered with the rest where the numbers are those of the whole connection. */
  other(frame: Buffer, now: MonoMs): void {
    this.#numbers(frame, now, true);
  }

  settle(now: MonoMs): void {
    for (const { name, watch } of this.#watched.all) {
      const missing = watch?.settle(now) ?? 0;
      if (missing > 0) this.#listener.gap(name, missing);
    }
  }

  view(name: string): Pick<SubscriptionView, 'dataAt' | 'told' | 'sequence' | 'retried'> {
    const watched = this.#watched.at(name);
    const clock = this.#clocks.at(name);
    const dataAt = clock ?? null;
    const told = clock !== undefined;
    return { dataAt, told, sequence: watched?.watch?.counts ?? null, retried: this.#isRetried(name, dataAt) };
  }

  /**
   * Row L5: subscriptions without data for `limitMs`, and unusually long for each, are to be subscribed anew once, each alone;
   * when all of them are as old as `limitMs`, the link is, by the age of the youngest. Only where every subscription's frames can be told can that be said. What
   * has not been sent yet is not late.
   */
  check(
    from: MonoMs,
    now: MonoMs,
    limitMs: number,
    asked: ReadonlyMap<string, Asked>,
  ): { readonly staleMs: number | null; readonly retry: readonly string[]; readonly checkInMs: number } {
    this.#clocks.excuse(from);
    const retry: string[] = [];
    let stale = 0;
    let youngestMs = Number.POSITIVE_INFINITY;
    let checkInMs = Number.POSITIVE_INFINITY;
    for (const { name } of this.#subscriptions) {
      const dataAt = this.#clocks.at(name);
      const { at = from, isSent = false, isOut = false } = asked.get(name) ?? {};
      if (dataAt === undefined || !isSent) continue;
      const ageMs = elapsedMs(Math.max(dataAt ?? at, from) as MonoMs, now);
      if (ageMs < limitMs) {
        checkInMs = Math.min(checkInMs, limitMs - ageMs);
        continue;
      }
      stale += 1;
      youngestMs = Math.min(youngestMs, ageMs);
      if (isOut || this.#isRetried(name, dataAt)) continue;
      const leftMs = (this.#clocks.silenceOf(name)?.unusualMs ?? 0) - ageMs;
      if (leftMs > 0) checkInMs = Math.min(checkInMs, leftMs);
      else retry.push(name);
    }
    if (stale > 0 && stale === this.#subscriptions.length) return { staleMs: youngestMs, retry: [], checkInMs };
    for (const name of retry) {
      this.#retriedAt ??= new Map();
      this.#retriedAt.set(name, now);
    }
    return { staleMs: null, retry, checkInMs };
  }

  /** Of what is no longer subscribed: should it come back, it is a new one. */
  #forgetRetries(): void {
    if (this.#retriedAt === null) return;
    const names = new Set(this.#subscriptions.map(({ name }) => name));
    for (const name of this.#retriedAt.keys()) if (!names.has(name)) this.#retriedAt.delete(name);
  }

  /** It was subscribed anew, and nothing of it has come since. */
  #isRetried(name: string, dataAt: MonoMs | null): boolean {
    const at = this.#retriedAt?.get(name);
    return at !== undefined && (dataAt === null || dataAt <= at);
  }

  /** A watched subscription whose numbers are of no frames in particular has those of the whole connection. */
  #numbers(frame: Buffer, now: MonoMs, onlyWhole = false): void {
    if (this.#watched.all.length === 0) return;
    const proving = this.#listener.proving();
    this.#compared = proving ? (this.#compared ?? new DataIndex(this.#watched.all)) : null;
    const found = (this.#compared ?? this.#numbered).find(frame, onlyWhole ? isWhole : null);
    if (found.length === 0) return;
    const text = frame.toString('utf8');
    for (const { name, pieces, rule, watch, identity } of found) {
      const span = rule === null ? null : spanOf(text, rule);
      const key = !proving || identity === null ? span?.to.toString() : jsonField(text, identity);
      // A connection's own count says nothing of another's.
      const isComparable = identity !== null || pieces.length > 0;
      if (proving && key != null && isComparable)
        this.#listener.marked(name, { key, span, counted: rule?.previous === undefined });
      if (span !== null) watch?.note(span, now);
    }
  }
}

const isWhole = ({ pieces }: Watched): boolean => pieces.length === 0;
