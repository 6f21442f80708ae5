import { z } from 'zod';
import { JITTERS } from './knobs.ts';
import { PoolConfigSchema } from './pool.ts';
import { PresetSchema, SequenceSchema } from './preset.ts';

/** What the engine is told: every value settled, every duration in milliseconds, every file already read. */
export const PolicySchema = z.strictObject({
  pingIntervalMs: z.number().positive(),
  pongTimeoutMs: z.number().positive(),
  missedPongs: z.number().int().positive(),
  warmupPings: z.number().int().min(0),
  initialReconnectDelayMs: z.number().positive(),
  maxReconnectDelayMs: z.number().positive(),
  backoffMultiplier: z.number().min(1),
  jitter: z.enum(JITTERS),
  jitterFactor: z.number().min(0).max(1),
  maxAttempts: z.number().int().min(0),
  stableAfterMs: z.number().min(0),
  breakerFailures: z.number().int().min(0),
  breakerOpenMs: z.number().positive(),
  slowRetryMs: z.number().positive(),
  faultRetryMs: z.number().min(0),
  slotRetryMs: z.number().positive(),
  dataTimeoutMs: z.number().positive(),
  dataNoticeMs: z.number().positive(),
  quietLimitMs: z.number().positive(),
  connectTimeoutMs: z.number().positive(),
  ackTimeoutMs: z.number().positive(),
  firstDataMs: z.number().min(0),
  closeTimeoutMs: z.number().min(0),
  reliabilityTargetPercent: z.number().min(0).max(100),
  maxFrameBytes: z.number().positive(),
  standbyOverlapMs: z.number().min(0),
  rotateAfterMs: z.number().min(0),
  routeBetterMs: z.number().min(0),
  routeBetterPercent: z.number().min(0).max(100),
  routeBetterForMs: z.number().positive(),
  routeDwellMs: z.number().min(0),
  reconnectBelowSuccessPercent: z.number().min(0).max(100),
  reconnectAboveP99Ms: z.number().min(0),
  reconnectAfterMissed: z.number().int().min(0),
  policyPauseMs: z.number().positive(),
  fitP99Ms: z.number().positive(),
  fitSuccessPercent: z.number().min(0).max(100),
  degradedP95Ms: z.number().positive(),
  degradedFailures: z.number().int().min(0),
  degradedFactor: z.number().positive(),
  standby: z.boolean(),
  maxInflatedBytes: z.number().positive(),
  compression: z.boolean(),
});

/** The channel of a message that is sent as it stands (`subscribe_raw`): it has no template, and so no ack to wait for. */
export const RAW_CHANNEL = 'raw';

export const SubscriptionSchema = z.strictObject({
  /** Its name for people: `ticker:BTC-USD`, or the start of a raw message. */
  name: z.string(),
  channel: z.string(),
  symbol: z.string(),
  /** The subscribe message with `{symbol}` filled in; `{id}` is filled in when sent. */
  subscribe: z.string(),
  unsubscribe: z.string().nullable(),
  /** What stands for it in a message for several; without it, it goes alone. */
  item: z.string().optional(),
  /** Pieces that only its data frames have; empty where they cannot be told from others. */
  data: z.array(z.string()),
  /** Where its numbers stand, if they are to be watched (row L15), and where the identity of a message does. */
  sequence: SequenceSchema.nullable(),
  identity: z.string().nullable(),
});

export const LinkConfigSchema = z.strictObject({
  name: z.string(),
  /** As the settings have it, shown to people: `demo://frankfurt`. */
  url: z.string(),
  /** Where the socket goes: `ws://127.0.0.1:43211/`. */
  dialUrl: z.string(),
  /** Every address of the same stream, `dialUrl` first (row L13). */
  routes: z.array(z.strictObject({ url: z.string(), dialUrl: z.string() })).min(1),
  demo: z.boolean(),
  enabled: z.boolean(),
  presetName: z.string().nullable(),
  preset: PresetSchema,
  subscriptions: z.array(SubscriptionSchema),
  expectsData: z.boolean(),
  /** PEM text of an own certificate authority. */
  ca: z.string().nullable(),
  /** When planned rotations may happen: minutes of the week (Monday 0:00 is 0) in the user's time zone; at any time if there is none. */
  rotationWindows: z.array(
    z.strictObject({ fromMinute: z.number().int().min(0), untilMinute: z.number().int().min(0) }),
  ),
  timeZone: z.string(),
  policy: PolicySchema,
});

export const EngineConfigSchema = z.strictObject({
  links: z.array(LinkConfigSchema),
  pools: z.array(PoolConfigSchema),
  /** A closed trading gate opens only after the link has been fit for so long. */
  gateReopenMs: z.number().min(0),
  shutdownGraceMs: z.number().positive(),
  /** What earlier runs have seen of venues' restarts (`RestartTimes`). */
  restarts: z.record(z.string(), z.array(z.number()).readonly()).optional(),
});

export type Policy = z.infer<typeof PolicySchema>;
export type LinkSubscription = z.infer<typeof SubscriptionSchema>;
export type LinkConfig = z.infer<typeof LinkConfigSchema>;
export type EngineConfig = z.infer<typeof EngineConfigSchema>;
