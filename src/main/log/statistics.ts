import { successRatio } from '../../shared/linkCounts.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { MonoMs } from '../../shared/units.ts';

/** The figures of one link for its line of the minute: RTT over the last minute, counts since start. `null`: no sample. */
export function statisticsOf(view: LinkView, now: MonoMs): Readonly<Record<string, number | string | null>> {
  const { counters, uptime } = view;
  const success = successRatio(counters);
  const rtt = view.rtt.windows['1m'];
  return {
    state: view.state.kind,
    health: view.health.level,
    success_percent: success === null ? null : round(100 * success),
    pings: counters.pings,
    missed: counters.missed,
    lost: counters.lost,
    rtt_samples: rtt?.count ?? 0,
    rtt_avg_ms: rtt === null ? null : round(rtt.avgMs),
    rtt_p50_ms: rtt === null ? null : round(rtt.p50Ms),
    rtt_p99_ms: rtt === null ? null : round(rtt.p99Ms),
    rtt_min_ms: rtt === null ? null : round(rtt.minMs),
    rtt_max_ms: rtt === null ? null : round(rtt.maxMs),
    connects: counters.connects,
    messages: counters.messages,
    up_secs: uptime.upSince === null ? 0 : Math.round((now - uptime.upSince) / 1000),
    reliability_24h_percent:
      uptime.day.observedMs === 0 ? null : round((100 * uptime.day.freshMs) / uptime.day.observedMs),
    uptime_percent: uptime.observedMs === 0 ? null : round((100 * uptime.upMs) / uptime.observedMs),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
