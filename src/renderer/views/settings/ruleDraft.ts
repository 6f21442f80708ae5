import { BUILT_IN_RULES, kindOf } from '../../../shared/noticeKind.ts';
import type { TextEdit } from '../../../shared/toml/edit.ts';
import { nodeAt } from '../../../shared/toml/toml.ts';
import type { SettingsPlace } from '../../route.ts';
import { readText } from './reading.ts';

/** The table of a built-in rule that the text does not speak of, with its built-in values; `null` for any other place. */
export function ruleDraft(text: string, at: SettingsPlace): (TextEdit & { readonly kind: 'add' }) | null {
  if (!('table' in at)) return null;
  const [kind, name = ''] = at.table;
  const what = kind === 'notice' && Object.hasOwn(BUILT_IN_RULES, name) ? BUILT_IN_RULES[name] : undefined;
  const { root } = readText(text);
  if (what === undefined || root === null || nodeAt(root, [kind, name]) !== null) return null;
  const { threshold, forSecs, cooldownSecs, severity } = kindOf(what);
  // What the link's own settings say has no number of the rule's.
  const limits = (['enter', 'leave'] as const).flatMap((side): [string, number][] => {
    const value = threshold?.[side] ?? null;
    return threshold === null || value === null ? [] : [[`${side}_${threshold.unit}`, value]];
  });
  const keys = [...limits, ['for_secs', forSecs], ['cooldown_secs', cooldownSecs], ['severity', severity]] as const;
  return { kind: 'add', path: [kind, name], keys };
}
