import { clearKeysIn, withoutClearKeys } from '../../shared/clearKey.ts';
import type { EffectiveValue } from '../../shared/contract.ts';
import type { EngineConfig, LinkConfig } from '../../shared/engineConfig.ts';
import { PATH_KEY } from '../../shared/namelessKey.ts';
import type { NoticeSettings } from '../../shared/noticeRule.ts';
import type { Outcome } from '../../shared/outcome.ts';
import type { PoolConfig } from '../../shared/pool.ts';
import { LINE_PRESET, PLAIN_PRESET, type Preset } from '../../shared/preset.ts';
import { secretsIn } from '../../shared/secrets.ts';
import { isLinkUrl, type LinkSettings, SETTINGS_BUILT_IN, type Settings } from '../../shared/settings.ts';
import type { SettingsProblem } from '../../shared/settingsView.ts';
import { pathText } from '../../shared/toml/quoting.ts';
import type { Span } from '../../shared/toml/toml.ts';
import { reportCrowded } from './crowded.ts';
import { nearestOf } from './nearest.ts';
import { policyOf } from './policy.ts';
import { resolveNotices, type Watchable, watchableLink, watchablePool } from './resolveNotices.ts';
import { poolsOfWarmupUrls, type Report, resolvePool } from './resolvePools.ts';
import { windowsAt, zoneAt } from './rotationWindow.ts';
import { subscriptionsOf } from './subscribing.ts';
import { linkValues } from './values.ts';

/** What settings refer to and do not contain. */
export interface Surroundings {
  readonly presets: ReadonlyMap<string, Preset>;
  /** By name (`frankfurt`), where a demo exchange listens: `ws://127.0.0.1:43211/`. Empty when no demo could start. */
  readonly demoAddresses: ReadonlyMap<string, string>;
  /** PEM text of the authority of the demo's HTTPS exchange; `null` when no demo could start. */
  readonly demoCa: string | null;
  /** PEM text of a file named by `ca_file`, as far as it is known. */
  readonly readCa: (path: string) => Outcome<string>;
}

/** Those of a running program, which change. */
export interface LiveSurroundings extends Surroundings {
  /** Has these certificate files looked at; true when one of them is not as it was known. */
  readonly lookAtCa: (paths: readonly string[]) => Promise<boolean>;
  /** Calls when a certificate that was not in time is known, or a preset is another, until the returned function is called. */
  readonly onNews: (listener: () => void) => () => void;
}

export interface ResolvedSettings {
  /** Without the links that have an error: to be run as it is only when nothing better is there. */
  readonly config: EngineConfig;
  readonly effective: ReadonlyMap<string, readonly EffectiveValue[]>;
  /** The same of the pools that have a table. */
  readonly poolEffective: ReadonlyMap<string, readonly EffectiveValue[]>;
  readonly notices: NoticeSettings;
  readonly problems: readonly SettingsProblem[];
}

type Locate = (path: readonly string[]) => Span;

/** Row C1: settings to what the engine is told, in the order of the file, and where each value comes from. */
export function resolveSettings(settings: Settings, surroundings: Surroundings, locate: Locate): ResolvedSettings {
  const problems: SettingsProblem[] = [];
  const links: LinkConfig[] = [];
  const watched: Watchable[] = [];
  const effective = new Map<string, readonly EffectiveValue[]>();
  const report: Report = (severity, path, message, expected, nearest = null) =>
    problems.push({ severity, ...locate(path), path: pathText(path), message, expected, nearest });
  const fine = (before: number): boolean => problems.slice(before).every(({ severity }) => severity === 'notice');
  for (const [name, link] of inFileOrder('link', settings.link ?? {}, locate)) {
    const before = problems.length;
    const resolved = resolveLink(name, link, settings, surroundings, report);
    effective.set(name, resolved.effective);
    watched.push(watchableLink(resolved.config));
    if (fine(before)) links.push(resolved.config);
  }
  reportCrowded(links, report);
  const pools: PoolConfig[] = [];
  const poolEffective = new Map<string, readonly EffectiveValue[]>();
  for (const [name, pool] of inFileOrder('pool', settings.pool ?? {}, locate)) {
    const before = problems.length;
    const resolved = resolvePool(name, pool, settings, surroundings, report);
    poolEffective.set(name, resolved.effective);
    if (fine(before)) pools.push(resolved.config);
  }
  pools.push(...poolsOfWarmupUrls(settings, pools));
  watched.push(...pools.map((pool) => watchablePool(pool, surroundings.presets)));
  const notices = resolveNotices(settings, watched, report);
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  const shutdownGraceMs = (settings.app?.shutdown_grace_secs ?? SETTINGS_BUILT_IN.app.shutdown_grace_secs) * 1000;
  const gateReopenMs = (settings.gate?.reopen_after_secs ?? SETTINGS_BUILT_IN.gate.reopen_after_secs) * 1000;
  return { config: { links, pools, gateReopenMs, shutdownGraceMs }, effective, poolEffective, notices, problems };
}

