import { assertNever } from './outcome.ts';
import type { PoolMilestone } from './poolDrill.ts';
import type { Anchor, Milestone, Promised } from './promised.ts';
import type { Standing, TimelineRow } from './timeline.ts';

/** A drill in words and as text to be kept: made in this one place. */

/** Of a link or of a pool. */
export type AnyRow = TimelineRow<Milestone | PoolMilestone>;

export const MILESTONE_TEXT: Readonly<Record<AnyRow['milestone'], string>> = {
  suspect: 'Suspect',
  'gate-closed': 'Trading gate closed',
  dead: 'Declared dead',
  ended: 'Socket ended',
  promoted: 'Standby took over',
  dial: 'First dial',
  redial: 'Second dial',
  verdict: 'Verdict',
  notice: 'Told that data stopped',
  replaced: 'Replaced by policy',
  opened: 'Socket open again',
  restored: 'Restored, with data',
  healthy: 'Healthy again',
  'gate-open': 'Trading gate open again',
  others: 'False alarms on other links',
  lost: 'Ready socket lost',
  slow: 'Slow answer seen',
  failing: 'Venue left alone',
  retry: 'Asked again',
  learned: 'Idle limit learned',
  'ready-again': 'All ready again',
};

const ANCHOR_TEXT: Readonly<Record<Anchor, string>> = {
  fault: 'the fault',
  over: 'the fault’s end',
  trouble: 'the first sign',
  ended: 'the socket’s end',
  dial: 'the first dial',
  restored: 'the restore',
  recovered: 'the recovery',
};

/** `1.02 s`, `110 ms`: as exact as it was measured, to a millisecond. */
export function measured(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** `within 1.2 s`, with what it is counted from unless that is the fault. */
export function promiseText(promised: Promised): string {
  switch (promised.kind) {
    case 'within':
      return `within ${measured(promised.ms)}${fromText(promised.from)}`;
    case 'not-before':
      return `not before ${measured(promised.ms)}${fromText(promised.from)}`;
    case 'never':
      return 'never';
    case 'nothing':
      return 'nothing';
    case 'apart':
      return '–';
    default:
      return assertNever(promised);
  }
}

const fromText = (from: Anchor): string => (from === 'fault' ? '' : ` of ${ANCHOR_TEXT[from]}`);

const TOLD: readonly (readonly [AnyRow['milestone'], string])[] = [
  ['suspect', 'suspect'],
  ['gate-closed', 'trading stopped'],
  ['lost', 'socket lost'],
  ['slow', 'slow'],
  ['failing', 'left alone'],
  ['learned', 'idle limit learned'],
  ['ready-again', 'all ready again'],
  ['dead', 'dead'],
  ['notice', 'told that data stopped'],
  ['dial', 'dialled'],
  ['restored', 'restored'],
  ['gate-open', 'trading again'],
];

/** `suspect after 1.02 s (promised 1.20 s), trading stopped after 1.02 s (1.12 s), trading again after 9.10 s (…)`. */
export function resultText(rows: readonly AnyRow[], whom = 'the link'): string {
  const parts: string[] = [];
  for (const [milestone, word] of TOLD) {
    const row = rows.find((one) => one.milestone === milestone);
    if (row === undefined || row.mark === null) continue;
    parts.push(`${word} after ${measured(row.mark.ms)}${limitText(row, parts.length === 0)}`);
  }
  const missed = rows.filter(({ standing }) => standing === 'missed');
  const lacking = missed.filter(({ mark }) => mark === null).map(({ milestone }) => MILESTONE_TEXT[milestone]);
  if (lacking.length > 0) parts.push(`missing: ${lacking.join(', ').toLowerCase()}`);
  return parts.length === 0 ? `nothing happened to ${whom}` : parts.join(', ');
}

function limitText({ limitMs, promised }: AnyRow, first: boolean): string {
  if (limitMs === null || promised.kind !== 'within') return '';
  return ` (${first ? 'promised ' : ''}${measured(limitMs)})`;
}

export function countOf(rows: readonly AnyRow[], standing: Standing): number {
  return rows.filter((row) => row.standing === standing).length;
}

/** `8 kept, 1 missed`. */
export function scoreText(rows: readonly AnyRow[]): string {
  return `${countOf(rows, 'kept')} kept, ${countOf(rows, 'missed')} missed`;
}

/** One line a milestone, with tabs. */
export function reportText(title: string, rows: readonly AnyRow[]): string {
  const lines = rows.map(({ milestone, mark, promised, standing }) =>
    [MILESTONE_TEXT[milestone], mark === null ? '–' : `+${measured(mark.ms)}`, promiseText(promised), standing].join(
      '\t',
    ),
  );
  return [title, resultText(rows), scoreText(rows), ...lines, ''].join('\n');
}

/** Times in ms; a cell never begins a formula. */
export function reportCsv(facts: readonly (readonly [key: string, value: string])[], rows: readonly AnyRow[]): string {
  const head = [
    ...facts.map(([key]) => key),
    'milestone',
    'measured_ms',
    'promise',
    'limit_ms',
    'standing',
    'why',
    'said',
  ];
  const lines = rows.map(({ milestone, mark, promised, limitMs, standing }) => [
    ...facts.map(([, value]) => value),
    milestone,
    mark === null ? '' : String(Math.round(mark.ms)),
    promised.kind,
    limitMs === null ? '' : String(Math.round(limitMs)),
    standing,
    promised.why,
    mark?.text ?? '',
  ]);
  return [head, ...lines]
    .map((cells) => cells.map(csvCell).join(','))
    .join('\r\n')
    .concat('\r\n');
}

function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
