import { randomInt } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Preset, PresetSchema } from '../../src/shared/preset.ts';
import { JSON_PRESET, subscription } from '../support/linkConfig.ts';
import type { GymRig } from './rig.ts';
import type { Door, Guest, GymVenue } from './venue.ts';

/** `JSON_PRESET` with the venue's own time in its data. */
export const STAMPED: Preset = { ...JSON_PRESET, event_time: { field: ['E'], unit: 'ms' } };

/** A subscription whose frames can be told and whose numbers are watched. */
export const watched = (symbol: string) => ({
  ...subscription(symbol),
  data: [`"s":"${symbol}"`],
  sequence: { field: 'n' },
});

/** HTX's manners: gzip in binary frames, a ping whose value comes back. */
export const GZIP: Preset = PresetSchema.parse({
  venue: 'Gzip venue',
  source: 'captures/htx',
  facts_as_of: '2026-11',
  encoding: 'gzip',
  ping: { kind: 'protocol' },
  answer: [
    { match: '{"ping":', field: 'ping', send: '{"pong":{value}}' },
    { match: '{"op":"ping","ts":', field: 'ts', send: '{"op":"pong","ts":{value}}' },
  ],
});

/** What a JSON venue does about one subscription. */
export interface Manners {
  readonly ack: 'yes' | 'no' | 'late' | 'after-data';
  readonly data: boolean;
}

/**
 * A venue that speaks `JSON_PRESET`: acks, answers pings and sends numbered, stamped data of every subscription, each
 * misbehaviour by a field.
 */
export class JsonTalk {
  everyMs = 100;
  manners: Manners = { ack: 'yes', data: true };
  /** A late ack comes so long after its subscription, ms. */
  lateMs = 3_000;
  /** Guests that get no data any more. */
  readonly muted = new Set<Guest>();
  readonly mutedSymbols = new Set<string>();
  /** Every frame from now on is the last one, byte for byte. */
  replays = false;
  /** The content of a frame stays the same, and its time does not. */
  sameContent = false;
  /** The same frame this many times. */
  copies = 1;
  answersPings = true;
  /** How long a message has waited at the venue before it is sent, ms. */
  ageMs = 0;
  /** Subscriptions this early after the upgrade are lost. */
  deafForMs = 0;
  filler = '';
  /** The number of the next frame, by symbol; a test may change it. */
  readonly next = new Map<string, number>();
  readonly topics = new Map<Guest, Set<string>>();
  onSubscribe: (guest: Guest, symbol: string, id: number) => void = () => undefined;
  readonly #rig: GymRig;
  readonly #last = new Map<string, string>();
  readonly #joinedAt = new Map<Guest, number>();

  constructor(rig: GymRig, venue: GymVenue) {
    this.#rig = rig;
    venue.onGuest = (guest) => {
      this.#joinedAt.set(guest, rig.clock.now());
      const stop = this.#deliver(guest);
      guest.ws.on('close', stop);
    };
    venue.onText = (guest, text) => this.#hear(guest, text);
  }

  frame(symbol: string): string {
    const last = this.#last.get(symbol);
    if (this.replays && last !== undefined) return last;
    const n = this.next.get(symbol) ?? 1;
    this.next.set(symbol, n + 1);
    const price = this.sameContent ? 1 : n;
    const filler = this.filler === '' ? '' : `,"x":"${this.filler}"`;
    const frame = `{"s":"${symbol}","n":${n},"p":${price},"E":${this.#rig.clock.wall() - this.ageMs}${filler}}`;
    this.#last.set(symbol, frame);
    return frame;
  }

