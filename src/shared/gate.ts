import type { Fitness } from './fitness.ts';
import { same } from './same.ts';
import { type UnfitReason, unfitText } from './unfitReason.ts';
import { after, elapsedMs, type MonoMs } from './units.ts';

/**
 * Row G1: may a bot send an order now? Closes at once, opens only after the link has been fit for a while, so that a link
 * on the edge does not start and stop a bot ten times a second.
 */
export type GateView =
  | { readonly kind: 'open'; readonly since: MonoMs }
  /** `cleanSince`: nothing has been wrong since then, and only the hysteresis keeps it closed, until `opensAt`. */
  | {
      readonly kind: 'closed';
      readonly since: MonoMs;
      readonly reasons: readonly UnfitReason[];
      readonly cleanSince: MonoMs | null;
      /** `null` exactly while `cleanSince` is: nobody can say when what is wrong will end. */
      readonly opensAt: MonoMs | null;
    }
  | { readonly kind: 'paused'; readonly since: MonoMs };

export interface GateFacts {
  readonly now: MonoMs;
  readonly paused: boolean;
  readonly fit: Fitness;
  /** This machine itself is being held up: nothing that it says now can be relied on. */
  readonly stalling: boolean;
  readonly reopenAfterMs: number;
}

/** The gate of a link that nothing is known of yet. */
export const newGate = (now: MonoMs): GateView => ({
  kind: 'closed',
  since: now,
  reasons: [{ kind: 'not-started' }],
  cleanSince: null,
  opensAt: null,
});

/** The gate after a look at the facts; the same object where nothing has changed. */
export function stepGate(gate: GateView, facts: GateFacts): GateView {
  const { now } = facts;
  if (facts.paused) return gate.kind === 'paused' ? gate : { kind: 'paused', since: now };
  const reasons = reasonsOf(facts);
  if (reasons.length > 0) {
    const since = gate.kind === 'closed' ? gate.since : now;
    if (gate.kind === 'closed' && gate.cleanSince === null && same(gate.reasons, reasons)) return gate;
    return { kind: 'closed', since, reasons, cleanSince: null, opensAt: null };
  }
  switch (gate.kind) {
    case 'open':
      return gate;
    case 'paused':
      return { kind: 'closed', since: now, reasons: [], cleanSince: now, opensAt: after(now, facts.reopenAfterMs) };
    case 'closed': {
      const cleanSince = gate.cleanSince ?? now;
      if (gate.cleanSince !== null && elapsedMs(cleanSince, now) >= facts.reopenAfterMs) {
        return { kind: 'open', since: now };
      }
      const opensAt = after(cleanSince, facts.reopenAfterMs);
      return gate.opensAt === opensAt ? gate : { ...gate, cleanSince, opensAt };
    }
  }
}

/** Why it is not open, in a sentence; `null` while it is. */
export function gateText(gate: GateView, now: MonoMs, reopenAfterMs: number): string | null {
  if (gate.kind === 'open') return null;
  if (gate.kind === 'paused') return 'the link is paused';
  if (gate.cleanSince === null) return unfitText(gate.reasons);
  const leftMs = Math.max(0, reopenAfterMs - elapsedMs(gate.cleanSince, now));
  const was = gate.reasons.length === 0 ? '' : ` (was: ${unfitText(gate.reasons)})`;
  return `fit again, opens in ${(leftMs / 1000).toFixed(1)} s if it stays so${was}`;
}

/** Whether it is closed, or waits to open again, because of this machine itself: that has nothing to do with its link. */
export const isHeldUp = (gate: GateView): boolean =>
  gate.kind === 'closed' && gate.reasons.some(({ kind }) => kind === 'held-up');

function reasonsOf({ fit, stalling }: GateFacts): readonly UnfitReason[] {
  const reasons = fit.fit ? [] : fit.reasons;
  return stalling ? [{ kind: 'held-up' }, ...reasons] : reasons;
}
