import type { Threshold, ThresholdUnit } from './noticeThreshold.ts';

/** What a notice rule can watch. The list is closed: each kind says what is looked at, where, and from when on it counts. */

export const SEVERITIES = ['info', 'warn', 'bad'] as const;
export type Severity = (typeof SEVERITIES)[number];

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
  'still-bad': {
    of: 'links',
    words: 'as bad as before its reconnect by the policy',
    threshold: null,
    severity: 'warn',
    forSecs: 0,
    cooldownSecs: 300,
  },
  'slower-than-usual': {
    of: 'links',
    words: 'far slower than its own baseline',
    threshold: null,
    severity: 'warn',
    forSecs: 0,
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
  'still-bad': 'still-bad',
  'slower-than-usual': 'slower-than-usual',
  reliability: 'reliability-below',
  'pool-not-ready': 'pool-not-ready',
  'own-lateness': 'lateness-over',
  memory: 'memory-over',
};
