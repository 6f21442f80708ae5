import { useSyncExternalStore } from 'react';
import { RTT_WINDOWS, type RttWindow } from '../shared/snapshot.ts';

/** Where the user is. It lives in the URL's hash, so the browser and the window behave alike. */
export type Route =
  | { readonly view: 'overview'; readonly chart: ChartRoute }
  | { readonly view: 'link'; readonly name: string; readonly window: RttWindow; readonly chart: ChartRoute }
  /** `name`: the pool whose particulars are shown; `null`: the first. */
  | { readonly view: 'pools'; readonly name: string | null }
  | { readonly view: 'notices' }
  /** `at`: the key of a pool, or a table, to put the cursor on. */
  | { readonly view: 'settings'; readonly at: SettingsPlace | null };

export interface PoolKey {
  readonly pool: string;
  readonly key: string;
}

/** A table by its path (`notice`, `link-down`), and a key of it if one is meant. */
export interface TablePlace {
  readonly table: readonly [kind: string, name?: string];
  readonly key: string | null;
}

export type SettingsPlace = PoolKey | TablePlace;

export const RANGES_MIN = [2, 5, 10] as const;
export type RangeMin = (typeof RANGES_MIN)[number];
export interface ChartRoute {
  readonly rangeMin: RangeMin;
  readonly scale: 'linear' | 'log';
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const params = new URLSearchParams(query);
  if (path === '/settings') return { view: 'settings', at: poolKeyOf(params) ?? tablePlaceOf(params) };
  if (path === '/notices') return { view: 'notices' };
  if (path === '/pools') return { view: 'pools', name: null };
  const pool = nameIn(path, '/pools/');
  if (pool !== null) return { view: 'pools', name: pool };
  const name = nameIn(path, '/link/');
  if (name !== null) {
    return {
      view: 'link',
      name,
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
  const params = new URLSearchParams();
  if (route.view === 'link' && route.window !== '5m') params.set('window', route.window);
  if (route.chart.rangeMin !== 5) params.set('range', String(route.chart.rangeMin));
  if (route.chart.scale !== (route.view === 'link' ? 'linear' : 'log')) params.set('scale', route.chart.scale);
  const path = route.view === 'link' ? `#/link/${encodeURIComponent(route.name)}` : '#/';
  const query = params.toString();
  return query === '' ? path : `${path}?${query}`;
}

export const linkHash = (name: string): string => `#/link/${encodeURIComponent(name)}`;
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
  const range = Number(params.get('range'));
  return {
    rangeMin: RANGES_MIN.find((known) => known === range) ?? 5,
    scale: oneOf(['linear', 'log'] as const, params.get('scale'), scale),
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
