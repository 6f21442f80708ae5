import { type DownReason, reasonText } from '../linkState.ts';
import { type EndEvidence, othersText } from './endEvidence.ts';
import { ownReason } from './machineVerdict.ts';
import { type Blame, type Cause, likely, sure, type Verdict } from './verdict.ts';

/** What cannot be reached: one venue alone is its own or the path's doing, several at once are ours. */
export function away(facts: EndEvidence, cause: Cause, evidence: readonly string[], alone: Blame): Verdict {
  const { otherVenues } = facts;
  if (otherVenues.lost > 0 && otherVenues.lost === otherVenues.links) {
    return likely(cause, 'local network', [...evidence, othersText(facts)]);
  }
  const healthy = otherVenues.links > otherVenues.lost;
  const blame: Blame = healthy && alone === 'local network' ? 'path' : alone;
  return { cause, blame, certainty: healthy ? 'likely' : 'possible', evidence: [...evidence, othersText(facts)] };
}

export function tlsVerdict(reason: Extract<DownReason, { kind: 'tls' }>): Verdict {
  const own = /SELF_SIGNED|UNABLE_TO|NOT_YET_VALID/.test(reason.code);
  return {
    cause: 'tls',
    blame: own ? 'our settings' : 'venue',
    certainty: own ? 'likely' : 'sure',
    evidence: [reasonText(reason)],
  };
}

export function httpVerdict(facts: EndEvidence, status: number): Verdict {
  const evidence = [`HTTP ${status} instead of 101`];
  if (status === 429 || status === 418) return sure('dial rate limit', 'our settings', evidence);
  if (status === 403 && facts.refused403 === 'block') return blockedVerdict(facts, evidence);
  if (status === 401 || status === 403) return likely('credentials refused', 'our settings', evidence);
  if (status >= 500) {
    const again = facts.before.filter(({ reason }) => reason.kind === 'http').length;
    return sure('upgrade refused', 'venue', again > 0 ? [...evidence, `${again + 1} times in a row`] : evidence);
  }
  return sure('settings fault', 'our settings', evidence);
}

/** No credentials were sent that could be refused: it is about how often, or from where, was dialled. */
function blockedVerdict({ before }: EndEvidence, evidence: readonly string[]): Verdict {
  const told = before.some(({ reason }) => reason.kind === 'http' && (reason.status === 429 || reason.status === 418));
  if (told) return likely('dial rate limit', 'our settings', [...evidence, 'after it had asked for fewer dials']);
  const words = 'no credentials were sent: this address may be blocked for dialling often, or for where it is';
  return likely('upgrade refused', 'venue', [...evidence, words]);
}

const UNANSWERED = 'the host was connected to, and the upgrade was neither granted nor refused';

/** A dial that got no answer in time. */
export function timeoutVerdict(facts: EndEvidence, reason: Extract<DownReason, { kind: 'dial-timeout' }>): Verdict {
  const evidence = [reasonText(reason)];
  const own = ownReason(facts, evidence);
  if (own !== null) return own;
  if (reason.phase === 'upgrade') return away(facts, 'unreachable', [...evidence, UNANSWERED], 'venue');
  return away(facts, reason.phase === 'resolving' ? 'name resolution' : 'unreachable', evidence, 'path');
}

/** This machine has no way to any network, whatever others' open sockets seem to say. */
const NO_NETWORK = new Set(['ENETUNREACH', 'ENETDOWN']);

export function refusedVerdict(facts: EndEvidence, reason: Extract<DownReason, { kind: 'refused' }>): Verdict {
  const evidence = [reasonText(reason)];
  if (NO_NETWORK.has(reason.code)) return likely('unreachable', 'local network', evidence);
  return away(facts, 'unreachable', evidence, reason.code === 'ECONNREFUSED' ? 'venue' : 'path');
}
