import { isOpen } from '../../shared/health.ts';
import { type DownReason, isHeldOpen, type LinkState } from '../../shared/linkState.ts';
import { habitual } from '../../shared/restartHabit.ts';
import { same } from '../../shared/same.ts';
import { elapsedMs, type MonoMs, type WallMs } from '../../shared/units.ts';
import { type EndEvidence, type Life, wasRefusedSlot } from '../../shared/verdict/endEvidence.ts';
import { verdictOfEnd } from '../../shared/verdict/endVerdict.ts';
import { verdictsOfOpen } from '../../shared/verdict/openVerdict.ts';
import type { Verdict } from '../../shared/verdict/verdict.ts';
import { fateOf, isShared } from './fate.ts';
import type { Clock } from './ports.ts';
import { Timers } from './timers.ts';
import {
  type EndClues,
  goalOf,
  hasOutlived,
  type OpenClues,
  type Other,
  type Others,
  othersOf,
  type Stands,
  type Subject,
  Tallies,
  Tally,
  type Witness,
} from './witness.ts';

/** An address was looked up for a socket that is as young: an older one says nothing of names. */
const LOOKED_UP_MS = 60_000;

/** Losses this close together are one event. */
const TOGETHER_MS = 3_000;
/** A wake or a new network explains what ends this soon after it. */
const WAKE_MS = 30_000;
/** A stall that ended longer ago explains nothing. */
const STALLED_WITHIN_MS = 5_000;
const KEPT_LIVES = 10;

const NONE: readonly Verdict[] = [];

type Machine = Pick<EndEvidence, 'wokeMs' | 'movedMs'>;

type EndedLife = Life & { readonly endedAt: MonoMs };

interface File {
  readonly lives: EndedLife[];
  verdict: Verdict | null;
  /** The last one that was told: the same one again is news only after the link was open. */
  told: Verdict | null;
  /** The loss that waits to be judged is a dial that failed. */
  pendingDial: boolean;
  /** Judges the loss that waits to be judged. */
  judge: () => void;
  open: readonly Verdict[];
  /** What `open` was made from. */
  heard: { readonly open: OpenClues; readonly around: string } | null;
  /** Its heartbeat is overdue; `habit`: it was at this time of an earlier day, too. */
  overdue: { readonly habit: boolean } | null;
}

/**
 * Finds out, for every loss and every fault of an open link, what probably happened and whose doing it was (row H6).
 *
 * A loss that others may share is judged after a few seconds, when it is known who was lost with it.
 */
export class Inquiry {
  readonly #clock: Clock;
  readonly #stalledMs: (withinMs: number) => number;
  readonly #memoryPressure: () => readonly string[] | null;
  readonly #witnesses: () => readonly Witness[];
  readonly #isHabit: (link: string, at: WallMs) => boolean;
  readonly #changed: (link: string) => void;
  readonly #tell: (link: string, verdict: Verdict) => void;
  readonly #timers: Timers<string>;
  readonly #files = new Map<string, File>();
  #wokeAt: MonoMs | null = null;
  #movedAt: MonoMs | null = null;

  constructor(parts: {
    clock: Clock;
    /** How long this machine was held up within the last `withinMs`, ms. */
    stalledMs: (withinMs: number) => number;
    /** Why this program's own memory endangers its links, `null` if it does not. */
    memoryPressure: () => readonly string[] | null;
    witnesses: () => readonly Witness[];
    /** The link's feed was stopped at this time of day on an earlier day, too. */
    isHabit: (link: string, at: WallMs) => boolean;
    /** Something else is known of it. */
    changed: (link: string) => void;
    tell: (link: string, verdict: Verdict) => void;
  }) {
    this.#clock = parts.clock;
    this.#stalledMs = parts.stalledMs;
    this.#memoryPressure = parts.memoryPressure;
    this.#witnesses = parts.witnesses;
    this.#isHabit = parts.isHabit;
    this.#changed = parts.changed;
    this.#tell = parts.tell;
    this.#timers = new Timers(parts.clock);
  }

  woke(kind: 'sleep' | 'network'): void {
    if (kind === 'sleep') this.#wokeAt = this.#clock.now();
    else this.#movedAt = this.#clock.now();
  }

