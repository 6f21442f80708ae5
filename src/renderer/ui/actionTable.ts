/**
 * Everything that a person can do by a key: the one table that the keyboard, the command palette and the list of shortcuts
 * are made from. Keys of two letters are two presses, one after the other.
 */
export interface ActionEntry {
  readonly title: string;
  readonly keys: readonly string[];
  /** Where the keys work; the palette offers what it can everywhere. */
  readonly where:
    | 'everywhere'
    | 'on the overview'
    | 'on a link or its row'
    | 'on a link’s tabs'
    | 'on a page with charts'
    | 'on the page of the pools'
    | 'in the wizard that adds a venue'
    | 'in the settings';
  /** The place that it leads to, if that is all it does. */
  readonly hash?: string;
}

export const ACTIONS = {
  overview: { title: 'Overview', keys: ['1', 'g o'], where: 'everywhere', hash: '#/' },
  settings: { title: 'Settings', keys: ['2', 'g s'], where: 'everywhere', hash: '#/settings' },
  pools: { title: 'Pools: HTTP sockets kept ready', keys: ['3', 'g h'], where: 'everywhere', hash: '#/pools' },
  drills: { title: 'Drills: faults on the demo exchanges', keys: ['4', 'g d'], where: 'everywhere', hash: '#/drills' },
  notices: {
    title: 'Notices: all of them, and their rules',
    keys: ['5', 'g n'],
    where: 'everywhere',
    hash: '#/notices',
  },
  'add-venue': { title: 'Add venue', keys: ['6', 'g a'], where: 'everywhere', hash: '#/add' },
  bell: { title: 'Show the open notices', keys: ['n'], where: 'everywhere' },
  palette: { title: 'Command palette: do anything by its name', keys: ['Ctrl/⌘ k', ':'], where: 'everywhere' },
  shortcuts: { title: 'This list', keys: ['?'], where: 'everywhere' },
  rows: { title: 'Move between links, or between pools', keys: ['↑ ↓ Home End'], where: 'everywhere' },
  back: {
    title: 'Back to the overview; in the settings text: leave it first',
    keys: ['Esc'],
    where: 'everywhere',
  },
  filter: { title: 'Filter the links', keys: ['/'], where: 'on the overview' },
  select: { title: 'Select or deselect the link', keys: ['Space'], where: 'on the overview' },
  extend: { title: 'Extend the selection row by row', keys: ['Shift ↑ ↓'], where: 'on the overview' },
  'select-all': { title: 'Select all links shown', keys: ['Ctrl/⌘ a'], where: 'on the overview' },
  fold: { title: 'Fold or unfold a venue’s group', keys: ['← →'], where: 'on the overview' },
  'only-line': {
    title: 'In the chart’s legend: draw only this line, or all again; as Alt and a click',
    keys: ['Alt Enter'],
    where: 'on the overview',
  },
  'open-link': { title: 'Open the link’s page', keys: ['Enter'], where: 'on a link or its row' },
  reconnect: { title: 'Reconnect gracefully: the new socket first', keys: ['r'], where: 'on a link or its row' },
  'reconnect-hard': {
    title: 'Reconnect hard: cut at once; asks first if it is live',
    keys: ['Shift r'],
    where: 'on a link or its row',
  },
  pause: { title: 'Pause or resume; asks before a live link is paused', keys: ['p'], where: 'on a link or its row' },
  tabs: { title: 'Previous tab, next tab', keys: ['← →'], where: 'on a link’s tabs' },
  'hold-charts': {
    title: 'Pause the charts, or go on; Space while nothing has the focus',
    keys: ['Shift p', 'Space'],
    where: 'on a page with charts',
  },
  'chart-cursor': {
    title: 'On a chart: read it point by point; while paused: move through time',
    keys: ['← →'],
    where: 'on a page with charts',
  },
  'chart-cell': {
    title: 'On a heatmap: the cell above, below; each says its time, latency and samples',
    keys: ['↑ ↓'],
    where: 'on a page with charts',
  },
  'warm-pool': { title: 'Warm the pool now', keys: ['w'], where: 'on the page of the pools' },
  'destroy-pool': {
    title: 'Destroy the pool’s sockets; asks first',
    keys: ['Shift d'],
    where: 'on the page of the pools',
  },
  'wizard-next': { title: 'Go on to the next step', keys: ['Enter'], where: 'in the wizard that adds a venue' },
  'wizard-venues': {
    title: 'From the search to the venues, and from one to the next',
    keys: ['↑ ↓'],
    where: 'in the wizard that adds a venue',
  },
  'wizard-check': {
    title: 'Press, tick or untick what has the focus',
    keys: ['Space'],
    where: 'in the wizard that adds a venue',
  },
  apply: { title: 'Apply the settings text', keys: ['Ctrl/⌘ s'], where: 'in the settings' },
  search: { title: 'Search in the settings text', keys: ['Ctrl/⌘ f'], where: 'in the settings' },
  problem: { title: 'Next problem in the settings text', keys: ['F8'], where: 'in the settings' },
} as const satisfies Record<string, ActionEntry>;

export type ActionName = keyof typeof ACTIONS;

export const ACTION_NAMES = Object.keys(ACTIONS) as readonly ActionName[];
export const entryOf = (name: ActionName): ActionEntry => ACTIONS[name];
export const keysText = (name: ActionName): string => entryOf(name).keys.join('  or  ');

const EVERYWHERE = ACTION_NAMES.filter((name) => entryOf(name).where === 'everywhere');

/** The action that a press means on every page, `null` for none. `after`: the key pressed just before. */
export function actionOf(key: string, after: string | null): ActionName | null {
  const named = (keys: string): ActionName | undefined => EVERYWHERE.find((name) => entryOf(name).keys.includes(keys));
  return (after === null ? undefined : named(`${after} ${key}`)) ?? named(key) ?? null;
}

/** True for a key that begins a pair. */
export const beginsPair = (key: string): boolean =>
  EVERYWHERE.some((name) => entryOf(name).keys.some((keys) => keys.startsWith(`${key} `)));
