import type { Policy } from './engineConfig.ts';
import type { KnobName } from './knobs.ts';

/** Where a knob stands in the engine's policy, and how many of the policy's units one of the knob's units is. */
export interface PolicyField {
  readonly field: keyof Policy;
  readonly scale: number;
}

const SECOND = 1000;
const HOUR = 3_600_000;
const MIB = 1024 * 1024;

export const POLICY_FIELDS: { readonly [K in KnobName]: PolicyField } = {
  ping_interval_secs: { field: 'pingIntervalMs', scale: SECOND },
  pong_timeout_secs: { field: 'pongTimeoutMs', scale: SECOND },
  missed_pongs: { field: 'missedPongs', scale: 1 },
  warmup_pings: { field: 'warmupPings', scale: 1 },
  initial_reconnect_delay_ms: { field: 'initialReconnectDelayMs', scale: 1 },
  max_reconnect_delay_secs: { field: 'maxReconnectDelayMs', scale: SECOND },
  backoff_multiplier: { field: 'backoffMultiplier', scale: 1 },
  jitter: { field: 'jitter', scale: 1 },
  jitter_factor: { field: 'jitterFactor', scale: 1 },
  max_attempts: { field: 'maxAttempts', scale: 1 },
  stable_after_secs: { field: 'stableAfterMs', scale: SECOND },
  breaker_failures: { field: 'breakerFailures', scale: 1 },
  breaker_open_secs: { field: 'breakerOpenMs', scale: SECOND },
  slow_retry_secs: { field: 'slowRetryMs', scale: SECOND },
  fault_retry_secs: { field: 'faultRetryMs', scale: SECOND },
  slot_retry_secs: { field: 'slotRetryMs', scale: SECOND },
  data_timeout_secs: { field: 'dataTimeoutMs', scale: SECOND },
  data_notice_secs: { field: 'dataNoticeMs', scale: SECOND },
  connect_timeout_secs: { field: 'connectTimeoutMs', scale: SECOND },
  ack_timeout_secs: { field: 'ackTimeoutMs', scale: SECOND },
  first_data_secs: { field: 'firstDataMs', scale: SECOND },
  close_timeout_secs: { field: 'closeTimeoutMs', scale: SECOND },
  reliability_target_percent: { field: 'reliabilityTargetPercent', scale: 1 },
  max_frame_mib: { field: 'maxFrameBytes', scale: MIB },
  standby_overlap_secs: { field: 'standbyOverlapMs', scale: SECOND },
  rotate_after_hours: { field: 'rotateAfterMs', scale: HOUR },
  route_better_ms: { field: 'routeBetterMs', scale: 1 },
  route_better_percent: { field: 'routeBetterPercent', scale: 1 },
  route_better_for_secs: { field: 'routeBetterForMs', scale: SECOND },
  route_dwell_secs: { field: 'routeDwellMs', scale: SECOND },
  reconnect_below_success_percent: { field: 'reconnectBelowSuccessPercent', scale: 1 },
  reconnect_above_p99_ms: { field: 'reconnectAboveP99Ms', scale: 1 },
  reconnect_after_missed: { field: 'reconnectAfterMissed', scale: 1 },
  fit_p99_ms: { field: 'fitP99Ms', scale: 1 },
  fit_success_percent: { field: 'fitSuccessPercent', scale: 1 },
  degraded_factor: { field: 'degradedFactor', scale: 1 },
  standby: { field: 'standby', scale: 1 },
  max_inflated_mib: { field: 'maxInflatedBytes', scale: MIB },
  compression: { field: 'compression', scale: 1 },
};

export const KNOB_NAMES = Object.keys(POLICY_FIELDS) as readonly KnobName[];