  #deliver(guest: Guest): () => void {
    let stop = (): void => undefined;
    const next = (): void => {
      stop = this.#rig.later(this.everyMs, () => {
        for (const symbol of this.topics.get(guest) ?? []) this.send(guest, symbol);
        next();
      });
    };
    next();
    return () => stop();
  }

  send(guest: Guest, symbol: string): void {
    if (!this.manners.data || this.muted.has(guest) || this.mutedSymbols.has(symbol)) return;
    const frame = this.frame(symbol);
    for (let i = 0; i < this.copies; i += 1) guest.ws.send(frame);
  }

  #hear(guest: Guest, text: string): void {
    const message = JSON.parse(text);
    if (message.op === 'ping' && this.answersPings) guest.ws.send(`{"op":"pong","id":${message.id}}`);
    if (message.op === 'unsub') this.topics.get(guest)?.delete(message.s);
    if (message.op === 'sub') this.#subscribe(guest, message.s, message.id);
  }

  #subscribe(guest: Guest, symbol: string, id: number): void {
    if (this.#rig.clock.now() - (this.#joinedAt.get(guest) ?? 0) < this.deafForMs) return;
    this.onSubscribe(guest, symbol, id);
    const topics = this.topics.get(guest) ?? new Set();
    topics.add(symbol);
    this.topics.set(guest, topics);
    const ack = (): void => guest.ws.send(`{"op":"subscribed","id":${id}}`);
    if (this.manners.ack === 'yes') ack();
    if (this.manners.ack === 'late') this.#rig.later(this.lateMs, ack);
    if (this.manners.ack === 'after-data') {
      guest.ws.send('{"op":"heartbeat"}');
      for (let i = 0; i < 100; i += 1) this.send(guest, symbol);
      ack();
    }
  }
}

/** How often a guest was asked for each topic. */
export function asked(guest: Guest): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of guest.received) {
    if (!text.startsWith('{"op":"sub"')) continue;
    const { s } = JSON.parse(text);
    counts[s] = (counts[s] ?? 0) + 1;
  }
  return counts;
}

/**
 * Incident 7: messages, pings and pongs of a client cost a token each, `perSec` come back a second; the client that has
 * none left is closed with 1008. Call after the venue's own script has been set.
 */
export function tokenBucket(rig: GymRig, venue: GymVenue, perSec: number, reason = 'Too many requests'): void {
  const { onGuest, onText } = venue;
  const taken = new Map<Guest, number[]>();
  const take = (guest: Guest): boolean => {
    const now = rig.clock.now();
    const recent = (taken.get(guest) ?? []).filter((at) => now - at < 1_000);
    recent.push(now);
    taken.set(guest, recent);
    if (recent.length > perSec) guest.ws.close(1008, reason);
    return recent.length <= perSec;
  };
  venue.onGuest = (guest) => {
    guest.ws.on('ping', () => take(guest));
    guest.ws.on('pong', () => take(guest));
    onGuest(guest);
  };
  venue.onText = (guest, text) => {
    if (take(guest)) onText(guest, text);
  };
}

/**
 * Incident 8: pings with a random number of 13 digits; only equal pongs count, and a client that owes three is closed with
 * 1008.
 */
export function strictPinger(rig: GymRig, guest: Guest, everyMs: number): { readonly answered: () => number } {
  const owed: string[] = [];
  let answered = 0;
  const stop = rig.every(everyMs, () => {
    if (owed.length >= 3) {
      stop();
      return guest.ws.close(1008, 'Pong timeout');
    }
    const payload = String(randomInt(10 ** 12, 10 ** 13));
    owed.push(payload);
    guest.ws.ping(payload);
  });
  guest.ws.on('pong', (payload: Buffer) => {
    const at = owed.indexOf(payload.toString());
    if (at < 0) return;
    owed.splice(0, at + 1);
    answered += 1;
  });
  guest.ws.on('close', stop);
  return { answered: () => answered };
}

/**
 * Incident 9: pings as gzip messages; the answer must bring back the value in the same type, as plain text. A client that
 * owes two is closed. `ping` and `pong` make the source text of the n-th pair.
 */
export function gzipPinger(
  rig: GymRig,
  guest: Guest,
  everyMs: number,
  pair: (n: number) => readonly [ping: string, pong: string],
  packed = true,
): { readonly answered: () => number; readonly wrong: readonly string[] } {
  const owed: string[] = [];
  const wrong: string[] = [];
  let answered = 0;
  let n = 0;
  const stop = rig.every(everyMs, () => {
    if (owed.length >= 2) {
      stop();
      return guest.ws.close(1000, '');
    }
    const [ping, pong] = pair(n++);
    owed.push(pong);
    guest.ws.send(packed ? gzipSync(ping) : ping);
  });
  guest.ws.on('message', (data: Buffer, binary: boolean) => {
    const text = data.toString();
    if (!text.includes('pong')) return;
    if (binary || text !== owed[0]) wrong.push(text);
    else {
      owed.shift();
      answered += 1;
    }
  });
  guest.ws.on('close', stop);
  return { answered: () => answered, wrong };
}

