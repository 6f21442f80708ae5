import type { NoticeRule } from '../../shared/noticeRule.ts';
import { leaveFor, type Threshold } from '../../shared/noticeThreshold.ts';

/** What a rule finds at one of the links, pools or machines that it watches. `said` and `why` are for the text. */
export type Reading =
  | {
      readonly kind: 'measured';
      readonly value: number;
      /** What the link's own settings say; taken where the rule names no threshold. */
      readonly ownEnter: number | null;
    }
  | { readonly kind: 'holds'; readonly why: string }
  | { readonly kind: 'clear' }
  /** Nothing can be said now: it raises nothing, and resolves nothing. */
  | { readonly kind: 'unknown' };

/** One rule at one place. What is not `wrong` and not `open` only rests until the cooldown is over. */
export type Track =
  | { readonly kind: 'wrong'; readonly heldMs: number; readonly restMs: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'rest'; readonly restMs: number };

/** The time between the last look and this one, as far as it was observed. */
export interface Pass {
  readonly ranMs: number;
  /** A look came long after the last one, or on another clock: nobody knows what was in between. */
  readonly jumped: boolean;
  /** Enough has been observed since the last jump for a notice to be raised. */
  readonly settled: boolean;
}

export interface RuleStep {
  /** `null`: nothing is wrong, and nothing is to be remembered. */
  readonly track: Track | null;
  readonly news: 'raise' | 'resolve' | null;
  /** For how long it has been wrong, ms. */
  readonly heldMs: number;
}

const NOTHING: RuleStep = { track: null, news: null, heldMs: 0 };

/**
 * Raised once the condition was seen without a break for the rule's time, and the cooldown is over; resolved at the leave
 * threshold. A jump of the clock or a sleep takes all waiting back to its start.
 */
export function stepRule(
  rule: Pick<NoticeRule, 'threshold' | 'forMs' | 'cooldownMs'>,
  track: Track | null,
  reading: Reading,
  pass: Pass,
): RuleStep {
  if (track?.kind === 'open') {
    if (!hasLeft(rule.threshold, reading)) return { track, news: null, heldMs: 0 };
    return { track: resting(rule.cooldownMs), news: 'resolve', heldMs: 0 };
  }
  const restMs = Math.max(0, (track?.restMs ?? 0) - pass.ranMs);
  if (!hasEntered(rule.threshold, reading)) return restMs === 0 ? NOTHING : { ...NOTHING, track: resting(restMs) };
  const heldMs = track?.kind === 'wrong' && !pass.jumped ? track.heldMs + pass.ranMs : 0;
  if (heldMs < rule.forMs || restMs > 0 || !pass.settled) {
    return { track: { kind: 'wrong', heldMs, restMs }, news: null, heldMs };
  }
  return { track: { kind: 'open' }, news: 'raise', heldMs };
}

/** Where a figure enters and leaves in the end; `null` where nobody says. */
export function limitsOf(
  threshold: Threshold,
  ownEnter: number | null,
): { readonly enter: number; readonly leave: number } | null {
  const { side } = threshold;
  const enter = threshold.enter ?? ownEnter;
  if (enter === null) return null;
  const leave = threshold.leave ?? leaveFor(enter, side);
  return { enter, leave: side === 'over' ? Math.min(enter, leave) : Math.max(enter, leave) };
}

function hasEntered(threshold: Threshold | null, reading: Reading): boolean {
  if (reading.kind !== 'measured') return reading.kind === 'holds';
  const limits = threshold === null ? null : limitsOf(threshold, reading.ownEnter);
  if (threshold === null || limits === null) return false;
  return threshold.side === 'over' ? reading.value > limits.enter : reading.value < limits.enter;
}

function hasLeft(threshold: Threshold | null, reading: Reading): boolean {
  if (reading.kind !== 'measured') return reading.kind === 'clear';
  const limits = threshold === null ? null : limitsOf(threshold, reading.ownEnter);
  if (threshold === null || limits === null) return true;
  return threshold.side === 'over' ? reading.value <= limits.leave : reading.value >= limits.leave;
}

const resting = (restMs: number): Track | null => (restMs === 0 ? null : { kind: 'rest', restMs });
