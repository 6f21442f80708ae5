import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cumulative } from '../../src/main/api/filledHistogram.ts';
import { MAX_LABELLED, RTT_BOUNDS_SECS } from '../../src/main/api/metrics.ts';
import { Histogram } from '../../src/shared/histogram.ts';
import { TEN_LINKS } from '../renderer/fakeLinks.ts';
import { hasPrometheus } from '../support/prometheus.ts';
import { clock, engine, serveFakeEngine, server, source } from './apiRig.ts';
import { ask } from './apiServer.ts';
import { aPool } from './fakeEngine.ts';

serveFakeEngine();

const histogramOf = (...us: number[]): Histogram => {
  const histogram = new Histogram();
  for (const one of us) histogram.add(one);
  return histogram;
};

/** `name{labels}` → value, labels in the order they were written. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  const { text } = await ask(server.port, '/metrics');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

it('G3: the RTT histogram has the bounds of the row, filled from the engine’s counts, with +Inf, sum and count', async () => {
  engine.setLinks(TEN_LINKS.slice(0, 1));
  const rtt = histogramOf(90, 100, 101, 499_000, 530_000, 20_000_000);
  engine.scraped = {
    links: { 'demo-tokyo': { rtt: rtt.encode(), backoff: histogramOf(100_000, 30_000_000).encode() } },
  };
  const values = await scrape();
  const of = (le: string, name = 'connection_rtt_seconds') =>
    values.get(`${name}_bucket{le="${le}",connection="demo-tokyo",venue="Demo"}`);
  const bounds = ['0.0001', '0.00025', '0.0005', '0.001', '0.0025', '0.005', '0.01', '0.025', '0.05', '0.1', '0.25'];
  expect(bounds.map((le) => of(le))).toEqual([2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]);
  expect(['0.5', '1', '2.5', '5', '10', '+Inf'].map((le) => of(le))).toEqual([4, 5, 5, 5, 5, 6]);
  expect([...values.keys()].filter((key) => key.startsWith('connection_rtt_seconds_bucket')).length).toBe(17);
  expect(values.get('connection_rtt_seconds_sum{connection="demo-tokyo",venue="Demo"}')).toBeCloseTo(21.029291, 6);
  expect(values.get('connection_rtt_seconds_count{connection="demo-tokyo",venue="Demo"}')).toBe(6);
  // What docs/metrics.md says of the number of series.
  expect([...values.keys()].filter((key) => key.includes('connection="demo-tokyo"')).length).toBe(53);
  expect([...values.keys()].filter((key) => /^(warmwire|process)_/.test(key)).length).toBe(14);
  expect(of('0.15', 'reconnect_backoff_seconds')).toBe(1);
  expect(of('29', 'reconnect_backoff_seconds')).toBe(1);
  expect(of('45', 'reconnect_backoff_seconds')).toBe(2);
});

it('G3: a sample stands on the right side of every bound, or within 0.8 % of it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 12_000_000 }), { minLength: 1, maxLength: 200 }), (samples) => {
      const { counts, total } = cumulative(histogramOf(...samples).encode(), RTT_BOUNDS_SECS);
      expect(total).toBe(samples.length);
      for (const [index, bound] of RTT_BOUNDS_SECS.entries()) {
        const boundUs = bound * 1e6;
        const surely = samples.filter((us) => us <= boundUs * 0.992).length;
        const perhaps = samples.filter((us) => us <= boundUs * 1.008).length;
        expect(counts[index]).toBeGreaterThanOrEqual(surely);
        expect(counts[index]).toBeLessThanOrEqual(perhaps);
        expect(counts[index]).toBeGreaterThanOrEqual(counts[index - 1] ?? 0);
      }
    }),
  );
});

it('G3: health is 0, 1 or 2, and a paused link has no sample of it', async () => {
  engine.setLinks(TEN_LINKS);
  const values = await scrape();
  const expected = Object.values(source.mirror.snapshot?.links ?? {}).flatMap(({ name, about, health }) =>
    health.level === 'none'
      ? []
      : [
          [
            `connection_health{connection="${name}",venue="${about.venue}"}`,
            { unhealthy: 0, degraded: 1, healthy: 2 }[health.level],
          ],
        ],
  );
  expect(expected.length).toBe(9);
  expect([...values].filter(([key]) => key.startsWith('connection_health{'))).toEqual(expected);
  expect(new Set(expected.map(([, level]) => level)).size).toBe(3);
  const labels = '{connection="demo-tokyo",venue="Demo"}';
  expect(values.get(`connection_messages_total${labels}`)).toBe(1_204_000);
  expect(values.get(`connection_missed_pongs_total${labels}`)).toBe(4);
  expect(values.get(`connection_connects_total${labels}`)).toBe(1);
  expect(values.get(`connection_reliability_ratio${labels}`)).toBeCloseTo(5_391 / 5_400, 9);
});

it('G3, H8: pools, the gate, and this machine itself', async () => {
  engine.setLinks(TEN_LINKS.slice(0, 1));
  engine.open('demo-tokyo');
  engine.setPools([aPool()]);
  const values = await scrape();
  const pool = (name: string) => values.get(`pool_${name}{pool="kraken"}`);
  expect(pool('requests_total')).toBe(40);
  expect(pool('reused_requests_total')).toBe(38);
  expect(pool('reuse_ratio')).toBe(0.95);
  expect(pool('tls_handshakes_total')).toBe(2);
  expect([pool('active_connections'), pool('idle_connections'), pool('pending_requests')]).toEqual([1, 2, 0]);
  expect(pool('warm_latency_p50_seconds')).toBe(undefined);
  expect(values.get('connection_gate_open{connection="demo-tokyo",venue="Demo"}')).toBe(1);
  expect(values.get('warmwire_engine_loop_delay_p99_seconds')).toBe(0.0015);
  expect(values.get('warmwire_engine_up')).toBe(1);
  expect(values.get('warmwire_engine_stalls_total')).toBe(4);
  expect(values.get('warmwire_build_info{version="1.2.3"}')).toBe(1);
  expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
  engine.queuedMs = 40;
  for (let frame = 0; frame < 10; frame += 1) engine.frame();
  expect((await scrape()).get('warmwire_engine_queue_lag_p99_seconds')).toBeCloseTo(0.04, 3);
  clock.sleep(1_001);
  const silent = await scrape();
  expect(silent.get('warmwire_engine_up')).toBe(0);
  expect(silent.get('connection_gate_open{connection="demo-tokyo",venue="Demo"}')).toBe(0);
});

it('G3: a second scrape counts nothing twice, and a link or pool that is gone has no series', async () => {
  engine.setLinks(TEN_LINKS);
  engine.setPools([aPool()]);
  const keys = (values: ReadonlyMap<string, number>) => [...values.keys()];
  const first = await scrape();
  const second = await scrape();
  expect(keys(second)).toEqual(keys(first));
  const counts = keys(first).filter((key) => /^(connection|pool)_.*_total/.test(key));
  expect(counts.length).toBeGreaterThan(50);
  expect(counts.map((key) => second.get(key))).toEqual(counts.map((key) => first.get(key)));
  engine.setLinks(TEN_LINKS.slice(0, 1));
  engine.setPools([]);
  const third = keys(await scrape());
  expect(third.filter((key) => key.includes('okx-spot') || key.startsWith('pool_'))).toEqual([]);
  expect(third.some((key) => key.includes('demo-tokyo'))).toBe(true);
});

it('G3: series are bounded: links over the cap are only counted', async () => {
  const spec = TEN_LINKS[0] as (typeof TEN_LINKS)[number];
  engine.setLinks(Array.from({ length: MAX_LABELLED + 7 }, (_, i) => ({ ...spec, name: `link-${i}` })));
  const values = await scrape();
  expect([...values.keys()].filter((key) => key.startsWith('connection_up{')).length).toBe(MAX_LABELLED);
  expect(values.get('warmwire_without_series')).toBe(7);
  expect(values.get('warmwire_connections')).toBe(MAX_LABELLED + 7);
});

it('[G3] which links have series goes by the settings, also where a name is a number; so does their list', async () => {
  const spec = TEN_LINKS[0] as (typeof TEN_LINKS)[number];
  const names = [...Array.from({ length: MAX_LABELLED }, (_, i) => `link-${i}`), '2', '1'];
  engine.setLinks(names.map((name) => ({ ...spec, name })));
  const values = await scrape();
  const shown = [...values.keys()].filter((key) => key.startsWith('connection_up{'));
  expect(shown.filter((key) => /connection="\d/.test(key))).toEqual([]);
  const { json } = await ask(server.port, '/api/links');
  expect((json as { data: { name: string }[] }).data.map(({ name }) => name)).toEqual(names);
});

it('G3: scrapes that overlap ask the engine once', async () => {
  let asked = 0;
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    Object.assign(source.engine, {
      scrape: async () => {
        asked += 1;
        if (asked === 1) resolve();
        await held;
        return { ok: true, value: { links: {} } };
      },
    });
  });
  const scrapes = Array.from({ length: 10 }, () => ask(server.port, '/metrics'));
  await reached;
  // Answered on the same server after the ten have been taken in.
  await ask(server.port, '/api/gate');
  answer();
  expect((await Promise.all(scrapes)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(asked).toBe(1);
});

it('G3: names that would break the text are escaped', async () => {
  const spec = TEN_LINKS[0] as (typeof TEN_LINKS)[number];
  engine.setLinks([{ ...spec, name: 'a"b\\c\nd', venue: 'x' }]);
  const { text } = await ask(server.port, '/metrics');
  expect(text).toContain('connection_up{connection="a\\"b\\\\c\\nd",venue="x"} 1\n');
});

describe.skipIf(!hasPrometheus())('with promtool', () => {
  it('G3: promtool has nothing to say about the metrics', async () => {
    engine.setLinks(TEN_LINKS);
    engine.setPools([aPool()]);
    engine.scraped = {
      links: { 'demo-tokyo': { rtt: histogramOf(5_000).encode(), backoff: histogramOf(5_000).encode() } },
    };
    const { text } = await ask(server.port, '/metrics');
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  });
});
