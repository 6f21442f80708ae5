import { closeCodeText } from './closeCodes.ts';
import { counted } from './counted.ts';
import { assertNever } from './outcome.ts';
import type { CloseClass } from './preset.ts';
import type { MonoMs } from './units.ts';

/** What made a link suspect. */
export type Suspicion = 'late pong' | 'silence' | 'wake';

/** How far a dial has come. */
export type ConnectPhase = 'token' | 'resolving' | 'tcp' | 'tls' | 'upgrade';

/** Why a link is not up, or why a socket ended. Each kind carries its own evidence; `reasonText` says it in words. */
export type DownReason =
  | { readonly kind: 'resolve'; readonly host: string; readonly code: string }
  | { readonly kind: 'refused'; readonly address: string; readonly code: string }
  | { readonly kind: 'tls'; readonly code: string; readonly message: string }
  | { readonly kind: 'http'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'handshake'; readonly message: string }
  /** The venue wants a token in the address, and gave none. */
  | { readonly kind: 'token'; readonly host: string; readonly message: string }
  | { readonly kind: 'dial-timeout'; readonly phase: ConnectPhase; readonly limitMs: number }
  | { readonly kind: 'closed'; readonly code: number; readonly text: string }
  | { readonly kind: 'cut'; readonly code: string }
  | { readonly kind: 'protocol'; readonly code: number; readonly message: string }
  /** `missed` is 0 at a venue that answers no ping. */
  | { readonly kind: 'dead'; readonly missed: number; readonly silentMs: number }
  | { readonly kind: 'stale'; readonly ageMs: number }
  /** A message of the venue's said why, before the close. */
  | { readonly kind: 'told'; readonly class: CloseClass; readonly text: string }
  /** A credential that the preset asks for is not there, or cannot be used: the venue was not asked. */
  | { readonly kind: 'no-credential'; readonly text: string }
  /** The user's own limits on RTT and success were passed (row H4). */
  | { readonly kind: 'policy'; readonly what: string }
  /** Other dials to this origin come first (row L22). */
  | { readonly kind: 'queued'; readonly place: number; readonly origin: string }
  | { readonly kind: 'asked'; readonly by: AskedBy };

export type AskedBy =
  | 'user'
  | 'settings'
  | 'shutdown'
  | 'pause'
  | 'breaker'
  | 'rotation'
  | 'rotation-by-hand'
  | 'venue'
  | 'route';

/** The state of one link. A state carries its own data and nothing else. */
export type LinkState =
  /** `held`: resumed it will be blocked, since a person holds its breaker open, too. */
  | { readonly kind: 'paused'; readonly held?: true }
  | { readonly kind: 'connecting'; readonly attempt: number; readonly phase: ConnectPhase; readonly since: MonoMs }
  | { readonly kind: 'restoring'; readonly acked: number; readonly wanted: number; readonly since: MonoMs }
  | { readonly kind: 'up'; readonly since: MonoMs }
  | {
      readonly kind: 'suspect';
      readonly since: MonoMs;
      readonly upSince: MonoMs | null;
      readonly probes: number;
      readonly why: Suspicion;
    }
  | {
      readonly kind: 'waiting';
      readonly attempt: number;
      readonly delayMs: number;
      readonly until: MonoMs;
      readonly reason: DownReason;
    }
  /** `until` is `null` while a person holds the breaker open. */
  | { readonly kind: 'blocked'; readonly attempt: number; readonly until: MonoMs | null; readonly reason: DownReason }
  | { readonly kind: 'failed'; readonly attempts: number; readonly reason: DownReason; readonly acknowledged: boolean }
  | { readonly kind: 'closing'; readonly deadline: MonoMs; readonly next: 'paused' | 'gone' };

export type LinkStateKind = LinkState['kind'];

/** A person holds the breaker open: nothing is dialled until a person closes it. No pause changes that. */
export const isHeldOpen = (state: LinkState): boolean =>
  (state.kind === 'blocked' && state.until === null) || (state.kind === 'paused' && state.held === true);

