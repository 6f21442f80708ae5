import type { ConnectPhase, DownReason, Suspicion } from '../../../shared/linkState.ts';
import type { MonoMs } from '../../../shared/units.ts';
import type { Consequence } from './classify.ts';

/** What can happen to a link. */
export type Step =
  /** `asked`: until when the venue has asked to be left alone, and how. */
  | { readonly kind: 'start'; readonly asked?: { readonly until: MonoMs; readonly reason: DownReason } | null }
  | { readonly kind: 'due' }
  /** What a wait was for may be over: the dial need not be later than then. */
  | { readonly kind: 'hurried'; readonly until: MonoMs }
  /** The dial that waited in the origin's queue has its turn. */
  | { readonly kind: 'granted' }
  /** Its place in that queue, or the time, is another. */
  | { readonly kind: 'moved'; readonly place: number; readonly until: MonoMs }
  | { readonly kind: 'phase'; readonly phase: ConnectPhase }
  | { readonly kind: 'restoring'; readonly acked: number; readonly wanted: number }
  | { readonly kind: 'restored' }
  | { readonly kind: 'suspect'; readonly probes: number; readonly why: Suspicion }
  | { readonly kind: 'stable' }
  | {
      readonly kind: 'ended';
      readonly reason: DownReason;
      readonly consequence: Consequence;
      /** What was asked of another socket, and is the longest of what this one waits for. */
      readonly asked?: DownReason | null;
    }
  /** Another socket, up and subscribed, has taken the place of the one in use. */
  | { readonly kind: 'replaced' }
  /** The same, since the one in use was lost. */
  | { readonly kind: 'promoted' }
  /** The same, by the one that was in use before it, so that only a change has failed; `stable`: it had been for long enough. */
  | { readonly kind: 'taken-back'; readonly stable: boolean }
  /** Another socket is wanted, and the venue allows one at a time: close, wait for the slot, dial. */
  | { readonly kind: 'yield'; readonly reason: DownReason }
  /** A redial that may not go out before then. */
  | { readonly kind: 'put-off'; readonly until: MonoMs; readonly reason: DownReason }
  /** A person looks after a link whose socket stays in use: what counted against it is forgotten. */
  | { readonly kind: 'seen-to' }
  | { readonly kind: 'open-breaker' }
  | { readonly kind: 'close-breaker' }
  | { readonly kind: 'adopted'; readonly phase: ConnectPhase }
  | { readonly kind: 'redial' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'acknowledge' };
