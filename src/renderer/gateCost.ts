import { MEASURED_FROM } from '../shared/fitness.ts';
import type { LinkAbout } from '../shared/linkView.ts';
import { pingGapMs } from '../shared/watchTimes.ts';

/**
 * For about how long a new socket keeps the trading gate closed, ms: until so many of its pings are measured that it may be
 * judged, and then as long as a gate takes to open. Of a link that warms up by as many pings; `null` where none is answered.
 */
export function gateCostMs({ ping, pingIntervalMs }: LinkAbout, gateReopenMs: number): number | null {
  return ping === 'none' ? null : MEASURED_FROM * pingGapMs(MEASURED_FROM, pingIntervalMs) + gateReopenMs;
}

/** The same, of one link or of several, as it ends a sentence. */
export const gateCostText = (costMs: number): string =>
  `the trading gate is closed while ${MEASURED_FROM} of its pings are measured, about ${Math.round(costMs / 1000)} s`;
