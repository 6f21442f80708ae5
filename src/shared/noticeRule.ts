import { z } from 'zod';
import { key } from './knobs.ts';
import type { WeekWindow } from './weekWindow.ts';

/** What a notice rule can watch. The list is closed: each kind says what is looked at, where, and from when on it counts. */

export const SEVERITIES = ['info', 'warn', 'bad'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Units that a threshold can have, as they end its key: `enter_ms`, `leave_percent`. */
export const THRESHOLD_UNITS = ['ms', 'secs', 'percent', 'mib', 'reconnects'] as const;
export type ThresholdUnit = (typeof THRESHOLD_UNITS)[number];

/**
 * A figure enters past `enter` and leaves at `leave` or on the good side of it, so that one on the edge does not come and
 * go. `null`: what the link's own settings say, where the rule says nothing else.
 */
export interface Threshold {
  readonly unit: ThresholdUnit;
  readonly side: 'over' | 'under';
  readonly enter: number | null;
  readonly leave: number | null;
}

const LEAVE_SHARE = 0.8;
const LEAVE_PERCENT = 0.5;

/** The leave threshold where only the other one is named: a fifth below it, or half a percent above. */
export function leaveFor(enter: number, side: Threshold['side']): number {
  return side === 'over' ? enter * LEAVE_SHARE : Math.min(100, enter + LEAVE_PERCENT);
}

interface Kind {
  readonly of: 'links' | 'pools' | 'this machine';
  /** What is wrong, as a rule's row says it. */
  readonly words: string;
  /** `null`: it is so, or it is not. */
  readonly threshold: Threshold | null;
  readonly severity: Severity;
  readonly forSecs: number;
  readonly cooldownSecs: number;
}

const over = (unit: ThresholdUnit, enter: number | null, leave: number | null): Threshold => ({
  unit,
  side: 'over',
  enter,
  leave,
});

export const NOTICE_KINDS = {
  'gave-up': {
    of: 'links',
    words: 'gave up, was stopped, or needs you',
    threshold: null,
    severity: 'bad',
    forSecs: 0,
    cooldownSecs: 0,
  },
  'link-down': {
    of: 'links',
    words: 'down while Warmwire still tries',
    threshold: null,
    severity: 'bad',
    forSecs: 15,
    cooldownSecs: 60,
  },
  'not-fit': {
    of: 'links',
    words: 'not fit for trading',
    threshold: null,
    severity: 'warn',
    forSecs: 30,
    cooldownSecs: 300,
  },
  'gate-closed': {
    of: 'links',
    words: 'trading gate closed',
    threshold: null,
    severity: 'warn',
    forSecs: 30,
    cooldownSecs: 300,
  },
  'p99-over': {
    of: 'links',
    words: 'p99 over 5 min',
    threshold: over('ms', 200, 160),
    severity: 'warn',
    forSecs: 45,
    cooldownSecs: 300,
  },
  'p95-over': {
    of: 'links',
    words: 'p95 over 1 min',
    threshold: over('ms', 100, 80),
    severity: 'warn',
    forSecs: 45,
    cooldownSecs: 300,
  },
  'data-age-over': {
    of: 'links',
    words: 'no data',
    threshold: over('secs', null, null),
    severity: 'warn',
    forSecs: 0,
    cooldownSecs: 300,
  },
  suspect: {
    of: 'links',
    words: 'suspect',
    threshold: null,
    severity: 'warn',
    forSecs: 2,
    cooldownSecs: 60,
  },
  flapping: {
    of: 'links',
    words: 'reconnects in 10 min',
    threshold: over('reconnects', 5, 1),
    severity: 'warn',
    forSecs: 0,
    cooldownSecs: 600,
  },
  'budget-over': {
    of: 'links',
    words: 'of the venue’s budget used',
    threshold: over('percent', 90, 70),
    severity: 'warn',
    forSecs: 10,
    cooldownSecs: 300,
  },
  'feed-latency-over': {
    of: 'links',
    words: 'feed latency',
    threshold: over('ms', 500, 400),
    severity: 'warn',
    forSecs: 30,
    cooldownSecs: 300,
  },
  'reliability-below': {
    of: 'links',
    words: 'of the last 24 h with fresh data',
    threshold: { unit: 'percent', side: 'under', enter: null, leave: null },
    severity: 'warn',
    forSecs: 0,
    cooldownSecs: 3600,
  },
  'pool-not-ready': {
    of: 'pools',
    words: 'fewer sockets ready than wanted',
    threshold: null,
    severity: 'warn',
    forSecs: 60,
    cooldownSecs: 300,
  },
  'lateness-over': {
    of: 'this machine',
    words: 'own lateness p99',
    threshold: over('ms', 100, 50),
    severity: 'warn',
    forSecs: 30,
    cooldownSecs: 300,
  },
  'memory-over': {
    of: 'this machine',
    words: 'memory of this program',
    threshold: over('mib', 2048, 1536),
    severity: 'warn',
    forSecs: 60,
    cooldownSecs: 3600,
  },
} as const satisfies Record<string, Kind>;

export type NoticeKind = keyof typeof NOTICE_KINDS;
export const NOTICE_KIND_NAMES = Object.keys(NOTICE_KINDS) as readonly NoticeKind[];

export const kindOf = (what: NoticeKind): Kind => NOTICE_KINDS[what];

/** The rules that are there without any table, by name: what must not be missed, and is silent on a calm day. */
export const BUILT_IN_RULES: Readonly<Record<string, NoticeKind>> = {
  'gave-up': 'gave-up',
  'link-down': 'link-down',
  'data-age': 'data-age-over',
  flapping: 'flapping',
  reliability: 'reliability-below',
  'pool-not-ready': 'pool-not-ready',
  'own-lateness': 'lateness-over',
  memory: 'memory-over',
};

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

const number = (unit: string, max: number, help: string) =>
  key(z.number().min(0).max(max).optional(), 'live', unit, help);

const ENTER = 'The notice is raised past this.';
const LEAVE = 'It resolves at this, or on the good side of it. Built in: a fifth below enter, or half a percent above.';

/** The keys of both tables: when nothing is to be heard. */
const muteKeys = {
  mute_windows: key(
    z.array(z.string().min(1)).max(100).optional(),
    'live',
    '',
    'When notices are recorded but silent: "Mon-Fri 21:00-22:30", "Sat,Sun 03:00-05:00", "daily 04:00-05:00".',
  ),
  time_zone: key(z.string().min(1).optional(), 'live', '', 'Time zone of mute_windows, such as "Europe/Berlin".'),
};

/** A `[notice.NAME]` table. A name that is built in overrides that rule; any other makes a new one. */
export const NoticeSchema = z.strictObject({
  what: key(z.enum(NOTICE_KIND_NAMES).optional(), 'live', '', 'What is watched. May be left out in a built-in rule.'),
  enabled: key(z.boolean().optional(), 'live', '', 'false turns the rule off.'),
  links: key(
    z.array(z.string().min(1)).max(1000).optional(),
    'live',
    '',
    'Which links or pools, by name, or by the venue or preset of them; all if left out.',
  ),
  enter_ms: number('ms', 600_000, ENTER),
  leave_ms: number('ms', 600_000, LEAVE),
  enter_secs: number('s', 86_400, ENTER),
  leave_secs: number('s', 86_400, LEAVE),
  enter_percent: number('%', 100, ENTER),
  leave_percent: number('%', 100, LEAVE),
  enter_mib: number('MiB', 1_000_000, ENTER),
  leave_mib: number('MiB', 1_000_000, LEAVE),
  enter_reconnects: number('reconnects', 10_000, ENTER),
  leave_reconnects: number('reconnects', 10_000, LEAVE),
  for_secs: number('s', 86_400, 'It must last this long without a break.'),
  cooldown_secs: number('s', 604_800, 'After it has resolved, it is not raised again for this long.'),
  severity: key(z.enum(SEVERITIES).optional(), 'live', '', 'info, warn or bad; only bad ones pop up.'),
  ...muteKeys,
});

/** The `[notices]` table. */
export const NoticesSchema = z.strictObject({
  ...muteKeys,
  quiet_until: key(
    z.string().refine(isMoment, 'a moment such as "2026-11-21T18:00:00Z" or "2026-11-21T18:00:00+01:00"').optional(),
    'live',
    '',
    'Until then every notice is recorded but silent.',
  ),
});

export type NoticeTable = z.infer<typeof NoticeSchema>;
export type NoticesTable = z.infer<typeof NoticesSchema>;

function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}

const UNIT_TEXT: Readonly<Record<ThresholdUnit, string>> = {
  ms: 'ms',
  secs: 's',
  percent: '%',
  mib: 'MiB',
  reconnects: '',
};

/** A figure with its unit: `312 ms`, `94.5 %`, `6`. */
export function thresholdText(value: number, unit: ThresholdUnit): string {
  const digits = unit === 'percent' ? 2 : unit === 'ms' && value < 10 ? 1 : 0;
  return `${Number(value.toFixed(digits))} ${UNIT_TEXT[unit]}`.trim();
}
