import { Counter, Gauge, type Registry } from 'prom-client';
import type { MachineView } from '../../shared/snapshot.ts';

/** Puts one value for each of these into a metric. */
export type Fill<T> = (all: readonly T[], heard: boolean) => void;

export interface MachineFacts {
  readonly version: string;
  readonly machine: MachineView | null;
  readonly heard: boolean;
  readonly queueLagP99Ms: number;
  readonly links: number;
  readonly withoutSeries: number;
  readonly scrapeSecs: number;
}

/** Row H8 and Warmwire itself. */
export function machineMetrics(registry: Registry) {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  return {
    build: new Gauge({
      name: 'warmwire_build_info',
      help: 'Always 1; the version stands in the label.',
      labelNames: ['version'],
      registers,
    }),
    heard: gauge('warmwire_engine_up', '1 while the engine is heard at least once a second.'),
    links: gauge('warmwire_connections', 'Links in the settings.'),
    withoutSeries: gauge('warmwire_without_series', 'Links and pools over the cap, which have no series here.'),
    scrape: gauge('warmwire_scrape_duration_seconds', 'How long the engine took to answer this scrape.'),
    loopP99: gauge(
      'warmwire_engine_loop_delay_p99_seconds',
      'Lateness of the engine’s event loop over the last minute.',
    ),
    loopMax: gauge('warmwire_engine_loop_delay_max_seconds', 'The worst of it over the last minute.'),
    queueLag: gauge(
      'warmwire_engine_queue_lag_p99_seconds',
      'How long what the engine tells waited for this thread, over the last minute.',
    ),
    stalls: counter('warmwire_engine_stalls_total', 'Times that the engine’s thread was held up since start.'),
    heap: gauge('warmwire_engine_heap_bytes', 'Heap of the engine’s thread.'),
    inflated: gauge('warmwire_engine_inflated_bytes', 'What the open sockets have inflated.'),
    rss: gauge('process_resident_memory_bytes', 'Memory of the whole process.'),
    cpu: counter('process_cpu_seconds_total', 'User and system time of the whole process.'),
    started: gauge('process_start_time_seconds', 'Start of the process, seconds since 1970 UTC.'),
  };
}

export function fillMachine(metrics: ReturnType<typeof machineMetrics>, facts: MachineFacts): void {
  const { machine } = facts;
  metrics.build.set({ version: facts.version }, 1);
  metrics.heard.set(Number(facts.heard));
  metrics.links.set(facts.links);
  metrics.queueLag.set(facts.queueLagP99Ms / 1000);
  metrics.withoutSeries.set(facts.withoutSeries);
  metrics.scrape.set(facts.scrapeSecs);
  const { user, system } = process.cpuUsage();
  set(metrics.cpu, (user + system) / 1e6);
  metrics.rss.set(process.memoryUsage.rss());
  metrics.started.set(performance.timeOrigin / 1000);
  for (const ofNow of [metrics.loopP99, metrics.loopMax, metrics.heap, metrics.inflated]) ofNow.remove();
  if (machine === null) return;
  set(metrics.stalls, machine.stalls);
  if (!facts.heard) return;
  metrics.loopP99.set(machine.loopP99Ms / 1000);
  metrics.loopMax.set(machine.loopMaxMs / 1000);
  metrics.heap.set(machine.heapBytes);
  metrics.inflated.set(machine.inflatedBytes);
}

function set(counter: Counter, value: number): void {
  counter.reset();
  counter.inc(value);
}
