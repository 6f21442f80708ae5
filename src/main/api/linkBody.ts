import { z } from 'zod';
import { healthReasons } from '../../shared/health.ts';
import { healthReasonText } from '../../shared/healthReason.ts';
import { successRatio } from '../../shared/linkCounts.ts';
import { stateText, stateWord } from '../../shared/linkState.ts';
import { type LinkView, urlInUse } from '../../shared/linkView.ts';
import { verdictText } from '../../shared/verdict/verdict.ts';
import type { ApiSource } from './apiSource.ts';
import { GateBodySchema, gateOf, goneGate } from './gateBody.ts';
import { type Unheard, unheard } from './unheard.ts';

const Percent = z.number().min(0).max(100).nullable();
const RttSchema = z
  .strictObject({
    count: z.number().int(),
    minMs: z.number(),
    avgMs: z.number(),
    maxMs: z.number(),
    p50Ms: z.number(),
    p95Ms: z.number(),
    p99Ms: z.number(),
    p999Ms: z.number(),
  })
  .nullable()
  .meta({ description: 'Round trips, milliseconds; count says how many stand behind the figures. null: none.' });

/**
 * Row G2: one link as the API shows it. Durations in milliseconds or seconds as named, shares in percent. While the engine
 * is not heard its figures are as last told, and how the link does is not known.
 */
export const LinkBodySchema = z.strictObject({
  name: z.string(),
  url: z.string().meta({ description: 'As the settings have it.' }),
  urlInUse: z.string().meta({ description: 'Of the socket in use, or where the next would be dialled.' }),
  venue: z.string(),
  preset: z.string().nullable(),
  state: z.string().meta({
    description:
      'up, suspect, connecting, restoring, waiting, breaker open, failed, paused; unknown: the engine is not heard.',
  }),
  sentence: z.string(),
  health: z
    .enum(['healthy', 'degraded', 'unhealthy', 'none', 'unknown'])
    .meta({ description: 'none: paused. unknown: the engine is not heard.' }),
  healthReasons: z.array(z.string()),
  verdicts: z.array(z.string()).meta({ description: 'What is wrong, where, and how sure that is.' }),
  gate: GateBodySchema,
  rtt: z.strictObject({
    lastMs: z.number().nullable(),
    '1m': RttSchema,
    '5m': RttSchema,
    '1h': RttSchema,
    start: RttSchema,
  }),
  counters: z.strictObject({
    connects: z.number().int(),
    disconnects: z.number().int(),
    failuresInARow: z.number().int(),
    pings: z.number().int(),
    pongs: z.number().int(),
    missedPongs: z.number().int(),
    lostPings: z.number().int().meta({ description: 'Pings that were out when their socket died.' }),
    successRate: Percent.meta({ description: 'pongs of pongs + missedPongs + lostPings; null: none of them.' }),
    messages: z.number().int(),
    bytesIn: z.number().int(),
    bytesOut: z.number().int(),
    messagesPerSec: z.number(),
  }),
  uptime: z.strictObject({
    secs: z.number().meta({ description: 'Age of the socket in use; 0 without one.' }),
    uptimeRate: Percent,
    reliabilityRate: Percent,
    reliabilityRate24h: Percent,
    sleptSecs: z.number(),
  }),
});
export type LinkBody = z.infer<typeof LinkBodySchema>;

export function linkBody(source: ApiSource, link: LinkView): LinkBody {
  const { counters, uptime, rtt, about } = link;
  const success = successRatio(counters);
  return {
    name: link.name,
    url: about.url,
    urlInUse: urlInUse(link),
    venue: about.venue,
    preset: about.presetName,
    ...standing(link, unheard(source)),
    gate: gateOf(source, link.name) ?? goneGate(source, link.name),
    rtt: {
      lastMs: rtt.lastMs,
      '1m': rtt.windows['1m'],
      '5m': rtt.windows['5m'],
      '1h': rtt.windows['1h'],
      start: rtt.windows.start,
    },
    counters: {
      connects: counters.connects,
      disconnects: counters.disconnects,
      failuresInARow: counters.failuresInARow,
      pings: counters.pings,
      pongs: counters.pongs,
      missedPongs: counters.missed,
      lostPings: counters.lost,
      successRate: success === null ? null : 100 * success,
      messages: counters.messages,
      bytesIn: counters.bytesIn,
      bytesOut: counters.bytesOut,
      messagesPerSec: counters.messagesPerSec,
    },
    uptime: {
      secs: uptime.upSince === null ? 0 : Math.max(0, (engineNow(source) - uptime.upSince) / 1000),
      uptimeRate: percent(uptime.upMs, uptime.observedMs),
      reliabilityRate: percent(uptime.freshMs, uptime.observedMs),
      reliabilityRate24h: percent(uptime.day.freshMs, uptime.day.observedMs),
      sleptSecs: uptime.sleptMs / 1000,
    },
  };
}

type LinkStanding = Pick<LinkBody, 'state' | 'sentence' | 'health' | 'healthReasons' | 'verdicts'>;

function standing({ state, health, verdicts }: LinkView, none: Unheard | null): LinkStanding {
  if (none !== null) {
    const { sentence } = none;
    return { state: 'unknown', sentence, health: 'unknown', healthReasons: [sentence], verdicts: [] };
  }
  return {
    state: stateWord(state),
    sentence: stateText(state),
    health: health.level,
    healthReasons: healthReasons(health).map(healthReasonText),
    verdicts: verdicts.map(verdictText),
  };
}

/** An age does not go on growing while nobody tells that the socket is still there. */
const engineNow = ({ mirror }: ApiSource): number =>
  mirror.standing === 'heard' ? mirror.engineNow() : (mirror.snapshot?.at ?? 0);

/** `null` where nothing was observed: 0 of 0 is no rate. */
function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.min(100, (100 * part) / whole);
}
