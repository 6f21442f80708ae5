import type { LinkEvent } from '../../shared/events.ts';
import {
  isOpenNotice,
  LONGEST_MUTE_SECS,
  type Notice,
  type NoticeRules,
  type NoticesFrame,
  quietUntil,
} from '../../shared/notice.ts';
import type { MuteWindows, NoticeRule, NoticeSettings } from '../../shared/noticeRule.ts';
import { failed, type Outcome, ok } from '../../shared/outcome.ts';
import type { PoolView } from '../../shared/pool.ts';
import type { Unsubscribe } from '../../shared/rpc.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import type { WallMs } from '../../shared/units.ts';
import { isInWindow, minuteOfWeek } from '../../shared/weekWindow.ts';
import { type AcknowledgedBy, NoticeBook } from './book.ts';
import type { Kept } from './noticeFile.ts';
import { EventPast } from './past.ts';
import { type Observation, startWatch, stepWatch, type WatchState } from './watch.ts';

export interface NoticesOptions {
  readonly kept: Kept;
  readonly settings: NoticeSettings;
  readonly save: (kept: Kept) => void;
  readonly wall: () => WallMs;
  /** The engine's own hourly word about this link is to end (row L7). */
  readonly silenceFailure: (link: string) => void;
  readonly log: (message: string, fields: object) => void;
  readonly exists: Observation['exists'];
  /** By link, the share of fresh data below which it is not reliable. */
  readonly reliabilityTargetOf: (link: string) => number | null;
}

/**
 * The one truth about notices, for every page and whoever else tells a person: fed by snapshots and events, asked by
 * commands.
 */
export class Notices {
  readonly #options: NoticesOptions;
  readonly #book: NoticeBook;
  readonly #past = new EventPast();
  readonly #readers = new Set<(frame: NoticesFrame) => void>();
  #settings: NoticeSettings;
  #watch: WatchState;
  #pressedQuietUntil: number | null;
  #seenWall: WallMs;

