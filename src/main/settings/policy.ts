import type { Policy } from '../../shared/engineConfig.ts';
import type { KnobName, KnobValues } from '../../shared/knobs.ts';
import { POLICY_FIELDS } from '../../shared/policyFields.ts';
import { policyFrom, policyText } from '../../shared/policyUnits.ts';

/** Seconds to milliseconds, MiB to bytes. */
export const policyOf = (values: KnobValues): Policy => policyFrom(values, POLICY_FIELDS);

export const knobText = (policy: Policy, name: KnobName): string => policyText(policy, POLICY_FIELDS[name]);
