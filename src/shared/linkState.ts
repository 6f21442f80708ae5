import { closeCodeText } from './closeCodes.ts';
import { assertNever } from './outcome.ts';
import type { MonoMs } from './units.ts';

/** How far a dial has come. */
export type ConnectPhase = 'resolving' | 'tcp' | 'tls' | 'upgrade';

/** Why a link is not up, or why a socket ended. Each kind carries its own evidence; `reasonText` says it in words. */
export type DownReason =
  | { readonly kind: 'resolve'; readonly host: string; readonly code: string }
  | { readonly kind: 'refused'; readonly address: string; readonly code: string }
  | { readonly kind: 'tls'; readonly code: string; readonly message: string }
  | { readonly kind: 'http'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'handshake'; readonly message: string }
  | { readonly kind: 'dial-timeout'; readonly phase: ConnectPhase; readonly limitMs: number }
  | { readonly kind: 'closed'; readonly code: number; readonly text: string }
  | { readonly kind: 'cut'; readonly code: string }
  | { readonly kind: 'protocol'; readonly code: number; readonly message: string }
  | { readonly kind: 'dead'; readonly missed: number; readonly silentMs: number }
  | { readonly kind: 'stale'; readonly ageMs: number }
  | { readonly kind: 'asked'; readonly by: 'user' | 'settings' | 'shutdown' | 'pause' };

/** The state of one link. A state carries its own data and nothing else. */
export type LinkState =
  | { readonly kind: 'paused' }
  | { readonly kind: 'connecting'; readonly attempt: number; readonly phase: ConnectPhase; readonly since: MonoMs }
  | { readonly kind: 'restoring'; readonly acked: number; readonly wanted: number; readonly since: MonoMs }
  | { readonly kind: 'up'; readonly since: MonoMs }
  | { readonly kind: 'suspect'; readonly since: MonoMs; readonly upSince: MonoMs | null; readonly probes: number }
  | {
      readonly kind: 'waiting';
      readonly attempt: number;
      readonly delayMs: number;
      readonly until: MonoMs;
      readonly reason: DownReason;
    }
  | { readonly kind: 'blocked'; readonly attempt: number; readonly until: MonoMs; readonly reason: DownReason }
  | { readonly kind: 'failed'; readonly attempts: number; readonly reason: DownReason; readonly acknowledged: boolean }
  | { readonly kind: 'closing'; readonly deadline: MonoMs; readonly next: 'paused' | 'gone' };

export type LinkStateKind = LinkState['kind'];

/** A reason as a clause that follows a colon: lower case, no full stop. */
export function reasonText(reason: DownReason): string {
  switch (reason.kind) {
    case 'resolve':
      return `the name ${reason.host} does not resolve (${reason.code})`;
    case 'refused':
      return `${reason.address} cannot be reached (${reason.code})`;
    case 'tls':
      return `TLS failed: ${reason.message} (${reason.code})`;
    case 'http':
      return reason.retryAfterMs === null
        ? `the venue answered HTTP ${reason.status} instead of opening a WebSocket`
        : `the venue answered HTTP ${reason.status} and asks to wait ${seconds(reason.retryAfterMs)}`;
    case 'handshake':
      return `the WebSocket handshake is wrong: ${reason.message}`;
    case 'dial-timeout':
      return `no connection within ${seconds(reason.limitMs)} (stuck at ${phaseText(reason.phase)})`;
    case 'closed':
      return `closed by the venue with ${reason.code}${reason.text === '' ? '' : ` "${reason.text}"`}: ${closeCodeText(reason.code)}`;
    case 'cut':
      return `the connection was cut without a close frame (1006, ${reason.code})`;
    case 'protocol':
      return `the venue broke the WebSocket protocol: ${reason.message} (${reason.code})`;
    case 'dead':
      return `${reason.missed} pings in a row unanswered, nothing received for ${seconds(reason.silentMs)}`;
    case 'stale':
      return `no data for ${seconds(reason.ageMs)} although the connection answers`;
    case 'asked':
      return ASKED[reason.by];
    default:
      return assertNever(reason);
  }
}

const ASKED = {
  user: 'you asked for a reconnect',
  settings: 'its settings changed',
  shutdown: 'Warmwire is shutting down',
  pause: 'you paused it',
} as const;

export function phaseText(phase: ConnectPhase): string {
  const words = { resolving: 'name resolution', tcp: 'TCP connect', tls: 'TLS', upgrade: 'WebSocket upgrade' };
  return words[phase];
}

/** The one or two words that name a state in a table. */
export function stateWord(state: LinkState): string {
  return state.kind === 'blocked' ? 'breaker open' : state.kind;
}

/** Why the link is in this state, as a sentence without the countdown (the UI counts). */
export function stateText(state: LinkState): string {
  switch (state.kind) {
    case 'paused':
      return 'Paused; Resume dials it';
    case 'connecting':
      return `Attempt ${state.attempt}: ${phaseText(state.phase)}`;
    case 'restoring':
      return `${state.acked} of ${state.wanted} subscriptions restored`;
    case 'up':
      return 'Connected';
    case 'suspect':
      return state.probes === 0 ? 'A pong is late' : `A pong is late; ${state.probes} probes sent`;
    case 'waiting':
      return `Attempt ${state.attempt} follows: ${reasonText(state.reason)}`;
    case 'blocked':
      return `Breaker open after failures in a row: ${reasonText(state.reason)}`;
    case 'failed':
      return `Gave up after ${state.attempts} attempts: ${reasonText(state.reason)}`;
    case 'closing':
      return 'Closing';
    default:
      return assertNever(state);
  }
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
