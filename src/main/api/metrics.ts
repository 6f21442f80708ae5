import { Counter, Gauge, Registry } from 'prom-client';
import type { LinkView } from '../../shared/linkView.ts';
import type { PoolView } from '../../shared/pool.ts';
import type { ScrapeFrame } from '../../shared/rttView.ts';
import { linksOf } from '../../shared/snapshot.ts';
import type { ApiSource } from './apiSource.ts';
import { FilledHistogram } from './filledHistogram.ts';
import { gateOf } from './gateBody.ts';
import { LINK_METRICS, type LinkSample } from './linkMetrics.ts';
import { type Fill, fillMachine, machineMetrics } from './machineMetrics.ts';
import type { MetricRow } from './metricRow.ts';
import { POOL_METRICS } from './poolMetrics.ts';

/** Links and pools that get series of their own; those beyond, in the order of the settings, are only counted. */
export const MAX_LABELLED = 500;

/** Row G3, seconds. */
export const RTT_BOUNDS_SECS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
/** Between the waits of the built-in values (0.1 s doubled up to 30 s, jitter included), so that none lies on a bound. */
const BACKOFF_BOUNDS_SECS = [0.15, 0.3, 0.6, 1.2, 2.4, 4.8, 9.6, 19.2, 29, 45, 120];

/** Everything that `/metrics` says. Filled anew at each scrape from the engine's own counts; nothing is counted here. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #links: readonly Fill<LinkSample>[];
  readonly #pools: readonly Fill<PoolView>[];
  readonly #rtt: FilledHistogram;
  readonly #backoff: FilledHistogram;
  readonly #machine: ReturnType<typeof machineMetrics>;

  constructor() {
    this.#links = LINK_METRICS.map((row) => this.#fillOf(row, ['connection', 'venue'], linkLabels));
    this.#pools = POOL_METRICS.map((row) => this.#fillOf(row, ['pool'], ({ name }) => ({ pool: name })));
    this.#rtt = new FilledHistogram(
      this.#registry,
      'connection_rtt_seconds',
      'Round trips of pings since start, without those taken across a stall of this machine.',
      RTT_BOUNDS_SECS,
    );
    this.#backoff = new FilledHistogram(
      this.#registry,
      'reconnect_backoff_seconds',
      'Waits before a new try to connect, since start.',
      BACKOFF_BOUNDS_SECS,
    );
    this.#machine = machineMetrics(this.#registry);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** `scrapeSecs`: how long the engine took to answer. */
  text(source: ApiSource, frame: ScrapeFrame, scrapeSecs: number): Promise<string> {
    const { version, mirror } = source;
    const links = mirror.snapshot === null ? [] : linksOf(mirror.snapshot);
    const shown = links.slice(0, MAX_LABELLED);
    const isHeard = mirror.standing === 'heard';
    const samples = shown.map((link) => ({ ...link, isGateOpen: gateOf(source, link.name)?.open === true, isHeard }));
    for (const fill of this.#links) fill(samples, isHeard);
    for (const fill of this.#pools) fill(mirror.pools.slice(0, MAX_LABELLED), isHeard);
    const histograms = shown.flatMap((link) => {
      const counts = Object.hasOwn(frame.links, link.name) ? frame.links[link.name] : undefined;
      return counts === undefined ? [] : [{ labels: linkLabels(link), counts }];
    });
    this.#rtt.fill(histograms.map(({ labels, counts }) => ({ labels, histogram: counts.rtt })));
    this.#backoff.fill(histograms.map(({ labels, counts }) => ({ labels, histogram: counts.backoff })));
    fillMachine(this.#machine, {
      version,
      machine: mirror.snapshot?.machine ?? null,
      heard: isHeard,
      queueLagP99Ms: mirror.queueLag.p99Ms,
      links: links.length,
      withoutSeries: links.length - shown.length + Math.max(0, mirror.pools.length - MAX_LABELLED),
      scrapeSecs,
    });
    return this.#registry.metrics();
  }

  #fillOf<T>(row: MetricRow<T>, labelNames: readonly string[], labelsOf: (of: T) => Record<string, string>): Fill<T> {
    const config = { name: row.name, help: row.help, labelNames: [...labelNames], registers: [this.#registry] };
    if (row.type === 'counter') {
      const counter = new Counter(config);
      return (all) => {
        counter.reset();
        for (const one of all) counter.inc(labelsOf(one), row.value(one) ?? 0);
      };
    }
    const gauge = new Gauge(config);
    return (all, heard) => {
      gauge.reset();
      if (row.isOfNow === true && !heard) return;
      for (const one of all) {
        const value = row.value(one);
        if (value !== null) gauge.set(labelsOf(one), value);
      }
    };
  }
}

const linkLabels = (link: LinkView): Record<string, string> => ({ connection: link.name, venue: link.about.venue });
