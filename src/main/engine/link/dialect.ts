import type { CloseClass, PingRule, Preset } from '../../../shared/preset.ts';
import { jsonField } from './jsonField.ts';

/** What one frame of the venue's is, told by its bytes. Ids are the JSON source text, compared as such. */
export type FrameKind =
  | { readonly kind: 'data' }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'greeting' }
  | { readonly kind: 'pong'; readonly id: string | null }
  | { readonly kind: 'ack'; readonly id: string | null }
  | { readonly kind: 'refusal'; readonly id: string | null }
  /** `answer`: what must be sent back, `null` where the venue wants nothing; `timed`: `{now_ms}` is filled in first. */
  | { readonly kind: 'venue-ping'; readonly answer: string | null; readonly timed?: true }
  /** The venue is about to cut this connection. */
  | { readonly kind: 'notice'; readonly notice: Preset['notices'][number] }
  /** Why the venue is about to close, in the preset's words. */
  | { readonly kind: 'farewell'; readonly class: CloseClass; readonly text: string; readonly ends?: true }
  /** Not looked at: nothing that must not be missed. */
  | { readonly kind: 'unread' };

/** What must not be missed in the next frame. */
export interface Attention {
  /** A ping is out whose pong comes as a message. */
  readonly pongs: boolean;
  /** A subscription waits for its answer. */
  readonly acks: boolean;
  /** The frame is in the sample: it is told apart in full (row L5). */
  readonly inFull: boolean;
}

/** How a ping is sent: in a control frame or as text. `id` is what its pong must bring back. */
export type PingFrame =
  | { readonly kind: 'control'; readonly payload: string; readonly id: string }
  | { readonly kind: 'text'; readonly text: string; readonly id: string };

/** Frames longer than this are data: no venue's pong, ping or heartbeat comes near it, and most data need no search. */
const CONTROL_LIMIT_BYTES = 1024;
/** An ack that lists everything that is subscribed grows with it. */
const ACK_LIMIT_BYTES = 256 * 1024;

const DATA: FrameKind = { kind: 'data' };
const UNREAD: FrameKind = { kind: 'unread' };
const EMPTY: FrameKind = { kind: 'greeting' };

/** A venue's dialect, compiled from its preset. Pure: holds no state of a connection. */
export class Dialect {
  readonly preset: Preset;
  /** Pongs carry no id and match in order. */
  readonly ordered: boolean;
  readonly #pongs: readonly FrameRule[];
  readonly #acks: readonly FrameRule[];
  readonly #always: readonly FrameRule[];
  readonly #others: readonly FrameRule[];
  readonly #heartbeats: readonly Buffer[];

  constructor(preset: Preset) {
    this.preset = preset;
    this.ordered = preset.ping.kind === 'text' || (preset.ping.kind === 'json' && preset.ping.id_field === undefined);
    this.#pongs = pongRules(preset.ping);
    this.#acks = ackRules(preset);
    this.#always = alwaysRules(preset);
    this.#others = otherRules(preset);
    this.#heartbeats = preset.heartbeats.map((piece) => Buffer.from(piece));
  }

