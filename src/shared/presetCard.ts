import { counted } from './counted.ts';
import { BUILT_IN } from './knobs.ts';
import type { Preset } from './preset.ts';
import { secretsIn } from './secrets.ts';

/** One venue as the wizard shows it: what is known of it, and how well. */
export interface PresetCard {
  /** As `preset` of a link names it. */
  readonly name: string;
  readonly venue: string;
  /** The venue, and the preset's name where one venue has several. */
  readonly label: string;
  readonly demo: boolean;
  /** The first is dialled unless the link names its own; none where each user has an own one. */
  readonly addresses: readonly string[];
  readonly example: string | null;
  readonly channels: readonly ChannelCard[];
  /** Environment variables that it reads credentials from. Never their values. */
  readonly secrets: readonly { readonly name: string; readonly isSet: boolean }[];
  /** What else the user has to bring, as a clause. */
  readonly needs: string | null;
  /** Clauses. */
  readonly heartbeat: string;
  readonly limits: readonly string[];
  readonly mostSubscriptions: number | null;
  readonly source: string;
  readonly factsAsOf: string;
  /** Sentences: what was read, and what nobody could look up. */
  readonly notes: readonly string[];
  readonly fromMemory: readonly string[];
}

export interface ChannelCard {
  readonly name: string;
  readonly wantsSymbol: boolean;
}

/** In the order of their labels. `isSet`: whether the environment has a credential of this name. */
export function presetCards(
  presets: ReadonlyMap<string, Preset>,
  isSet: (secret: string) => boolean,
): readonly PresetCard[] {
  const count = new Map<string, number>();
  for (const { venue } of presets.values()) count.set(venue, (count.get(venue) ?? 0) + 1);
  return [...presets]
    .map(([name, preset]) => cardOf(name, preset, (count.get(preset.venue) ?? 0) > 1, isSet))
    .sort((a, b) => a.label.localeCompare(b.label, 'en'));
}

function cardOf(name: string, preset: Preset, several: boolean, isSet: (secret: string) => boolean): PresetCard {
  const addresses = preset.url === undefined ? [] : [preset.url, ...preset.more_urls];
  const sentences = sentencesOf(preset.note ?? '');
  const isMemory = (sentence: string): boolean => /from memory/i.test(sentence);
  return {
    name,
    venue: preset.venue,
    label: several ? `${preset.venue} (${name})` : preset.venue,
    demo: addresses.some((address) => address.startsWith('demo://')),
    addresses,
    example: preset.example ?? null,
    channels: Object.entries(preset.channels).map(([channel, { subscribe }]) => ({
      name: channel,
      wantsSymbol: subscribe.includes('{symbol}'),
    })),
    secrets: [
      ...new Set([preset.login ?? '', ...Object.values(preset.headers ?? {}), ...addresses].flatMap(secretsIn)),
    ].map((secret) => ({
      name: secret,
      isSet: isSet(secret),
    })),
    needs: preset.needs ?? null,
    heartbeat: heartbeatOf(preset),
    limits: limitsOf(preset),
    mostSubscriptions: preset.limits.subscriptions ?? null,
    source: preset.source,
    factsAsOf: preset.facts_as_of,
    notes: sentences.filter((sentence) => !isMemory(sentence)),
    fromMemory: sentences.filter(isMemory),
  };
}

/** A sentence ends where the next one begins with a capital letter: not within `api.example.com`. */
const sentencesOf = (note: string): string[] => note.split(/(?<=\.)\s+(?=[A-Z0-9])/).filter((one) => one !== '');

function heartbeatOf(preset: Preset): string {
  const answers = preset.answer.length === 0 ? '' : '; pings of the venue’s own are answered';
  return `${pingOf(preset)}${keepaliveOf(preset)}${answers}`;
}

function pingOf({ ping, knobs, limits }: Preset): string {
  const wanted = knobs.ping_interval_secs ?? BUILT_IN.ping_interval_secs;
  const held = Math.min(limits.ping_interval_max_secs ?? wanted, wanted);
  const every = `every ${Math.max(limits.ping_interval_min_secs ?? held, held)} s`;
  if (ping.kind === 'none') return 'no ping of ours is answered, so RTT cannot be measured';
  if (ping.kind === 'protocol') return `a WebSocket ping ${every}`;
  return ping.kind === 'text' ? `the text ${JSON.stringify(ping.send)} ${every}` : `a JSON ping ${every}`;
}

const keepaliveOf = ({ keepalive }: Preset): string =>
  keepalive === undefined ? '' : `; a message that keeps it alive every ${keepalive.every_secs} s`;

function limitsOf({ limits }: Preset): readonly string[] {
  const per = (secs: number): string => (secs === 1 ? 'a second' : `in ${secs} s`);
  return [
    limits.messages === undefined
      ? null
      : `${limits.messages} messages ${per(limits.messages_window_secs)}${limits.messages_of === 'address' ? ' over all its links' : ''}${limits.pings_count ? ', pings among them' : ''}`,
    limits.subscribes === undefined ? null : `${limits.subscribes} subscribes ${per(limits.subscribes_window_secs)}`,
    limits.subscriptions === undefined ? null : `${counted(limits.subscriptions, 'subscription')} a connection`,
    limits.sockets === undefined ? null : counted(limits.sockets, 'connection'),
    limits.dials === undefined ? null : `${limits.dials} dials ${per(limits.dials_window_secs)}`,
    limits.max_age_secs === undefined ? null : `cut after ${limits.max_age_secs / 3600} h`,
  ].flatMap((text) => text ?? []);
}
