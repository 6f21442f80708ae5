import type { Notice } from '../../../shared/notice.ts';
import type { Severity } from '../../../shared/noticeKind.ts';
import { linkHash, poolHash } from '../../route.ts';
import type { Tone } from '../../standing.ts';

/** A severity as a shape and a hue. */
export const TONE: Readonly<Record<Severity, Tone>> = { info: 'idle', warn: 'warn', bad: 'bad' };

/** Where one looks into it; `null` for this machine, which has no page. */
export function placeOf({ of, name }: Pick<Notice, 'of' | 'name'>): string | null {
  if (of === 'links') return linkHash(name);
  return of === 'pools' ? poolHash(name) : null;
}

/** `open`, `acknowledged`, `resolved`: one word, and whether it was silent. */
export function stateWord({ resolvedWall, acknowledged, muted }: Notice): string {
  const word = resolvedWall !== null ? 'resolved' : acknowledged !== null ? 'acknowledged' : 'open';
  return muted ? `${word}, muted` : word;
}

/** The text without the name in front, where that stands beside it already. */
export const textWithoutName = (notice: Notice): string => textAfterName(notice).replace(/^:?\s+/, '');

/** The same as it goes on after the name: `: down for over 15 s`. */
export function textAfterName({ text, name }: Notice): string {
  const front = name === '' ? 'this machine' : name;
  return text.startsWith(front) ? text.slice(front.length) : `: ${text}`;
}

const QUARTER_SECS = 900;
const HOUR_SECS = 3600;

/** For how long a person can mute notices: `secsFrom` the moment of the press, not that at which the choice was drawn. */
export const MUTE_CHOICES: readonly { readonly text: string; readonly secsFrom: (now: Date) => number }[] = [
  { text: '15 min', secsFrom: () => QUARTER_SECS },
  { text: '1 h', secsFrom: () => HOUR_SECS },
  { text: 'until tomorrow 8:00', secsFrom: secsToMorning },
];

function secsToMorning(now: Date): number {
  const morning = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 8);
  return Math.max(1, Math.round((morning.getTime() - now.getTime()) / 1000));
}
