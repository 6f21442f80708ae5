import { isAboutCredentials } from '../../shared/linkState.ts';
import type { LinkView } from '../../shared/linkView.ts';
import { assertNever } from '../../shared/outcome.ts';
import type { MonoMs } from '../../shared/units.ts';
import { briefUnfitReason } from '../briefReason.ts';
import { countdown, duration, plural } from '../format.ts';
import { closedFor } from '../gateLook.ts';
import { stateDetail } from '../standing.ts';

/** `word` stands while the cause lasts, `detail` counts. */
export interface Cause {
  readonly word: string;
  readonly detail: string;
}

/** Why a link is not fit to trade, as briefly as it can be said. */
export function causeOf(link: LinkView, now: MonoMs): Cause {
  const { state } = link;
  switch (state.kind) {
    case 'failed':
      return isAboutCredentials(state.reason)
        ? { word: 'stopped: credentials', detail: '' }
        : { word: 'gave up', detail: `after ${plural(state.attempts, 'attempt')}` };
    case 'blocked':
      return state.until === null
        ? { word: 'breaker held open', detail: '' }
        : { word: 'breaker open', detail: `(next try in ${countdown(state.until - now)})` };
    case 'waiting': {
      const next = `next in ${countdown(state.until - now)}`;
      return state.reason.kind === 'queued'
        ? { word: 'waits its turn', detail: `(number ${state.reason.place} in the queue, ${next})` }
        : { word: 'reconnecting', detail: `(attempt ${state.attempt}, ${next})` };
    }
    case 'connecting':
      return { word: 'connecting', detail: `(attempt ${state.attempt}, ${stateDetail(link)})` };
    case 'suspect':
      return { word: 'suspect', detail: state.probes === 0 ? '' : `(${stateDetail(link)})` };
    case 'restoring':
      return { word: 'restoring', detail: stateDetail(link) };
    case 'closing':
      return { word: 'closing', detail: '' };
    case 'up':
    case 'paused':
      return unfitCause(link, now);
    default:
      return assertNever(state);
  }
}

function unfitCause({ clocks: { dataAt }, fit, gate }: LinkView, now: MonoMs): Cause {
  if (fit.fit && gate.kind === 'closed' && gate.opensAt !== null) {
    return { word: 'gate opening', detail: `in ${countdown(gate.opensAt - now)}` };
  }
  const [gravest] = fit.fit ? closedFor(gate) : fit.reasons;
  if (gravest === undefined) return { word: 'gate closed', detail: '' };
  if (gravest.kind === 'measuring') return { word: 'measuring', detail: `${gravest.pings}/${gravest.of}` };
  if (gravest.kind === 'stale' && gravest.why === 'none yet') return { word: 'has no data yet', detail: '' };
  if (gravest.kind === 'stale' && gravest.why === 'silent' && dataAt !== null) {
    return { word: 'quiet', detail: duration(now - dataAt) };
  }
  return { word: briefUnfitReason(gravest), detail: '' };
}
