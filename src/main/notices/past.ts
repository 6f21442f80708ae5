import type { LinkEvent } from '../../shared/events.ts';
import { isOpen } from '../../shared/health.ts';
import type { DownReason } from '../../shared/linkState.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';

type Degradation = Extract<LinkEvent['happening'], { kind: 'degradation' }>;

const LOOKED_BACK_MS = 600_000;

/** What the events tell that a snapshot does not: connections lost of late, and what was told and still stands. */
export class EventPast {
  readonly #losses = new Map<string, MonoMs[]>();
  readonly #alarms = new Map<string, DownReason>();
  readonly #complaints = new Map<string, string>();
  readonly #degradations = new Map<string, Degradation>();
  #seenAt: MonoMs | null = null;

  event({ link, at, happening }: LinkEvent): void {
    if (happening.kind === 'alarm') this.#alarms.set(link, happening.reason);
    if (happening.kind === 'still-bad') put(this.#complaints, link, happening.what);
    if (happening.kind === 'degradation') {
      put(this.#degradations, link, happening.turn === 'slower' ? happening : null);
    }
    if (!isLoss(happening)) return;
    const held = this.#losses.get(link) ?? [];
    this.#losses.set(link, [...held.filter((loss) => elapsedMs(loss, at) < LOOKED_BACK_MS), at]);
  }

  /**
   * An alarm is over when the link is open again, or is paused, a complaint when the socket that it is about is gone. A clock that
   * goes back is that of another engine.
   */
  look({ at, order, links }: Pick<Snapshot, 'at' | 'order' | 'links'>): void {
    if (this.#seenAt !== null && elapsedMs(this.#seenAt, at) < 0) {
      for (const told of [this.#losses, this.#alarms, this.#complaints, this.#degradations]) told.clear();
    }
    this.#seenAt = at;
    for (const name of this.#alarms.keys()) {
      const state = links[name]?.state;
      if (state === undefined || isOpen(state) || state.kind === 'paused') this.#alarms.delete(name);
    }
    for (const name of this.#complaints.keys()) {
      const state = links[name]?.state;
      if (state === undefined || !isOpen(state)) this.#complaints.delete(name);
    }
    for (const name of this.#degradations.keys()) if (links[name] === undefined) this.#degradations.delete(name);
    const names = this.#losses.size === 0 ? null : new Set(order);
    for (const name of this.#losses.keys()) if (names?.has(name) !== true) this.#losses.delete(name);
  }

  lossesOf(link: string, now: MonoMs): number {
    return this.#losses.get(link)?.filter((loss) => elapsedMs(loss, now) < LOOKED_BACK_MS).length ?? 0;
  }

  alarmOf(link: string): DownReason | null {
    return this.#alarms.get(link) ?? null;
  }

  /** Row H4: why the link's socket is to be replaced, as it was just before. */
  complaintOf(link: string): string | null {
    return this.#complaints.get(link) ?? null;
  }

  /** Row H8: how the alert began that stands. */
  degradationOf(link: string): Degradation | null {
    return this.#degradations.get(link) ?? null;
  }
}

function put<T>(map: Map<string, T>, name: string, value: T | null): void {
  if (value === null) map.delete(name);
  else map.set(name, value);
}

/** A connection that was in use is gone; a change of sockets without a gap is none. */
function isLoss(happening: LinkEvent['happening']): boolean {
  if (happening.kind === 'promoted') return true;
  if (happening.kind !== 'state' || !isOpen(happening.from)) return false;
  const { kind } = happening.to;
  return kind === 'connecting' || kind === 'waiting' || kind === 'blocked' || kind === 'failed';
}
