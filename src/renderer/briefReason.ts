import { counted } from '../shared/counted.ts';
import { type HealthReason, healthReasonText } from '../shared/healthReason.ts';
import { namesText } from '../shared/subscriptionView.ts';
import { type UnfitReason, unfitReasonText } from '../shared/unfitReason.ts';

/** Why it is not healthy, as a cell has room for it: of a limit its figures alone. The whole is in its title and under the table. */
export function briefHealthReason(reason: HealthReason): string {
  switch (reason.kind) {
    case 'p95':
      return `p95 ${reason.p95Ms} ms of ${counted(reason.pings, 'ping')}`;
    case 'failures':
      return reason.wasOpen ? `${reason.count} failures since stable` : healthReasonText(reason);
    case 'stale':
      return reason.why === 'none yet' && !reason.subscribed ? 'nothing subscribed' : healthReasonText(reason);
    case 'not-in-force':
      return briefNotInForce(reason);
    default:
      return healthReasonText(reason);
  }
}

/** And why no trade may rely on it. */
export function briefUnfitReason(reason: UnfitReason): string {
  switch (reason.kind) {
    case 'p99':
      return reason.p99Ms === null
        ? unfitReasonText(reason)
        : `p99 ${reason.p99Ms.toFixed(1)} ≥ ${reason.limitMs} ms of ${counted(reason.pings, 'ping')}`;
    case 'success':
      return `${reason.percent.toFixed(1)} % answered ≤ ${reason.limitPercent} %`;
    case 'not-in-force':
      return briefNotInForce(reason);
    case 'held-up':
      return 'this machine is held up';
    case 'no-pongs':
      return 'answers no ping';
    default:
      return unfitReasonText(reason);
  }
}

const briefNotInForce = ({ names, count, wanted }: Extract<UnfitReason, { kind: 'not-in-force' }>): string =>
  `${count} of ${wanted} not in force: ${namesText(names, count)}`;
