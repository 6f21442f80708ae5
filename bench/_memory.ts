import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from './_clock.ts';

/**
 * V8 as the product's engine thread has it (`engineThread.ts`; three semi-spaces make its 12 MB), from the start at the size
 * that it grows to: that is paid once, not a link.
 */
export const ENGINE_HEAP = [
  '--min-semi-space-size=4',
  '--max-semi-space-size=4',
  '--heap-growing-percent=30',
  '--no-allocation-site-pretenuring',
] as const;

/** What a side of the scale bench is told, in its first argument. */
export interface ScaleJob {
  readonly side: 'bare' | 'warmwire' | 'parts';
  readonly links: number;
  /** Links that the venue refuses: they are dialled again and again, and never were up. */
  readonly others: number;
  readonly port: number;
  readonly dialsPerSec: number;
  readonly pingIntervalMs: number;
  /** After the last connect, until the pings at 1 s that follow a connect are over and every gate has opened. */
  readonly settleMs: number;
  /** Of idling before its cost is measured: V8 compiles for a minute or two what runs seldom. */
  readonly warmMs: number;
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
  /** The same a link, counted from the first link on, with what the process pays once. */
  readonly fromFirst: Memory;
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
  return grownBy(links, from, await memory());
}

export const grownBy = (links: number, from: Memory, now: Memory): Memory => ({
  heap: (now.heap - from.heap) / links,
  rss: (now.rss - from.rss) / links,
});

/** Links that are up before the counting begins: a tenth. */
export const upBefore = ({ links }: ScaleJob): number => Math.max(1, Math.round(links / 10));

export async function cpuPercent({ watchMs }: ScaleJob): Promise<number> {
  const [from, cpu] = [nowMs(), process.cpuUsage()];
  await sleep(watchMs);
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 10 / (nowMs() - from);
}
