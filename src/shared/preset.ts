import { z } from 'zod';
import { optionalKnobs } from './knobs.ts';

/**
 * How one venue talks. A preset is a TOML file in `resources/presets`; a new venue needs no code.
 *
 * Templates: `{id}` is Warmwire's own number for the message, `{symbol}` the part of a subscription after the colon,
 * `{value}` the bytes of the echoed field, copied as they came. A `match` is a piece of the frame's bytes.
 */
export const PingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('protocol') }),
  z.strictObject({ kind: z.literal('text'), send: z.string().min(1), reply: z.string().min(1) }),
  z.strictObject({
    kind: z.literal('json'),
    send: z.string().min(1),
    /** A piece of bytes that only a pong has. */
    match: z.string().min(1),
    /** Where the id comes back (dotted path). Without it pongs match in order. */
    id_field: z.string().min(1).optional(),
  }),
  z.strictObject({ kind: z.literal('none') }),
]);

/** A ping of the venue's that must be answered with the same value, byte for byte. */
export const AnswerSchema = z.strictObject({
  match: z.string().min(1),
  field: z.string().min(1),
  send: z.string().min(1),
});

export const AckSchema = z.discriminatedUnion('kind', [
  /** The ack repeats the id of the subscribe message. */
  z.strictObject({ kind: z.literal('id'), match: z.string().min(1), id_field: z.string().min(1) }),
  /** The ack has no id but holds these pieces, templates filled in. */
  z.strictObject({ kind: z.literal('contains'), pieces: z.array(z.string().min(1)).min(1) }),
  /** The venue never acks: the first data frame is the confirmation. */
  z.strictObject({ kind: z.literal('data') }),
]);

export const PresetSchema = z.strictObject({
  venue: z.string().min(1),
  source: z.string().min(1),
  facts_as_of: z.string().min(1),
  note: z.string().optional(),
  url: z.string().optional(),
  ping: PingSchema,
  answer: z.array(AnswerSchema).default([]),
  /** Subscribe and unsubscribe templates by channel name. */
  channels: z
    .record(z.string(), z.strictObject({ subscribe: z.string(), unsubscribe: z.string().optional() }))
    .default({}),
  ack: AckSchema.default({ kind: 'data' }),
  /** A piece that marks a refused subscription. */
  refusal: z.string().optional(),
  /** Pieces that mark frames which are neither data nor pongs: the venue's heartbeats, and greetings. */
  heartbeats: z.array(z.string().min(1)).default([]),
  greetings: z.array(z.string().min(1)).default([]),
  limits: z
    .strictObject({
      /** A client that pings less often than this is cut by the venue. */
      ping_interval_max_secs: z.number().positive().optional(),
      ping_interval_min_secs: z.number().positive().optional(),
      messages_per_sec: z.number().positive().optional(),
    })
    .default({}),
  knobs: z.strictObject(optionalKnobs()).default({}),
});

export type Preset = z.infer<typeof PresetSchema>;
export type PingRule = z.infer<typeof PingSchema>;
export type AnswerRule = z.infer<typeof AnswerSchema>;
export type AckRule = z.infer<typeof AckSchema>;

/** What a link without a preset speaks: protocol pings, no acks, every frame is data. */
export const PLAIN_PRESET: Preset = PresetSchema.parse({
  venue: 'Plain WebSocket',
  source: 'RFC 6455',
  facts_as_of: '2011-12',
  ping: { kind: 'protocol' },
});
