import type { Notice } from '../../../shared/notice.ts';
import { stateWord, textWithoutName } from './look.ts';

/** Notices of one rule that say the very same of several links or pools, the first one first: one lost host is one row. */
export type Alike = readonly [Notice, ...Notice[]];

/** In the order given, each group where the first of it in that order stands. */
export function alikeOf(notices: readonly Notice[]): readonly Alike[] {
  const groups = new Map<string, [Notice, ...Notice[]]>();
  for (const notice of notices) {
    const key = JSON.stringify([notice.rule, notice.severity, stateWord(notice), textWithoutName(notice)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [notice]);
    else group.push(notice);
  }
  for (const group of groups.values()) group.sort((a, b) => a.id - b.id);
  return [...groups.values()];
}
