import type { ConnectPhase } from './linkState.ts';
import type { MonoMs, WallMs } from './units.ts';

/** Row L14, milliseconds of each phase of one dial; `null` where the phase did not take place. */
export interface ConnectTimings {
  readonly dnsMs: number | null;
  readonly tcpMs: number | null;
  readonly tlsMs: number | null;
  readonly upgradeMs: number | null;
  readonly totalMs: number;
}

/** One dial of the last few, row L14 with what follows the upgrade; milliseconds, `null` where a phase did not take place. */
export interface DialView {
  readonly generation: number;
  /** When it began. */
  readonly wall: WallMs;
  readonly tokenMs: number | null;
  readonly dnsMs: number | null;
  readonly tcpMs: number | null;
  readonly tlsMs: number | null;
  readonly upgradeMs: number | null;
  /** From the upgrade to the last ack, and from there to the first data. */
  readonly subscribeMs: number | null;
  readonly firstDataMs: number | null;
  /** So far, or until it was ready, or failed; `null` while it has not opened. */
  readonly totalMs: number | null;
  /** It never opened: how far it had come, and why it came no further. */
  readonly failed: { readonly phase: ConnectPhase; readonly why: string } | null;
}

/** One socket of a link. `measuring`: to another address, only to know its latency. */
export interface SocketView {
  readonly generation: number;
  readonly role: 'in use' | 'successor' | 'standby' | 'retiring' | 'measuring';
  readonly url: string;
  /** `null` while it is being dialled. */
  readonly openedAt: MonoMs | null;
}

/** Row L13: what another address must show before it is used, ms, and how far it has come. */
export interface RoutingView {
  readonly betterMs: number;
  readonly betterPercent: number;
  readonly betterForMs: number;
  readonly dwellMs: number;
  /** The address that has been better by both margins since then; `null`: none is. */
  readonly candidate: { readonly url: string; readonly since: MonoMs } | null;
  readonly switchedAt: MonoMs | null;
}

/** Row L12: the next planned change of sockets, and what the last one proved. */
export interface RotationView {
  readonly dueAt: MonoMs | null;
  readonly proof: { readonly at: MonoMs; readonly missed: number | null; readonly duplicates: number } | null;
}

/** One address of a link. */
export interface RouteView {
  readonly url: string;
  readonly p50Ms: number | null;
  readonly inUse: boolean;
  readonly alive: boolean;
}
