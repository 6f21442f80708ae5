import { z } from 'zod';
import { optionalKnobs } from './knobs.ts';

/**
 * How one venue talks. A preset is a TOML file in `resources/presets`, or of the user's own; a new venue needs no code.
 *
 * Templates: `{id}` is Warmwire's own number for the message, `{now_s}` and `{now_ms}` the time it is sent, `{symbol}` and `{channel}` the parts of a subscription,
 * `{value}` the bytes of the echoed field, copied as they came. A piece is some bytes that the frame must hold.
 */
const Text = z.string().min(1);

/** One piece, or several of which any will do. */
const AnyPiece = z.union([Text.transform((piece) => [piece]), z.array(Text).min(1)]);

export const PingSchema = z.discriminatedUnion('kind', [
  /** A WebSocket ping frame; its pong brings the payload back. */
  z.strictObject({ kind: z.literal('protocol') }),
  /** A bare text (on `tcp://` links: a line); the whole answer is `reply`. */
  z.strictObject({ kind: z.literal('text'), send: Text, reply: Text }),
  z.strictObject({
    kind: z.literal('json'),
    send: Text,
    /** A piece that only a pong has. */
    match: AnyPiece,
    /** Where the id comes back (dotted path). Without it pongs match in order. */
    id_field: Text.optional(),
  }),
  /** Nothing that the venue would answer: RTT is not measurable. */
  z.strictObject({ kind: z.literal('none') }),
]);

/**
 * A ping of the venue's. `field`: its value goes into `{value}` of `send`, byte for byte. Without `field` the answer is
 * always the same; without `send` the venue wants none. `exact`: the frame is `match` and nothing else.
 */
export const AnswerSchema = z
  .strictObject({ match: Text, exact: z.boolean().optional(), field: Text.optional(), send: Text.optional() })
  .refine(({ field, send }) => (send ?? '').includes('{value}') === (field !== undefined), {
    message: 'field and {value} in send belong together',
  });

export const AckSchema = z.discriminatedUnion('kind', [
  /** The ack repeats the id of the subscribe message. */
  z.strictObject({ kind: z.literal('id'), match: Text, id_field: Text }),
  /**
   * The ack has no id but holds these pieces, templates filled in: one frame a subscription, or a list of everything that
   * is subscribed, in which each finds itself.
   */
  z.strictObject({ kind: z.literal('contains'), pieces: z.array(Text).min(1) }),
  /** The ack is exactly this text, templates filled in. */
  z.strictObject({ kind: z.literal('text'), text: Text }),
  /** The venue never acks: the first data frame is the confirmation. */
  z.strictObject({ kind: z.literal('data') }),
]);

/** What follows from a close code or a refusal (row L18). */
export const CLOSE_CLASSES = ['retry', 'slow', 'client', 'settings', 'credentials', 'slot', 'evicted'] as const;
export type CloseClass = (typeof CLOSE_CLASSES)[number];

/** Units of a time stamp in a message. */
export const TIME_UNITS = ['ns', 'us', 'ms', 's', 'iso'] as const;

/** `field`: a dotted path, or several of which the first that a message has. */
const StampSchema = z.strictObject({ field: AnyPiece, unit: z.enum(TIME_UNITS) });

/**
 * Where the numbers of a channel's messages stand (dotted paths). `field` alone: a counter that rises by one a message.
 * With `first`: a message stands for all numbers from `first` to `field`. With `previous`: it names the number of the
 * message before it; a negative or missing one begins a new count.
 * `of_connection`: one counter for every message of the connection, whatever it is of; so it is, too, where the data of a
 * channel cannot be told.
 */
export const SequenceSchema = z
  .strictObject({
    field: Text,
    first: Text.optional(),
    previous: Text.optional(),
    of_connection: z.boolean().optional(),
  })
  .refine(({ first, previous }) => first === undefined || previous === undefined, {
    message: 'first or previous, not both',
  });
export type SequenceRule = z.infer<typeof SequenceSchema>;

const ChannelSchema = z.strictObject({
  subscribe: Text,
  unsubscribe: Text.optional(),
  /** What stands for one subscription in a message of `batch`; without it each is said alone. */
  item: Text.optional(),
  /** Pieces, templates filled in, that only data of this subscription have: its own data clock is moved by them. */
  data: z.array(Text).min(1).optional(),
  /** Watched where a link's `watch_sequence` names the subscription. A text is the same as `{ field = text }`. */
  sequence: z.union([Text.transform((field): SequenceRule => ({ field })), SequenceSchema]).optional(),
  /** Where the identity of a message stands: the same value twice is the same message. */
  identity: Text.optional(),
});

