import { type DemoFault, type DemoFaultKind, type DemoWire, faultRefusal } from '../../../shared/demoFault.ts';
import { assertNever } from '../../../shared/outcome.ts';

/** What a person has chosen to drill. Each fault reads only the parameters that it has. */
export interface FaultChoice {
  readonly kind: DemoFaultKind;
  readonly forSecs: number;
  readonly byMs: number;
  readonly retryAfterSecs: number;
  readonly percent: number;
}

export const FIRST_CHOICE: FaultChoice = { kind: 'freeze', forSecs: 5, byMs: 200, retryAfterSecs: 5, percent: 10 };

export type Parameter = Exclude<keyof FaultChoice, 'kind'>;

/** The values of each parameter that are offered, with its unit. */
export const PARAMETERS: Readonly<
  Record<Parameter, { readonly label: string; readonly unit: string; readonly values: readonly number[] }>
> = {
  forSecs: { label: 'For', unit: 's', values: [5, 15, 30, 90] },
  byMs: { label: 'Slow by', unit: 'ms', values: [50, 200, 1000] },
  retryAfterSecs: { label: 'Retry after', unit: 's', values: [2, 5, 20] },
  percent: { label: 'Failures', unit: '%', values: [10, 15, 20] },
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
};

export function parametersOf(kind: DemoFaultKind): readonly Parameter[] {
  switch (kind) {
    case 'kill':
      return [];
    case 'freeze':
    case 'refuse':
    case 'mute':
    case 'wrong-pong':
      return ['forSecs'];
    case 'slow':
      return ['byMs', 'forSecs'];
    case 'rate-limit':
      return ['retryAfterSecs', 'forSecs'];
    case 'flaky':
      return ['percent', 'forSecs'];
    default:
      return assertNever(kind);
  }
}

export function faultOf({ kind, forSecs, byMs, retryAfterSecs, percent }: FaultChoice): DemoFault {
  switch (kind) {
    case 'kill':
      return { kind };
    case 'freeze':
    case 'refuse':
    case 'mute':
    case 'wrong-pong':
      return { kind, forSecs };
    case 'slow':
      return { kind, forSecs, byMs };
    case 'rate-limit':
      return { kind, forSecs, retryAfterSecs };
    case 'flaky':
      return { kind, forSecs, percent };
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

/** What `Drill all` drills: the faults that make sense on this wire. */
export const setFor = (wire: DemoWire): readonly DemoFault[] =>
  SET.filter(({ kind }) => faultRefusal(kind, wire) === null);
