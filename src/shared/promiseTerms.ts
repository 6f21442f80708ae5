import type { EffectiveValue } from './contract.ts';
import type { Policy } from './engineConfig.ts';
import { JITTERS, type KnobName } from './knobs.ts';
import { POLICY_FIELDS } from './policyFields.ts';

/** The part of a link's policy that promises are made from, as the engine has it. */
export type Terms = Pick<
  Policy,
  | 'missedPongs'
  | 'warmupPings'
  | 'initialReconnectDelayMs'
  | 'maxReconnectDelayMs'
  | 'backoffMultiplier'
  | 'jitter'
  | 'jitterFactor'
  | 'stableAfterMs'
  | 'breakerFailures'
  | 'breakerOpenMs'
  | 'connectTimeoutMs'
  | 'reconnectAboveP99Ms'
  | 'fitP99Ms'
  | 'policyPauseMs'
  | 'degradedFailures'
>;

/** From the values that the settings answer for a link; `null` if one of them is missing. */
export function termsOf(values: readonly EffectiveValue[]): Terms | null {
  const text = new Map(values.map(({ key, value }) => [key, value]));
  const number = (knob: KnobName): number => Number(text.get(knob) ?? Number.NaN) * POLICY_FIELDS[knob].scale;
  const jitter = JITTERS.find((known) => known === text.get('jitter'));
  if (jitter === undefined) return null;
  const terms: Terms = {
    missedPongs: number('missed_pongs'),
    warmupPings: number('warmup_pings'),
    initialReconnectDelayMs: number('initial_reconnect_delay_ms'),
    maxReconnectDelayMs: number('max_reconnect_delay_secs'),
    backoffMultiplier: number('backoff_multiplier'),
    jitter,
    jitterFactor: number('jitter_factor'),
    stableAfterMs: number('stable_after_secs'),
    breakerFailures: number('breaker_failures'),
    breakerOpenMs: number('breaker_open_secs'),
    connectTimeoutMs: number('connect_timeout_secs'),
    reconnectAboveP99Ms: number('reconnect_above_p99_ms'),
    fitP99Ms: number('fit_p99_ms'),
    policyPauseMs: number('policy_pause_secs'),
    degradedFailures: number('degraded_failures'),
  };
  return Object.values(terms).some((value) => Number.isNaN(value)) ? null : terms;
}
