import { withoutClearKeys } from '../../shared/clearKey.ts';
import type { EffectiveValue } from '../../shared/contract.ts';
import type { Outcome } from '../../shared/outcome.ts';
import type { OriginConfig, PoolConfig } from '../../shared/pool.ts';
import type { Preset } from '../../shared/preset.ts';
import type { PoolSettings, Settings } from '../../shared/settings.ts';
import type { SettingsProblem } from '../../shared/settingsView.ts';
import { nearestOf } from './nearest.ts';
import { poolPolicyOf } from './poolPolicy.ts';
import { poolValues } from './poolValues.ts';

/** What pools refer to and settings do not contain. */
export interface PoolSurroundings {
  readonly presets: ReadonlyMap<string, Preset>;
  readonly demoAddresses: ReadonlyMap<string, string>;
  /** PEM text of the demo's own authority; `null` when no demo runs. */
  readonly demoCa: string | null;
  readonly readCa: (path: string) => Outcome<string>;
}

export type Report = (
  severity: SettingsProblem['severity'],
  path: readonly string[],
  message: string,
  expected: string,
  nearest?: string | null,
) => void;

/** Nothing listens on the discard port: a demo that could not start is shown as refused. */
const NOWHERE = 'https://127.0.0.1:9';
/** Costs next to nothing wherever it is asked, and proves the socket whatever the answer is. */
const PLAIN_WARM = { warmMethod: 'HEAD', warmPath: '/' } as const;

/** `[pool.NAME]` to what the engine is told. The caller drops it if an error was reported. */
export function resolvePool(
  name: string,
  pool: PoolSettings,
  settings: Settings,
  surroundings: PoolSurroundings,
  report: Report,
): { readonly config: PoolConfig; readonly effective: readonly EffectiveValue[] } {
  const { preset, missing } = presetOf(name, pool, surroundings, report);
  const urls = originsOf(name, pool, preset, missing, report);
  const demo = urls.some(isDemo);
  const { values, effective } = poolValues(pool, settings.connection);
  if (demo && !urls.every(isDemo)) {
    const message = `the pool ${name} has demo origins and real ones`;
    report('error', ['pool', name, 'origins'], message, 'two pools: one of demo:// origins, one of the others');
  }
  const asks = warmRequest(pool, pool.origins === undefined || samePlace(urls, preset) ? preset : null);
  const config: PoolConfig = {
    name,
    enabled: pool.enabled ?? true,
    demo,
    presetName: pool.preset ?? null,
    origins: urls.map((url, index) => {
      const path = ['pool', name, ...(pool.origins === undefined ? [] : ['origins', String(index)])];
      const dialUrl = isDemo(url) ? demoAddress(url, path, surroundings, report) : new URL(url).origin;
      return { url, dialUrl, ...(isDemo(url) ? demoRequest(pool) : asks) };
    }),
    ca: demo ? surroundings.demoCa : caOf(name, pool, surroundings, report),
    policy: poolPolicyOf(values),
  };
  return { config, effective: [...aboutPool(pool, config), ...effective] };
}

/**
 * `warmup_urls`: an origin that no `[pool.NAME]` has becomes a pool named by its host; the first path given for it is what
 * keeps it warm, by GET.
 */
export function poolsOfWarmupUrls(settings: Settings, taken: readonly PoolConfig[]): PoolConfig[] {
  const origins = new Set(taken.flatMap((pool) => pool.origins.map(({ dialUrl }) => dialUrl)));
  const names = new Set([...taken.map(({ name }) => name), ...Object.keys(settings.pool ?? {})]);
  const { values } = poolValues({}, settings.connection);
  const pools: PoolConfig[] = [];
  for (const text of settings.connection?.warmup_urls ?? []) {
    const url = new URL(text);
    if (origins.has(url.origin)) continue;
    origins.add(url.origin);
    const name = freeName(url, names);
    names.add(name);
    const path = url.pathname + url.search;
    const asks = path === '/' ? PLAIN_WARM : ({ warmMethod: 'GET', warmPath: path } as const);
    pools.push({
      name,
      enabled: true,
      demo: false,
      presetName: null,
      origins: [{ url: url.origin, dialUrl: url.origin, ...asks }],
      ca: null,
      policy: poolPolicyOf(values),
    });
  }
  return pools;
}

/** The host; with its port, or its whole origin, where another pool has that name. */
function freeName(url: URL, names: ReadonlySet<string>): string {
  return [url.hostname, url.host, url.origin].find((name) => !names.has(name)) ?? `${url.origin}/`;
}

