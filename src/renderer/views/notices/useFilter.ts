import { useState } from 'react';
import type { Notice } from '../../../shared/notice.ts';
import type { Severity } from '../../../shared/noticeRule.ts';

type Filter = Severity | 'all';

export const FILTERS = [
  { value: 'all', text: 'All' },
  { value: 'bad', text: 'Bad' },
  { value: 'warn', text: 'Warn' },
  { value: 'info', text: 'Info' },
] as const satisfies readonly { readonly value: Filter; readonly text: string }[];

/** Which severities are looked at, and the notices of them: the open ones first, each part newest first. */
export function useFilter(notices: readonly Notice[]) {
  const [filter, setFilter] = useState<Filter>('all');
  const wanted = notices.filter(({ severity }) => filter === 'all' || severity === filter).reverse();
  const open = wanted.filter(({ resolvedWall }) => resolvedWall === null);
  const over = wanted.filter(({ resolvedWall }) => resolvedWall !== null);
  return { filter, setFilter, open, over };
}
