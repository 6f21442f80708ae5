import { z } from 'zod';
import { assertNever } from './outcome.ts';
import type { WallMs } from './units.ts';

const forSecs = z.number().min(1).max(600);

/** What can be done to a demo exchange (row D6): each is real on the wire and ends by itself. */
export const DemoFaultSchema = z.discriminatedUnion('kind', [
  /** Every connection is reset once, without a close. */
  z.strictObject({ kind: z.literal('kill') }),
  /** Connections stay open, and not a byte comes: new ones are left hanging, too. */
  z.strictObject({ kind: z.literal('freeze'), forSecs }),
  /** Every connection is reset, and nobody listens at the port. */
  z.strictObject({ kind: z.literal('refuse'), forSecs }),
  /** Everything comes so much later. */
  z.strictObject({ kind: z.literal('slow'), forSecs, byMs: z.number().min(1).max(10_000) }),
  /** No data; pings, subscriptions and heartbeats go on. */
  z.strictObject({ kind: z.literal('mute'), forSecs }),
  /** Each pong answers a ping that was never sent. */
  z.strictObject({ kind: z.literal('wrong-pong'), forSecs }),
  /** Every connection is reset, and dials are answered HTTP 429 with `Retry-After`; over HTTPS each request is. */
  z.strictObject({ kind: z.literal('rate-limit'), forSecs, retryAfterSecs: z.number().int().min(1).max(600) }),
  /** Row D5: this share of the dials fails, and every 5 s each connection is reset with this chance. */
  z.strictObject({ kind: z.literal('flaky'), forSecs, percent: z.number().min(1).max(100) }),
  /** Each request is answered HTTP 503. */
  z.strictObject({ kind: z.literal('unavailable'), forSecs }),
  /** Each answer is cut in the middle: the connection is ended after its first half. */
  z.strictObject({ kind: z.literal('cut'), forSecs }),
  /** Connections are closed once they have been idle for so long, much earlier than usual. */
  z.strictObject({ kind: z.literal('idle-close'), forSecs, afterSecs: z.number().min(1).max(600) }),
]);

export type DemoFault = z.infer<typeof DemoFaultSchema>;
export type DemoFaultKind = DemoFault['kind'];

export const DEMO_FAULT_KINDS = [
  'kill',
  'freeze',
  'refuse',
  'slow',
  'mute',
  'wrong-pong',
  'rate-limit',
  'flaky',
  'unavailable',
  'cut',
  'idle-close',
] as const satisfies readonly DemoFaultKind[];

/** What a demo exchange is reached by. */
export type DemoWire = 'WebSocket' | 'TCP lines' | 'HTTPS';

/** A fault that was injected into an exchange: the last one, in force or over. */
export interface DemoInjection {
  /** Rises by one with each fault of this exchange. */
  readonly number: number;
  readonly fault: DemoFault;
  /** This machine's wall clock when the fault began, as the exchange itself read it. */
  readonly at: WallMs;
  /** When it was over: at once for a kill, `null` while it is in force. */
  readonly endedAt: WallMs | null;
  /** Whole seconds that are left of it, `null` once it is over. */
  readonly secsLeft: number | null;
}

/** One address of a demo exchange, and what is being done to it. */
export interface DemoExchange {
  readonly name: string;
  readonly label: string;
  readonly wire: DemoWire;
  /** `null`: none since the start. */
  readonly injection: DemoInjection | null;
  readonly clients: number;
}

/** The fault that is in force, `null` without one. */
export function faultInForce({ injection }: Pick<DemoExchange, 'injection'>): DemoFault | null {
  return injection === null || injection.endedAt !== null ? null : injection.fault;
}

/** How long a fault lasts by itself, ms; 0 for one that is done at once. */
export const lastsMs = (fault: DemoFault): number => (fault.kind === 'kill' ? 0 : fault.forSecs * 1000);

const NO_UPGRADE = 'lines over TCP have no upgrade that could be answered with HTTP 429';
const NO_ID = 'a PONG line carries no id that could be wrong';
const ONLY_REQUESTS = 'requests only: nothing streams, and nobody pings';
const NO_REQUESTS = 'nothing is requested that could be answered so';

/** Why this fault makes no sense on that wire, `null` where it does. */
export function faultRefusal(kind: DemoFaultKind, wire: DemoWire): string | null {
  switch (wire) {
    case 'WebSocket':
      return isOfRequests(kind) ? NO_REQUESTS : null;
    case 'TCP lines':
      if (isOfRequests(kind)) return NO_REQUESTS;
      if (kind === 'rate-limit') return NO_UPGRADE;
      return kind === 'wrong-pong' ? NO_ID : null;
    case 'HTTPS':
      return kind === 'mute' || kind === 'wrong-pong' || kind === 'flaky' ? ONLY_REQUESTS : null;
    default:
      return assertNever(wire);
  }
}

const isOfRequests = (kind: DemoFaultKind): boolean =>
  kind === 'unavailable' || kind === 'cut' || kind === 'idle-close';

/** The fault as a person orders it: `Freeze 15 s`. */
export function faultTitle(fault: DemoFault): string {
  switch (fault.kind) {
    case 'kill':
      return 'Kill';
    case 'freeze':
      return `Freeze ${fault.forSecs} s`;
    case 'refuse':
      return `Refuse ${fault.forSecs} s`;
    case 'slow':
      return `Slow by ${fault.byMs} ms, ${fault.forSecs} s`;
    case 'mute':
      return `Mute ${fault.forSecs} s`;
    case 'wrong-pong':
      return `Wrong pongs ${fault.forSecs} s`;
    case 'rate-limit':
      return `429, retry after ${fault.retryAfterSecs} s, ${fault.forSecs} s`;
    case 'flaky':
      return `${fault.percent} % failures, ${fault.forSecs} s`;
    case 'unavailable':
      return `503 for ${fault.forSecs} s`;
    case 'cut':
      return `Cut answers ${fault.forSecs} s`;
    case 'idle-close':
      return `Close idle after ${fault.afterSecs} s, ${fault.forSecs} s`;
    default:
      return assertNever(fault);
  }
}

/** What the exchange is like meanwhile: `frozen`. */
export function faultWord(fault: DemoFault): string {
  switch (fault.kind) {
    case 'kill':
      return 'killed';
    case 'freeze':
      return 'frozen';
    case 'refuse':
      return 'refusing';
    case 'slow':
      return `slow by ${fault.byMs} ms`;
    case 'mute':
      return 'mute';
    case 'wrong-pong':
      return 'sending wrong pongs';
    case 'rate-limit':
      return 'answering 429';
    case 'flaky':
      return `failing ${fault.percent} %`;
    case 'unavailable':
      return 'answering 503';
    case 'cut':
      return 'cutting answers';
    case 'idle-close':
      return `closing what is idle for ${fault.afterSecs} s`;
    default:
      return assertNever(fault);
  }
}
