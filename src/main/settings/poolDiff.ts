import { withoutClearKeys } from '../../shared/clearKey.ts';
import type { PoolConfig } from '../../shared/pool.ts';
import { poolKnobs } from '../../shared/poolKnobs.ts';
import type { Effect } from '../../shared/settingsKey.ts';
import { factsOf } from '../../shared/settingsKey.ts';
import type { SettingsChange } from '../../shared/settingsView.ts';
import { POOL_KNOB_NAMES, poolKnobText } from './poolPolicy.ts';

type ChangedKey = SettingsChange['keys'][number];

/** A pool stands among the changes under this name. */
export const poolChangeName = (name: string): string => `pool ${name}`;

/** What `to` does to each pool. Every key is taken over while the pool runs; none cuts a socket in use. */
export function diffPools(from: readonly PoolConfig[], to: readonly PoolConfig[]): SettingsChange[] {
  const old = new Map(from.map((pool) => [pool.name, pool]));
  const changes: SettingsChange[] = [];
  for (const pool of to) {
    const before = old.get(pool.name);
    old.delete(pool.name);
    const link = poolChangeName(pool.name);
    if (before === undefined) {
      changes.push({ link, pool: true, effect: 'added', keys: [] });
      continue;
    }
    const keys = changedKeys(before, pool);
    if (keys.length === 0) continue;
    const turned = before.enabled === pool.enabled ? null : pool.enabled ? ('resumed' as const) : ('paused' as const);
    changes.push({ link, pool: true, effect: turned ?? 'live', keys });
  }
  for (const name of old.keys()) changes.push({ link: poolChangeName(name), pool: true, effect: 'removed', keys: [] });
  return changes;
}

function changedKeys(from: PoolConfig, to: PoolConfig): ChangedKey[] {
  const keys: ChangedKey[] = [];
  const compare = (key: string, before: string, after: string, effect: Effect = 'live'): void => {
    if (before !== after) keys.push({ key, from: withoutClearKeys(before), to: withoutClearKeys(after), effect });
  };
  compare('origins', originsText(from), originsText(to));
  compare('preset', from.presetName ?? 'none', to.presetName ?? 'none');
  compare('enabled', String(from.enabled), String(to.enabled));
  compare('warm_path', warmText(from, 'warmPath'), warmText(to, 'warmPath'));
  compare('warm_method', warmText(from, 'warmMethod'), warmText(to, 'warmMethod'));
  // A demo's own authority comes and goes with the demo, and is told with its address.
  if (from.ca !== to.ca && !(from.demo && to.demo)) {
    keys.push({ key: 'ca_file', from: caText(from), to: caText(to), effect: 'live' });
  }
  for (const knob of POOL_KNOB_NAMES) {
    const facts = factsOf(poolKnobs[knob]);
    const unit = facts === null || facts.unit === '' ? '' : ` ${facts.unit}`;
    compare(knob, poolKnobText(from.policy, knob) + unit, poolKnobText(to.policy, knob) + unit, facts?.effect);
  }
  return keys;
}

const originsText = (pool: PoolConfig): string =>
  pool.origins.map(({ url, dialUrl }) => (url === dialUrl ? url : `${url} (${dialUrl})`)).join(', ');
const warmText = (pool: PoolConfig, key: 'warmPath' | 'warmMethod'): string =>
  [...new Set(pool.origins.map((origin) => origin[key]))].join(', ');
const caText = (pool: PoolConfig): string => (pool.ca === null ? 'the system’s' : 'an own authority');
