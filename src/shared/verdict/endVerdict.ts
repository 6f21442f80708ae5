import { reasonText } from '../linkState.ts';
import { assertNever } from '../outcome.ts';
import { classVerdict, closedVerdict } from './closeVerdict.ts';
import { away, httpVerdict, refusedVerdict, timeoutVerdict, tlsVerdict } from './dialVerdict.ts';
import type { EndEvidence } from './endEvidence.ts';
import { cutVerdict, deadVerdict, staleVerdict } from './lossVerdict.ts';
import { sure, type Verdict } from './verdict.ts';

/** From how a connection ended to what probably happened; `null` for what we asked for ourselves. */
export function verdictOfEnd(facts: EndEvidence): Verdict | null {
  const { reason } = facts;
  switch (reason.kind) {
    case 'asked':
    case 'queued':
    case 'policy':
      return null;
    case 'resolve':
      return away(facts, 'name resolution', [reasonText(reason)], 'local network');
    case 'refused':
      return refusedVerdict(facts, reason);
    case 'tls':
      return tlsVerdict(reason);
    case 'http':
      return httpVerdict(facts, reason.status);
    case 'handshake':
      return sure('upgrade refused', 'venue', [reasonText(reason)]);
    case 'token':
      return away(facts, 'unreachable', [reasonText(reason)], 'venue');
    case 'dial-timeout':
      return timeoutVerdict(facts, reason);
    case 'no-credential':
      return sure('settings fault', 'our settings', [reason.text]);
    case 'told':
      return classVerdict(facts, reason.class, [`the venue said: ${reason.text}`]);
    case 'closed':
      return closedVerdict(facts, reason.code, reason.text);
    case 'cut':
      return cutVerdict(facts, reason.code);
    case 'dead':
      return deadVerdict(facts, reason.silentMs);
    case 'stale':
      return staleVerdict(facts, reason.ageMs);
    case 'protocol':
      return reason.code === 1009
        ? sure('message too big', 'our settings', [reason.message])
        : sure('protocol fault', 'venue', [reasonText(reason)]);
    default:
      return assertNever(reason);
  }
}
