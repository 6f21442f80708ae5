import { healthReasons } from '../shared/health.ts';
import { type HealthReason, healthReasonText } from '../shared/healthReason.ts';
import { isHeldOpen, reasonText, stateText } from '../shared/linkState.ts';
import type { LinkView } from '../shared/linkView.ts';
import { assertNever } from '../shared/outcome.ts';
import type { MonoMs } from '../shared/units.ts';
import { briefHealthReason } from './briefReason.ts';
import { plural } from './format.ts';

/** How good a thing is, as a hue and a shape. `idle` is grey: nothing is claimed. */
export type Tone = 'good' | 'warn' | 'bad' | 'idle';

export function toneOf(link: Pick<LinkView, 'health'>): Tone {
  const { level } = link.health;
  if (level === 'healthy') return 'good';
  if (level === 'degraded') return 'warn';
  return level === 'unhealthy' ? 'bad' : 'idle';
}

/** Rows H5 and G1: one that is fit again is not traded over before its gate has opened. */
export const mayTrade = ({ fit, gate }: Pick<LinkView, 'fit' | 'gate'>): boolean => fit.fit && gate.kind === 'open';

export const isPaused = (link: Pick<LinkView, 'state'>): boolean => link.state.kind === 'paused';

/** Without a socket, and on the way to one: its queue, the wait, the dial, the breaker that waits for its next try. */
export const isTrying = ({ state }: Pick<LinkView, 'state'>): boolean =>
  state.kind === 'waiting' || state.kind === 'connecting' || (state.kind === 'blocked' && state.until !== null);

/** Why a person cannot have it dialled now, `null` if one can. */
export function dialBlocked({ state }: Pick<LinkView, 'state'>): string | null {
  if (state.kind === 'paused') {
    return state.held
      ? 'Paused, and you hold its breaker open: after Resume, Close breaker dials it again'
      : 'Paused: Resume dials it again';
  }
  return isHeldOpen(state) ? 'You hold its breaker open: Close breaker dials it again' : null;
}

/** Why the link is as it is, most telling first: the state's own sentence unless it is simply up. */
export function whyText(
  link: Pick<LinkView, 'state' | 'health' | 'about'>,
  say: (reason: HealthReason) => string = healthReasonText,
): string {
  const { state, health } = link;
  switch (state.kind) {
    case 'up':
    case 'suspect':
    case 'restoring': {
      const reasons = healthReasons(health);
      return reasons.length > 0 ? reasons.map(say).join('; ') : about(link);
    }
    case 'failed':
      return `${stateText(state)}; press Reconnect to try again`;
    case 'waiting':
    case 'blocked':
      return [stateText(state), ...failures(link).map(say)].join('; ');
    case 'paused':
    case 'connecting':
    case 'closing':
      return stateText(state);
    default:
      return assertNever(state);
  }
}

/** The same beside the state's word, where the room is short: the cause is the first that is read, and of a limit its figures. */
export function briefCause(link: Pick<LinkView, 'state' | 'health' | 'about'>): string {
  const { state } = link;
  if (state.kind === 'failed') return `${reasonText(state.reason)}; press Reconnect`;
  if (state.kind === 'waiting' && state.reason.kind !== 'queued')
    return `${reasonText(state.reason)}; attempt ${state.attempt} follows`;
  if (state.kind === 'blocked' && state.until !== null)
    return [reasonText(state.reason), ...failures(link).map(briefHealthReason)].join('; ');
  return whyText(link, briefHealthReason);
}

const failures = ({ health }: Pick<LinkView, 'health'>): readonly HealthReason[] =>
  healthReasons(health).filter(({ kind }) => kind === 'failures');

function about(link: Pick<LinkView, 'about'>): string {
  return link.about.replacing === null ? '' : `a new socket is being made ready: ${reasonText(link.about.replacing)}`;
}

/** What there is to say beside the state's word: the phase, how many are restored, how many probes. */
export function stateDetail(link: Pick<LinkView, 'state' | 'about'>): string {
  const { state } = link;
  if (state.kind === 'connecting') return SHORT_PHASE[state.phase];
  if (state.kind === 'restoring') return `${state.acked}/${state.wanted}`;
  if (state.kind === 'suspect') return state.probes === 0 ? '' : plural(state.probes, 'probe');
  return state.kind === 'up' && link.about.replacing !== null ? 'replacing' : '';
}

const SHORT_PHASE = { token: 'token', resolving: 'DNS', tcp: 'TCP', tls: 'TLS', upgrade: 'upgrade' } as const;

/** Until when this state waits, if it does. */
export function waitsUntil(link: Pick<LinkView, 'state'>): MonoMs | null {
  const { state } = link;
  return state.kind === 'waiting' || state.kind === 'blocked' ? state.until : null;
}
