import type { SubscriptionNews } from '../../../shared/events.ts';
import type { ConnectPhase, DownReason, Suspicion } from '../../../shared/linkState.ts';
import type { VenueNotice } from '../../../shared/preset.ts';
import type { ConnectTimings } from '../../../shared/socketView.ts';
import type { MessageMark } from './handover.ts';

/** What came of the wish for a second connection: one is dialled now, it is on its way, or none may be dialled now. */
export type Witnessing = 'begun' | 'under way' | 'refused';

/** What a session tells its link. `ended` comes exactly once and last. */
export interface SessionListener {
  phase(phase: ConnectPhase): void;
  opened(timings: ConnectTimings, address: string): void;
  progress(acked: number, wanted: number): void;
  /** All acks are in and data flows, or as far as it goes within its deadlines. */
  ready(): void;
  pingSent(): void;
  pong(rttMs: number | null, stalled: boolean, late: boolean): void;
  missed(waitedMs: number, inARow: number): void;
  foreignPong(what: string): void;
  venuePing(): void;
  suspect(probes: number, why: Suspicion): void;
  cleared(because: string): void;
  /** A link whose venue answers no ping has been silent for longer than it ever was. */
  hushed(silentMs: number): void;
  /** Such a link wants a second connection, with which it is compared: `comparison.ts`. */
  witness(why: Suspicion): Witnessing;
  /** The first data came, or the first since the venue was shown to be quiet. */
  dataFlow(): void;
  subscription(name: string, news: SubscriptionNews): void;
  quiet(ageMs: number): void;
  /** The venue says that it will cut this connection. */
  notice(notice: VenueNotice): void;
  gap(name: string, missing: number): void;
  /** Whether `marked` is of use now: an overlap of two sockets is being compared. */
  proving(): boolean;
  /** The number or identity of a message of a watched subscription. */
  marked(name: string, mark: MessageMark): void;
  ended(reason: DownReason): void;
}

const nothing = (): void => undefined;

/** A listener that wants to know nothing. */
export const SILENT: SessionListener = {
  phase: nothing,
  opened: nothing,
  progress: nothing,
  ready: nothing,
  pingSent: nothing,
  pong: nothing,
  missed: nothing,
  foreignPong: nothing,
  venuePing: nothing,
  suspect: nothing,
  cleared: nothing,
  hushed: nothing,
  witness: () => 'refused',
  dataFlow: nothing,
  subscription: nothing,
  quiet: nothing,
  notice: nothing,
  gap: nothing,
  proving: () => false,
  marked: nothing,
  ended: nothing,
};
