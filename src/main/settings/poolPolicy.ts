import type { PoolPolicy } from '../../shared/pool.ts';
import type { PoolKnobName, PoolKnobValues } from '../../shared/poolKnobs.ts';

/** Where a pool's knob stands in its policy, and how many of the policy's units one of the knob's units is. */
export interface PoolPolicyField {
  readonly field: keyof PoolPolicy;
  readonly scale: number;
}

const SECOND = 1000;

export const POOL_POLICY_FIELDS: { readonly [K in PoolKnobName]: PoolPolicyField } = {
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
  http2: { field: 'http2', scale: 1 },
};

export const POOL_KNOB_NAMES = Object.keys(POOL_POLICY_FIELDS) as readonly PoolKnobName[];

/** Seconds to milliseconds. */
export function poolPolicyOf(values: PoolKnobValues): PoolPolicy {
  const ms = (name: PoolKnobName): number => tidy(Number(values[name]) * POOL_POLICY_FIELDS[name].scale);
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
    http2: values.http2,
  };
}

/** A policy's value back in the knob's unit, as people read it. */
export function poolKnobText(policy: PoolPolicy, name: PoolKnobName): string {
  const { field, scale } = POOL_POLICY_FIELDS[name];
  const value = policy[field];
  return typeof value === 'number' ? String(tidy(value / scale)) : String(value);
}

/** 1.1 s is 1100 ms, not 1100.0000000000002. */
const tidy = (value: number): number => Number(value.toPrecision(12));
