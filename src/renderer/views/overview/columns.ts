import { feedLatency } from '../../../shared/feedLatency.ts';
import { reconnectsOf } from '../../../shared/linkCounts.ts';
import { stateWord } from '../../../shared/linkState.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import { isPaused, type Tone, toneOf } from '../../standing.ts';
import type { NameWidths } from './nameRoom.ts';

/** What a column is sorted by; `undefined` stands last whichever way it is sorted. */
export type SortValue = number | string | undefined;

interface ColumnSpec {
  readonly key: string;
  readonly head: string;
  readonly unit?: string;
  readonly title: string;
  readonly numeric?: boolean;
  /** Shown without being asked for only in a window of at least so many px. */
  readonly fromWidth?: number;
  readonly sortBy?: (link: LinkView) => SortValue;
  /** The first press sorts upwards; others have the largest or the worst first. */
  readonly upwards?: boolean;
}

/** Less than this is a laptop: the room of some figures belongs to the reasons. All of them are on the link's page. */
const MEDIUM = 1440;
const WIDE = 1800;

/** At these widths of a window, px, other columns are shown by themselves; upwards. */
export const COLUMN_STEPS = [MEDIUM, WIDE] as const;

const WORST_FIRST: Readonly<Record<Tone, number>> = { bad: 3, warn: 2, good: 1, idle: 0 };
const GATE_CLOSED_FIRST = { closed: 2, open: 1, paused: 0 } as const;
const STANDBY_MISSING_FIRST = { building: 2, ready: 1, off: 0 } as const;

/** Paused links and venues without pings have no round trip: they stand last. */
const ofMinute =
  (figure: 'p50Ms' | 'p95Ms' | 'p99Ms' | 'count') =>
  (link: LinkView): SortValue =>
    isPaused(link) ? undefined : link.rtt.windows['1m']?.[figure];

/** The overview's columns from left to right; their widths are in `columns.css` under `--w-KEY`. */
export const COLUMNS = [
  { key: 'name', head: 'Link', title: 'Name in the settings, venue', sortBy: (link) => link.name, upwards: true },
  {
    key: 'state',
    head: 'State',
    title: 'State of the connection; the mark is its health',
    sortBy: ({ state }) => stateWord(state),
    upwards: true,
  },
  {
    key: 'gate',
    head: 'Gate',
    title: 'Trading gate: whether a bot may send an order now; the reasons are under the table',
    sortBy: ({ gate }) => GATE_CLOSED_FIRST[gate.kind],
  },
  {
    key: 'why',
    head: 'Health',
    title: 'Health and why; the whole sentence is under the table',
    sortBy: (link) => WORST_FIRST[toneOf(link)],
  },
  {
    key: 'last',
    head: 'RTT',
    unit: 'ms',
    title: 'The last round trip of a ping',
    numeric: true,
    sortBy: (link) => (isPaused(link) ? undefined : (link.rtt.lastMs ?? undefined)),
  },
  {
    key: 'p50',
    head: 'p50',
    unit: 'ms',
    title: 'Half of the last minute’s round trips were faster',
    numeric: true,
    sortBy: ofMinute('p50Ms'),
  },
  {
    key: 'p95',
    head: 'p95',
    unit: 'ms',
    title: '95 of 100 round trips of the last minute were faster',
    numeric: true,
    sortBy: ofMinute('p95Ms'),
  },
  {
    key: 'p99',
    head: 'p99 1 min',
    title: '99 of 100 round trips of the last minute were faster, ms; a gate judges by the last 100 pings',
    numeric: true,
    sortBy: ofMinute('p99Ms'),
  },
  {
    key: 'n',
    head: 'n',
    title: 'Samples behind the percentiles; under 20 they are grey',
    numeric: true,
    sortBy: ofMinute('count'),
  },
  { key: 'spark', head: 'p99, 2 min', title: 'p99 of the last two minutes, scaled to its own largest value' },
  {
    key: 'age',
    head: 'Data age',
    title: 'Time since the last market data',
    numeric: true,
    // The oldest first, as a large age is.
    sortBy: ({ clocks }) => (clocks.dataAt === null ? undefined : -clocks.dataAt),
  },
  {
    key: 'rate',
    head: 'Msgs',
    unit: '/s',
    title: 'Messages per second',
    numeric: true,
    sortBy: (link) => (isPaused(link) ? undefined : link.counters.messagesPerSec),
  },
  {
    key: 'up',
    head: 'Up for',
    title: 'Age of the socket in use',
    numeric: true,
    fromWidth: MEDIUM,
    sortBy: ({ uptime }) => (uptime.upSince === null ? undefined : -uptime.upSince),
  },
  {
    key: 'ratio',
    head: 'Up',
    unit: '%',
    title: 'Time up, of the time not paused, since Warmwire started',
    numeric: true,
    fromWidth: MEDIUM,
    sortBy: ({ uptime }) => (uptime.observedMs <= 0 ? undefined : uptime.upMs / uptime.observedMs),
  },
  {
    key: 'again',
    head: 'Rec',
    title: 'Reconnects since Warmwire started, planned changes of sockets too; a socket that stands by is none',
    numeric: true,
    fromWidth: MEDIUM,
    sortBy: ({ counters }) => reconnectsOf(counters),
  },
  {
    key: 'feed',
    head: 'Feed',
    unit: 'ms',
    title: 'Feed latency: arrival less the venue’s own time of the message; ± where the venue’s clock was measured',
    numeric: true,
    fromWidth: WIDE,
    sortBy: ({ lag, skew }) => (lag === null ? undefined : feedLatency(lag, skew).medianMs),
  },
  {
    key: 'budget',
    head: 'Budget',
    title: 'Messages sent, of those that the venue allows',
    numeric: true,
    fromWidth: WIDE,
    sortBy: ({ budget }) => (budget === null ? undefined : budget.used / budget.limit),
  },
  {
    key: 'standby',
    head: 'Standby',
    title: 'A second warm socket that takes over when this one is lost',
    fromWidth: WIDE,
    sortBy: ({ about }) => STANDBY_MISSING_FIRST[about.standby],
  },
  {
    key: 'rotates',
    head: 'Rotates in',
    title: 'Time until the planned change of sockets',
    numeric: true,
    fromWidth: WIDE,
    // The soonest first.
    sortBy: ({ about }) => (about.rotation.dueAt === null ? undefined : -about.rotation.dueAt),
  },
  { key: 'act', head: 'Actions', title: 'Reconnect (Shift: hard), pause or resume' },
] as const satisfies readonly ColumnSpec[];

