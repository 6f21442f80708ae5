import { z } from 'zod';
import { connectionKnobs, key, optionalKnobs, PROFILE_NAMES } from './knobs.ts';

/**
 * The schema of `warmwire.toml`. Tables: `[connection]` (flat, for all links), `[link.NAME]`, `[log]`, `[app]`.
 * Precedence of a link's value: its own key, its profile, its preset, `[connection]`, built in.
 */

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** A subscription: `channel:symbol`, with a template of that name in the link's preset. */
const Subscription = z.string().regex(/^[^:\s]+(:.+)?$/, 'a subscription is written "channel:symbol"');

const seconds = (max: number): z.ZodOptional<z.ZodNumber> => z.number().min(0).max(max).optional();

export const ConnectionSchema = z.strictObject({
  ...connectionKnobs(),
  ws_profile: key(z.enum(PROFILE_NAMES).optional(), 'live', '', 'The named set of values that links start from.'),
  http_max_idle_per_host: key(
    z.number().int().min(0).max(1000).optional(),
    'live',
    'sockets',
    'HTTP pools: idle sockets kept per host.',
  ),
  http_idle_timeout_secs: key(seconds(86_400), 'live', 's', 'HTTP pools: an idle socket is closed after this time.'),
  http_connect_timeout_secs: key(seconds(120), 'live', 's', 'HTTP pools: one connect, in all.'),
  http_tcp_keepalive_secs: key(seconds(86_400), 'live', 's', 'HTTP pools: TCP keep-alive interval.'),
  warmup_urls: key(
    z
      .array(z.url({ protocol: /^https?$/ }))
      .max(1000)
      .optional(),
    'live',
    '',
    'HTTP pools: addresses warmed at start.',
  ),
});

export const LinkSchema = z.strictObject({
  url: key(
    z
      .string()
      .refine(
        isLinkUrl,
        'an address: wss://HOST[:PORT]/PATH (or ws://), tls://HOST:PORT (or tcp://) for lines, or demo://NAME',
      )
      .optional(),
    'redial',
    '',
    'Where to connect. May be left out when the preset has an address.',
  ),
  more_urls: key(
    z.array(z.string().refine(isLinkUrl, 'a list of addresses')).max(20).optional(),
    'live',
    '',
    'Further addresses of the same stream: each is measured, the best is used.',
  ),
  preset: key(z.string().min(1).optional(), 'redial', '', 'The venue’s dialect: heartbeats, acks, limits.'),
  enabled: key(z.boolean().optional(), 'live', '', 'false keeps the link paused. Pause and Resume write this key.'),
  profile: key(z.enum(PROFILE_NAMES).optional(), 'live', '', 'A named set of values: trading, monitoring or quiet.'),
  subscribe: key(
    z.array(Subscription).max(1000).optional(),
    'resubscribe',
    '',
    'What to subscribe to, as "channel:symbol".',
  ),
  subscribe_raw: key(
    z.array(z.string().min(1)).max(1000).optional(),
    'resubscribe',
    '',
    'Messages sent as they stand after every connect.',
  ),
  watch_sequence: key(
    z.array(Subscription).max(1000).optional(),
    'resubscribe',
    '',
    'Subscriptions whose message numbers are watched for gaps.',
  ),
  rotation_windows: key(
    z.array(z.string().min(1)).max(100).optional(),
    'live',
    '',
    'When planned rotations may happen: "Mon-Fri 21:00-22:30", "Sat,Sun 03:00-05:00", "daily 04:00-05:00".',
  ),
  time_zone: key(z.string().min(1).optional(), 'live', '', 'Time zone of rotation_windows, such as "Europe/Berlin".'),
  expects_data: key(
    z.boolean().optional(),
    'live',
    '',
    'false for links that carry no data of their own, such as order entry.',
  ),
  ca_file: key(
    z.string().min(1).optional(),
    'redial',
    '',
    'PEM file with the certificate authority to trust for this link.',
  ),
  ...optionalKnobs(),
});

export const SettingsSchema = z.strictObject({
  connection: ConnectionSchema.optional(),
  link: z.record(z.string(), LinkSchema).optional(),
  log: z
    .strictObject({
      level: key(z.enum(LOG_LEVELS).optional(), 'live', '', 'The least severe line that is written.'),
      statistics: key(z.boolean().optional(), 'live', '', 'One line of figures a link a minute.'),
    })
    .optional(),
  app: z
    .strictObject({
      shutdown_grace_secs: key(
        z.number().min(0.1).max(60).optional(),
        'live',
        's',
        'How long a quit waits for sockets to close.',
      ),
    })
    .optional(),
});

export type ConnectionSettings = z.infer<typeof ConnectionSchema>;
export type LinkSettings = z.infer<typeof LinkSchema>;
export type Settings = z.infer<typeof SettingsSchema>;

/** True for an address a link can be given. */
export function isLinkUrl(text: string): boolean {
  const match = /^(wss?|tcp|tls|demo):\/\/([^/?#\s]+)([/?][^\s#]*)?$/.exec(text);
  if (match === null) return false;
  const host = match[2] ?? '';
  if (host.includes('@')) return false;
  if (!z.url().safeParse(text).success) return false;
  const port = /:(\d+)$/.exec(host)?.[1];
  if (/^(tcp|tls):/.test(text) && port === undefined) return false;
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
}
