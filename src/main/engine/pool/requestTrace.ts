import { channel } from 'node:diagnostics_channel';
import type { MonoMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';

/** When undici itself says that a request was written to its socket. */
export interface RequestTrace {
  sentAt: MonoMs | null;
}

const traces = new WeakMap<object, RequestTrace>();
/** The trace of the request that is being handed to undici at this moment: it is created before `dispatch` returns. */
let expected: RequestTrace | null = null;
let clock: Clock | null = null;

/** Listens to undici's diagnostics channels, once for all sockets of this thread. */
export function followRequests(by: Clock): void {
  const first = clock === null;
  clock = by;
  if (!first) return;
  channel('undici:request:create').subscribe((message) => {
    if (expected !== null) traces.set(requestOf(message), expected);
    expected = null;
  });
  channel('undici:request:bodySent').subscribe((message) => {
    const trace = traces.get(requestOf(message));
    if (trace !== undefined && clock !== null) trace.sentAt = clock.now();
  });
}

/** The trace of the request that `dispatch` hands to undici. */
export function traced(dispatch: () => void): RequestTrace {
  const trace: RequestTrace = { sentAt: null };
  expected = trace;
  try {
    dispatch();
  } finally {
    expected = null;
  }
  return trace;
}

const requestOf = (message: unknown): object => (message as { readonly request: object }).request;
