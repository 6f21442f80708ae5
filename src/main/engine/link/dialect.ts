import type { PingRule, Preset } from '../../../shared/preset.ts';
import { jsonField } from './jsonField.ts';

/** What one frame of the venue's is, told by its bytes. Ids are the JSON source text, compared as such. */
export type FrameKind =
  | { readonly kind: 'data' }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'greeting' }
  | { readonly kind: 'pong'; readonly id: string | null }
  | { readonly kind: 'ack'; readonly id: string | null }
  | { readonly kind: 'refusal'; readonly id: string | null }
  | { readonly kind: 'venue-ping'; readonly answer: string };

/** How a ping is sent: in a control frame or as text. `id` is what its pong must bring back. */
export type PingFrame =
  | { readonly kind: 'control'; readonly payload: string; readonly id: string }
  | { readonly kind: 'text'; readonly text: string; readonly id: string };

/** Frames longer than this are data: no venue's pong, ack or heartbeat comes near it, and most data need no search. */
const CONTROL_LIMIT_BYTES = 1024;

const DATA: FrameKind = { kind: 'data' };

/** A venue's dialect, compiled from its preset once per link. Pure: holds no state of a connection. */
export class Dialect {
  readonly preset: Preset;
  /** Pongs carry no id and match in order. */
  readonly ordered: boolean;
  readonly #rules: readonly FrameRule[];

  constructor(preset: Preset) {
    this.preset = preset;
    this.ordered = preset.ping.kind === 'text' || (preset.ping.kind === 'json' && preset.ping.id_field === undefined);
    this.#rules = compile(preset);
  }

  get pings(): boolean {
    return this.preset.ping.kind !== 'none';
  }

  /** The ping number `id`; `nonce` makes a control frame's payload unlike any other socket's. */
  ping(id: number, nonce: string): PingFrame | null {
    const rule = this.preset.ping;
    switch (rule.kind) {
      case 'none':
        return null;
      case 'protocol':
        return { kind: 'control', payload: `${nonce}.${id}`, id: `${nonce}.${id}` };
      case 'text':
        return { kind: 'text', text: rule.send, id: String(id) };
      case 'json':
        return { kind: 'text', text: fill(rule.send, { id: String(id) }), id: idAsSent(rule, id) };
    }
  }

  kindOf(frame: Buffer): FrameKind {
    if (frame.length > CONTROL_LIMIT_BYTES) return DATA;
    for (const rule of this.#rules) {
      if (!frame.includes(rule.piece)) continue;
      const kind = rule.read(frame);
      if (kind !== null) return kind;
    }
    return DATA;
  }
}

interface FrameRule {
  readonly piece: Buffer;
  read(frame: Buffer): FrameKind | null;
}

function compile(preset: Preset): FrameRule[] {
  const rules: FrameRule[] = [];
  const add = (piece: string, read: (text: string) => FrameKind | null): void => {
    rules.push({ piece: Buffer.from(piece), read: (frame) => read(frame.toString('utf8')) });
  };
  const { ping, ack } = preset;
  if (ping.kind === 'text') add(ping.reply, (text) => (text === ping.reply ? { kind: 'pong', id: null } : null));
  if (ping.kind === 'json') {
    const path = ping.id_field?.split('.');
    add(ping.match, (text) => ({ kind: 'pong', id: path === undefined ? null : jsonField(text, path) }));
  }
  for (const answer of preset.answer) {
    add(answer.match, (text) => {
      const value = jsonField(text, answer.field.split('.'));
      return value === null ? null : { kind: 'venue-ping', answer: fill(answer.send, { value }) };
    });
  }
  if (ack.kind === 'id') {
    const path = ack.id_field.split('.');
    add(ack.match, (text) => {
      const id = jsonField(text, path);
      return id === null ? null : { kind: 'ack', id };
    });
  }
  if (ack.kind === 'contains') add(ack.pieces[0] ?? '', () => ({ kind: 'ack', id: null }));
  if (preset.refusal !== undefined) {
    const path = ack.kind === 'id' ? ack.id_field.split('.') : null;
    add(preset.refusal, (text) => ({ kind: 'refusal', id: path === null ? null : jsonField(text, path) }));
  }
  for (const piece of preset.heartbeats) add(piece, () => ({ kind: 'heartbeat' }));
  for (const piece of preset.greetings) add(piece, () => ({ kind: 'greeting' }));
  return rules;
}

/** The id as it stands in the message we send, quotes included, since it is compared as source text. */
function idAsSent(rule: Extract<PingRule, { kind: 'json' }>, id: number): string {
  return rule.send.includes('"{id}"') ? `"${id}"` : String(id);
}

/** Fills `{name}` places in a template; other braces (JSON) stay. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(id|value|symbol|channel)\}/g, (place, name: string) => values[name] ?? place);
}
