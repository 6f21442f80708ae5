import { z } from 'zod';
import { connectionKnobs, optionalKnobs, PROFILE_NAMES } from './knobs.ts';
import { NoticeSchema, NoticesSchema } from './noticeTables.ts';
import { httpKnobs, optionalPoolKnobs, POOL_PROFILE_NAMES } from './poolKnobs.ts';
import { key } from './settingsKey.ts';

/**
 * The schema of `warmwire.toml`. Tables: `[connection]` (flat, for all links and pools), `[link.NAME]`, `[pool.NAME]`, `[gate]`, `[notice.NAME]`,
 * `[notices]`, `[api]`, `[log]`, `[app]`. Precedence of a value: the link's or pool's own key, its profile, its preset, `[connection]`, built in.
 */

/** The largest settings text that is read, bytes of UTF-8. */
export const MAX_SETTINGS_BYTES = 1024 * 1024;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** A subscription: `channel:symbol`, with a template of that name in the link's preset. */
const Subscription = z.string().regex(/^[^:\s]+(:.+)?$/, 'a subscription is written "channel:symbol"');

export const ConnectionSchema = z.strictObject({
  ...connectionKnobs(),
  ws_profile: key(z.enum(PROFILE_NAMES).optional(), 'live', '', 'The named set of values that links start from.'),
  ...httpKnobs(),
  http_profile: key(
    z.enum(POOL_PROFILE_NAMES).optional(),
    'live',
    '',
    'The named set of values that pools start from.',
  ),
  warmup_urls: key(
    z
      .array(z.url({ protocol: /^https?$/ }).refine(hasNoLogin))
      .max(1000)
      .optional(),
    'live',
    '',
    'Addresses kept warm; each origin without a [pool.NAME] of its own gets a pool named by its host.',
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
    'PEM file with the certificate authority to trust for this link; a relative path is meant from this file’s folder.',
  ),
  ...optionalKnobs(),
});

export const PoolSchema = z.strictObject({
  origins: key(
    z
      .array(z.string().refine(isPoolUrl, 'an origin: https://HOST[:PORT] (or http://), or demo://rest'))
      .min(1)
      .max(20)
      .optional(),
    'live',
    '',
    'Where to connect, without a path. May be left out when the preset has an HTTP address.',
  ),
  preset: key(z.string().min(1).optional(), 'live', '', 'The venue: its HTTP address and its cheapest request.'),
  enabled: key(z.boolean().optional(), 'live', '', 'false opens nothing.'),
  profile: key(z.enum(POOL_PROFILE_NAMES).optional(), 'live', '', 'A named set of values: busy, frugal or batch.'),
  warm_path: key(
    z
      .string()
      .regex(/^\/[^\s#]*$/, 'a path that begins with /')
      .optional(),
    'live',
    '',
    'The cheapest request that the venue answers.',
  ),
  warm_method: key(z.enum(['HEAD', 'GET']).optional(), 'live', '', 'How it is asked for.'),
  ca_file: key(
    z.string().min(1).optional(),
    'live',
    '',
    'PEM file with the certificate authority to trust for this pool; a relative path is meant from this file’s folder.',
  ),
  ...optionalPoolKnobs(),
});

export const SettingsSchema = z.strictObject({
  connection: ConnectionSchema.optional(),
  link: z.record(z.string(), LinkSchema).optional(),
  pool: z.record(z.string(), PoolSchema).optional(),
  gate: z
    .strictObject({
      reopen_after_secs: key(
        z.number().min(0).max(3600).optional(),
        'live',
        's',
        'A closed trading gate opens only after the link has been fit for so long.',
      ),
    })
    .optional(),
  notice: z.record(z.string(), NoticeSchema).optional(),
  notices: NoticesSchema.optional(),
  api: z
    .strictObject({
      enabled: key(
        z.boolean().optional(),
        'live',
        '',
        'Desktop: answer /api and /metrics on 127.0.0.1. Headless always does.',
      ),
      port: key(z.number().int().min(0).max(65_535).optional(), 'live', '', 'Desktop: the port of the API.'),
    })
    .optional(),
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
      rollback_after_secs: key(
        z.number().min(0).max(3600).optional(),
        'live',
        's',
        'An edit applied on the Settings page is put back when links are worse after so long; 0 never does.',
      ),
    })
    .optional(),
});

/** What holds where these tables say nothing. Knobs have their own: `BUILT_IN`, `POOL_BUILT_IN`. */
export const SETTINGS_BUILT_IN = {
  gate: { reopen_after_secs: 5 },
  api: { enabled: false, port: 3456 },
  log: { level: 'info', statistics: true },
  app: { shutdown_grace_secs: 3, rollback_after_secs: 30 },
} as const satisfies { readonly [T in 'gate' | 'api' | 'log' | 'app']: Required<NonNullable<Settings[T]>> };

export type ConnectionSettings = z.infer<typeof ConnectionSchema>;
export type LinkSettings = z.infer<typeof LinkSchema>;
export type PoolSettings = z.infer<typeof PoolSchema>;
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

/** Nothing would be sent of a login. */
function hasNoLogin(text: string): boolean {
  return !/^\s*\w+:[/\\]*[^/\\?#]*@/.test(text);
}

/** True for the origin of a pool: scheme, host and port, and nothing else. */
export function isPoolUrl(text: string): boolean {
  if (/^demo:\/\/[^/?#\s@]+$/.test(text)) return true;
  if (!/^https?:\/\/[^/?#\s@]+\/?$/.test(text)) return false;
  return z.url({ protocol: /^https?$/ }).safeParse(text).success;
}

/**
 * What `/api/gate/NAME` is for these. The stream has been there since before any link was called so; the dots are taken out
 * of an address by whoever asks for it, however they are written.
 */
const NO_LINK: ReadonlyMap<string, string> = new Map([
  ['stream', 'is the stream of all gates'],
  ['.', 'is the list of all gates'],
  ['..', 'is no address of a gate'],
]);
const DOTS: readonly string[] = ['.', '..'];

/** Why a link or a pool cannot be called so, `null` when it can. Names go over wires and into objects by name; these would be lost or unreadable there. */
export function nameTrouble(name: string, kind: string): string | null {
  if (name === '__proto__') return `a ${kind} cannot be called __proto__`;
  const taken = kind === 'link' ? NO_LINK.get(name) : undefined;
  if (taken !== undefined) {
    return `a link cannot be called ${name}: its trading gate could not be asked for, /api/gate/${name} ${taken}`;
  }
  if (kind === 'pool' && DOTS.includes(name)) {
    return `a pool cannot be called ${name}: it could not be asked for, /api/connections/provider/${name} is no address of a pool`;
  }
  if (name.trim() === '') return `a ${kind} has an empty name`;
  if (name.length > 200) return `a ${kind}'s name has ${name.length} characters`;
  return /\p{Cc}/u.test(name) ? `the name ${JSON.stringify(name)} has control characters` : null;
}
