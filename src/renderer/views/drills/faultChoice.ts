import { type DemoFault, type DemoFaultKind, type DemoWire, faultRefusal } from '../../../shared/demoFault.ts';
import { assertNever } from '../../../shared/outcome.ts';

/** What a person has chosen to drill. Each fault reads only the parameters that it has. */
export interface FaultChoice {
  readonly kind: DemoFaultKind;
  readonly forSecs: number;
  readonly byMs: number;
  readonly retryAfterSecs: number;
  readonly percent: number;
  readonly afterSecs: number;
}

export const FIRST_CHOICE: FaultChoice = {
  kind: 'freeze',
  forSecs: 5,
  byMs: 200,
  retryAfterSecs: 5,
  percent: 10,
  afterSecs: 5,
};

export type Parameter = Exclude<keyof FaultChoice, 'kind'>;

/** The values of each parameter that are offered, with its unit. */
export const PARAMETERS: Readonly<
  Record<Parameter, { readonly label: string; readonly unit: string; readonly values: readonly number[] }>
> = {
  forSecs: { label: 'For', unit: 's', values: [5, 15, 30, 90] },
  byMs: { label: 'Slow by', unit: 'ms', values: [50, 200, 1000] },
  retryAfterSecs: { label: 'Retry after', unit: 's', values: [2, 5, 20] },
  percent: { label: 'Failures', unit: '%', values: [10, 15, 20] },
  afterSecs: { label: 'Idle for', unit: 's', values: [2, 5, 10] },
};

export const FAULT_TEXT: Readonly<Record<DemoFaultKind, { readonly name: string; readonly what: string }>> = {
  kill: { name: 'Kill', what: 'resets every connection once (RST, no close)' },
  freeze: { name: 'Freeze', what: 'keeps connections open and sends not a byte' },
  refuse: { name: 'Refuse', what: 'resets, and refuses every dial at TCP' },
  slow: { name: 'Slow', what: 'everything comes later' },
  mute: { name: 'Mute', what: 'data stop, pings are answered' },
  'wrong-pong': { name: 'Wrong pong', what: 'pongs answer pings that nobody sent' },
  'rate-limit': { name: '429', what: 'resets, and answers dials HTTP 429' },
  flaky: { name: 'Failure rate', what: 'dials fail and connections are cut by chance' },
  unavailable: { name: '503', what: 'answers every request HTTP 503' },
  cut: { name: 'Cut answers', what: 'ends the connection in the middle of each answer' },
  'idle-close': { name: 'Close idle', what: 'closes connections that have been idle for less than usual' },
};

/** Where a fault is another to requests than to a stream. */
const OF_REQUESTS: Readonly<Partial<Record<DemoFaultKind, string>>> = {
  kill: 'resets every idle connection once (RST, no close)',
  'rate-limit': 'answers every request HTTP 429, with Retry-After',
};

export const whatItDoes = (kind: DemoFaultKind, wire: DemoWire): string =>
  (wire === 'HTTPS' ? OF_REQUESTS[kind] : undefined) ?? FAULT_TEXT[kind].what;

export function parametersOf(kind: DemoFaultKind): readonly Parameter[] {
  switch (kind) {
    case 'kill':
      return [];
    case 'freeze':
    case 'refuse':
    case 'mute':
    case 'wrong-pong':
    case 'unavailable':
    case 'cut':
      return ['forSecs'];
    case 'slow':
      return ['byMs', 'forSecs'];
    case 'rate-limit':
      return ['retryAfterSecs', 'forSecs'];
    case 'flaky':
      return ['percent', 'forSecs'];
    case 'idle-close':
      return ['afterSecs', 'forSecs'];
    default:
      return assertNever(kind);
  }
}

export function faultOf({ kind, forSecs, byMs, retryAfterSecs, percent, afterSecs }: FaultChoice): DemoFault {
  switch (kind) {
    case 'kill':
      return { kind };
    case 'freeze':
    case 'refuse':
    case 'mute':
    case 'wrong-pong':
    case 'unavailable':
    case 'cut':
      return { kind, forSecs };
    case 'slow':
      return { kind, forSecs, byMs };
    case 'rate-limit':
      return { kind, forSecs, retryAfterSecs };
    case 'flaky':
      return { kind, forSecs, percent };
    case 'idle-close':
      return { kind, forSecs, afterSecs };
    default:
      return assertNever(kind);
  }
}

const SET: readonly DemoFault[] = [
  { kind: 'kill' },
  { kind: 'freeze', forSecs: 15 },
  { kind: 'refuse', forSecs: 5 },
  { kind: 'mute', forSecs: 15 },
  { kind: 'wrong-pong', forSecs: 5 },
  { kind: 'rate-limit', forSecs: 5, retryAfterSecs: 2 },
];

/** A refresh comes a little less often than the idle limit of the demo: a fault must last longer to be met by one. */
const REQUEST_SET: readonly DemoFault[] = [
  { kind: 'kill' },
  { kind: 'refuse', forSecs: 5 },
  { kind: 'unavailable', forSecs: 30 },
  { kind: 'rate-limit', forSecs: 30, retryAfterSecs: 5 },
  { kind: 'cut', forSecs: 30 },
  { kind: 'idle-close', forSecs: 30, afterSecs: 5 },
];

/** What `Drill all` drills: the faults that make sense on this wire. */
export const setFor = (wire: DemoWire): readonly DemoFault[] =>
  (wire === 'HTTPS' ? REQUEST_SET : SET).filter(({ kind }) => faultRefusal(kind, wire) === null);
