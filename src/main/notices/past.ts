import type { LinkEvent } from '../../shared/events.ts';
import { isOpen } from '../../shared/health.ts';
import type { DownReason } from '../../shared/linkState.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';

const LOOKED_BACK_MS = 600_000;

/** What the events tell that a snapshot does not: connections lost of late, and alarms that still stand. */
export class EventPast {
  readonly #losses = new Map<string, MonoMs[]>();
  readonly #alarms = new Map<string, DownReason>();
  #seenAt: MonoMs | null = null;

  event({ link, at, happening }: LinkEvent): void {
    if (happening.kind === 'alarm') this.#alarms.set(link, happening.reason);
    if (!isLoss(happening)) return;
    const held = this.#losses.get(link) ?? [];
    this.#losses.set(link, [...held.filter((loss) => elapsedMs(loss, at) < LOOKED_BACK_MS), at]);
  }

  /** An alarm is over when the link is open again, or is paused. A clock that goes back is that of another engine. */
  look({ at, order, links }: Pick<Snapshot, 'at' | 'order' | 'links'>): void {
    if (this.#seenAt !== null && elapsedMs(this.#seenAt, at) < 0) {
      this.#losses.clear();
      this.#alarms.clear();
    }
    this.#seenAt = at;
    for (const name of this.#alarms.keys()) {
      const state = links[name]?.state;
      if (state === undefined || isOpen(state) || state.kind === 'paused') this.#alarms.delete(name);
    }
    const names = this.#losses.size === 0 ? null : new Set(order);
    for (const name of this.#losses.keys()) if (names?.has(name) !== true) this.#losses.delete(name);
  }

  lossesOf(link: string, now: MonoMs): number {
    return this.#losses.get(link)?.filter((loss) => elapsedMs(loss, now) < LOOKED_BACK_MS).length ?? 0;
  }

  alarmOf(link: string): DownReason | null {
    return this.#alarms.get(link) ?? null;
  }
}

/** A connection that was in use is gone; a change of sockets without a gap is none. */
function isLoss(happening: LinkEvent['happening']): boolean {
  if (happening.kind === 'promoted') return true;
  if (happening.kind !== 'state' || !isOpen(happening.from)) return false;
  const { kind } = happening.to;
  return kind === 'connecting' || kind === 'waiting' || kind === 'blocked' || kind === 'failed';
}
