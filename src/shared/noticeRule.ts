import type { NoticeKind, Severity } from './noticeKind.ts';
import type { Threshold } from './noticeThreshold.ts';
import type { WeekWindow } from './weekWindow.ts';

/** When somebody wants to hear nothing: minutes of the week in a zone, and the windows as they were written. */
export interface MuteWindows {
  readonly texts: readonly string[];
  readonly windows: readonly WeekWindow[];
  readonly timeZone: string;
}

/** A rule with every value settled. */
export interface NoticeRule {
  readonly name: string;
  readonly what: NoticeKind;
  readonly enabled: boolean;
  /** Names of the links or pools that it watches; `null` for all. */
  readonly only: readonly string[] | null;
  readonly threshold: Threshold | null;
  readonly forMs: number;
  readonly cooldownMs: number;
  readonly severity: Severity;
  readonly mute: MuteWindows;
  /** Whether a `[notice.NAME]` table speaks of it. */
  readonly source: 'built in' | 'settings';
}

/** All that the settings say about notices. */
export interface NoticeSettings {
  readonly rules: readonly NoticeRule[];
  /** For all rules. */
  readonly mute: MuteWindows;
  /** Wall time until which nothing is to be heard, or `null`. */
  readonly quietUntil: number | null;
}