export const PresetSchema = z.strictObject({
  venue: Text,
  source: Text,
  facts_as_of: Text,
  note: z.string().optional(),
  /** A symbol in the venue's own spelling, shown to who types one. */
  example: Text.optional(),
  /** What the user has to bring besides the secrets of `login`, as a clause. */
  needs: Text.optional(),
  url: z.string().optional(),
  /** Further addresses of the same stream (row L13). */
  more_urls: z.array(Text).default([]),
  /** The venue's HTTP API for a pool: scheme and host; and the cheapest request that needs no key. */
  rest_url: z.url({ protocol: /^https?$/ }).optional(),
  rest_warm_path: z.string().startsWith('/').optional(),
  rest_warm_method: z.enum(['HEAD', 'GET']).default('GET'),
  /** Binary frames hold text compressed like this. */
  encoding: z.enum(['plain', 'gzip']).default('plain'),
  ping: PingSchema,
  /** A message that keeps the link alive where pings of another kind measure it. `answers`: pieces of what comes back. */
  keepalive: z
    .strictObject({ send: Text, every_secs: z.number().positive(), answers: z.array(Text).default([]) })
    .optional(),
  answer: z.array(AnswerSchema).default([]),
  /** Subscribe and unsubscribe templates by channel name. */
  channels: z.record(z.string(), ChannelSchema).default({}),
  /** For venues where each request replaces the one before: one message for all; `{all}` is every `subscribe`, by commas. */
  whole: Text.optional(),
  /** Where `whole` is said once on a socket, and what is added or taken away later has messages of its own; `{all}` as there. */
  later: z.strictObject({ add: Text, remove: Text }).optional(),
  /**
   * Messages for several subscriptions at once, `{all}` being the `item` of each by commas; `most`: so many in one. Acks name
   * the id of the message (`ack.kind = "id"`), and where it is refused nobody can say for which: halves are asked for.
   */
  batch: z.strictObject({ subscribe: Text, unsubscribe: Text, most: z.number().int().min(2) }).optional(),
  /**
   * Asked for before every dial: the answer's text at `field` goes into `{token}` of the address, and at `endpoint` stands
   * the server to dial.
   */
  token: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      method: z.enum(['GET', 'POST']).default('POST'),
      field: Text,
      endpoint: Text.optional(),
    })
    .optional(),
  /** Of the upgrade, by name: for venues that want a key, or a signature, there. Filled anew for every dial, like `login`. */
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/, 'the name of an HTTP header'), Text).optional(),
  /** Sent first on every socket, before any subscription; `{secret:NAME}` is asked from the credentials. */
  login: Text.optional(),
  /** A piece of the greeting without which the connection cannot be used: subscriptions wait for it, for the time of an ack at most. */
  ready: Text.optional(),
  ack: AckSchema.default({ kind: 'data' }),
  /** A piece, or several of which any, that marks a refused subscription. */
  refusal: AnyPiece.optional(),
  /** Pieces that mark frames which are neither data nor pongs: the venue's heartbeats, and greetings. */
  heartbeats: z.array(Text).default([]),
  /** The venue sends them whether data flow or not, so that one missing among data means something. */
  heartbeats_always: z.boolean().default(false),
  greetings: z.array(Text).default([]),
  /** Frames that announce that this connection is about to be cut, and how soon where the venue says so. */
  notices: z
    .array(z.strictObject({ match: Text, text: Text, cut_in_secs: z.number().positive().optional() }))
    .default([]),
  /** Frames that say why the venue is about to close, by a piece: they outrank the close code. */
  farewells: z
    .array(
      z.strictObject({
        match: Text,
        class: z.enum(CLOSE_CLASSES),
        text: Text,
        /** The venue leaves the connection open, and it is of no use any more: it is closed from here. */
        ends: z.boolean().optional(),
      }),
    )
    .default([]),
  /** Close codes of the venue's own, by number; `match` narrows it to closes with that piece in their text. */
  closes: z
    .array(
      z.strictObject({
        code: z.number().int().min(1000).max(4999),
        match: z.string().default(''),
        class: z.enum(CLOSE_CLASSES),
        text: Text,
      }),
    )
    .default([]),
  /** What an HTTP 403 at the upgrade means here. */
  http_403: z.enum(['credentials', 'block']).default('credentials'),
  /** Unchanged state is sent again and again: the same frame once more is no replay. */
  repeats: z.boolean().default(false),
  /** The venue's own time in data frames, and where to ask for it. */
  event_time: StampSchema.optional(),
  clock: z.strictObject({ url: z.url({ protocol: /^https?$/ }), field: Text, unit: z.enum(TIME_UNITS) }).optional(),
  limits: z
    .strictObject({
      /** A client that pings less often than this is cut by the venue. */
      ping_interval_max_secs: z.number().positive().optional(),
      ping_interval_min_secs: z.number().positive().optional(),
      /** At most so many messages of ours in any window of this length. */
      messages: z.number().int().positive().optional(),
      messages_window_secs: z.number().positive().default(1),
      /** Whether the venue counts them for each socket, or for all that come from one address. */
      messages_of: z.enum(['socket', 'address']).default('socket'),
      /** At most so many subscribe and unsubscribe messages in any window of this length, besides the limit of all. */
      subscribes: z.number().int().positive().optional(),
      subscribes_window_secs: z.number().positive().default(3600),
      /** Pings and pongs of ours are messages too. */
      pings_count: z.boolean().default(false),
      /** At most so many dials in any window of this length, for all links to one origin. */
      dials: z.number().int().positive().optional(),
      dials_window_secs: z.number().positive().default(1),
      subscriptions: z.number().int().positive().optional(),
      /** Sockets that the venue, or one key, allows at a time. */
      sockets: z.number().int().positive().optional(),
      /** The venue cuts a connection of this age. */
      max_age_secs: z.number().positive().optional(),
    })
    .prefault({}),
  knobs: z.strictObject(optionalKnobs()).default({}),
});

export type Preset = z.infer<typeof PresetSchema>;
/** Who its venue takes for one client, whose connections it counts together. */
export const sessionKeyOf = ({ venue, login = '' }: Preset): string => `${venue}\0${login}`;

export type PingRule = z.infer<typeof PingSchema>;
export type VenueNotice = Preset['notices'][number];

/** What a link of lines without a preset speaks: no pings, and every line is data. */
export const LINE_PRESET: Preset = PresetSchema.parse({
  venue: 'Plain lines',
  source: 'RFC 9293',
  facts_as_of: '2022-08',
  ping: { kind: 'none' },
});

/** What a link without a preset speaks: protocol pings, no acks, every frame is data. */
export const PLAIN_PRESET: Preset = PresetSchema.parse({
  venue: 'Plain WebSocket',
  source: 'RFC 6455',
  facts_as_of: '2011-12',
  ping: { kind: 'protocol' },
});