function presetOf(
  name: string,
  pool: PoolSettings,
  surroundings: PoolSurroundings,
  report: Report,
): { readonly preset: Preset | null; readonly missing: boolean } {
  if (pool.preset === undefined) return { preset: null, missing: false };
  const preset = surroundings.presets.get(pool.preset);
  if (preset !== undefined) return { preset, missing: false };
  const known = [...surroundings.presets.keys()];
  const message = `there is no preset called ${JSON.stringify(pool.preset)}`;
  report('error', ['pool', name, 'preset'], message, `one of ${known.join(', ')}`, nearestOf(pool.preset, known));
  return { preset: null, missing: true };
}

function originsOf(
  name: string,
  pool: PoolSettings,
  preset: Preset | null,
  presetMissing: boolean,
  report: Report,
): readonly string[] {
  const own = pool.origins ?? (preset?.rest_url === undefined ? [] : [preset.rest_url]);
  const urls = own.map((url) => (isDemo(url) ? url : new URL(url).origin));
  urls.forEach((url, index) => {
    if (urls.indexOf(url) === index) return;
    const message = `${url} stands twice in the pool ${name}`;
    report('error', ['pool', name, 'origins', String(index)], message, 'each origin once');
  });
  if (urls.length > 0) return [...new Set(urls)];
  if (!presetMissing) {
    const which = preset === null ? '' : `: the preset ${JSON.stringify(pool.preset)} has no HTTP address`;
    report('error', ['pool', name], `the pool ${name} has no origin${which}`, 'origins, or a preset with one');
  }
  return [NOWHERE];
}

const samePlace = (urls: readonly string[], preset: Preset | null): boolean =>
  preset?.rest_url !== undefined && urls.every((url) => !isDemo(url) && url === new URL(preset.rest_url ?? url).origin);

/** The pool's own keys, then the preset's, where its request belongs to these origins. */
function warmRequest(pool: PoolSettings, preset: Preset | null): Pick<OriginConfig, 'warmMethod' | 'warmPath'> {
  const venue =
    preset?.rest_warm_path === undefined
      ? PLAIN_WARM
      : { warmMethod: preset.rest_warm_method, warmPath: preset.rest_warm_path };
  const warmPath = pool.warm_path ?? venue.warmPath;
  const method = pool.warm_path === undefined ? venue.warmMethod : 'GET';
  return { warmMethod: pool.warm_method ?? method, warmPath };
}

const demoRequest = (pool: PoolSettings): Pick<OriginConfig, 'warmMethod' | 'warmPath'> => ({
  warmMethod: pool.warm_method ?? 'GET',
  warmPath: pool.warm_path ?? '/time',
});

const isDemo = (url: string): boolean => url.startsWith('demo://');

function demoAddress(url: string, path: readonly string[], surroundings: PoolSurroundings, report: Report): string {
  const name = url.slice('demo://'.length);
  const address = surroundings.demoAddresses.get(name);
  if (address?.startsWith('http')) return address;
  const known = [...surroundings.demoAddresses].filter(([, one]) => one.startsWith('http')).map(([one]) => one);
  if (surroundings.demoAddresses.size === 0) {
    report('notice', path, `the demo exchange ${name} is not running, so the pool cannot connect`, 'a running demo');
  } else {
    const message = `there is no demo HTTP exchange called ${name}`;
    report('error', path, message, `one of ${known.join(', ')}`, nearestOf(name, known));
  }
  return NOWHERE;
}

function caOf(name: string, pool: PoolSettings, surroundings: PoolSurroundings, report: Report): string | null {
  if (pool.ca_file === undefined) return null;
  const read = surroundings.readCa(pool.ca_file);
  if (read.ok) return read.value;
  const message = `the certificate file ${JSON.stringify(pool.ca_file)} cannot be used: ${read.problem.message}`;
  report('error', ['pool', name, 'ca_file'], message, `a PEM file that can be read (${read.problem.hint})`);
  return null;
}

/** The values that are not knobs. */
function aboutPool(pool: PoolSettings, config: PoolConfig): EffectiveValue[] {
  const row = (key: string, value: string, source: EffectiveValue['source']): EffectiveValue => ({
    key,
    value,
    unit: '',
    source,
    note: null,
  });
  const own = (set: boolean): EffectiveValue['source'] =>
    set ? 'pool' : config.presetName === null ? 'built in' : 'preset';
  const first = config.origins[0];
  return [
    row('origins', config.origins.map(({ url }) => url).join(', '), own(pool.origins !== undefined)),
    row('preset', config.presetName ?? 'none', pool.preset === undefined ? 'built in' : 'pool'),
    row('enabled', String(config.enabled), pool.enabled === undefined ? 'built in' : 'pool'),
    row('profile', pool.profile ?? 'none', pool.profile === undefined ? 'built in' : 'pool'),
    row('warm_path', withoutClearKeys(first?.warmPath ?? ''), own(pool.warm_path !== undefined)),
    row('warm_method', first?.warmMethod ?? '', own(pool.warm_method !== undefined)),
    row('ca_file', pool.ca_file ?? 'the system’s', pool.ca_file === undefined ? 'built in' : 'pool'),
  ];
}
