import type { EffectiveValue } from '../../shared/contract.ts';
import { BUILT_IN, type KnobName, type KnobValues, knobs, PROFILES } from '../../shared/knobs.ts';
import { KNOB_NAMES } from '../../shared/policyFields.ts';
import type { Preset } from '../../shared/preset.ts';
import type { ConnectionSettings, LinkSettings } from '../../shared/settings.ts';
import { factsOf } from '../../shared/settingsKey.ts';

type KnobValue = KnobValues[KnobName];
type Source = EffectiveValue['source'];

/** One value of a link, and which place of the settings it was taken from. `key` is that place's own key. */
interface Origin {
  readonly value: KnobValue;
  readonly source: Source;
  readonly path: readonly string[];
  readonly note: string | null;
}

/** A value that the venue does not allow. An explicit one of the link is refused, any other is held at the limit. */
export interface OutOfRange {
  readonly refused: boolean;
  readonly path: readonly string[];
  readonly message: string;
  readonly expected: string;
}

export interface LinkValues {
  readonly values: KnobValues;
  readonly effective: readonly EffectiveValue[];
  readonly outOfRange: readonly OutOfRange[];
}

/**
 * Row C1, the values in force of one link: its own key, its profile, its preset, `[connection]`, the profile that
 * `[connection]` names, built in; then held inside the venue's limits.
 */
export function linkValues(
  name: string,
  link: LinkSettings,
  preset: Preset,
  connection: ConnectionSettings | undefined,
): LinkValues {
  const values: [KnobName, KnobValue][] = [];
  const effective: EffectiveValue[] = [];
  const outOfRange: OutOfRange[] = [];
  for (const knob of KNOB_NAMES) {
    const origin = originOf(knob, name, link, preset, connection);
    const held = HOLD[knob]?.(origin, name, preset) ?? { origin, fault: null };
    if (held.fault !== null) outOfRange.push(held.fault);
    values.push([knob, held.origin.value]);
    const unit = factsOf(knobs[knob])?.unit ?? '';
    const { value, source, note } = held.origin;
    effective.push({ key: knob, value: String(value), unit, source, note });
  }
  return { values: Object.fromEntries(values) as unknown as KnobValues, effective, outOfRange };
}

function originOf(
  knob: KnobName,
  name: string,
  link: LinkSettings,
  preset: Preset,
  connection: ConnectionSettings | undefined,
): Origin {
  const own = link[knob];
  if (own !== undefined) return { value: own, source: 'link', path: ['link', name, knob], note: null };
  const profiled = link.profile === undefined ? undefined : profileValue(link.profile, knob);
  if (profiled !== undefined) {
    return { value: profiled, source: 'profile', path: ['link', name, 'profile'], note: `profile "${link.profile}"` };
  }
  const venue = preset.knobs[knob];
  if (venue !== undefined) return { value: venue, source: 'preset', path: ['link', name, 'preset'], note: null };
  const common = connection?.[`ws_${knob}`];
  if (common !== undefined) {
    return { value: common, source: 'connection', path: ['connection', `ws_${knob}`], note: null };
  }
  const everywhere = connection?.ws_profile;
  const wide = everywhere === undefined ? undefined : profileValue(everywhere, knob);
  if (wide !== undefined) {
    const note = `ws_profile = "${everywhere}"`;
    return { value: wide, source: 'connection', path: ['connection', 'ws_profile'], note };
  }
  return { value: BUILT_IN[knob], source: 'built in', path: ['link', name], note: null };
}

function profileValue(profile: keyof typeof PROFILES, knob: KnobName): KnobValue | undefined {
  const values: Partial<KnobValues> = PROFILES[profile];
  return values[knob];
}

interface HeldOrigin {
  readonly origin: Origin;
  readonly fault: OutOfRange | null;
}

type Hold = (origin: Origin, link: string, preset: Preset) => HeldOrigin;

const HOLD: Partial<Record<KnobName, Hold>> = { ping_interval_secs: holdPing, rotate_after_hours: holdRotation };

/** A connection that the venue cuts is replaced before, whatever is asked for; 0 asks for none. */
function holdRotation(origin: Origin, link: string, { venue, limits }: Preset): HeldOrigin {
  const asked = Number(origin.value);
  const most = (limits.max_age_secs ?? Number.POSITIVE_INFINITY) / 3600;
  if (most === Number.POSITIVE_INFINITY || (asked > 0 && asked <= most)) return { origin, fault: null };
  const said = `${asked === 0 ? 'no rotation' : `${asked} h`} (${sourceText(origin)})`;
  const rule = `${venue} cuts a connection after ${most} h`;
  if (origin.source === 'link' && asked > 0) {
    const message = `rotate_after_hours is ${asked}, but ${rule}`;
    const expected = `a number up to ${most} (h), or no such key here`;
    return { origin, fault: { refused: true, path: origin.path, message, expected } };
  }
  const message = `${link} rotates before ${most} h in spite of ${said}: ${rule}`;
  return {
    origin: {
      value: most,
      source: 'limit of the venue',
      path: origin.path,
      note: `${said} held at ${most} h: ${rule}`,
    },
    fault: { refused: false, path: origin.path, message, expected: `a number up to ${most} (h)` },
  };
}

function holdPing(origin: Origin, link: string, preset: Preset): HeldOrigin {
  const { ping_interval_min_secs: min = 0, ping_interval_max_secs: max = Number.POSITIVE_INFINITY } = preset.limits;
  const asked = Number(origin.value);
  const limit = asked < min ? min : asked > max ? max : null;
  if (limit === null) return { origin, fault: null };
  const rule = `${preset.venue} wants ${limit === min ? `at least ${min} s` : `at most ${max} s`} between pings`;
  if (origin.source === 'link') {
    const message = `ping_interval_secs is ${asked}, but ${rule}`;
    const expected = `a number ${rangeText(min, max)} (s), or no such key here`;
    return { origin, fault: { refused: true, path: origin.path, message, expected } };
  }
  const note = `${asked} s (${sourceText(origin)}) held at ${limit} s: ${rule}`;
  const message = `${link} pings every ${limit} s instead of ${asked} s (${sourceText(origin)}): ${rule}`;
  return {
    origin: { value: limit, source: 'limit of the venue', path: origin.path, note },
    fault: { refused: false, path: origin.path, message, expected: `a number ${rangeText(min, max)} (s)` },
  };
}

function rangeText(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return `from ${min}`;
  return min === 0 ? `up to ${max}` : `from ${min} to ${max}`;
}

function sourceText(origin: Origin): string {
  if (origin.source === 'connection') return `[connection] ${origin.path[1] ?? ''}`;
  return origin.note ?? origin.source;
}