  constructor(options: NoticesOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#book = new NoticeBook(options.kept.notices);
    this.#seenWall = options.wall();
    const { quietUntil } = options.kept;
    // The clock may have been set back since.
    this.#pressedQuietUntil =
      quietUntil === null ? null : Math.min(quietUntil, this.#seenWall + LONGEST_MUTE_SECS * 1000);
    this.#watch = startWatch(this.#book.notices.filter(isOpenNotice));
  }

  /** The first value is whole. */
  subscribe(onFrame: (frame: NoticesFrame) => void): Unsubscribe {
    const reader = (frame: NoticesFrame): void => onFrame(frame);
    onFrame({ kind: 'whole', notices: this.#book.notices, rules: this.#rules() });
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  configure(settings: NoticeSettings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.#settings = settings;
    this.#tell([], true);
  }

  observe(snapshot: Snapshot, pools: readonly PoolView[]): void {
    this.#past.look(snapshot);
    const { state, news } = stepWatch(this.#watch, this.#settings.rules, {
      snapshot,
      pools,
      exists: this.#options.exists,
      past: (link) => ({
        losses: this.#past.lossesOf(link, snapshot.at),
        alarm: this.#past.alarmOf(link),
        complaint: this.#past.complaintOf(link),
        degradation: this.#past.degradationOf(link),
        reliabilityTargetPercent: this.#options.reliabilityTargetOf(link),
      }),
    });
    this.#watch = state;
    const wall = this.#options.wall();
    this.#heldTo(wall);
    const changed = news.flatMap((one) => {
      const notice =
        one.kind === 'raise'
          ? this.#book.raise(one.rule, one.name, one.text, wall, this.#isMuted(one.rule, wall))
          : this.#book.resolve(one.rule, one.name, wall);
      return notice ?? [];
    });
    this.#changed([...changed, ...this.#acknowledgedOnPages(snapshot, wall)]);
    this.#changed(this.#toTellNow(wall));
  }

  events(events: readonly LinkEvent[]): void {
    for (const event of events) {
      this.#past.event(event);
      if (event.happening.kind === 'still-failed') this.#remind(event.link, event.happening.hours);
    }
  }

  readonly acknowledge = async ({ id }: { readonly id: number }): Promise<Outcome<null>> => {
    const notice = this.#book.byId(id);
    if (notice === null)
      return failed('unknown-notice', 'this notice is not kept any more', String(id), 'reload the page');
    this.#acknowledge([notice]);
    return ok(null);
  };

  readonly acknowledgeAll = async (): Promise<Outcome<null>> => {
    this.#acknowledge(this.#book.notices);
    return ok(null);
  };

  readonly mute = async ({ forSecs }: { readonly forSecs: number | null }): Promise<Outcome<null>> => {
    this.#seenWall = this.#options.wall();
    this.#pressedQuietUntil = forSecs === null ? null : this.#seenWall + forSecs * 1000;
    this.#tell([], true);
    this.#save();
    return ok(null);
  };

  /** A clock that is set back makes a press last no longer. */
  #heldTo(wall: WallMs): void {
    const backMs = this.#seenWall - wall;
    this.#seenWall = wall;
    if (backMs <= 0 || this.#pressedQuietUntil === null) return;
    this.#pressedQuietUntil -= backMs;
    this.#tell([], true);
    this.#save();
  }

  #acknowledge(notices: readonly Notice[]): void {
    const wall = this.#options.wall();
    const fresh = notices.filter(({ acknowledged }) => acknowledged === null);
    for (const { what, name, resolvedWall } of fresh) {
      if (what === 'gave-up' && resolvedWall === null) this.#options.silenceFailure(name);
    }
    this.#changed(fresh.map((notice) => this.#book.acknowledge(notice, wall, 'notices')));
  }

  /** Whatever goes on after the quiet time in which it was raised. */
  #toTellNow(wall: WallMs): Notice[] {
    return this.#book.notices
      .filter((notice) => {
        if (!notice.muted || !isOpenNotice(notice) || notice.acknowledged !== null) return false;
        const rule = this.#settings.rules.find(({ name }) => name === notice.rule);
        return rule !== undefined && !this.#isMuted(rule, wall);
      })
      .map((notice) => this.#book.tellNow(notice, wall));
  }

  /** Who silences a link that gave up on its own page has seen its notice. */
  #acknowledgedOnPages({ links }: Snapshot, wall: WallMs): Notice[] {
    const by: AcknowledgedBy = 'link page';
    return this.#book.notices
      .filter(({ what, name, acknowledged, resolvedWall }) => {
        if (what !== 'gave-up' || acknowledged !== null || resolvedWall !== null) return false;
        const state = links[name]?.state;
        return state?.kind === 'failed' && state.acknowledged;
      })
      .map((notice) => this.#book.acknowledge(notice, wall, by));
  }

  /** Row L7: told again every hour until acknowledged. */
  #remind(link: string, hours: number): void {
    const wall = this.#options.wall();
    const due = this.#settings.rules.flatMap((rule) => {
      const notice = rule.what === 'gave-up' ? this.#book.openOf(rule.name, link) : null;
      return notice === null || notice.acknowledged !== null ? [] : [{ rule, notice }];
    });
    this.#changed(
      due.map(({ rule, notice }) => {
        const text = `${link} is still down after ${hours} h; press Reconnect to try again`;
        return this.#book.remind(notice, text, wall, this.#isMuted(rule, wall));
      }),
    );
  }

  #isMuted(rule: NoticeRule, wall: WallMs): boolean {
    return quietUntil(this.#rules(), wall) !== null || isWithin(this.#settings.mute, wall) || isWithin(rule.mute, wall);
  }

  #rules(): NoticeRules {
    return { ...this.#settings, pressedQuietUntil: this.#pressedQuietUntil };
  }

  #changed(notices: readonly Notice[]): void {
    if (notices.length === 0) return;
    for (const { id, rule, severity, text, muted, resolvedWall, acknowledged } of notices) {
      const turn = resolvedWall !== null ? 'resolved' : acknowledged !== null ? 'acknowledged' : 'raised';
      this.#options.log(`Notice ${turn}: ${text}`, { event: 'notice', id, rule, severity, muted });
    }
    this.#tell(notices, false);
    this.#save();
  }

  #tell(notices: readonly Notice[], rules: boolean): void {
    const frame: NoticesFrame = { kind: 'change', notices, rules: rules ? this.#rules() : null };
    for (const reader of this.#readers) reader(frame);
  }

  #save(): void {
    this.#options.save({ notices: this.#book.notices, quietUntil: this.#pressedQuietUntil });
  }
}

function isWithin({ windows, timeZone }: MuteWindows, wall: WallMs): boolean {
  return windows.length > 0 && isInWindow(windows, minuteOfWeek(wall, timeZone));
}