/** An object puts keys like `1` first; the file's own order is in the places of the tables. */
function inFileOrder<T>(table: string, named: Readonly<Record<string, T>>, locate: Locate): [string, T][] {
  const place = new Map(Object.keys(named).map((name) => [name, locate([table, name])]));
  const at = (name: string): Span => place.get(name) ?? locate([]);
  return Object.entries(named).sort(([a], [b]) => at(a).line - at(b).line || at(a).column - at(b).column);
}

function resolveLink(
  name: string,
  link: LinkSettings,
  settings: Settings,
  surroundings: Surroundings,
  report: Report,
): { config: LinkConfig; effective: readonly EffectiveValue[] } {
  const path = ['link', name];
  const named = presetOf(name, link, surroundings, report);
  const url = urlOf(name, link, named, report);
  const isLines = /^(tcp|tls):/.test(demo(url) ? (surroundings.demoAddresses.get(demoName(url)) ?? '') : url);
  const spoken = isLines && named === PLAIN_PRESET ? LINE_PRESET : named;
  // Where no credentials are sent none can be refused: a 403 is about this address.
  const preset: Preset = isKeyed(spoken, url) ? spoken : { ...spoken, http_403: 'block' };
  if (isLines && preset.ping.kind === 'protocol') {
    const message = `${preset.venue} is pinged with WebSocket frames, and ${url} carries lines`;
    report('error', [...path, 'preset'], message, 'a preset with text pings, or a ws:// or wss:// address');
  }
  const { values, effective, outOfRange } = linkValues(name, link, preset, settings.connection);
  for (const fault of outOfRange) report(fault.refused ? 'error' : 'notice', fault.path, fault.message, fault.expected);
  const { subscriptions, faults } = subscriptionsOf(link, preset);
  const presetMissing = link.preset !== undefined && named === PLAIN_PRESET;
  for (const fault of presetMissing ? [] : faults) {
    const at = [...path, fault.key, String(fault.index)];
    report(fault.severity, at, fault.message, fault.expected, fault.nearest);
  }
  const tooMany = preset.limits.subscriptions;
  if (tooMany !== undefined && subscriptions.length > tooMany) {
    const message = `${subscriptions.length} subscriptions on one connection, and ${preset.venue} takes ${tooMany}`;
    report('error', [...path, 'subscribe'], message, `at most ${tooMany}; a second link can take the rest`);
  }
  reportClearKeys(name, link, report);
  const routes = routesOf(name, url, link, preset, surroundings, report);
  const config: LinkConfig = {
    name,
    url,
    dialUrl: routes[0]?.dialUrl ?? url,
    routes,
    demo: demo(url),
    enabled: link.enabled ?? true,
    presetName: link.preset ?? null,
    preset,
    subscriptions,
    expectsData: link.expects_data ?? true,
    ca: caOf(name, link, surroundings, report),
    rotationWindows: windowsAt(link.rotation_windows, [...path, 'rotation_windows'], report),
    timeZone: zoneAt(link.time_zone, [...path, 'time_zone'], report),
    policy: policyOf(values),
  };
  return { config, effective: [...aboutLink(link, config), ...effective] };
}

/** Its address or its upgrade holds a key of the user's. A login is said only after the 101, an anonymous token is nobody's. */
const isKeyed = ({ headers = {} }: Preset, url: string): boolean =>
  secretsIn([url, ...Object.values(headers)].join(' ')).length > 0 || clearKeysIn(url).length > 0;

function presetOf(name: string, link: LinkSettings, surroundings: Surroundings, report: Report): Preset {
  if (link.preset === undefined) return PLAIN_PRESET;
  const preset = surroundings.presets.get(link.preset);
  if (preset !== undefined) return preset;
  const known = [...surroundings.presets.keys()];
  const message = `there is no preset called ${JSON.stringify(link.preset)}`;
  report('error', ['link', name, 'preset'], message, `one of ${known.join(', ')}`, nearestOf(link.preset, known));
  return PLAIN_PRESET;
}

function urlOf(name: string, link: LinkSettings, preset: Preset, report: Report): string {
  const url = link.url ?? preset.url;
  if (url !== undefined && isLinkUrl(url)) return url;
  const presetMissing = link.preset !== undefined && preset === PLAIN_PRESET;
  if (!presetMissing) report('error', ['link', name], `the link ${name} has no address`, 'a url, or a preset with one');
  return '';
}

