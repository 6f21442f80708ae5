import type { EngineClient } from '../../shared/contract.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { MachineView, SnapshotFrame } from '../../shared/snapshot.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import type { Clock } from './ports.ts';
import { SnapshotFeed } from './publisher.ts';

/** A page that nobody sees is told so often. */
const HIDDEN_MS = 2000;

/** One reader of snapshots, and how often it wants them. */
interface PacedFeed {
  readonly tell: (frame: SnapshotFrame) => void;
  readonly feed: SnapshotFeed;
  readonly everyMs: number;
  toldAt: MonoMs;
}

export interface SnapshotReadersParts {
  readonly clock: Clock;
  readonly machine: () => MachineView;
  readonly views: (now: MonoMs) => readonly LinkView[];
}

/** Who is told of all links, each at its own pace. The links are looked at once for all readers, and not for none. */
export class SnapshotReaders {
  readonly #parts: SnapshotReadersParts;
  readonly #feeds = new Set<PacedFeed>();

  constructor(parts: SnapshotReadersParts) {
    this.#parts = parts;
  }

  readonly follow: EngineClient['snapshots'] = (input, tell) => {
    const { clock, views } = this.#parts;
    const feed = new SnapshotFeed(input?.pace);
    const everyMs = input?.pace === 'hidden' ? HIDDEN_MS : 0;
    const paced: PacedFeed = { tell, feed, everyMs, toldAt: clock.now() };
    this.#feeds.add(paced);
    tell(this.#frameFor(feed, views(clock.now())));
    return () => void this.#feeds.delete(paced);
  };

  /** Call at the rate of snapshots, and after a command whose effect is to be seen at once. */
  publish(): void {
    if (this.#feeds.size === 0) return;
    const now = this.#parts.clock.now();
    const due = [...this.#feeds].filter(({ everyMs, toldAt }) => elapsedMs(toldAt, now) >= everyMs);
    if (due.length === 0) return;
    const views = this.#parts.views(now);
    for (const paced of due) {
      paced.toldAt = now;
      paced.tell(this.#frameFor(paced.feed, views));
    }
  }

  #frameFor(feed: SnapshotFeed, views: readonly LinkView[]): SnapshotFrame {
    const { clock, machine } = this.#parts;
    return feed.next(clock.now(), clock.wall(), machine(), views);
  }
}
