import type { EngineClient } from '../../shared/contract.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { MachineView, SnapshotFrame } from '../../shared/snapshot.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import { inTurns } from './inTurns.ts';
import type { Lineup } from './lineup.ts';
import type { Link } from './link/link.ts';
import type { LinkViews } from './linkViews.ts';
import type { Clock } from './ports.ts';
import { SnapshotFeed } from './publisher.ts';
import type { Roster } from './roster.ts';
import { Timers } from './timers.ts';

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
  readonly links: Pick<Roster, 'lineup'>;
  readonly views: Pick<LinkViews, 'isDue' | 'of'>;
}

/**
 * Who is told of all links, each at its own pace. The links are looked at once for all that are told, and not for none; what
 * is told never goes back, and is of every link: a command and a newcomer end the round that is under way, which is not theirs.
 */
export class SnapshotReaders {
  readonly #parts: SnapshotReadersParts;
  readonly #feeds = new Set<PacedFeed>();
  readonly #timers: Timers<'round'>;
  /** Whom `#views` are of. */
  #lineup: Lineup<Link> | null = null;
  #views: LinkView[] = [];
  #finishRound: () => void = () => undefined;

  constructor(parts: SnapshotReadersParts) {
    this.#parts = parts;
    this.#timers = new Timers(parts.clock);
  }

  readonly follow: EngineClient['snapshots'] = (input, tell) => {
    this.#finishRound();
    const feed = new SnapshotFeed(input?.pace);
    const everyMs = input?.pace === 'hidden' ? HIDDEN_MS : 0;
    const paced: PacedFeed = { tell, feed, everyMs, toldAt: this.#parts.clock.now() };
    this.#feeds.add(paced);
    tell(this.#frameFor(feed, this.#viewsNow()));
    return () => void this.#feeds.delete(paced);
  };

  /** Call at the rate of snapshots. Tells whoever is due when all links were looked at, and then `done`. */
  gather(done: () => void): void {
    const { clock, links } = this.#parts;
    const due = this.#due();
    const stale = due.length > 0 ? this.#stale() : [];
    const { lineup } = links;
    this.#finishRound = inTurns(
      stale,
      (index) => {
        if (links.lineup === lineup) this.#look(index);
      },
      {
        clock,
        later: (turn) => this.#timers.armAfterInput('round', turn),
        done: () => {
          this.#tell(due, links.lineup === lineup ? this.#views : this.#viewsNow());
          done();
        },
      },
    );
  }

  /** Call after a command whose effect is to be seen at once. */
  publishNow(): void {
    this.#finishRound();
    const due = this.#due();
    if (due.length > 0) this.#tell(due, this.#viewsNow());
  }

  /** Nothing is gathered any more. */
  stop(): void {
    this.#timers.stop();
  }

  #tell(due: readonly PacedFeed[], views: readonly LinkView[]): void {
    const now = this.#parts.clock.now();
    for (const paced of due) {
      if (!this.#feeds.has(paced)) continue;
      paced.toldAt = now;
      paced.tell(this.#frameFor(paced.feed, views));
    }
  }

  #due(): readonly PacedFeed[] {
    const now = this.#parts.clock.now();
    return [...this.#feeds].filter(({ everyMs, toldAt }) => elapsedMs(toldAt, now) >= everyMs);
  }

  #viewsNow(): readonly LinkView[] {
    for (const index of this.#stale()) this.#look(index);
    return this.#views;
  }

  #look(index: number): void {
    const { clock, links, views } = this.#parts;
    this.#views[index] = views.of(links.lineup.links[index] as Link, clock.now());
  }

  /** Which of the links may be seen as others than in `#views`. */
  #stale(): readonly number[] {
    const { clock, links, views } = this.#parts;
    const { lineup } = links;
    if (lineup !== this.#lineup) {
      this.#lineup = lineup;
      this.#views = [];
      return [...lineup.places.keys()];
    }
    const now = clock.now();
    const stale: number[] = [];
    for (const [index, place] of lineup.places.entries()) if (views.isDue(place, now)) stale.push(index);
    return stale;
  }

  #frameFor(feed: SnapshotFeed, views: readonly LinkView[]): SnapshotFrame {
    const { clock, machine } = this.#parts;
    return feed.next(clock.now(), clock.wall(), machine(), views);
  }
}