/** Row L13: the link's address and the further ones; those of the preset only while the link uses the preset's own. */
function routesOf(
  name: string,
  url: string,
  link: LinkSettings,
  preset: Preset,
  surroundings: Surroundings,
  report: Report,
): LinkConfig['routes'] {
  const more = link.more_urls ?? (link.url === undefined ? preset.more_urls : []);
  const path = ['link', name, link.url === undefined ? 'preset' : 'url'];
  const dialUrl = (one: string): string => (demo(one) ? demoAddress(one, path, surroundings, report) : one);
  return [...new Set([url, ...more])].map((one) => ({ url: one, dialUrl: dialUrl(one) }));
}

/** Row L10: it is masked wherever Warmwire shows it, and still stands in the file and in its copies. */
function reportClearKeys(name: string, { url, more_urls, subscribe_raw }: LinkSettings, report: Report): void {
  const at = (key: string, place: string, text: string, wanted: (name: string) => string): void => {
    const [found] = clearKeysIn(text);
    if (found === undefined) return;
    const message = `${found.name} in ${place} of ${name} is in clear: whoever reads this file has it`;
    report('notice', ['link', name, key], message, wanted(found.name));
  };
  const inAddress = (key: string): string =>
    `${key === PATH_KEY ? '' : `${key}=`}{secret:NAME}, and NAME in the environment`;
  if (url !== undefined) at('url', 'an address', url, inAddress);
  for (const address of more_urls ?? []) at('more_urls', 'an address', address, inAddress);
  for (const message of subscribe_raw ?? []) at('subscribe_raw', 'a message', message, () => LOGIN);
}

const LOGIN = 'a preset with a login, which takes credentials from the environment';

/** Nothing listens on the discard port: a demo that could not start is shown as refused, and the other links run. */
const NOWHERE = 'ws://127.0.0.1:9/';

const isHttp = (address: string): boolean => address.startsWith('http');
const demo = (url: string): boolean => url.startsWith('demo://');
const demoName = (url: string): string => url.slice('demo://'.length).replace(/[/?].*$/, '');

function demoAddress(url: string, path: readonly string[], surroundings: Surroundings, report: Report): string {
  const name = demoName(url);
  const address = surroundings.demoAddresses.get(name);
  if (address !== undefined && !isHttp(address)) return address;
  const known = [...surroundings.demoAddresses].filter(([, one]) => !isHttp(one)).map(([one]) => one);
  if (known.length === 0) {
    report('notice', path, `the demo exchange ${name} is not running, so the link cannot connect`, 'a running demo');
  } else {
    const nearest = nearestOf(name, known);
    report('error', path, `there is no demo exchange called ${name}`, `one of ${known.join(', ')}`, nearest);
  }
  return NOWHERE;
}

function caOf(name: string, link: LinkSettings, surroundings: Surroundings, report: Report): string | null {
  if (link.ca_file === undefined) return null;
  const read = surroundings.readCa(link.ca_file);
  if (read.ok) return read.value;
  const message = `the certificate file ${JSON.stringify(link.ca_file)} cannot be used: ${read.problem.message}`;
  report('error', ['link', name, 'ca_file'], message, `a PEM file that can be read (${read.problem.hint})`);
  return null;
}

/** The values that are not knobs, as the link's page shows them. */
function aboutLink(link: LinkSettings, config: LinkConfig): EffectiveValue[] {
  const row = (key: string, value: string, set: boolean, note: string | null = null): EffectiveValue => ({
    key,
    value,
    unit: '',
    source: set ? 'link' : 'built in',
    note,
  });
  const url = row(
    'url',
    withoutClearKeys(config.url),
    link.url !== undefined,
    config.demo ? `listens on ${config.dialUrl}` : null,
  );
  return [
    link.url === undefined ? { ...url, source: 'preset' } : url,
    row('preset', config.presetName ?? 'none', link.preset !== undefined, config.preset.venue),
    row('enabled', String(config.enabled), link.enabled !== undefined),
    row('profile', link.profile ?? 'none', link.profile !== undefined),
    row('subscribe', config.subscriptions.map((one) => one.name).join(', ') || 'nothing', hasSubscriptions(link)),
    row(
      'more_urls',
      config.routes
        .slice(1)
        .map((route) => withoutClearKeys(route.url))
        .join(', ') || 'none',
      link.more_urls !== undefined,
    ),
    row('watch_sequence', (link.watch_sequence ?? []).join(', ') || 'nothing', link.watch_sequence !== undefined),
    row(
      'rotation_windows',
      (link.rotation_windows ?? []).join(', ') || 'any time',
      link.rotation_windows !== undefined,
    ),
    row('time_zone', config.timeZone, link.time_zone !== undefined),
    row('expects_data', String(config.expectsData), link.expects_data !== undefined),
    row('ca_file', link.ca_file ?? 'the system’s', link.ca_file !== undefined),
  ];
}

const hasSubscriptions = (link: LinkSettings): boolean =>
  link.subscribe !== undefined || link.subscribe_raw !== undefined;