/** The close code of what is over our own limits (row L21). */
const TOO_BIG = 1009;

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
    case 'token':
      return `no token for a connection from ${reason.host}: ${reason.message}`;
    case 'dial-timeout':
      return `no connection within ${seconds(reason.limitMs)} (stuck at ${phaseText(reason.phase)})`;
    case 'closed':
      return `closed by the venue with ${reason.code}${reason.text === '' ? '' : ` "${reason.text}"`}: ${closeCodeText(reason.code)}`;
    case 'cut':
      return `the connection was cut without a close frame (1006, ${reason.code})`;
    case 'protocol':
      return reason.code === TOO_BIG
        ? `the venue sent more than is taken here: ${reason.message} (${reason.code})`
        : `the venue broke the WebSocket protocol: ${reason.message} (${reason.code})`;
    case 'dead':
      return deadText(reason);
    case 'stale':
      return `no data for ${seconds(reason.ageMs)} although the connection is open`;
    case 'told':
    case 'no-credential':
      return reason.text;
    case 'policy':
      return reason.what;
    case 'queued':
      return `${reason.place === 1 ? 'next' : `number ${reason.place}`} in the queue of dials to ${reason.origin}`;
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
  breaker: 'you opened its breaker',
  rotation: 'a planned rotation before the venue cuts it',
  'rotation-by-hand': 'you asked for a rotation',
  venue: 'the venue announced that it will cut this connection',
  route: 'another address is better',
} as const satisfies Record<AskedBy, string>;

const SUSPICION = {
  'late pong': 'A pong is late',
  silence: 'Silent for longer than it ever was',
  wake: 'This machine was asleep or its network changed',
} as const satisfies Record<Suspicion, string>;

export function suspicionText(why: Suspicion): string {
  return SUSPICION[why];
}

export function phaseText(phase: ConnectPhase): string {
  const words = {
    token: 'asking for a token',
    resolving: 'name resolution',
    tcp: 'TCP connect',
    tls: 'TLS',
    upgrade: 'WebSocket upgrade',
  };
  return words[phase];
}

/** Refused or missing credentials: a new try would end alike until a person has seen to them. */
export function isAboutCredentials(reason: DownReason): boolean {
  if (reason.kind === 'http') return reason.status === 401 || reason.status === 403;
  if (reason.kind === 'no-credential') return true;
  return reason.kind === 'told' && reason.class === 'credentials';
}

/** The one or two words that name a state in a table. */
export function stateWord(state: LinkState): string {
  return state.kind === 'blocked' ? 'breaker open' : state.kind;
}

/** Why the link is in this state, as a sentence without the countdown (the UI counts). */
export function stateText(state: LinkState): string {
  switch (state.kind) {
    case 'paused':
      return state.held
        ? 'Paused, and its breaker held open by you; both Resume and Close breaker are needed to dial again'
        : 'Paused; Resume dials it';
    case 'connecting':
      return `Attempt ${state.attempt}: ${phaseText(state.phase)}`;
    case 'restoring':
      return `${state.acked} of ${counted(state.wanted, 'subscription')} restored`;
    case 'up':
      return 'Connected';
    case 'suspect':
      return `${SUSPICION[state.why]}${state.probes === 0 ? '' : `; ${counted(state.probes, 'probe')} sent`}`;
    case 'waiting':
      return state.reason.kind === 'queued'
        ? `Attempt ${state.attempt} waits its turn: ${reasonText(state.reason)}`
        : `Attempt ${state.attempt} follows: ${reasonText(state.reason)}`;
    case 'blocked':
      return state.until === null
        ? 'Breaker held open by you; close it to dial again'
        : `Breaker open after failures in a row: ${reasonText(state.reason)}`;
    case 'failed':
      return isAboutCredentials(state.reason)
        ? `Stopped: ${reasonText(state.reason)}`
        : `Gave up after ${counted(state.attempts, 'attempt')}: ${reasonText(state.reason)}`;
    case 'closing':
      return 'Closing';
    default:
      return assertNever(state);
  }
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** A shorter silence is none: messages come. */
const SILENT_FROM_MS = 1_000;

function deadText({ missed, silentMs }: Extract<DownReason, { kind: 'dead' }>): string {
  if (missed === 0) return `nothing received for ${seconds(silentMs)}, and the venue answers no ping`;
  const unanswered = missed === 1 ? '1 ping unanswered' : `${missed} pings in a row unanswered`;
  return silentMs < SILENT_FROM_MS
    ? `${unanswered}, although messages still came`
    : `${unanswered}, nothing received for ${seconds(silentMs)}`;
}
