import { type EndEvidence, lagBlame, laggingText, STALL_MS } from './endEvidence.ts';
import { likely, secondsText, stallText, sure, type Verdict } from './verdict.ts';

/** Messages were old before the end: whoever reads them is too slow, and where nothing else is known that is our setup. */
export function slowConsumer(facts: EndEvidence, evidence: readonly string[]): Verdict {
  const blame = lagBlame(facts);
  const lag = `messages had become ${secondsText(facts.lagGrowthMs)} older before the ${facts.reason.kind === 'cut' ? 'cut' : 'end'}`;
  const told = [...evidence, lag, ...laggingText(facts)];
  return likely('slow consumer', blame === 'unknown' ? 'our settings' : blame, told);
}

/** This machine stood still for so long that a venue may well have given it up. */
export function localStall(facts: EndEvidence, evidence: readonly string[]): Verdict {
  return likely('local stall', 'this machine', [...evidence, stallText(facts.stalledMs)]);
}

/** This machine slept, changed its network or stood still shortly before: reason enough for a connection to end. */
export function ownReason(facts: EndEvidence, evidence: readonly string[]): Verdict | null {
  if (facts.wokeMs !== null) return woken(facts.wokeMs, evidence);
  if (facts.movedMs !== null) return moved(facts.movedMs, evidence);
  return facts.stalledMs > STALL_MS ? localStall(facts, evidence) : null;
}

/** Most connections outlive another address of this machine: a VPN, a container's network. */
export function moved(movedMs: number, evidence: readonly string[]): Verdict {
  return likely('route change', 'local network', [...evidence, `its network changed ${secondsText(movedMs)} before`]);
}

export function woken(wokeMs: number, evidence: readonly string[]): Verdict {
  return sure('sleep', 'this machine', [...evidence, `this machine woke up ${secondsText(wokeMs)} before`]);
}
