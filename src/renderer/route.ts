import { useSyncExternalStore } from 'react';
import { RTT_WINDOWS, type RttWindow } from '../shared/rttView.ts';
import { SLICE_RANGES, type SliceRange } from '../shared/slices.ts';

/** Where the user is. It lives in the URL's hash, so the browser and the window behave alike. */
export type Route =
  | { readonly view: 'overview'; readonly chart: ChartRoute }
  | {
      readonly view: 'link';
      readonly name: string;
      readonly tab: LinkTab;
      readonly window: RttWindow;
      readonly chart: ChartRoute;
    }
  /** `name`: the pool whose particulars are shown; `null`: the first. */
  | { readonly view: 'pools'; readonly name: string | null }
  /** `exchange`: the demo exchange to drill; `null`: where a drill runs, else the first at which a link stands. */
  | { readonly view: 'drills'; readonly exchange: string | null }
  | { readonly view: 'add'; readonly step: AddStep }
  | { readonly view: 'notices' }
  /** `at`: the key of a pool, or a table, to put the cursor on. */
  | { readonly view: 'settings'; readonly at: SettingsPlace | null };

export const ADD_STEPS = ['venue', 'subscribe', 'test'] as const;
export type AddStep = (typeof ADD_STEPS)[number];

export interface PoolKey {
  readonly pool: string;
  readonly key: string;
}

export const LINK_TABS = ['now', 'incidents', 'control', 'connection', 'settings'] as const;
export type LinkTab = (typeof LINK_TABS)[number];

export const CHART_FORMS = ['lines', 'smoke', 'heatmap'] as const;
export type ChartForm = (typeof CHART_FORMS)[number];
/** A table by its path (`notice`, `link-down`), and a key of it if one is meant. */
export interface TablePlace {
  readonly table: readonly [kind: string, name?: string];
  readonly key: string | null;
}

export type SettingsPlace = PoolKey | TablePlace;

export interface ChartRoute {
  readonly range: SliceRange;
  readonly scale: 'linear' | 'log';
  /** Of the link page; the overview has lines. */
  readonly form: ChartForm;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const params = new URLSearchParams(query);
  if (path === '/settings') return { view: 'settings', at: poolKeyOf(params) ?? tablePlaceOf(params) };
  if (path === '/notices') return { view: 'notices' };
  if (path === '/pools') return { view: 'pools', name: null };
  if (path === '/add') return { view: 'add', step: 'venue' };
  const step = nameIn(path, '/add/');
  if (step !== null) return { view: 'add', step: oneOf(ADD_STEPS, step, 'venue') };
  const pool = nameIn(path, '/pools/');
  if (pool !== null) return { view: 'pools', name: pool };
  if (path === '/drills') return { view: 'drills', exchange: null };
  const exchange = nameIn(path, '/drills/');
  if (exchange !== null) return { view: 'drills', exchange };
  const name = nameIn(path, '/link/');
  if (name !== null) {
    return {
      view: 'link',
      name,
      tab: oneOf(LINK_TABS, params.get('tab'), 'now'),
      window: oneOf(RTT_WINDOWS, params.get('window'), '5m'),
      chart: chartOf(params, 'linear'),
    };
  }
  return { view: 'overview', chart: chartOf(params, 'log') };
}

/** The hash of a route, shortest form: what is the default is left out. */
export function routeHash(route: Route): string {
  if (route.view === 'settings') {
    if (route.at === null) return '#/settings';
    return 'pool' in route.at ? settingsHash(route.at) : tableHash(route.at);
  }
  if (route.view === 'notices') return '#/notices';
  if (route.view === 'pools') return route.name === null ? '#/pools' : poolHash(route.name);
  if (route.view === 'drills') return route.exchange === null ? '#/drills' : drillsHash(route.exchange);
  if (route.view === 'add') return addHash(route.step);
  const params = new URLSearchParams();
  if (route.view === 'link' && route.tab !== 'now') params.set('tab', route.tab);
  if (route.view === 'link' && route.window !== '5m') params.set('window', route.window);
  if (route.chart.range !== '5m') params.set('range', route.chart.range);
  if (route.chart.scale !== (route.view === 'link' ? 'linear' : 'log')) params.set('scale', route.chart.scale);
  if (route.chart.form !== 'lines') params.set('form', route.chart.form);
  const path = route.view === 'link' ? `#/link/${encodeURIComponent(route.name)}` : '#/';
  const query = params.toString();
  return query === '' ? path : `${path}?${query}`;
}

export const linkHash = (name: string): string => `#/link/${encodeURIComponent(name)}`;
export const drillsHash = (exchange: string): string => `#/drills/${encodeURIComponent(exchange)}`;
export const addHash = (step: AddStep): string => (step === 'venue' ? '#/add' : `#/add/${step}`);
export const poolHash = (name: string): string => `#/pools/${encodeURIComponent(name)}`;
export const settingsHash = ({ pool, key }: PoolKey): string => `#/settings?${new URLSearchParams({ pool, key })}`;

export function tableHash({ table: [kind, name], key }: TablePlace): string {
  const params = new URLSearchParams({ table: kind });
  if (name !== undefined) params.set('name', name);
  if (key !== null) params.set('key', key);
  return `#/settings?${params}`;
}

/** Goes to a place a person can come back from. */
export function go(hash: string): void {
  window.location.hash = hash;
}

/** Changes how the place is looked at, without a step in the history. */
export function adjust(route: Route): void {
  window.history.replaceState(null, '', routeHash(route));
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return parseRoute(hash);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function chartOf(params: URLSearchParams, scale: ChartRoute['scale']): ChartRoute {
  return {
    range: oneOf(SLICE_RANGES, params.get('range'), '5m'),
    scale: oneOf(['linear', 'log'] as const, params.get('scale'), scale),
    form: oneOf(CHART_FORMS, params.get('form'), 'lines'),
  };
}

function nameIn(path: string, folder: string): string | null {
  const name = path.startsWith(folder) ? decoded(path.slice(folder.length)) : null;
  return name === '' ? null : name;
}

function poolKeyOf(params: URLSearchParams): PoolKey | null {
  const [pool, key] = [params.get('pool'), params.get('key')];
  return pool === null || key === null ? null : { pool, key };
}

function tablePlaceOf(params: URLSearchParams): TablePlace | null {
  const [kind, name] = [params.get('table'), params.get('name')];
  return kind === null ? null : { table: name === null ? [kind] : [kind, name], key: params.get('key') };
}

function oneOf<T extends string>(known: readonly T[], value: string | null, otherwise: T): T {
  return known.find((entry) => entry === value) ?? otherwise;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