  /** A socket in use, or a dial, has ended. */
  lost(link: string, clues: EndClues): void {
    const file = this.#file(link);
    const now = this.#clock.now();
    file.open = NONE;
    file.heard = null;
    const stalledMs = this.#stalledMs(STALLED_WITHIN_MS);
    const before = file.lives.map((life) => ({ ...life, agoMs: elapsedMs(life.endedAt, now) }));
    // Of a slot that is refused again and again it is asked who held it before.
    if (file.lives.length === KEPT_LIVES) file.lives.splice(Math.max(0, file.lives.findIndex(wasRefusedSlot)), 1);
    file.lives.push({ reason: clues.reason, livedMs: clues.livedMs, closeClass: clues.closeClass, endedAt: now });
    file.verdict = null;
    const isHabit = clues.livedMs !== null && this.#isHabit(link, this.#clock.wall());
    const judge = (): void => {
      const plain = verdictOfEnd({ ...clues, before, stalledMs, ...this.#around(link, now, clues) });
      if (plain === null) return;
      const verdict = isHabit ? habitual(plain) : plain;
      const again = file.told?.cause === verdict.cause && file.told.blame === verdict.blame;
      file.verdict = verdict;
      file.told = verdict;
      this.#changed(link);
      if (!again || clues.livedMs !== null) this.#tell(link, verdict);
    };
    const pending = this.#timers.isArmed(link);
    if (!isShared(clues.reason)) {
      // What ended before it is judged with what is known by now.
      if (pending) file.judge();
      this.#timers.disarm(link);
      return judge();
    }
    // The end of a socket says more than the dials that failed after it; of several the newest is judged.
    if (!pending || clues.livedMs !== null || file.pendingDial) {
      file.judge = judge;
      file.pendingDial = clues.livedMs === null;
    }
    if (!pending) this.#timers.arm(link, TOGETHER_MS, () => this.#files.get(link)?.judge());
  }

  /**
   * The end of a socket that is no link's, judged at once. `null` for what was asked for. Nobody was lost with it: it is
   * compared with who is up, and a link that is not counts as lost.
   */
  explain(subject: Subject, clues: EndClues): Verdict | null {
    const now = this.#clock.now();
    const { venue, stands } = goalOf(subject);
    const others = this.#compared(venue, stands, now, clues.reason);
    return verdictOfEnd({
      ...clues,
      before: [],
      stalledMs: this.#stalledMs(STALLED_WITHIN_MS),
      ...this.#machine(clues, now, others),
      ...othersOf(others, venue),
    });
  }

  /** The link is paused or was taken out of the settings: its losses are nobody's business any more. */
  forget(link: string): void {
    this.#timers.disarm(link);
    this.#files.delete(link);
  }

  /** Call about once a second. */
  tick(): void {
    const witnesses = this.#witnesses();
    const tallies = new Tallies(witnesses);
    const pressure = this.#memoryPressure();
    // Coarse, so that the small stalls of a busy machine ask nobody anew.
    const stalledMs = Math.round(this.#stalledMs(STALLED_WITHIN_MS) / 100) * 100;
    for (const { name, stands, venue, open } of witnesses) {
      const file = this.#file(name);
      if (open === null) {
        file.open = NONE;
        file.heard = null;
        file.overdue = null;
        continue;
      }
      const all = tallies.of(stands);
      const ofVenue = tallies.of(stands, venue);
      const { links, flowing, lagging } = ofVenue;
      if (ofVenue.around === '')
        ofVenue.around = [links, flowing, lagging, all.lagging, stalledMs, ...(pressure ?? [])].join(' ');
      // The same witness among the same others says the same again.
      if (file.heard?.open === open && file.heard.around === ofVenue.around) continue;
      file.heard = { open, around: ofVenue.around };
      if (open.heartbeatMissedMs === null) file.overdue = null;
      else file.overdue ??= { habit: this.#isHabit(name, this.#clock.wall()) };
      const verdicts = verdictsOfOpen({
        ...open,
        sameVenue: ofVenue.without(new Tally().add(open)),
        otherVenues: all.without(ofVenue),
        stalledMs,
        memoryPressure: pressure,
        heartbeatMissedBefore: file.overdue?.habit ?? false,
      });
      const known = file.open;
      if (!same(known, verdicts)) {
        file.open = verdicts.length === 0 ? NONE : verdicts;
        this.#changed(name);
      }
      for (const verdict of verdicts) {
        if (!known.some(({ cause }) => cause === verdict.cause)) this.#tell(name, verdict);
      }
    }
    if (this.#files.size === witnesses.length) return;
    const names = new Set(witnesses.map(({ name }) => name));
    for (const name of [...this.#files.keys()]) if (!names.has(name)) this.forget(name);
  }

  /** What is known to be wrong with a link now: while it is open what it shows, while it is down why. */
  of(link: string, state: LinkState): readonly Verdict[] {
    const file = this.#files.get(link);
    // What had ended before a person opened its breaker is not why it is down.
    if (file === undefined || isHeldOpen(state)) return NONE;
    if (isOpen(state)) return file.open;
    return file.verdict === null ? NONE : [file.verdict];
  }

  stop(): void {
    this.#timers.stop();
  }

  #file(link: string): File {
    const known = this.#files.get(link);
    if (known !== undefined) return known;
    const file: File = {
      lives: [],
      verdict: null,
      told: null,
      pendingDial: false,
      judge: () => undefined,
      open: NONE,
      heard: null,
      overdue: null,
    };
    this.#files.set(link, file);
    return file;
  }

  /** What this machine did that explains the end at `end` of what was open, or being dialled, when it did it. */
  #machine({ livedMs, dialledMs }: EndClues, end: MonoMs, others: readonly Other[]): Machine {
    const thereMs = livedMs ?? dialledMs;
    const since = (at: MonoMs | null): number | null => {
      const ms = at === null ? null : Math.max(0, elapsedMs(at, end));
      return ms !== null && ms <= Math.min(WAKE_MS, thereMs) ? ms : null;
    };
    const movedAt = this.#movedAt;
    const isHarmless = movedAt !== null && others.some(({ witness }) => hasOutlived(witness, movedAt));
    return { wokeMs: since(this.#wokeAt), movedMs: isHarmless ? null : since(movedAt) };
  }

  #around(link: string, at: MonoMs, clues: EndClues): Others & Machine {
    const own = this.#witnesses().find(({ name }) => name === link);
    const all = this.#compared(own?.venue, own?.stands ?? 'elsewhere', at, clues.reason);
    const others = all.filter(({ witness }) => witness.name !== link);
    return { ...othersOf(others, own?.venue), ...this.#machine(clues, at, others) };
  }

  /**
   * Links whose fate says something of the end of one of `venue`: those that are open, and those that were lost with it or
   * that try in vain. One that waits for a person says nothing, and one that is down for its own reasons only that the way
   * was there when it ended.
   */
  #compared(venue: string | undefined, stands: Stands, at: MonoMs, reason: DownReason): readonly Other[] {
    const ofNames = reason.kind === 'resolve' || (reason.kind === 'dial-timeout' && reason.phase === 'resolving');
    return this.#witnesses().flatMap((one) => {
      if (!one.enabled || one.stands !== stands) return [];
      const lives = this.#files.get(one.name)?.lives ?? [];
      const last = lives.at(-1);
      const together = lives.filter(({ endedAt }) => Math.abs(elapsedMs(endedAt, at)) <= TOGETHER_MS);
      const wasLost = together.length > 0;
      const openMs = wasLost ? (last?.livedMs ?? 0) : one.openedAt === null ? 0 : elapsedMs(one.openedAt, at);
      const there = ofNames && openMs > LOOKED_UP_MS ? [] : [{ witness: one, lost: false }];
      if (one.openedAt !== null && !wasLost) return there;
      if (last === undefined || !(wasLost || one.tries)) return [];
      const isAlike = (life: Life): boolean => {
        const fate = fateOf(life);
        return fate === 'network' || (fate === 'venue' && one.venue === venue);
      };
      // A socket that was lost with it was so whatever the dials after it were answered.
      if (isAlike(last) || together.some((life) => life.livedMs !== null && isAlike(life))) {
        return [{ witness: one, lost: true }];
      }
      return wasLost ? there : [];
    });
  }
}
