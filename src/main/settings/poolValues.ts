import type { EffectiveValue } from '../../shared/contract.ts';
import {
  POOL_BUILT_IN,
  POOL_PROFILES,
  type PoolKnobName,
  type PoolKnobValues,
  poolKnobs,
} from '../../shared/poolKnobs.ts';
import type { ConnectionSettings, PoolSettings } from '../../shared/settings.ts';
import { factsOf } from '../../shared/settingsKey.ts';
import { POOL_KNOB_NAMES } from './poolPolicy.ts';

type Value = PoolKnobValues[PoolKnobName];
type Sourced = Pick<EffectiveValue, 'source' | 'note'> & { readonly value: Value };

/**
 * Row C1, the values in force of one pool: its own key, its profile, `[connection]`, the profile that `[connection]`
 * names, built in. A preset knows the venue's address, and no such value.
 */
export function poolValues(
  pool: PoolSettings,
  connection: ConnectionSettings | undefined,
): { readonly values: PoolKnobValues; readonly effective: readonly EffectiveValue[] } {
  const found = POOL_KNOB_NAMES.map((knob) => ({ knob, ...sourced(knob, pool, connection) }));
  return {
    values: Object.fromEntries(found.map(({ knob, value }) => [knob, value])) as unknown as PoolKnobValues,
    effective: found.map(({ knob, value, source, note }) => {
      const unit = factsOf(poolKnobs[knob])?.unit ?? '';
      return { key: knob, value: String(value), unit, source, note };
    }),
  };
}

function sourced(knob: PoolKnobName, pool: PoolSettings, connection: ConnectionSettings | undefined): Sourced {
  const own = pool[knob];
  if (own !== undefined) return { value: own, source: 'pool', note: null };
  const profiled = pool.profile === undefined ? undefined : profileValue(pool.profile, knob);
  if (profiled !== undefined) return { value: profiled, source: 'profile', note: `profile "${pool.profile}"` };
  const common = connection?.[`http_${knob}`];
  if (common !== undefined) return { value: common, source: 'connection', note: null };
  const everywhere = connection?.http_profile;
  const wide = everywhere === undefined ? undefined : profileValue(everywhere, knob);
  if (wide !== undefined) return { value: wide, source: 'connection', note: `http_profile = "${everywhere}"` };
  return { value: POOL_BUILT_IN[knob], source: 'built in', note: null };
}

function profileValue(profile: keyof typeof POOL_PROFILES, knob: PoolKnobName): Value | undefined {
  const values: Partial<PoolKnobValues> = POOL_PROFILES[profile];
  return values[knob];
}
