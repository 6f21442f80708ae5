import { type EndEvidence, LAGGING_STALL_MS } from './endEvidence.ts';
import { likely, secondsText, stallText, sure, type Verdict } from './verdict.ts';

/** Messages were old before the end: whoever reads them is too slow, and that is this side. */
export function slowConsumer(facts: EndEvidence, evidence: readonly string[]): Verdict {
  const local = facts.laggingLinks > 0 || facts.stalledMs > LAGGING_STALL_MS;
  const lag = `messages had become ${secondsText(facts.lagGrowthMs)} older before the ${facts.reason.kind === 'cut' ? 'cut' : 'end'}`;
  const others = facts.laggingLinks > 0 ? [`${facts.laggingLinks} other links lagged alike`] : [];
  return {
    cause: 'slow consumer',
    blame: local ? 'this machine' : 'our settings',
    certainty: local ? 'sure' : 'likely',
    evidence: [...evidence, lag, ...others],
  };
}

/** This machine stood still for so long that a venue may well have given it up. */
export function localStall(facts: EndEvidence, evidence: readonly string[]): Verdict {
  return likely('local stall', 'this machine', [...evidence, stallText(facts.stalledMs)]);
}

export function woken(wokeMs: number, evidence: readonly string[]): Verdict {
  return sure('sleep', 'this machine', [...evidence, `this machine woke up ${secondsText(wokeMs)} before`]);
}
