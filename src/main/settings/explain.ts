import type { EffectiveValue } from '../../shared/contract.ts';
import { PLAIN_PRESET } from '../../shared/preset.ts';
import { SETTINGS_BUILT_IN } from '../../shared/settings.ts';
import { poolValues } from './poolValues.ts';
import type { Evaluated } from './running.ts';
import { linkValues } from './values.ts';

/** Row C1 for one table of a text: what holds for each key, set in it or not. Empty for a table the text does not have. */
export function explain(
  { settings, effective, poolEffective }: Pick<Evaluated, 'settings' | 'effective' | 'poolEffective'>,
  [table = '', name = '']: readonly string[],
): readonly EffectiveValue[] {
  if (table === 'link') return effective.get(name) ?? [];
  if (table === 'pool') return poolEffective.get(name) ?? [];
  if (table === 'connection') return ofConnection(settings.connection);
  const builtIn = Object.entries(SETTINGS_BUILT_IN).find(([one]) => one === table)?.[1] ?? {};
  return Object.entries(builtIn).map(([key, value]) => ({
    key,
    value: String(value),
    unit: '',
    source: 'built in',
    note: null,
  }));
}

/** What links and pools get that say nothing themselves. */
function ofConnection(connection: Evaluated['settings']['connection']): readonly EffectiveValue[] {
  const named = (prefix: string, values: readonly EffectiveValue[]): EffectiveValue[] =>
    values.map((row) => ({ ...row, key: `${prefix}${row.key}` }));
  return [
    ...named('ws_', linkValues('', {}, PLAIN_PRESET, connection).effective),
    ...named('http_', poolValues({}, connection).effective),
  ];
}
