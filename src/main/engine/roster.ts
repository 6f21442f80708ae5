import type { LinkConfig } from '../../shared/engineConfig.ts';
import type { LinkHappening } from '../../shared/events.ts';
import type { SeriesPoint } from '../../shared/rttView.ts';
import type { MonoMs } from '../../shared/units.ts';
import { inTurns } from './inTurns.ts';
import { Interned } from './interned.ts';
import { type Lineup, lineupOf } from './lineup.ts';
import type { Commons } from './link/commons.ts';
import { Link } from './link/link.ts';
import { Glances } from './link/revision.ts';
import type { Ports } from './ports.ts';
import { Timers } from './timers.ts';
import type { EndClues } from './witness.ts';

export interface RosterParts {
  readonly ports: Ports;
  readonly commons: Commons;
  readonly happened: (link: string, happening: LinkHappening, generation: number) => void;
  readonly lost: (link: string, clues: EndClues) => void;
  /** It has been told that it is paused. */
  readonly disabled: (link: string) => void;
  /** It has no name any more, and will be told to end. */
  readonly removed: (link: string, by: 'settings' | 'shutdown') => void;
}

/**
 * All links by name, in the order of the configuration. A link belongs to exactly one entry of it; a removed one stays
 * only until its last socket ended.
 */
export class Roster {
  readonly #parts: RosterParts;
  readonly #links = new Map<string, Link>();
  readonly #leaving = new Set<Link>();
  readonly #shared = new Interned();
  readonly #timers: Timers<'ticks'>;
  readonly #glances: Glances;
  /** Of the last second, by name. */
  #points = new Map<string, SeriesPoint>();
  #lookedAt: MonoMs;
  #lineup: Lineup<Link> | null = null;
  #onGone: (() => void) | null = null;

  constructor(parts: RosterParts) {
    this.#parts = parts;
    this.#timers = new Timers(parts.ports.clock);
    this.#glances = new Glances(parts.commons.revisions);
    this.#lookedAt = parts.ports.clock.now();
  }

  get all(): readonly Link[] {
    return this.lineup.links;
  }

  get lineup(): Lineup<Link> {
    this.#lineup ??= lineupOf(this.#links.values());
    return this.#lineup;
  }

  get(name: string): Link | undefined {
    return this.#links.get(name);
  }

  generationOf(name: string): number {
    return this.#links.get(name)?.generation ?? 0;
  }

  /** What the open sockets have inflated, bytes. */
  get inflatedBytes(): number {
    let bytes = 0;
    for (const link of this.all) bytes += link.inflatedBytes;
    return bytes;
  }

  configure(configs: readonly LinkConfig[]): void {
    const wanted = new Set(configs.map(({ name }) => name));
    for (const [name, link] of this.#links) if (!wanted.has(name)) this.#remove(name, link, 'settings');
    const before = new Map(this.#links);
    this.#links.clear();
    this.#lineup = null;
    for (const config of this.#shared.links(configs)) {
      const existing = before.get(config.name);
      const link: Link = existing ?? this.#create(config);
      this.#links.set(config.name, link);
      this.#lineup = null;
      if (existing === undefined) link.start();
      else existing.configure(config);
      if (!config.enabled) this.#parts.disabled(config.name);
    }
  }

  /** Still one of them: it was neither taken out nor replaced. */
  has(link: Link): boolean {
    return this.#links.get(link.name) === link;
  }

  /** Call about once a second. `tell` follows: one point of each link for the charts. */
  tick(tell: (points: ReadonlyMap<string, SeriesPoint>) => void): void {
    const { clock } = this.#parts.ports;
    const now = clock.now();
    const lookedAt = this.#lookedAt;
    this.#lookedAt = now;
    const { links, places } = this.lineup;
    const due = links.filter((_, i) => this.#glances.isDue(places[i] as number, now));
    inTurns(
      due,
      (link) => {
        if (!this.has(link)) return;
        this.#points.set(link.name, link.tick(lookedAt));
        this.#glances.saw(link.revision.place, link.restsUntil);
      },
      {
        clock,
        later: (turn) => this.#timers.armAfterInput('ticks', turn),
        done: () => tell(this.#points),
      },
    );
  }

  /** Removes every link. `onGone` is called when the last one closes its sockets; where none is open, `isGone` says so at once. */
  leave(onGone: () => void): void {
    this.#timers.stop();
    for (const [name, link] of this.#links) this.#remove(name, link, 'shutdown');
    this.#onGone = onGone;
  }

  get isGone(): boolean {
    return this.#leaving.size === 0;
  }

  /** Ends at once whatever still leaves. */
  destroy(): void {
    this.#onGone = null;
    for (const link of this.#leaving) link.destroy();
    this.#leaving.clear();
  }

  #create(config: LinkConfig): Link {
    const { ports, commons, happened, lost } = this.#parts;
    const { name } = config;
    const link: Link = new Link(config, ports, commons, {
      happened: (happening, generation) => happened(name, happening, generation),
      lost: (clues) => lost(name, clues),
      gone: () => {
        this.#leaving.delete(link);
        if (this.isGone) this.#onGone?.();
      },
    });
    return link;
  }

  #remove(name: string, link: Link, by: 'settings' | 'shutdown'): void {
    this.#links.delete(name);
    this.#lineup = null;
    this.#points.delete(name);
    this.#parts.commons.revisions.release(link.revision);
    this.#parts.removed(name, by);
    this.#leaving.add(link);
    link.remove(by);
  }
}
