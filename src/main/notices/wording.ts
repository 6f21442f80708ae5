import { kindOf, type NoticeKind } from '../../shared/noticeKind.ts';
import type { NoticeRule } from '../../shared/noticeRule.ts';
import { thresholdText } from '../../shared/noticeThreshold.ts';
import { limitsOf, type Reading } from './ruleStep.ts';

/**
 * `okx-spot: p99 over 5 min 312 ms when raised, over 200 ms for 45 s`: it stands long after the figure has moved on. An empty
 * `name` is this machine.
 */
export function noticeText(
  rule: Pick<NoticeRule, 'what' | 'threshold'>,
  name: string,
  reading: Reading,
  heldMs: number,
): string {
  const who = name === '' ? 'this machine' : name;
  const held = (words: string): string => (heldMs < 1000 ? '' : ` ${words} ${lasted(heldMs)}`);
  if (reading.kind === 'holds') {
    if (rule.what === 'gave-up') return `${who} ${reading.why}`;
    const why = reading.why === '' ? '' : `: ${reading.why}`;
    return `${who}: ${SHORT[rule.what] ?? kindOf(rule.what).words}${held('for over')}${why}`;
  }
  if (reading.kind !== 'measured' || rule.threshold === null) return `${who}: ${kindOf(rule.what).words}`;
  const { unit, side } = rule.threshold;
  const figure = thresholdText(reading.value, unit);
  const limits = limitsOf(rule.threshold, reading.ownEnter);
  const limit = limits === null ? '' : `, ${side} ${thresholdText(limits.enter, unit)}`;
  return `${who}: ${measuredClause(rule.what, figure)} when raised${limit}${held('for')}`;
}

const SHORT: Partial<Readonly<Record<NoticeKind, string>>> = { 'link-down': 'down' };

function measuredClause(what: NoticeKind, figure: string): string {
  const { words } = kindOf(what);
  if (what === 'data-age-over') return `${words} for ${figure}`;
  const figureFirst = what === 'flapping' || what === 'budget-over' || what === 'reliability-below';
  return figureFirst ? `${figure} ${words}` : `${words} ${figure}`;
}

function lasted(ms: number): string {
  const secs = Math.floor(ms / 1000);
  if (secs < 120) return `${secs} s`;
  return secs < 7200 ? `${Math.floor(secs / 60)} min` : `${Math.floor(secs / 3600)} h`;
}
