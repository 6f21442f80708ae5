import type { EffectiveValue } from '../../src/shared/contract.ts';

/** The values in force of every link, with where each comes from. */
export const EFFECTIVE: readonly EffectiveValue[] = [
  {
    key: 'ping_interval_secs',
    value: '15',
    unit: 's',
    source: 'limit of the venue',
    note: 'held at 15 s: [connection] asks for 60 s, the venue cuts after 30 s',
  },
  {
    key: 'subscribe',
    value: 'ticker:BTC-USD, ticker:ETH-USD, ticker:SOL-USD, trades:BTC-USD',
    unit: '',
    source: 'link',
    note: null,
  },
  { key: 'preset', value: 'demo_tokyo', unit: '', source: 'link', note: 'Demo Tokyo' },
  { key: 'pong_timeout_secs', value: '3', unit: 's', source: 'link', note: null },
  { key: 'missed_pongs', value: '3', unit: 'pings', source: 'built in', note: null },
  { key: 'warmup_pings', value: '20', unit: 'pings', source: 'built in', note: null },
  { key: 'initial_reconnect_delay_ms', value: '100', unit: 'ms', source: 'connection', note: null },
  { key: 'max_reconnect_delay_secs', value: '10', unit: 's', source: 'profile', note: null },
  { key: 'backoff_multiplier', value: '2', unit: '', source: 'built in', note: null },
  { key: 'jitter', value: 'proportional', unit: '', source: 'built in', note: null },
  { key: 'jitter_factor', value: '0.1', unit: '', source: 'connection', note: null },
  { key: 'max_attempts', value: '0', unit: 'attempts', source: 'built in', note: null },
  { key: 'stable_after_secs', value: '30', unit: 's', source: 'built in', note: null },
  { key: 'breaker_failures', value: '3', unit: 'failures', source: 'built in', note: null },
  { key: 'breaker_open_secs', value: '2', unit: 's', source: 'profile', note: null },
  { key: 'reconnect_above_p99_ms', value: '1000', unit: 'ms', source: 'built in', note: null },
  { key: 'fit_p99_ms', value: '100', unit: 'ms', source: 'built in', note: null },
  { key: 'data_timeout_secs', value: '60', unit: 's', source: 'profile', note: null },
  { key: 'data_notice_secs', value: '60', unit: 's', source: 'built in', note: null },
  { key: 'connect_timeout_secs', value: '5', unit: 's', source: 'built in', note: null },
  { key: 'ack_timeout_secs', value: '5', unit: 's', source: 'preset', note: null },
  { key: 'first_data_secs', value: '10', unit: 's', source: 'built in', note: null },
  { key: 'close_timeout_secs', value: '1', unit: 's', source: 'built in', note: null },
  { key: 'max_frame_mib', value: '16', unit: 'MiB', source: 'built in', note: null },
  { key: 'policy_pause_secs', value: '300', unit: 's', source: 'built in', note: null },
  { key: 'degraded_failures', value: '3', unit: 'failures', source: 'built in', note: null },
  { key: 'compression', value: 'false', unit: '', source: 'built in', note: null },
];

/** Of a pool, besides those. */
export const POOL_EFFECTIVE: readonly EffectiveValue[] = [
  { key: 'request_timeout_secs', value: '30', unit: 's', source: 'built in', note: null },
];
