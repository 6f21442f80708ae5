import { inPolicy, type PolicyField, policyText, SECOND } from '../../shared/policyUnits.ts';
import type { PoolPolicy } from '../../shared/pool.ts';
import type { PoolKnobName, PoolKnobValues } from '../../shared/poolKnobs.ts';

export const POOL_POLICY_FIELDS: { readonly [K in PoolKnobName]: PolicyField<PoolPolicy> } = {
  max_connections: { field: 'maxConnections', scale: 1 },
  max_idle_per_host: { field: 'maxIdle', scale: 1 },
  warm_sockets: { field: 'warmSockets', scale: 1 },
  connect_timeout_secs: { field: 'connectTimeoutMs', scale: SECOND },
  idle_timeout_secs: { field: 'idleTimeoutMs', scale: SECOND },
  tcp_keepalive_secs: { field: 'tcpKeepAliveMs', scale: SECOND },
  tcp_nodelay: { field: 'noDelay', scale: 1 },
  max_socket_age_secs: { field: 'maxSocketAgeMs', scale: SECOND },
  request_timeout_secs: { field: 'requestTimeoutMs', scale: SECOND },
  cleanup_interval_secs: { field: 'cleanUpMs', scale: SECOND },
  warmup_timeout_secs: { field: 'warmUpLimitMs', scale: SECOND },
  cold_probe_secs: { field: 'coldProbeMs', scale: SECOND },
  alert_reuse_percent: { field: 'alertReusePercent', scale: 1 },
  alert_idle: { field: 'alertIdle', scale: 1 },
  alert_full_secs: { field: 'alertFullMs', scale: SECOND },
  alert_age_secs: { field: 'alertAgeMs', scale: SECOND },
  http2: { field: 'http2', scale: 1 },
};

export const POOL_KNOB_NAMES = Object.keys(POOL_POLICY_FIELDS) as readonly PoolKnobName[];

/** Seconds to milliseconds. */
export function poolPolicyOf(values: PoolKnobValues): PoolPolicy {
  const ms = (name: PoolKnobName): number => inPolicy(values[name], POOL_POLICY_FIELDS[name].scale);
  return {
    maxConnections: values.max_connections,
    maxIdle: values.max_idle_per_host,
    warmSockets: values.warm_sockets,
    connectTimeoutMs: ms('connect_timeout_secs'),
    idleTimeoutMs: ms('idle_timeout_secs'),
    tcpKeepAliveMs: ms('tcp_keepalive_secs'),
    noDelay: values.tcp_nodelay,
    maxSocketAgeMs: ms('max_socket_age_secs'),
    requestTimeoutMs: ms('request_timeout_secs'),
    cleanUpMs: ms('cleanup_interval_secs'),
    warmUpLimitMs: ms('warmup_timeout_secs'),
    coldProbeMs: ms('cold_probe_secs'),
    alertReusePercent: values.alert_reuse_percent,
    alertIdle: values.alert_idle,
    alertFullMs: ms('alert_full_secs'),
    alertAgeMs: ms('alert_age_secs'),
    http2: values.http2,
  };
}

export const poolKnobText = (policy: PoolPolicy, name: PoolKnobName): string =>
  policyText(policy, POOL_POLICY_FIELDS[name]);
