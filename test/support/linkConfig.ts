import type { LinkConfig, Policy } from '../../src/shared/engineConfig.ts';
import { PLAIN_PRESET, type Preset, PresetSchema } from '../../src/shared/preset.ts';

export const POLICY: Policy = {
  pingIntervalMs: 15_000,
  pongTimeoutMs: 5_000,
  missedPongs: 3,
  warmupPings: 20,
  initialReconnectDelayMs: 100,
  maxReconnectDelayMs: 30_000,
  backoffMultiplier: 2,
  jitter: 'proportional',
  jitterFactor: 0,
  maxAttempts: 0,
  stableAfterMs: 30_000,
  breakerFailures: 3,
  breakerOpenMs: 10_000,
  dataTimeoutMs: 300_000,
  dataNoticeMs: 60_000,
  connectTimeoutMs: 5_000,
  ackTimeoutMs: 5_000,
  firstDataMs: 10_000,
  closeTimeoutMs: 1_000,
  reliabilityTargetPercent: 95,
  maxFrameBytes: 16 * 2 ** 20,
  compression: false,
};

/** A link of the default policy, without jitter, that wants nothing. */
export function linkConfig(
  change: Partial<Omit<LinkConfig, 'policy'>> & { policy?: Partial<Policy> } = {},
): LinkConfig {
  return {
    name: 'venue',
    url: 'ws://127.0.0.1:1/',
    dialUrl: 'ws://127.0.0.1:1/',
    demo: false,
    enabled: true,
    presetName: null,
    preset: PLAIN_PRESET,
    subscriptions: [],
    expectsData: false,
    ca: null,
    ...change,
    policy: { ...POLICY, ...change.policy },
  };
}

/** JSON pings with id, JSON echo, acks by id: everything a JSON venue can do. */
export const JSON_PRESET: Preset = PresetSchema.parse({
  venue: 'Json venue',
  source: 'test',
  facts_as_of: '2026-11',
  ping: { kind: 'json', send: '{"op":"ping","id":{id}}', match: '"op":"pong"', id_field: 'id' },
  answer: [{ match: '{"ping":', field: 'ping', send: '{"pong":{value}}' }],
  channels: {
    ticker: {
      subscribe: '{"op":"sub","s":"{symbol}","id":{id}}',
      unsubscribe: '{"op":"unsub","s":"{symbol}","id":{id}}',
    },
  },
  ack: { kind: 'id', match: '"op":"subscribed"', id_field: 'id' },
  refusal: '"op":"error"',
  heartbeats: ['"op":"heartbeat"'],
});

export const TEXT_PRESET: Preset = PresetSchema.parse({
  venue: 'Text venue',
  source: 'test',
  facts_as_of: '2026-11',
  ping: { kind: 'text', send: 'ping', reply: 'pong' },
});

export function subscription(symbol: string): LinkConfig['subscriptions'][number] {
  return {
    name: `ticker:${symbol}`,
    channel: 'ticker',
    symbol,
    subscribe: `{"op":"sub","s":"${symbol}","id":{id}}`,
    unsubscribe: `{"op":"unsub","s":"${symbol}","id":{id}}`,
  };
}
