import type { GridColumn } from '../../ui/GridHead.tsx';

/** The pools' columns from left to right; their widths are in `pools.css` under `pcol-KEY`. */
export const POOL_COLUMNS: readonly GridColumn[] = [
  { key: 'name', head: 'Pool', title: 'Name in the settings' },
  { key: 'state', head: 'State', title: 'The worst state among its origins, and how many of them are in it' },
  { key: 'ready', head: 'Ready', title: 'Sockets ready for a request now, of those wanted', numeric: true },
  { key: 'active', head: 'Active', title: 'Sockets that carry a request', numeric: true },
  { key: 'idle', head: 'Idle', title: 'Open sockets that carry none; target 5 to 20 in all', numeric: true },
  { key: 'pending', head: 'Wait', title: 'Requests that wait for a socket', numeric: true },
  { key: 'max', head: 'Max', title: 'Most sockets to one origin', numeric: true },
  { key: 'requests', head: 'Requests', title: 'Since Warmwire started', numeric: true },
  {
    key: 'reuse',
    head: 'Reuse',
    unit: '%',
    title: 'Requests that found an open socket; target over 90 %',
    numeric: true,
  },
  {
    key: 'cold',
    head: 'Cold p50',
    unit: 'ms',
    title: 'Whole request on a fresh socket, connect included',
    numeric: true,
  },
  { key: 'n', head: 'n', title: 'Samples behind the cold figure; under 20 it is grey', numeric: true },
  { key: 'warm', head: 'Warm p50', unit: 'ms', title: 'Whole request on a ready socket', numeric: true },
  { key: 'n2', head: 'n', title: 'Samples behind the warm figure; under 20 it is grey', numeric: true },
  { key: 'saved', head: 'Saved', unit: '%', title: 'What a warm request saves at p50', numeric: true },
  { key: 'age', head: 'Avg age', title: 'Average age of the open sockets; target over 30 s', numeric: true },
  { key: 'alerts', head: 'Alerts', title: 'Alerts and warnings; the sentences are below', numeric: true },
];
