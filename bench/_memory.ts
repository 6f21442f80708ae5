import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from './_clock.ts';

/** V8 as the product's engine thread has it (`engineThread.ts`; three semi-spaces make its 6 MB). */
export const ENGINE_HEAP = ['--max-semi-space-size=2', '--heap-growing-percent=30'] as const;

/** What a side of the scale bench is told, in its first argument. */
export interface ScaleJob {
  readonly side: 'bare' | 'warmwire' | 'parts';
  readonly links: number;
  /** Links that the venue refuses: they are dialled again and again, and never were up. */
  readonly others: number;
  readonly port: number;
  readonly dialsPerSec: number;
  readonly pingIntervalMs: number;
  /** After the last connect, until the pings at 1 s that follow a connect are over. */
  readonly settleMs: number;
  readonly watchMs: number;
  readonly capMs: number;
}

/** Bytes. `heap`: what a full collection leaves of the JavaScript heap and of memory outside it that it holds. */
export interface Memory {
  readonly heap: number;
  readonly rss: number;
}

export interface BareTaken {
  readonly memory: Memory;
  readonly cpuPercent: number;
}

export const jobOf = (): ScaleJob => JSON.parse(process.argv[2] ?? '{}') as ScaleJob;

/** RSS after ordinary collections, as a process has it; the heap after the most thorough one there is. */
export async function memory(): Promise<Memory> {
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc?.();
    await sleep(20);
  }
  const { rss } = process.memoryUsage();
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

/** What each link has added since `from`. */
export async function perLink({ links }: ScaleJob, from: Memory): Promise<Memory> {
  const now = await memory();
  return { heap: (now.heap - from.heap) / links, rss: (now.rss - from.rss) / links };
}

export async function cpuPercent({ watchMs }: ScaleJob): Promise<number> {
  const [from, cpu] = [nowMs(), process.cpuUsage()];
  await sleep(watchMs);
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 10 / (nowMs() - from);
}
