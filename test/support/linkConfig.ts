import { policyOf } from '../../src/main/settings/policy.ts';
import type { EngineConfig, LinkConfig, Policy } from '../../src/shared/engineConfig.ts';
import { BUILT_IN } from '../../src/shared/knobs.ts';
import { PLAIN_PRESET, type Preset, PresetSchema } from '../../src/shared/preset.ts';

/** The built-in values, without jitter so that every wait is known. */
export const POLICY: Policy = { ...policyOf(BUILT_IN), jitterFactor: 0 };

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
    routes: [{ url: change.url ?? 'ws://127.0.0.1:1/', dialUrl: change.dialUrl ?? 'ws://127.0.0.1:1/' }],
    rotationWindows: [],
    timeZone: 'UTC',
    ...change,
    policy: { ...POLICY, ...change.policy },
  };
}

/** What an engine is told that has these links and nothing else. */
export function engineConfig(links: readonly LinkConfig[], change: Partial<EngineConfig> = {}): EngineConfig {
  return { links: [...links], pools: [], gateReopenMs: 5000, shutdownGraceMs: 1000, ...change };
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
  heartbeats_always: true,
  // Most scripts have one frame for all data.
  repeats: true,
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
    data: [],
    sequence: null,
    identity: null,
  };
}
