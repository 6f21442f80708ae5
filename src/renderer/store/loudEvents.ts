import { eventText, type LinkEvent } from '../../shared/events.ts';
import { isAboutCredentials, reasonText } from '../../shared/linkState.ts';
import type { Problem } from '../../shared/outcome.ts';

/** Row L7: what a person must be told at once, wherever in the app they are; `null` for what the log is enough for. */
export function loudProblem({ link, happening }: LinkEvent): Problem | null {
  if (happening.kind === 'state' && happening.to.kind === 'failed') {
    const { attempts, reason } = happening.to;
    if (isAboutCredentials(reason)) {
      const hint = 'set the credentials right, then press Reconnect';
      return { kind: 'stopped', message: `${link} stopped: ${reasonText(reason)}`, where: link, hint };
    }
    return {
      kind: 'gave-up',
      message: `${link} gave up after ${attempts} attempts: ${reasonText(reason)}`,
      where: link,
      hint: 'press Reconnect to start it again, or set max_attempts = 0 so that it never gives up',
    };
  }
  if (happening.kind === 'reliability' && happening.turn === 'low') {
    const hint = 'its page shows what happened; reliability_target_percent sets the target';
    return { kind: 'reliability', message: `${link}: ${eventText(happening)}`, where: link, hint };
  }
  if (happening.kind === 'alarm' && !isAboutCredentials(happening.reason)) {
    const hint = 'its page shows what Warmwire makes of it; it is tried again later by itself';
    return { kind: 'alarm', message: `${link}: ${reasonText(happening.reason)}`, where: link, hint };
  }
  if (happening.kind !== 'still-failed') return null;
  return {
    kind: 'still-failed',
    message: `${link}: ${eventText(happening)}`,
    where: link,
    hint: 'Acknowledge on its page silences this',
  };
}