export type ColumnKey = (typeof COLUMNS)[number]['key'];
export type Column = ColumnSpec & { readonly key: ColumnKey };

const BY_KEY: ReadonlyMap<string, Column> = new Map(COLUMNS.map((column) => [column.key, column]));

export function columnOf(key: ColumnKey): Column {
  const column = BY_KEY.get(key);
  if (column === undefined) throw new Error(`the overview has no column ${key}`);
  return column;
}

export const isColumnKey = (key: unknown): key is ColumnKey => typeof key === 'string' && BY_KEY.has(key);

const OF_ROUND_TRIPS: ReadonlySet<ColumnKey> = new Set(['last', 'p50', 'p95', 'p99', 'n', 'spark']);

/** The columns after the reason's that are empty in a row without round trips: there the reason is seen over them. */
export function underReason(columns: readonly ColumnKey[]): readonly ColumnKey[] {
  const after = columns.slice(columns.indexOf('why') + 1);
  const end = after.findIndex((key) => !OF_ROUND_TRIPS.has(key));
  return columns.includes('why') ? after.slice(0, end === -1 ? after.length : end) : [];
}

/**
 * The tracks of every row, and the least width of the table. What the others leave is the name's until it is whole, and its
 * venue where the window is wide, then the reason's.
 */
export function tracksOf(columns: readonly ColumnKey[], wanted: NameWidths): Readonly<Record<`--${string}`, string>> {
  const least = ['pick', ...columns].map((key) => `var(--w-${key})`);
  const name = `max(min(${wanted.names}px, var(--name-most)), min(${wanted.venues}px, var(--venue-most)))`;
  const grows: Partial<Record<ColumnKey, string>> = {
    name: `minmax(min(var(--w-name), ${name}), ${name})`,
    why: 'minmax(var(--w-why), 1fr)',
  };
  const tracks = columns.map((key) => grows[key] ?? `var(--w-${key})`);
  return { '--tracks': ['var(--w-pick)', ...tracks].join(' '), '--least': `calc(${least.join(' + ')})` };
}
