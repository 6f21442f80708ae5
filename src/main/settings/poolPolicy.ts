import { type PolicyField, policyFrom, policyText } from '../../shared/policyUnits.ts';
import type { PoolPolicy } from '../../shared/pool.ts';
import { POOL_KNOBS, type PoolKnobName, type PoolKnobValues } from '../../shared/poolKnobs.ts';

export const POOL_POLICY_FIELDS: { readonly [K in PoolKnobName]: PolicyField<PoolPolicy> } = POOL_KNOBS;

export const POOL_KNOB_NAMES = Object.keys(POOL_POLICY_FIELDS) as readonly PoolKnobName[];

/** Seconds to milliseconds. */
export const poolPolicyOf = (values: PoolKnobValues): PoolPolicy => policyFrom(values, POOL_POLICY_FIELDS);

export const poolKnobText = (policy: PoolPolicy, name: PoolKnobName): string =>
  policyText(policy, POOL_POLICY_FIELDS[name]);
