import type { Notice } from '../../shared/notice.ts';
import { kindOf, type NoticeKind } from '../../shared/noticeKind.ts';
import type { NoticeRule } from '../../shared/noticeRule.ts';
import type { PoolView } from '../../shared/pool.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import { type LinkPast, readLink, readMachine, readPool } from './readings.ts';
import { type Pass, type Reading, stepRule, type Track } from './ruleStep.ts';
import { noticeText } from './wording.ts';

/** Everything that the rules look at, of one moment of the engine's clock. */
export interface Observation {
  readonly snapshot: Pick<Snapshot, 'at' | 'order' | 'links' | 'machine'>;
  readonly pools: readonly PoolView[];
  readonly past: (link: string) => LinkPast;
  /** True for what the settings have, also while the engine has said nothing of it yet. */
  readonly exists: (of: 'links' | 'pools', name: string) => boolean;
}

/** What all rules remember from one observation to the next. Tracks are by `trackKey`. */
export interface WatchState {
  readonly seenAt: MonoMs | null;
  /** Observed without a jump for so long, ms. */
  readonly settledMs: number;
  readonly tracks: ReadonlyMap<string, Track>;
}

export type NoticeNews =
  | { readonly kind: 'raise'; readonly rule: NoticeRule; readonly name: string; readonly text: string }
  | { readonly kind: 'resolve'; readonly rule: string; readonly name: string };

/** Looks further apart than this were not all of the same waking time. */
const JUMP_MS = 3_000;
/** After a start, a sleep or a jump everything has so long to find its feet. */
const SETTLE_MS = 5_000;

/** A rule that watches something else under its old name is another one. Names have no control characters (row C2). */
const trackKey = (rule: { readonly name: string; readonly what: NoticeKind }, name: string): string =>
  `${rule.name}\n${rule.what}\n${name}`;
const OPEN: Track = { kind: 'open' };

/** The start, with those notices open that were open when Warmwire last ended. */
export function startWatch(open: readonly Pick<Notice, 'rule' | 'what' | 'name'>[]): WatchState {
  const tracks = new Map(open.map(({ rule, what, name }) => [trackKey({ name: rule, what }, name), OPEN]));
  return { seenAt: null, settledMs: 0, tracks };
}

/**
 * One look at everything. A link, pool or rule that is gone resolves what is open of it; a disabled rule is as good as
 * gone. What a rule raises is decided by `stepRule` alone.
 */
export function stepWatch(
  state: WatchState,
  rules: readonly NoticeRule[],
  seen: Observation,
): { readonly state: WatchState; readonly news: readonly NoticeNews[] } {
  const { at } = seen.snapshot;
  const sinceMs = state.seenAt === null ? -1 : elapsedMs(state.seenAt, at);
  const jumped = sinceMs < 0 || sinceMs > JUMP_MS;
  const settledMs = jumped ? 0 : Math.min(SETTLE_MS, state.settledMs + sinceMs);
  const pass: Pass = { ranMs: Math.max(0, sinceMs), jumped, settled: settledMs >= SETTLE_MS };
  const tracks = new Map<string, Track>();
  const news: NoticeNews[] = [];
  const left = new Set(state.tracks.keys());
  for (const rule of rules) {
    if (!rule.enabled) continue;
    for (const [name, reading] of readingsOf(rule, seen)) {
      const key = trackKey(rule, name);
      left.delete(key);
      const step = stepRule(rule, state.tracks.get(key) ?? null, reading, pass);
      if (step.track !== null) tracks.set(key, step.track);
      if (step.news === 'raise') {
        news.push({ kind: 'raise', rule, name, text: noticeText(rule, name, reading, step.heldMs) });
      } else if (step.news === 'resolve') news.push({ kind: 'resolve', rule: rule.name, name });
    }
  }
  return { state: { seenAt: at, settledMs, tracks: withUnseen(tracks) }, news: [...gone(), ...news] };

  /** What is not read now, but will be: the engine has not told of it yet. */
  function withUnseen(read: Map<string, Track>): ReadonlyMap<string, Track> {
    for (const key of left) {
      const track = state.tracks.get(key);
      if (track !== undefined && isWatched(key)) read.set(key, track);
    }
    return read;
  }

  function gone(): NoticeNews[] {
    return [...left].flatMap((key) => {
      if (state.tracks.get(key)?.kind !== 'open' || isWatched(key)) return [];
      const [rule = '', , name = ''] = key.split('\n');
      return [{ kind: 'resolve', rule, name }];
    });
  }

  function isWatched(key: string): boolean {
    const name = key.split('\n')[2] ?? '';
    const rule = rules.find((one) => trackKey(one, name) === key);
    if (rule?.enabled !== true || !watches(rule, name)) return false;
    const { of } = kindOf(rule.what);
    return of === 'this machine' || seen.exists(of, name);
  }
}

const watches = (rule: NoticeRule, name: string): boolean => rule.only === null || rule.only.includes(name);

function* readingsOf(rule: NoticeRule, { snapshot, pools, past }: Observation): Iterable<[string, Reading]> {
  switch (kindOf(rule.what).of) {
    case 'this machine':
      return yield ['', readMachine(rule.what, snapshot.machine)];
    case 'pools':
      for (const pool of pools) if (watches(rule, pool.name)) yield [pool.name, readPool(pool)];
      return;
    case 'links':
      for (const name of snapshot.order) {
        const link = snapshot.links[name];
        if (link !== undefined && watches(rule, name)) yield [name, readLink(rule.what, link, past(name), snapshot.at)];
      }
  }
}
