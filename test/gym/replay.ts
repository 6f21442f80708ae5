import { gunzipSync } from 'node:zlib';
import { jsonField } from '../../src/main/engine/link/jsonField.ts';
import { type LinkSubscription, RAW_CHANNEL } from '../../src/shared/engineConfig.ts';
import type { Preset } from '../../src/shared/preset.ts';
import type { CaptureLine } from '../presets/capture.ts';
import type { GymRig } from './rig.ts';
import type { GymVenue } from './venue.ts';

export interface Frame {
  /** Since the connection was opened, ms. */
  readonly atMs: number;
  readonly payload: Buffer | string;
}

/** What came, when; pauses longer than `longestMs` are cut to it: an excerpt leaves out what was in them. */
export function framesOf(lines: readonly CaptureLine[], longestMs = Number.POSITIVE_INFINITY): Frame[] {
  let before = lines[0]?.at ?? 0;
  let atMs = 0;
  return lines.flatMap(({ at, direction, payload }) => {
    atMs += Math.min((at - before) * 1000, longestMs);
    before = at;
    return direction === 'in' ? [{ atMs, payload }] : [];
  });
}

/** What the recorded client sent of its own accord, as raw messages of a link; the preset's own login is not asked twice. */
export function rawSubscriptions(lines: readonly CaptureLine[], preset: Preset): LinkSubscription[] {
  return lines.flatMap(({ direction, payload }, index) => {
    const subscribe = String(payload);
    if (direction !== 'out' || subscribe.includes('pong') || subscribe === preset.login) return [];
    const name = `${index}: ${subscribe.slice(0, 40)}`;
    return [
      {
        name,
        channel: RAW_CHANNEL,
        symbol: '',
        subscribe,
        unsubscribe: null,
        data: [],
        sequence: null,
        identity: null,
      },
    ];
  });
}

/** A subscription for every counter that the preset names and the recording has, so that its numbers are watched. */
export function countersOf(frames: readonly Frame[], preset: Preset): LinkSubscription[] {
  const found = new Map<string, LinkSubscription>();
  for (const [channel, { data, sequence }] of Object.entries(preset.channels)) {
    if (sequence === undefined) continue;
    if (data !== undefined)
      for (const one of toldOf(frames, preset, channel)) found.set(one.name, { ...one, sequence });
    // One counter for the whole connection.
    else found.set('*', { ...UNWATCHED, name: '*', symbol: '', subscribe: '{}', data: [], sequence });
  }
  return [...found.values()];
}

/** A subscription for everything of that channel that the recording has, by the preset's pieces. */
export function toldOf(frames: readonly Frame[], preset: Preset, channel: string): LinkSubscription[] {
  const { data = [], identity = null } = preset.channels[channel] ?? {};
  const found = new Map<string, LinkSubscription>();
  const patterns = data.map(
    (piece) => new RegExp(piece.replace(/[{}]|[^\w{}]/g, escaped).replace(/\\{symbol\\}/, '([^"@]+)')),
  );
  for (const frame of frames) {
    const text = textOf(frame, preset);
    const hits = patterns.map((pattern) => pattern.exec(text));
    if (data.length === 0 || hits.some((hit) => hit === null)) continue;
    const symbol = hits.find((hit) => hit?.[1] !== undefined)?.[1] ?? '';
    const name = `${channel}:${symbol}`;
    const filled = (template: string): string => template.replaceAll('{symbol}', symbol);
    const subscribe = filled(preset.channels[channel]?.subscribe ?? '');
    found.set(name, { ...UNWATCHED, name, symbol, subscribe, data: data.map(filled), sequence: null, identity });
  }
  return [...found.values()];
}

export const textOf = ({ payload }: Frame, { encoding }: Preset): string =>
  (encoding === 'gzip' && Buffer.isBuffer(payload) ? gunzipSync(payload) : payload).toString();

const UNWATCHED = { channel: RAW_CHANNEL, unsubscribe: null, identity: null };

const escaped = (character: string): string => `\\${character}`;

/** Plays the frames to every guest at their recorded times, and answers the link's own pings in the preset's dialect. */
export function replay(rig: GymRig, venue: GymVenue, frames: readonly Frame[], preset: Preset): { left: number } {
  const progress = { left: frames.length };
  venue.onGuest = (guest) => {
    const openedAt = rig.clock.now();
    let next = 0;
    const play = (): void => {
      const elapsedMs = rig.clock.now() - openedAt;
      for (let frame = frames[next]; frame !== undefined && frame.atMs <= elapsedMs; frame = frames[next]) {
        guest.ws.send(frame.payload);
        next += 1;
        progress.left -= 1;
      }
      const due = frames[next];
      if (due !== undefined) rig.later(Math.max(0.01, due.atMs - elapsedMs), play);
    };
    play();
  };
  venue.onText = ({ ws }, text) => {
    const pong = pongOf(preset, text);
    if (pong !== null) ws.send(pong);
  };
  return progress;
}

function pongOf({ ping }: Preset, text: string): string | null {
  if (ping.kind === 'text') return text === ping.send ? ping.reply : null;
  if (ping.kind !== 'json' || ping.id_field === undefined) return null;
  const [before = '', behind = ''] = ping.send.split('{id}');
  if (!text.startsWith(before) || !text.endsWith(behind)) return null;
  const [match = ''] = ping.match;
  const body = match.endsWith(':') ? `${match}"1"}` : match;
  const id = jsonField(text, [ping.id_field]);
  return `{"${ping.id_field}":${id},${body}}`;
}
