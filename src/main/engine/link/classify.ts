import { isRateClose } from '../../../shared/closeCodes.ts';
import type { LinkConfig, Policy } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import { assertNever } from '../../../shared/outcome.ts';
import type { CloseClass, Preset } from '../../../shared/preset.ts';
import { differs, needsNewSocket } from './madeWith.ts';

/**
 * What a link does about the way its socket or its dial ended (row L18).
 *
 * `retry` and `slow` wait for the backoff, and `slow` at least so long; `fixed` waits so long, whatever came before; so does
 * `slot`, where the venue holds our place for a session that is gone: that is no failure. `stop` waits for a person. `loud`
 * consequences are told to the user at once, not when a limit is reached.
 */
export type Consequence =
  | { readonly kind: 'retry'; readonly loud: boolean }
  | { readonly kind: 'slow'; readonly atLeastMs: number; readonly loud: boolean; readonly paceDown: boolean }
  | { readonly kind: 'fixed'; readonly waitMs: number; readonly loud: true }
  | { readonly kind: 'slot'; readonly waitMs: number; readonly loud: false }
  | { readonly kind: 'stop'; readonly loud: true };

export const RETRY: Consequence = { kind: 'retry', loud: false };

/** Codes that say that the two ends do not speak the same language: the next socket would end alike. */
const SHOUT_CODES = new Set([1002, 1003, 1007, 1009, 1010, 1015]);

export function consequenceOf(reason: DownReason, preset: Preset, policy: Policy): Consequence {
  switch (reason.kind) {
    case 'http':
      return httpConsequence(reason.status, reason.retryAfterMs, preset, policy);
    case 'closed':
      return closeConsequence(reason.code, reason.text, preset, policy);
    case 'told':
      return classConsequence(reason.class, policy);
    case 'no-credential':
      return classConsequence('credentials', policy);
    case 'protocol':
    case 'tls':
      return shout(policy);
    case 'resolve':
    case 'refused':
    case 'handshake':
    case 'token':
    case 'dial-timeout':
    case 'cut':
    case 'dead':
    case 'stale':
    case 'policy':
    case 'asked':
    case 'queued':
      return RETRY;
    default:
      return assertNever(reason);
  }
}

/**
 * The same of a socket that went by `own`, in a link whose settings are `config` by now: nothing that only another socket can
 * have waits for what its end says of its own venue, key or faults.
 */
export function endOf(reason: DownReason, own: LinkConfig, config: LinkConfig): Consequence {
  const told = consequenceOf(reason, own.preset, config.policy);
  const isOfKey = closeClassOf(reason, own.preset) === 'credentials';
  const isOwnFault = (told.kind === 'stop' || told.kind === 'fixed') && !isOfKey && needsNewSocket(own, config);
  return isOwnFault || differs(own.preset, config.preset) ? { kind: 'retry', loud: told.loud } : told;
}

/** The shortest wait that it allows, ms; infinite where only a person may try again. */
export function atLeastMs(consequence: Consequence): number {
  switch (consequence.kind) {
    case 'retry':
      return 0;
    case 'slow':
      return consequence.atLeastMs;
    case 'fixed':
    case 'slot':
      return consequence.waitMs;
    case 'stop':
      return Number.POSITIVE_INFINITY;
    default:
      return assertNever(consequence);
  }
}

/** The same, but nothing is dialled within so long. */
export function noSooner(consequence: Consequence, ms: number): Consequence {
  switch (consequence.kind) {
    case 'retry':
      return { kind: 'slow', atLeastMs: ms, loud: consequence.loud, paceDown: false };
    case 'slow':
      return { ...consequence, atLeastMs: Math.max(ms, consequence.atLeastMs) };
    case 'fixed':
    case 'slot':
      return { ...consequence, waitMs: Math.max(ms, consequence.waitMs) };
    case 'stop':
      return consequence;
    default:
      return assertNever(consequence);
  }
}

/** True where another address may let the link in meanwhile. A slot or a session that is taken, or a key, is so everywhere. */
export function isOfAddress(reason: DownReason, consequence: Consequence): boolean {
  return consequence.kind === 'fixed' || (consequence.kind === 'slow' && reason.kind === 'http');
}

/** True where a ready socket beside it is as good as before: only this one ended, and nobody has taken the link's place. */
export function leavesOthers(reason: DownReason, consequence: Consequence, preset: Preset): boolean {
  const isOther = consequence.kind === 'stop' || consequence.kind === 'slot';
  return !isOther && closeClassOf(reason, preset) !== 'evicted';
}

/** What is known of an end: by the venue's words before it, by a close code of its preset, or since a credential is missing. */
export function closeClassOf(reason: DownReason, preset: Preset): CloseClass | null {
  if (reason.kind === 'told') return reason.class;
  if (reason.kind === 'no-credential') return 'credentials';
  return reason.kind === 'closed' ? knownClose(reason.code, reason.text, preset) : null;
}

function httpConsequence(status: number, retryAfterMs: number | null, preset: Preset, policy: Policy): Consequence {
  const atLeastMs = retryAfterMs ?? policy.slowRetryMs;
  if (status === 429 || status === 418) return { kind: 'slow', atLeastMs, loud: false, paceDown: false };
  if (status === 403 && preset.http_403 === 'block') return { kind: 'slow', atLeastMs, loud: true, paceDown: false };
  if (status === 401 || status === 403) return { kind: 'stop', loud: true };
  if (status >= 500) return retryAfterMs === null ? RETRY : { kind: 'slow', atLeastMs, loud: false, paceDown: false };
  // 3xx, 4xx, and a 2xx that is no 101: the address is not one of a WebSocket.
  return { kind: 'slow', atLeastMs, loud: true, paceDown: false };
}

function closeConsequence(code: number, text: string, preset: Preset, policy: Policy): Consequence {
  const known = knownClose(code, text, preset);
  if (known !== null) return classConsequence(known, policy);
  const fault = ownFault(code, text);
  if (fault === null) return RETRY;
  return fault === 'shout' ? shout(policy) : classConsequence(fault, policy);
}

/** What a close that no preset knows says of what this one connection did; `null` where it says nothing of it. */
export function ownFault(code: number, text: string): 'slow' | 'client' | 'shout' | null {
  if (isRateClose(code, text)) return 'slow';
  if (code === 1008) return 'client';
  return SHOUT_CODES.has(code) ? 'shout' : null;
}

function knownClose(code: number, text: string, preset: Preset): CloseClass | null {
  return preset.closes.find((close) => close.code === code && text.includes(close.match))?.class ?? null;
}

function classConsequence(cls: CloseClass, policy: Policy): Consequence {
  switch (cls) {
    case 'retry':
      return RETRY;
    case 'slow':
      return { kind: 'slow', atLeastMs: 0, loud: false, paceDown: true };
    case 'client':
      return { kind: 'retry', loud: true };
    case 'settings':
      return { kind: 'slow', atLeastMs: policy.slowRetryMs, loud: true, paceDown: false };
    case 'evicted':
      return { kind: 'slow', atLeastMs: policy.slowRetryMs, loud: true, paceDown: false };
    case 'slot':
      return { kind: 'slot', waitMs: policy.slotRetryMs, loud: false };
    case 'credentials':
      return { kind: 'stop', loud: true };
    default:
      return assertNever(cls);
  }
}

function shout(policy: Policy): Consequence {
  return policy.faultRetryMs === 0
    ? { kind: 'stop', loud: true }
    : { kind: 'fixed', waitMs: policy.faultRetryMs, loud: true };
}
