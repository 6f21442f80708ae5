import { z } from 'zod';
import { type GateView, gateText } from '../../shared/gate.ts';
import { unfitReasonText } from '../../shared/unfitReason.ts';
import type { ApiSource } from './apiSource.ts';
import { ErrorSchema } from './envelope.ts';
import { unheard } from './unheard.ts';

/** Row G1: one gate as a bot reads it. */
export const GateBodySchema = z.strictObject({
  link: z.string(),
  open: z.boolean().meta({ description: 'True: a trade may rely on this link now. The only field a bot needs.' }),
  state: z
    .enum(['open', 'closed', 'paused', 'gone', 'unknown'])
    .meta({ description: 'unknown: the engine itself is not heard, so nothing is promised.' }),
  sentence: z.string().meta({ description: 'Why, for a person.' }),
  reasons: z.array(z.string()).meta({ description: 'Every condition that fails, the gravest first.' }),
  since: z.iso.datetime().meta({ description: 'When it entered this state.' }),
});
export type GateBody = z.infer<typeof GateBodySchema>;

/** 503 of a gate: an error, with the gate itself beside it. */
export const ClosedGateSchema = z.strictObject({
  success: z.literal(false),
  error: ErrorSchema,
  data: z
    .union([GateBodySchema, z.array(GateBodySchema)])
    .optional()
    .meta({
      description: 'The gate, or all of them. None of one gate before the engine has told which links there are.',
    }),
});

/** The gate of one link now; `null` when the engine knows no such link. */
export function gateOf(source: ApiSource, name: string): GateBody | null {
  const gate = source.mirror.gates.get(name);
  return gate === undefined ? null : gateBody(source, name, gate);
}

export function allGates(source: ApiSource): GateBody[] {
  return [...source.mirror.gates].map(([name, gate]) => gateBody(source, name, gate));
}

export function goneGate(source: ApiSource, link: string): GateBody {
  const since = new Date(source.mirror.wallOf(source.mirror.engineNow())).toISOString();
  const sentence = 'the link is not in the settings any more';
  return { link, open: false, state: 'gone', sentence, reasons: [sentence], since };
}

function gateBody(source: ApiSource, link: string, gate: GateView): GateBody {
  const { mirror } = source;
  const since = new Date(mirror.wallOf(gate.since)).toISOString();
  const none = unheard(source);
  if (none !== null) {
    return { link, open: false, state: 'unknown', sentence: none.sentence, reasons: [none.sentence], since };
  }
  const sentence = gateText(gate, mirror.engineNow(), source.gateReopenMs());
  if (sentence === null) return { link, open: true, state: 'open', sentence: 'fit to trade', reasons: [], since };
  const reasons = gate.kind === 'closed' && gate.cleanSince === null ? gate.reasons.map(unfitReasonText) : [sentence];
  return { link, open: false, state: gate.kind, sentence, reasons, since };
}
