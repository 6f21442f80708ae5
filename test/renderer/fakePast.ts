import type { LinkHappening } from '../../src/shared/events.ts';
import type { DownReason } from '../../src/shared/linkState.ts';
import type { SeriesPoint } from '../../src/shared/rttView.ts';
import type { MonoMs } from '../../src/shared/units.ts';
import type { Verdict } from '../../src/shared/verdict/verdict.ts';
import type { FakeLink } from './fakeLinks.ts';

const HISTORY_S = 600;
/** Time in which a made-up link lost its socket and got another. */
const OUTAGE_S = 25;

export interface FakePast {
  readonly points: SeriesPoint[];
  readonly events: readonly { readonly happening: LinkHappening; readonly agoMs: number }[];
  /** How long ago it lost its socket, and got another, ms. */
  readonly outage: { readonly fromMs: number; readonly untilMs: number };
}

/** Ten minutes of points with one outage, and the events that go with it. */
export function pastOf(link: FakeLink, random: () => number, since: MonoMs): FakePast {
  const events: { readonly happening: LinkHappening; readonly agoMs: number }[] = [];
  const log = (happening: LinkHappening, agoMs: number): void => void events.push({ happening, agoMs });
  const { rttMs, ping, state } = link.spec;
  const lostAt = 80 + Math.floor(random() * 400);
  const points: SeriesPoint[] = [];
  let hump = 1;
  for (let i = 0; i < HISTORY_S; i += 1) {
    if (random() < 0.01) hump = 1.3 + random();
    hump = 1 + (hump - 1) * 0.985;
    const down =
      (i >= lostAt && i < lostAt + OUTAGE_S) || (!link.open && i > 480) || ping === 'none' || state === 'paused';
    const p99 = rttMs * 1.25 * hump * (1 + 0.02 * random());
    points.push(
      down
        ? { p50Ms: null, p99Ms: null, samples: 0 }
        : { p50Ms: rttMs * (1 + 0.03 * random()), p99Ms: p99, samples: 30 },
    );
  }
  const ago = (at: number): number => (HISTORY_S - at) * 1000;
  const up = { kind: 'up', since } as const;
  const away = { kind: 'waiting', attempt: 1, delayMs: 100, until: since, reason: CLOSED } as const;
  log({ kind: 'state', from: up, to: away, because: '' }, ago(lostAt) - 1);
  log({ kind: 'state', from: away, to: up, because: '' }, ago(lostAt + OUTAGE_S));
  log({ kind: 'verdict', verdict: RESTART }, ago(lostAt) - 3000);
  log({ kind: 'settings', changed: ['ping_interval_secs'] }, ago(lostAt - 50));
  log(
    {
      kind: 'opened',
      timings: { dnsMs: 1, tcpMs: 4, tlsMs: 9, upgradeMs: 5, totalMs: 19 },
      address: '203.0.113.7:443',
    },
    5_400_000,
  );
  for (let i = 0; i < 20; i += 1) log({ kind: 'pong-late', rttMs: 1200 + 100 * i }, 5_000_000 - i * 100_000);
  log({ kind: 'socket-ended', reason: CLOSED, livedMs: 4_800_000 }, ago(lostAt));
  log({ kind: 'health', from: 'healthy', to: 'degraded', reasons: [{ kind: 'waiting' }] }, ago(lostAt) - 3);
  log(
    {
      kind: 'opened',
      timings: { dnsMs: 1, tcpMs: 4, tlsMs: 9, upgradeMs: 5, totalMs: 19 },
      address: '203.0.113.7:443',
    },
    ago(lostAt + OUTAGE_S),
  );
  log({ kind: 'subscription', name: 'ticker:BTC-USD', what: 'acked' }, ago(lostAt + 26));
  log({ kind: 'restored', tookMs: 412, subscriptions: 4 }, ago(lostAt + 27));
  return { points, events, outage: { fromMs: ago(lostAt), untilMs: ago(lostAt + OUTAGE_S) } };
}

const CLOSED: DownReason = { kind: 'closed', code: 1012, text: '' };
const RESTART: Verdict = {
  cause: 'venue restart',
  blame: 'venue',
  certainty: 'likely',
  evidence: ['close code 1012: service restart'],
};
