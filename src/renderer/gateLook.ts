import { type GateView, gateText } from '../shared/gate.ts';
import type { UnfitReason } from '../shared/unfitReason.ts';
import { elapsedMs, type MonoMs } from '../shared/units.ts';
import type { Tone } from './standing.ts';

/** Row G1 as a mark and a word; `opensAt` while only the hysteresis keeps the gate closed. */
export interface GateLook {
  readonly tone: Tone;
  readonly word: 'open' | 'closed' | 'paused';
  readonly opensAt: MonoMs | null;
}

export function gateLook(gate: GateView): GateLook {
  if (gate.kind === 'open') return { tone: 'good', word: 'open', opensAt: null };
  if (gate.kind === 'paused') return { tone: 'idle', word: 'paused', opensAt: null };
  return { tone: gate.opensAt === null ? 'bad' : 'warn', word: 'closed', opensAt: gate.opensAt };
}

/** What is wrong now; empty while it is open, and while only the hysteresis keeps it closed. */
export const closedFor = (gate: GateView): readonly UnfitReason[] =>
  gate.kind === 'closed' && gate.cleanSince === null ? gate.reasons : [];

/** The shared sentence, with the hysteresis that the gate itself carries; empty while it is open. */
export function gateWhy(gate: GateView, now: MonoMs): string {
  const waits = gate.kind === 'closed' && gate.cleanSince !== null && gate.opensAt !== null;
  return gateText(gate, now, waits ? elapsedMs(gate.cleanSince, gate.opensAt) : 0) ?? '';
}
