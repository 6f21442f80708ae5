import type { Policy } from '../../shared/engineConfig.ts';
import type { KnobName, KnobValues } from '../../shared/knobs.ts';
import { POLICY_FIELDS } from '../../shared/policyFields.ts';
import { inPolicy, policyText } from '../../shared/policyUnits.ts';

/** Seconds to milliseconds, MiB to bytes. */
export function policyOf(values: KnobValues): Policy {
  const ms = (name: KnobName): number => inPolicy(values[name], POLICY_FIELDS[name].scale);
  return {
    pingIntervalMs: ms('ping_interval_secs'),
    pongTimeoutMs: ms('pong_timeout_secs'),
    missedPongs: values.missed_pongs,
    warmupPings: values.warmup_pings,
    initialReconnectDelayMs: values.initial_reconnect_delay_ms,
    maxReconnectDelayMs: ms('max_reconnect_delay_secs'),
    backoffMultiplier: values.backoff_multiplier,
    jitter: values.jitter,
    jitterFactor: values.jitter_factor,
    maxAttempts: values.max_attempts,
    stableAfterMs: ms('stable_after_secs'),
    breakerFailures: values.breaker_failures,
    breakerOpenMs: ms('breaker_open_secs'),
    slowRetryMs: ms('slow_retry_secs'),
    faultRetryMs: ms('fault_retry_secs'),
    slotRetryMs: ms('slot_retry_secs'),
    dataTimeoutMs: ms('data_timeout_secs'),
    dataNoticeMs: ms('data_notice_secs'),
    quietLimitMs: ms('quiet_limit_secs'),
    connectTimeoutMs: ms('connect_timeout_secs'),
    ackTimeoutMs: ms('ack_timeout_secs'),
    firstDataMs: ms('first_data_secs'),
    closeTimeoutMs: ms('close_timeout_secs'),
    reliabilityTargetPercent: values.reliability_target_percent,
    maxFrameBytes: Math.round(ms('max_frame_mib')),
    standbyOverlapMs: ms('standby_overlap_secs'),
    rotateAfterMs: ms('rotate_after_hours'),
    routeBetterMs: values.route_better_ms,
    routeBetterPercent: values.route_better_percent,
    routeBetterForMs: ms('route_better_for_secs'),
    routeDwellMs: ms('route_dwell_secs'),
    reconnectBelowSuccessPercent: values.reconnect_below_success_percent,
    reconnectAboveP99Ms: values.reconnect_above_p99_ms,
    reconnectAfterMissed: values.reconnect_after_missed,
    policyPauseMs: ms('policy_pause_secs'),
    fitP99Ms: values.fit_p99_ms,
    fitSuccessPercent: values.fit_success_percent,
    degradedP95Ms: values.degraded_p95_ms,
    degradedFailures: values.degraded_failures,
    degradedFactor: values.degraded_factor,
    standby: values.standby,
    maxInflatedBytes: Math.round(ms('max_inflated_mib')),
    compression: values.compression,
  };
}

export const knobText = (policy: Policy, name: KnobName): string => policyText(policy, POLICY_FIELDS[name]);
