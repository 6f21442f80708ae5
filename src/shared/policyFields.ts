import type { Policy } from './engineConfig.ts';
import { type KnobName, LINK_KNOBS } from './knobs.ts';
import type { PolicyField } from './policyUnits.ts';

export const POLICY_FIELDS: { readonly [K in KnobName]: PolicyField<Policy> } = LINK_KNOBS;

export const KNOB_NAMES = Object.keys(POLICY_FIELDS) as readonly KnobName[];
