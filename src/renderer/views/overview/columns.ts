export interface Column {
  readonly key: string;
  readonly head: string;
  readonly unit?: string;
  readonly title: string;
  readonly numeric?: boolean;
}

/** The overview's columns from left to right; their widths are in `table.css` under `col-KEY`. */
export const COLUMNS: readonly Column[] = [
  { key: 'name', head: 'Link', title: 'Name in the settings, venue' },
  { key: 'state', head: 'State', title: 'State of the connection; the mark is its health' },
  {
    key: 'gate',
    head: 'Gate',
    title: 'Trading gate: whether a bot may send an order now; the reasons are under the table',
  },
  { key: 'why', head: 'Health', title: 'Health and why; the whole sentence is under the table' },
  { key: 'last', head: 'RTT', unit: 'ms', title: 'The last round trip of a ping', numeric: true },
  { key: 'p50', head: 'p50', unit: 'ms', title: 'Half of the last minute’s round trips were faster', numeric: true },
  { key: 'p95', head: 'p95', unit: 'ms', title: '95 of 100 round trips of the last minute were faster', numeric: true },
  { key: 'p99', head: 'p99', unit: 'ms', title: '99 of 100 round trips of the last minute were faster', numeric: true },
  { key: 'n', head: 'n', title: 'Samples behind the percentiles; under 20 they are grey', numeric: true },
  { key: 'spark', head: 'p99, 2 min', title: 'p99 of the last two minutes, scaled to its own largest value' },
  { key: 'age', head: 'Data age', title: 'Time since the last market data', numeric: true },
  { key: 'rate', head: 'Msgs', unit: '/s', title: 'Messages per second', numeric: true },
  { key: 'up', head: 'Up for', title: 'Age of the socket in use', numeric: true },
  {
    key: 'ratio',
    head: 'Up',
    unit: '%',
    title: 'Time up, of the time not paused, since Warmwire started',
    numeric: true,
  },
  { key: 'again', head: 'Rec', title: 'Reconnects since Warmwire started', numeric: true },
  { key: 'act', head: 'Actions', title: 'Reconnect (Shift: hard), pause or resume' },
];

/** Under so many samples a percentile is shown in grey: it says little yet. */
export const ENOUGH_SAMPLES = 20;
