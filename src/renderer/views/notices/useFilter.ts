import { useState } from 'react';
import { isOpenNotice, type Notice } from '../../../shared/notice.ts';
import { SEVERITIES, type Severity } from '../../../shared/noticeKind.ts';

type Filter = Severity | 'all';

export const FILTERS = [
  { value: 'all', text: 'All' },
  { value: 'bad', text: 'Bad' },
  { value: 'warn', text: 'Warn' },
  { value: 'info', text: 'Info' },
] as const satisfies readonly { readonly value: Filter; readonly text: string }[];

/** Which severities are looked at, and the notices of them, newest first; of the open ones the gravest first. */
export function useFilter(notices: readonly Notice[]) {
  const [filter, setFilter] = useState<Filter>('all');
  const wanted = notices.filter(({ severity }) => filter === 'all' || severity === filter).reverse();
  const grave = ({ severity }: Notice): number => SEVERITIES.indexOf(severity);
  const open = wanted.filter(isOpenNotice).sort((a, b) => grave(b) - grave(a));
  const over = wanted.filter(({ resolvedWall }) => resolvedWall !== null);
  return { filter, setFilter, open, over };
}