  /** The dialect of this preset, compiled once. */
  static of(preset: Preset): Dialect {
    const known = COMPILED.get(preset);
    if (known !== undefined) return known;
    const dialect = new Dialect(preset);
    COMPILED.set(preset, dialect);
    return dialect;
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
        return controlPing(`${nonce}${id.toString(36)}`);
      case 'text':
        return { kind: 'text', text: rule.send, id: String(id) };
      case 'json':
        return { kind: 'text', text: fill(rule.send, { id: String(id) }), id: idAsSent(rule, id) };
    }
  }

  /** What tells a heartbeat from those of other channels: what stands before the piece that marks it. */
  heartbeatOf(frame: Buffer): string {
    for (const piece of this.#heartbeats) {
      const at = frame.indexOf(piece);
      if (at >= 0) return frame.toString('latin1', 0, at);
    }
    return '';
  }

  /** A pong of this venue is a message like others. */
  get pongsAreMessages(): boolean {
    return this.#pongs.length > 0;
  }

  /** An ack that names no message: by what it says of the subscription. */
  isAckOf(frame: Buffer, { channel, symbol }: { readonly channel: string; readonly symbol: string }): boolean {
    const { ack } = this.preset;
    if (ack.kind === 'text') return frame.equals(Buffer.from(fill(ack.text, { channel, symbol })));
    return ack.kind === 'contains' && ack.pieces.every((piece) => frame.includes(fill(piece, { channel, symbol })));
  }

  kindOf(frame: Buffer, attention: Attention): FrameKind {
    if (frame.length === 0) return EMPTY;
    if (frame.length > CONTROL_LIMIT_BYTES) {
      if (!attention.acks || frame.length > ACK_LIMIT_BYTES) return DATA;
      return firstOf(this.#acks, frame) ?? DATA;
    }
    const { inFull } = attention;
    return (
      (inFull || attention.pongs ? firstOf(this.#pongs, frame) : null) ??
      firstOf(this.#always, frame) ??
      (inFull || attention.acks ? firstOf(this.#acks, frame) : null) ??
      (inFull ? (firstOf(this.#others, frame) ?? DATA) : UNREAD)
    );
  }
}

/** A short payload: each byte of it is masked twice, and ten of them cost 3 us of a loopback round trip (measured). */
const controlPing = (payload: string): PingFrame => ({ kind: 'control', payload, id: payload });

const PLACE = /\{(?:symbol|channel)\}/;

const COMPILED = new WeakMap<Preset, Dialect>();

interface FrameRule {
  readonly piece: Buffer;
  read(frame: Buffer): FrameKind | null;
}

function firstOf(rules: readonly FrameRule[], frame: Buffer): FrameKind | null {
  for (const rule of rules) {
    if (!frame.includes(rule.piece)) continue;
    const kind = rule.read(frame);
    if (kind !== null) return kind;
  }
  return null;
}

function rule(piece: string, read: (text: string) => FrameKind | null): FrameRule {
  return { piece: Buffer.from(piece), read: (frame) => read(frame.toString('utf8')) };
}

function pongRules(ping: PingRule): FrameRule[] {
  if (ping.kind === 'text') {
    const reply = Buffer.from(ping.reply);
    return [{ piece: reply, read: (frame) => (frame.length === reply.length ? { kind: 'pong', id: null } : null) }];
  }
  if (ping.kind !== 'json') return [];
  const path = ping.id_field?.split('.');
  return ping.match.map((piece) =>
    rule(piece, (text) => ({ kind: 'pong', id: path === undefined ? null : jsonField(text, path) })),
  );
}

function ackRules({ ack, refusal }: Preset): FrameRule[] {
  const rules: FrameRule[] = [];
  const path = ack.kind === 'id' ? ack.id_field.split('.') : null;
  for (const piece of refusal ?? []) {
    rules.push(rule(piece, (text) => ({ kind: 'refusal', id: path === null ? null : jsonField(text, path) })));
  }
  if (ack.kind === 'id' && path !== null) {
    rules.push(
      rule(ack.match, (text) => {
        const id = jsonField(text, path);
        return id === null ? null : { kind: 'ack', id };
      }),
    );
  }
  if (ack.kind === 'text') rules.push(rule(fixedPart([ack.text]), () => ({ kind: 'ack', id: null })));
  if (ack.kind === 'contains') rules.push(rule(fixedPart(ack.pieces), () => ({ kind: 'ack', id: null })));
  return rules;
}

/** The bytes that every ack has: a piece without a place to fill in, or what stands before the first one. */
function fixedPart(pieces: readonly string[]): string {
  const whole = pieces.find((piece) => !PLACE.test(piece));
  return whole ?? (pieces[0] ?? '').split(PLACE)[0] ?? '';
}

function alwaysRules(preset: Preset): FrameRule[] {
  return [
    ...preset.answer.flatMap(({ match, exact, field, send }) => {
      if (send === undefined) return [];
      if (field === undefined) {
        const ping: FrameKind = { kind: 'venue-ping', answer: send, ...(send.includes('{now_ms}') && { timed: true }) };
        return [rule(match, (text) => (exact === true && text !== match ? null : ping))];
      }
      const path = field.split('.');
      return [
        rule(match, (text) => {
          const value = jsonField(text, path);
          return value === null ? null : { kind: 'venue-ping', answer: fill(send, { value }) };
        }),
      ];
    }),
    ...preset.notices.map((notice) => rule(notice.match, () => ({ kind: 'notice', notice }))),
    ...preset.farewells.map(({ match, class: cls, text, ends }) =>
      rule(match, () => ({ kind: 'farewell', class: cls, text, ...(ends === true && { ends }) })),
    ),
  ];
}

function otherRules(preset: Preset): FrameRule[] {
  const silent = preset.answer.filter(({ send }) => send === undefined);
  const heartbeat: FrameKind = { kind: 'heartbeat' };
  const greeting: FrameKind = { kind: 'greeting' };
  return [
    ...silent.map(({ match }) => rule(match, () => ({ kind: 'venue-ping', answer: null }))),
    ...(preset.keepalive?.answers ?? []).map((piece) => ({ piece: Buffer.from(piece), read: () => heartbeat })),
    ...preset.heartbeats.map((piece) => ({ piece: Buffer.from(piece), read: () => heartbeat })),
    ...[...preset.greetings, preset.ready ?? []]
      .flat()
      .map((piece) => ({ piece: Buffer.from(piece), read: () => greeting })),
  ];
}

/** The id as it stands in the message we send, quotes included, since it is compared as source text. */
function idAsSent(rule: Extract<PingRule, { kind: 'json' }>, id: number): string {
  return rule.send.includes('"{id}"') ? `"${id}"` : String(id);
}

/** Fills `{name}` places in a template; other braces (JSON) stay. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(
    /\{(id|value|symbol|channel|all|now_s|now_ms)\}/g,
    (place, name: string) => values[name] ?? place,
  );
}
