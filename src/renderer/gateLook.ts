import { type GateView, gateText } from '../shared/gate.ts';
import type { UnfitReason } from '../shared/unfitReason.ts';
import { elapsedMs, type MonoMs } from '../shared/units.ts';
import type { Tone } from './standing.ts';

/** Row G1 as a mark and a word; `opensAt` while only the hysteresis keeps the gate closed. Of a new link nothing bad is known. */
export interface GateLook {
  readonly tone: Tone;
  readonly word: 'open' | 'closed' | 'paused';
  readonly opensAt: MonoMs | null;
}

export function gateLook(gate: GateView): GateLook {
  if (gate.kind === 'open') return { tone: 'good', word: 'open', opensAt: null };
  if (gate.kind === 'paused') return { tone: 'idle', word: 'paused', opensAt: null };
  const { opensAt, reasons } = gate;
  return { tone: opensAt !== null ? 'warn' : isStillNew(reasons) ? 'idle' : 'bad', word: 'closed', opensAt };
}

/** Only its first samples are still to come, and perhaps its first data. */
export function isStillNew(reasons: readonly UnfitReason[]): boolean {
  const isMeasured = reasons.some(({ kind }) => kind === 'measuring');
  return reasons.every(
    (reason) => NEW.includes(reason.kind) || (isMeasured && reason.kind === 'stale' && reason.why === 'none yet'),
  );
}

const NEW: readonly UnfitReason['kind'][] = ['measuring', 'not-started'];

/** What is wrong now; empty while it is open, and while only the hysteresis keeps it closed. */
export const closedFor = (gate: GateView): readonly UnfitReason[] =>
  gate.kind === 'closed' && gate.cleanSince === null ? gate.reasons : [];

/** The shared sentence, with the hysteresis that the gate itself carries; empty while it is open. */
export function gateWhy(gate: GateView, now: MonoMs): string {
  const waits = gate.kind === 'closed' && gate.cleanSince !== null && gate.opensAt !== null;
  return gateText(gate, now, waits ? elapsedMs(gate.cleanSince, gate.opensAt) : 0) ?? '';
}
