import { z } from 'zod';
import { NOTICE_KIND_NAMES, SEVERITIES, type Severity } from './noticeKind.ts';
import type { NoticeRule, NoticeSettings } from './noticeRule.ts';

/** Something that a person is told, until it is over: one rule on one link, pool or this machine. Times are wall, ms. */
export const NoticeRecord = z.strictObject({
  /** Counts up over all notices that were ever kept. */
  id: z.number().int().positive(),
  rule: z.string(),
  what: z.enum(NOTICE_KIND_NAMES),
  of: z.enum(['links', 'pools', 'this machine']),
  /** The link's or the pool's name; empty for this machine. */
  name: z.string(),
  severity: z.enum(SEVERITIES),
  openedWall: z.number(),
  /** When it was told last: a link that gave up is told again every hour (row L7). */
  toldWall: z.number(),
  /** It resolves by itself, once the leave threshold is passed. */
  resolvedWall: z.number().nullable(),
  acknowledged: z.strictObject({ wall: z.number(), by: z.enum(['notices', 'link page']) }).nullable(),
  /** `okx-spot: p99 over 5 min 312 ms when raised, over 200 ms for 45 s` */
  text: z.string(),
  /** Raised in a quiet time: recorded, and silent as long as that lasts. */
  muted: z.boolean(),
});

export type Notice = Readonly<z.infer<typeof NoticeRecord>>;

/** For how long a person can have nothing told, s. */
export const LONGEST_MUTE_SECS = 7 * 86_400;

/** So many are kept, the newest. */
export const NOTICES_KEPT = 500;

/** What the rules are and what is to be heard of them. `quietUntil`: by a press, wall ms. */
export interface NoticeRules extends NoticeSettings {
  readonly rules: readonly NoticeRule[];
  readonly pressedQuietUntil: number | null;
}

/** The first value is whole; then notices that are new or have changed, and the rules when they have. Oldest first. */
export type NoticesFrame =
  | { readonly kind: 'whole'; readonly notices: readonly Notice[]; readonly rules: NoticeRules }
  | { readonly kind: 'change'; readonly notices: readonly Notice[]; readonly rules: NoticeRules | null };

/** Adds what is new and replaces what has changed, by id; the newest `NOTICES_KEPT` stay. */
export function withNotices(held: readonly Notice[], changed: readonly Notice[]): readonly Notice[] {
  const byId = new Map(held.map((notice) => [notice.id, notice]));
  for (const notice of changed) byId.set(notice.id, notice);
  return kept([...byId.values()]);
}

/** Drops the oldest that are over; one that is open goes only when nothing else is left to drop. */
export function kept(notices: readonly Notice[]): readonly Notice[] {
  let tooMany = notices.length - NOTICES_KEPT;
  if (tooMany <= 0) return notices;
  const left = notices.filter((notice) => notice.resolvedWall === null || tooMany-- <= 0);
  return left.slice(-NOTICES_KEPT);
}

export const isOpenNotice = (notice: Notice): boolean => notice.resolvedWall === null;

/** Open, not acknowledged and not silent: what the bell counts. */
export const isCalling = (notice: Notice): boolean =>
  isOpenNotice(notice) && notice.acknowledged === null && !notice.muted;

/** The worst severity among them, `null` without any. */
export function worstSeverity(notices: readonly Notice[]): Severity | null {
  return SEVERITIES.findLast((severity) => notices.some((notice) => notice.severity === severity)) ?? null;
}

/** Until when a person or the settings want nothing to be heard; `null` when not now. */
export function quietUntil(rules: Pick<NoticeRules, 'quietUntil' | 'pressedQuietUntil'>, wall: number): number | null {
  const until = Math.max(rules.quietUntil ?? 0, rules.pressedQuietUntil ?? 0);
  return until > wall ? until : null;
}
