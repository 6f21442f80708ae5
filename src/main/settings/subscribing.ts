import { withoutClearKeys } from '../../shared/clearKey.ts';
import { type LinkSubscription, RAW_CHANNEL } from '../../shared/engineConfig.ts';
import type { Preset } from '../../shared/preset.ts';
import type { LinkSettings } from '../../shared/settings.ts';
import { nearestOf } from './nearest.ts';

/** What is wrong with one entry of a list of subscriptions. */
export interface SubscriptionFault {
  readonly severity: 'error' | 'notice';
  readonly key: 'subscribe' | 'subscribe_raw' | 'watch_sequence';
  readonly index: number;
  readonly message: string;
  readonly expected: string;
  readonly nearest: string | null;
}

/** The messages a link sends after each connect: templates of its preset filled in, then the raw ones as they stand. */
export function subscriptionsOf(
  link: LinkSettings,
  preset: Preset,
): { subscriptions: LinkSubscription[]; faults: SubscriptionFault[] } {
  const subscriptions = new Map<string, LinkSubscription>();
  const faults: SubscriptionFault[] = [];
  for (const [index, name] of (link.subscribe ?? []).entries()) {
    const key = 'subscribe';
    const made = fromTemplate(name, preset, link.watch_sequence?.includes(name) ?? false);
    if ('message' in made) faults.push({ severity: 'error', key, index, ...made });
    else if (subscriptions.has(name)) faults.push(twice(key, index, name));
    else subscriptions.set(name, made);
  }
  for (const [index, name] of (link.watch_sequence ?? []).entries()) {
    const watched = subscriptions.get(name);
    if (watched?.sequence != null) continue;
    const message =
      watched === undefined
        ? `"${name}" is not subscribed`
        : `${preset.venue} does not number the messages of "${name}"`;
    const known = [...subscriptions.keys()];
    const expected = 'a subscription of this link whose channel has a sequence';
    faults.push({
      severity: 'error',
      key: 'watch_sequence',
      index,
      message,
      expected,
      nearest: nearestOf(name, known),
    });
  }
  const sent = new Set<string>();
  for (const [index, message] of (link.subscribe_raw ?? []).entries()) {
    const name = freeName(withoutClearKeys(message), subscriptions);
    if (sent.has(message)) faults.push(twice('subscribe_raw', index, name));
    else subscriptions.set(name, { ...RAW, name, subscribe: message });
    sent.add(message);
  }
  return { subscriptions: [...subscriptions.values()], faults };
}

const RAW = { channel: RAW_CHANNEL, symbol: '', unsubscribe: null, data: [], sequence: null, identity: null };

type TemplateFault = Pick<SubscriptionFault, 'message' | 'expected' | 'nearest'>;

function fromTemplate(name: string, preset: Preset, watched: boolean): LinkSubscription | TemplateFault {
  const colon = name.indexOf(':');
  const channel = colon < 0 ? name : name.slice(0, colon);
  const symbol = colon < 0 ? '' : name.slice(colon + 1);
  const channels = Object.keys(preset.channels);
  const template = Object.hasOwn(preset.channels, channel) ? preset.channels[channel] : undefined;
  if (template === undefined) {
    if (channels.length === 0) {
      const message = `${preset.venue} has no channels, so "${name}" cannot be subscribed by name`;
      return { message, expected: 'a preset with channels, or the whole message in subscribe_raw', nearest: null };
    }
    const message = `${preset.venue} has no channel called ${JSON.stringify(channel)}`;
    return { message, expected: `one of ${channels.join(', ')}`, nearest: nearestOf(channel, channels) };
  }
  if (symbol === '' && template.subscribe.includes('{symbol}')) {
    return { message: `"${name}" names no symbol`, expected: `"${channel}:SYMBOL"`, nearest: null };
  }
  const unsubscribe = template.unsubscribe === undefined ? null : filled(template.unsubscribe, symbol);
  return {
    name,
    channel,
    symbol,
    subscribe: filled(template.subscribe, symbol),
    unsubscribe,
    ...(template.item !== undefined && { item: escaped(template.item, symbol) }),
    data: (template.data ?? []).map((piece) => pieceOf(piece, symbol, channel)),
    sequence: (watched ? template.sequence : undefined) ?? null,
    identity: template.identity ?? null,
  };
}

/** A symbol stands inside a JSON text in a JSON template: its quotes and backslashes must not end that text. */
function filled(template: string, symbol: string): string {
  const isJson = /^\s*[[{]/.test(template);
  return isJson ? escaped(template, symbol) : template.replaceAll('{symbol}', () => symbol);
}

const escaped = (template: string, symbol: string): string =>
  template.replaceAll('{symbol}', () => JSON.stringify(symbol).slice(1, -1));

function pieceOf(piece: string, symbol: string, channel: string): string {
  return piece.replaceAll('{symbol}', () => symbol).replaceAll('{channel}', () => channel);
}

function freeName(message: string, taken: ReadonlyMap<string, unknown>): string {
  const start = message.length > 40 ? `${message.slice(0, 40).toWellFormed()}…` : message;
  let name = start;
  for (let copy = 2; taken.has(name); copy++) name = `${start} (${copy})`;
  return name;
}

function twice(key: SubscriptionFault['key'], index: number, name: string): SubscriptionFault {
  const message = `"${name}" is in the list twice; it is subscribed once`;
  return { severity: 'notice', key, index, message, expected: 'each subscription once', nearest: null };
}
