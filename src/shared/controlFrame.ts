import type { WallMs } from './units.ts';

/** What an exchange that is no data was for. `message`: whatever else the preset knows, as greetings and confirmations. */
export const CONTROL_KINDS = [
  'ping',
  'pong',
  'heartbeat',
  'keepalive',
  'login',
  'subscribe',
  'unsubscribe',
  'ack',
  'refusal',
  'message',
  'notice',
  'farewell',
  'close',
  'cut',
] as const;
export type ControlKind = (typeof CONTROL_KINDS)[number];

/** A control frame of the WebSocket protocol, a message, or a line; `none`: nothing was on the wire, as when it was cut. */
export const CARRIERS = ['protocol', 'message', 'line', 'none'] as const;
export type Carrier = (typeof CARRIERS)[number];

/** What is known of a pong besides its time. `stalled`: this machine was held up meanwhile. */
export const CONTROL_NOTES = ['late', 'foreign', 'stalled'] as const;
export type ControlNote = (typeof CONTROL_NOTES)[number];

/** The most bytes of one exchange that are kept. */
export const CONTROL_TEXT_BYTES = 200;

/** One exchange on a socket of a link that is no data: pings, pongs, subscriptions, closes. */
export interface ControlFrame {
  /** Counts up by one over the life of a link. */
  readonly seq: number;
  /** Of several that are told as one: the time of the last. */
  readonly wall: WallMs;
  readonly generation: number;
  readonly direction: 'sent' | 'received';
  readonly kind: ControlKind;
  readonly carrier: Carrier;
  /** Its first 200 bytes as they were on the wire, a character each; secrets are replaced, and of a cut it is the reason. */
  readonly bytes: string;
  /** How long the whole was, bytes. */
  readonly size: number;
  readonly rttMs: number | null;
  readonly notes: readonly ControlNote[];
  /** Heartbeats without anything between them are one, and this is how many. */
  readonly count: number;
}

/** `more`: what is new, and the last one told before if it has grown since. */
export interface ControlUpdate {
  readonly kind: 'whole' | 'more';
  readonly frames: readonly ControlFrame[];
}

/** The most exchanges of a link that are remembered. */
export const CONTROL_KEPT = 200;

/** What is known after an update, oldest first. */
export function nextControl(held: readonly ControlFrame[], { kind, frames }: ControlUpdate): readonly ControlFrame[] {
  const [first] = frames;
  if (kind === 'whole' || first === undefined) return kind === 'whole' ? frames : held;
  const kept = held.at(-1)?.seq === first.seq ? held.slice(0, -1) : held;
  return [...kept, ...frames].slice(-CONTROL_KEPT);
}
