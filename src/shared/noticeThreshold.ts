/** Units that a threshold can have, as they end its key: `enter_ms`, `leave_percent`. */
export const THRESHOLD_UNITS = ['ms', 'secs', 'percent', 'mib', 'reconnects'] as const;
export type ThresholdUnit = (typeof THRESHOLD_UNITS)[number];

/**
 * A figure enters past `enter` and leaves at `leave` or on the good side of it, so that one on the edge does not come and
 * go. `null`: what the link's own settings say, where the rule says nothing else.
 */
export interface Threshold {
  readonly unit: ThresholdUnit;
  readonly side: 'over' | 'under';
  readonly enter: number | null;
  readonly leave: number | null;
}

const LEAVE_SHARE = 0.8;
const LEAVE_PERCENT = 0.5;

/** The leave threshold where only the other one is named: a fifth below it, or half a percent above. */
export function leaveFor(enter: number, side: Threshold['side']): number {
  return side === 'over' ? enter * LEAVE_SHARE : Math.min(100, enter + LEAVE_PERCENT);
}

const UNIT_TEXT: Readonly<Record<ThresholdUnit, string>> = {
  ms: 'ms',
  secs: 's',
  percent: '%',
  mib: 'MiB',
  reconnects: '',
};

/** A figure with its unit: `312 ms`, `94.5 %`, `6`. */
export function thresholdText(value: number, unit: ThresholdUnit): string {
  const digits = unit === 'percent' ? 2 : unit === 'ms' && value < 10 ? 1 : 0;
  return `${Number(value.toFixed(digits))} ${UNIT_TEXT[unit]}`.trim();
}
