import { reconnectsOf } from '../../../shared/linkCounts.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import { isPaused, mayTrade, type Tone, toneOf } from '../../standing.ts';

/** The line of a group: counts, and of the figures the one that hurts. Paused links are only counted. */
export interface GroupSum {
  readonly links: number;
  readonly active: number;
  readonly fit: number;
  readonly gatesOpen: number;
  /** The worst of its links, and no good one where not all of them may be traded on. */
  readonly tone: Tone;
  /** The highest of its links, `null` without samples. */
  readonly p99Ms: number | null;
  readonly messagesPerSec: number;
  readonly reconnects: number;
}

const TONES: readonly Tone[] = ['bad', 'warn', 'good', 'idle'];

export function groupSum(links: readonly LinkView[]): GroupSum {
  const active = links.filter((link) => !isPaused(link));
  const p99s = active.flatMap(({ rtt }) => rtt.windows['1m']?.p99Ms ?? []);
  const fit = active.filter(mayTrade).length;
  const worst = TONES.find((tone) => active.some((link) => toneOf(link) === tone)) ?? 'idle';
  return {
    links: links.length,
    active: active.length,
    fit,
    gatesOpen: active.filter(({ gate }) => gate.kind === 'open').length,
    tone: worst === 'good' && fit < active.length ? 'warn' : worst,
    p99Ms: p99s.length === 0 ? null : Math.max(...p99s),
    messagesPerSec: active.reduce((sum, { counters }) => sum + counters.messagesPerSec, 0),
    reconnects: links.reduce((sum, { counters }) => sum + reconnectsOf(counters), 0),
  };
}
