import type { LinkConfig } from '../../shared/engineConfig.ts';
import { BUILT_IN_RULES, kindOf, NOTICE_KIND_NAMES, type NoticeKind } from '../../shared/noticeKind.ts';
import type { MuteWindows, NoticeRule, NoticeSettings } from '../../shared/noticeRule.ts';
import type { NoticeTable } from '../../shared/noticeTables.ts';
import {
  leaveFor,
  THRESHOLD_UNITS,
  type Threshold,
  type ThresholdUnit,
  thresholdText,
} from '../../shared/noticeThreshold.ts';
import type { PoolConfig } from '../../shared/pool.ts';
import type { Preset } from '../../shared/preset.ts';
import type { Settings } from '../../shared/settings.ts';
import { pathText } from '../../shared/toml/quoting.ts';
import { nearestOf } from './nearest.ts';
import type { Report } from './resolvePools.ts';
import { windowsAt, zoneAt } from './rotationWindow.ts';

/** A link or a pool that a rule can name, by its own name or by those it shares with others. */
export interface Watchable {
  readonly of: 'links' | 'pools';
  readonly name: string;
  readonly groups: readonly string[];
}

export const watchableLink = ({ name, presetName, preset }: LinkConfig): Watchable => ({
  of: 'links',
  name,
  groups: presetName === null ? [] : [presetName, preset.venue],
});

export function watchablePool({ name, presetName }: PoolConfig, presets: ReadonlyMap<string, Preset>): Watchable {
  const venue = presetName === null ? undefined : presets.get(presetName)?.venue;
  return { of: 'pools', name, groups: presetName === null ? [] : [presetName, venue ?? presetName] };
}

type ThresholdKey = `${'enter' | 'leave'}_${ThresholdUnit}`;
const enterKey = (unit: ThresholdUnit) => `enter_${unit}` as const;
const leaveKey = (unit: ThresholdUnit) => `leave_${unit}` as const;

export const THRESHOLD_KEYS: readonly ThresholdKey[] = THRESHOLD_UNITS.flatMap((unit) => [
  enterKey(unit),
  leaveKey(unit),
]);

/** The built-in rules with what the tables say of them, then the rules that only tables have. */
export function resolveNotices(settings: Settings, known: readonly Watchable[], report: Report): NoticeSettings {
  const tables = new Map(Object.entries(settings.notice ?? {}));
  const names = new Set([...Object.keys(BUILT_IN_RULES), ...tables.keys()]);
  const { notices } = settings;
  return {
    rules: [...names].flatMap((name) => resolveRule(name, tables.get(name) ?? null, known, report) ?? []),
    mute: muteOf(notices ?? {}, ['notices'], report),
    quietUntil: notices?.quiet_until === undefined ? null : Date.parse(notices.quiet_until),
  };
}

function resolveRule(
  name: string,
  table: NoticeTable | null,
  known: readonly Watchable[],
  report: Report,
): NoticeRule | null {
  const path = ['notice', name];
  const own = table ?? {};
  const what = own.what ?? (Object.hasOwn(BUILT_IN_RULES, name) ? BUILT_IN_RULES[name] : undefined);
  if (what === undefined) {
    const message = `[${pathText(path)}] does not say what it watches, and no built-in rule is called so`;
    const expected = `what = one of ${NOTICE_KIND_NAMES.join(', ')}; or the name of a built-in rule: ${Object.keys(BUILT_IN_RULES).join(', ')}`;
    report('error', path, message, expected, nearestOf(name, Object.keys(BUILT_IN_RULES)));
    return null;
  }
  const kind = kindOf(what);
  return {
    name,
    what,
    enabled: own.enabled ?? true,
    only: own.links === undefined ? null : namesOf(own.links, what, known, [...path, 'links'], report),
    threshold: thresholdOf(own, what, path, report),
    forMs: (own.for_secs ?? kind.forSecs) * 1000,
    cooldownMs: (own.cooldown_secs ?? kind.cooldownSecs) * 1000,
    severity: own.severity ?? kind.severity,
    mute: muteOf(own, path, report),
    source: table === null ? 'built in' : 'settings',
  };
}

function muteOf(
  table: { readonly mute_windows?: string[] | undefined; readonly time_zone?: string | undefined },
  path: readonly string[],
  report: Report,
): MuteWindows {
  return {
    texts: table.mute_windows ?? [],
    windows: windowsAt(table.mute_windows, [...path, 'mute_windows'], report),
    timeZone: zoneAt(table.time_zone, [...path, 'time_zone'], report),
  };
}

/** Names that fit nothing would leave a link unwatched without a word. */
function namesOf(
  wanted: readonly string[],
  what: NoticeKind,
  known: readonly Watchable[],
  path: readonly string[],
  report: Report,
): readonly string[] {
  const { of } = kindOf(what);
  if (of === 'this machine') {
    report('error', path, `a ${what} rule watches this machine, and no link or pool`, 'no links here');
    return [];
  }
  const candidates = known.filter((one) => one.of === of);
  const fitting = wanted.map((text, index) => {
    const found = candidates.filter(({ name, groups }) => name === text || groups.includes(text));
    if (found.length === 0) {
      const names = [...new Set(candidates.flatMap(({ name, groups }) => [name, ...groups]))];
      const message = `none of the ${of} is called ${JSON.stringify(text)}, nor is a venue or preset of theirs`;
      report('error', [...path, String(index)], message, `one of ${names.join(', ')}`, nearestOf(text, names));
    }
    return found.map(({ name }) => name);
  });
  return [...new Set(fitting.flat())];
}

function thresholdOf(table: NoticeTable, what: NoticeKind, path: readonly string[], report: Report): Threshold | null {
  const { threshold } = kindOf(what);
  for (const key of THRESHOLD_KEYS) {
    if (table[key] === undefined || (threshold !== null && key.endsWith(`_${threshold.unit}`))) continue;
    const fits =
      threshold === null
        ? `no threshold: ${what} is so, or it is not`
        : `${enterKey(threshold.unit)} and ${leaveKey(threshold.unit)}`;
    report('error', [...path, key], `${key} does not go with what = "${what}"`, fits);
  }
  if (threshold === null) return null;
  const { unit, side } = threshold;
  const entered = table[enterKey(unit)];
  const left = table[leaveKey(unit)];
  const enter = entered ?? threshold.enter;
  const builtIn = entered === undefined ? threshold.leave : leaveFor(entered, side);
  const leave = left ?? builtIn;
  if (left !== undefined && enter !== null && (side === 'over' ? left > enter : left < enter)) {
    const message = `${leaveKey(unit)} is ${thresholdText(left, unit)}, on the bad side of enter (${thresholdText(enter, unit)})`;
    const expected = `at ${side === 'over' ? 'most' : 'least'} ${thresholdText(enter, unit)}`;
    report('error', [...path, leaveKey(unit)], message, expected);
  }
  return { unit, side, enter, leave };
}