/**
 * Incident 10: `allowed` upgrades, then HTTP 429 with `Retry-After`; a client that comes back too early gets 418 and twice
 * the time. After a wait that was kept it is let in.
 */
export function dialLimiter(rig: GymRig, venue: GymVenue, allowed: number, retryAfterSecs: number) {
  const attempts: { readonly at: number; readonly status: number }[] = [];
  let until: number | null = null;
  let waitSecs = retryAfterSecs;
  venue.doorFor = (): Door => {
    const at = rig.clock.now();
    if (until === null ? attempts.length < allowed : at >= until) {
      attempts.push({ at, status: 101 });
      return { kind: 'open' };
    }
    const early = until !== null;
    if (early) waitSecs *= 2;
    until = at + waitSecs * 1000;
    attempts.push({ at, status: early ? 418 : 429 });
    return { kind: 'status', status: early ? 418 : 429, headers: { 'retry-after': String(waitSecs) } };
  };
  return attempts;
}

/**
 * Incident 18: one socket a key; the slot of a connection that is gone without a word is free only `freeAfterMs` after its
 * last sign of life. Others are told 406 and closed with `code`. Call after the venue's own script has been set.
 */
export function oneSlot(rig: GymRig, venue: GymVenue, freeAfterMs: number, code = 1000) {
  const { onGuest, onText } = venue;
  const refused: number[] = [];
  let holder: Guest | null = null;
  let lastAt = 0;
  const alive = (guest: Guest): void => {
    if (guest === holder) lastAt = rig.clock.now();
  };
  venue.onText = (guest, text) => {
    alive(guest);
    if (guest === holder) onText(guest, text);
  };
  venue.onGuest = (guest) => {
    const now = rig.clock.now();
    guest.ws.on('pong', () => alive(guest));
    guest.ws.on('ping', () => alive(guest));
    if (holder !== null && now - lastAt < freeAfterMs) {
      refused.push(now);
      guest.ws.send('[{"T":"success","msg":"connected"}]');
      guest.ws.send('[{"T":"error","code":406,"msg":"connection limit exceeded"}]');
      guest.ws.close(code, '');
      return;
    }
    holder = guest;
    lastAt = now;
    onGuest(guest);
  };
  return { refused };
}

/** Incident 19: only the newest connection stays. Call after the venue's own script has been set. */
export function newestWins(venue: GymVenue, reason: string, notice?: string): void {
  const { onGuest } = venue;
  venue.onGuest = (guest) => {
    for (const other of venue.present) {
      if (other === guest) continue;
      if (notice !== undefined) other.ws.send(notice);
      other.ws.close(1000, reason);
    }
    onGuest(guest);
  };
}

/** Incident 21: a client for whom more than so many bytes wait in the venue's process is cut. */
export function sendBudget(rig: GymRig, guest: Guest, bytes: number): { readonly wasCut: () => boolean } {
  let cut = false;
  const stop = rig.every(10, () => {
    if (guest.socket.writableLength + guest.ws.bufferedAmount <= bytes) return;
    cut = true;
    stop();
    guest.socket.destroy();
  });
  guest.ws.on('close', stop);
  return { wasCut: () => cut };
}

/** A frame as the RFC has it, unmasked; `declared` is the length it claims. */
export function rawFrame(opcode: number, payload: Buffer | string, fin = true, declared?: number): Buffer {
  const body = Buffer.from(payload);
  const length = declared ?? body.length;
  const head =
    length < 126
      ? Buffer.from([0, length])
      : length < 65_536
        ? Buffer.from([0, 126, length >> 8, length & 0xff])
        : Buffer.concat([Buffer.from([0, 127]), bigLength(length)]);
  head[0] = (fin ? 0x80 : 0) | opcode;
  return Buffer.concat([head, body]);
}

function bigLength(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}
