import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RTT_BOUNDS_SECS } from '../../src/main/api/metrics.ts';
import { GymVenue } from '../gym/venue.ts';
import { type Headless, startHeadless } from '../support/headless.ts';
import { hasPrometheus, type Prometheus, startPrometheus } from '../support/prometheus.ts';
import { ask } from './apiServer.ts';

/** A running headless Warmwire under a real Prometheus. Skipped, and counted as such, where there is none. */
const RESOURCES = resolve(import.meta.dirname, '../../resources');

/** Some of the pongs of a link come late, ms. */
const LINKS = {
  fast: { everyNth: 1, lateMs: 0 },
  below: { everyNth: 6, lateMs: 150 },
  above: { everyNth: 6, lateMs: 700 },
} as const;
type LinkName = keyof typeof LINKS;
const NAMES = Object.keys(LINKS) as LinkName[];
const SAMPLES = 50;

describe.skipIf(!hasPrometheus())('with Prometheus', () => {
  const venues: GymVenue[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let warmwire: Headless;
  let prometheus: Prometheus;

  async function openVenue(name: LinkName): Promise<GymVenue> {
    const venue = await GymVenue.open();
    const { everyNth, lateMs } = LINKS[name];
    let count = 0;
    venue.answersPings = false;
    venue.onGuest = ({ ws }) => {
      ws.on('ping', (payload) => {
        count += 1;
        const pong = (): void => void (ws.readyState === ws.OPEN && ws.pong(payload));
        if (lateMs === 0 || count % everyNth !== 0) return pong();
        const timer = setTimeout(() => {
          timers.delete(timer);
          pong();
        }, lateMs);
        timers.add(timer);
      });
    };
    venues.push(venue);
    return venue;
  }

  beforeEach(async () => {
    let settings = '';
    for (const name of NAMES) {
      const { url } = await openVenue(name);
      settings += `[link.${name}]\nurl = "${url}"\nping_interval_secs = 0.1\nexpects_data = false\n`;
    }
    warmwire = await startHeadless(settings);
    prometheus = await startPrometheus([{ port: warmwire.port, site: 'here' }], warmwire.token);
  });
  afterEach(async () => {
    await prometheus.stop();
    await warmwire.stop();
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    for (const venue of venues.splice(0)) await venue.close();
  });

  const until = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 60_000, interval: 250 });
  const linkOf = async (name: LinkName) => {
    const { json } = await ask(warmwire.port, `/api/links/${name}`, { token: warmwire.token });
    return (json as { data: { state: string; rtt: { start: { count: number; p99Ms: number } | null } } }).data;
  };

  it('G3: p99 by histogram_quantile lies in the bucket that holds the API’s own, below and above 0.5 s', async () => {
    await until(async () => {
      for (const name of NAMES) {
        const rtt = (await linkOf(name)).rtt.start;
        expect(rtt?.count ?? 0).toBeGreaterThan(SAMPLES);
        // A machine that was held up while a late pong was awaited leaves it out: there must be some that count.
        expect(rtt?.p99Ms ?? 0).toBeGreaterThanOrEqual(0.9 * LINKS[name].lateMs);
      }
    });
    // Paused, the counts stand still, and both sides look at the same samples.
    const client = await warmwire.client();
    for (const link of NAMES) await client.setLinkPaused({ link, paused: true });
    for (const name of NAMES) {
      await until(async () => expect((await linkOf(name)).state).toBe('paused'));
      const own = (await linkOf(name)).rtt.start;
      if (own === null) throw new Error('no samples');
      const labels = `{connection="${name}", site="here"}`;
      // The scrape after the pause: one before it may already have the last count.
      await until(async () => expect((await prometheus.query(`connection_paused${labels}`))[0]?.value).toBe(1));
      await until(async () =>
        expect((await prometheus.query(`connection_rtt_seconds_count${labels}`))[0]?.value).toBe(own.count),
      );
      const [p99] = await prometheus.query(`histogram_quantile(0.99, connection_rtt_seconds_bucket${labels})`);
      const ownSecs = own.p99Ms / 1000;
      const index = RTT_BOUNDS_SECS.findIndex((bound) => ownSecs <= bound);
      expect([name, p99?.value]).toEqual([name, expect.any(Number)]);
      expect(p99?.value).toBeGreaterThan(RTT_BOUNDS_SECS[index - 1] ?? 0);
      expect(p99?.value).toBeLessThanOrEqual(RTT_BOUNDS_SECS[index] as number);
      if (name === 'above') expect(ownSecs).toBeGreaterThan(0.5);
      if (name === 'below') expect(ownSecs).toBeLessThanOrEqual(0.5);
      expect(await prometheus.query(`connection_health${labels}`)).toEqual([]);
    }
    const counts = await prometheus.query('sum(connection_rtt_seconds_bucket{le="0.5",connection="above"})');
    const all = await prometheus.query('sum(connection_rtt_seconds_count{connection="above"})');
    expect(counts[0]?.value).toBeGreaterThan(0);
    expect(counts[0]?.value).toBeLessThan(all[0]?.value ?? 0);
  });

  it('G3: Prometheus takes the scrape, the rules run, and every expression of the dashboard is one', async () => {
    await until(async () => expect((await prometheus.query('up{job="warmwire"}'))[0]?.value).toBe(1));
    await until(async () => {
      const { data } = (await prometheus.get('/api/v1/rules')) as {
        data: { groups: { rules: { health: string }[] }[] };
      };
      const healths = data.groups.flatMap(({ rules }) => rules.map(({ health }) => health));
      expect(healths.length).toBeGreaterThan(10);
      expect(new Set(healths)).toEqual(new Set(['ok']));
    });
    const expressions = dashboardExpressions();
    expect(expressions.length).toBeGreaterThan(20);
    for (const expression of expressions) await prometheus.query(expression);
    const named = new Set(
      expressions.flatMap((expression) => expression.match(/\b(connection|pool|warmwire|process)_\w+/g) ?? []),
    );
    const { data } = (await prometheus.get('/api/v1/label/__name__/values')) as { data: string[] };
    // Pools have no series while the settings have none.
    expect([...named].filter((name) => !name.startsWith('pool_') && !data.includes(name))).toEqual([]);
  });

  it('G3: promtool has nothing to say about the live metrics and the rules', async () => {
    await until(async () => expect((await linkOf('fast')).rtt.start?.count ?? 0).toBeGreaterThan(5));
    const { text } = await ask(warmwire.port, '/metrics', { token: warmwire.token });
    const metrics = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect([metrics.status, metrics.stdout, metrics.stderr]).toEqual([0, '', '']);
    const rules = spawnSync('promtool', ['check', 'rules', `${RESOURCES}/prometheus/rules.yml`], { encoding: 'utf8' });
    expect([rules.status, rules.stderr]).toEqual([0, '']);
    expect(rules.stdout).toMatch(/SUCCESS: \d+ rules found/);
  });
});

/** What every panel asks, with the variables filled in as Grafana does. */
function dashboardExpressions(): string[] {
  const text = readFileSync(`${RESOURCES}/grafana/warmwire.json`, 'utf8');
  const { panels } = JSON.parse(text) as { panels: { targets?: { expr: string }[] }[] };
  return panels
    .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
    .map((expr) => expr.replaceAll(/\$(site|connection)\b/g, '.*').replaceAll('$__rate_interval', '1m'));
}
