import {
  isCalling,
  isOpenNotice,
  type Notice,
  type NoticeRules,
  type NoticesFrame,
  quietUntil,
  withNotices,
} from '../../shared/notice.ts';
import type { MuteWindows } from '../../shared/noticeRule.ts';
import { wallMs } from '../../shared/units.ts';
import { isInWindow, minuteOfWeek } from '../../shared/weekWindow.ts';

/** What the page knows of notices. */
export interface NoticesState {
  /** Oldest first. */
  readonly notices: readonly Notice[];
  readonly rules: NoticeRules;
  /** Ids of those that pop up, oldest first: bad, and told since this page is open. */
  readonly popped: readonly number[];
}

/** A change before the first whole frame says nothing. A stream that was opened anew pops up nothing old. */
export function nextNotices(held: NoticesState | null, frame: NoticesFrame): NoticesState | null {
  if (frame.kind === 'whole') {
    const { notices, rules } = frame;
    return { notices, rules, popped: stillCalling(held?.popped ?? [], notices) };
  }
  if (held === null) return null;
  const fresh = frame.notices.filter((notice) => isLoud(notice) && isNews(held.notices, notice)).map(({ id }) => id);
  const notices = withNotices(held.notices, frame.notices);
  const others = held.popped.filter((id) => !fresh.includes(id));
  return { notices, rules: frame.rules ?? held.rules, popped: stillCalling([...others, ...fresh], notices) };
}

const isLoud = (notice: Notice): boolean => notice.severity === 'bad' && isCalling(notice);

const isNews = (held: readonly Notice[], { id, toldWall }: Notice): boolean =>
  held.find((one) => one.id === id)?.toldWall !== toldWall;

/** Whatever was resolved or acknowledged pops down by itself. */
function stillCalling(ids: readonly number[], notices: readonly Notice[]): readonly number[] {
  const calling = new Set(notices.filter(isCalling).map(({ id }) => id));
  return ids.filter((id) => calling.has(id));
}

export interface Standing {
  readonly open: readonly Notice[];
  readonly calling: readonly Notice[];
}

export function standingOf(notices: readonly Notice[]): Standing {
  return { open: notices.filter(isOpenNotice), calling: notices.filter(isCalling) };
}

/** Why nothing is to be heard now: a moment until which it is so, or a window; `null` when all is to be heard. */
export function quietNow(rules: NoticeRules, wall: number): { readonly until: number | null } | null {
  const until = quietUntil(rules, wall);
  if (until !== null) return { until };
  return isMuted(rules.mute, wall) ? { until: null } : null;
}

export function isMuted({ windows, timeZone }: MuteWindows, wall: number): boolean {
  return windows.length > 0 && isInWindow(windows, minuteOfWeek(wallMs(wall), timeZone));
}
