import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { exactPercentile } from './_report.ts';

/** Work of a page's main thread in one update (the time between two frames of the engine): CPU, ms. */
export interface PageWork {
  readonly updates: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** Tasks over 50 ms of CPU, and of wall time (what others take of this machine counts there too). */
  readonly longTasks: number;
  readonly longTasksWall: number;
  /** Of the whole time, the share of one core in which the main thread worked. */
  readonly corePercent: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly tid: number;
  readonly pid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

export const UPDATE_MS = 250;
const LONG_MS = 50;
const US = 1000;

/** Traces the page for so long. Everything the main thread does is a task: script, style, layout, paint, collection. */
export async function probe(cdp: CDPSession, forMs: number): Promise<PageWork> {
  const events: TraceEvent[] = [];
  const take = ({ value }: { value: unknown }): void => void events.push(...(value as TraceEvent[]));
  cdp.on('Tracing.dataCollected', take as never);
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    bufferUsageReportingInterval: 10_000,
    traceConfig: {
      recordMode: 'recordContinuously',
      includedCategories: ['disabled-by-default-devtools.timeline', 'toplevel', '__metadata'],
    },
  } as never);
  await sleep(forMs);
  const done = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await done;
  cdp.off('Tracing.dataCollected', take as never);
  return workOf(events);
}

/** The renderer's main thread is the busiest of those that are named so: the page that is looked at. */
function workOf(events: readonly TraceEvent[]): PageWork {
  const mains = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(threadOf),
  );
  const tasks = events.filter(({ name, ph }) => ph === 'X' && TASKS.has(name));
  const byThread = Map.groupBy(
    tasks.filter((event) => mains.has(threadOf(event))),
    threadOf,
  );
  const own = [...byThread.values()].sort((a, b) => total(b) - total(a))[0] ?? [];
  if (own.length === 0) throw new Error('could not measure: the trace holds no task of a page');
  const outer = outermost(own);
  const from = Math.min(...outer.map(({ ts }) => ts));
  const until = Math.max(...outer.map(({ ts }) => ts));
  const bins = new Array<number>(Math.max(1, Math.floor((until - from) / US / UPDATE_MS))).fill(0);
  for (const task of outer) {
    const bin = Math.floor((task.ts - from) / US / UPDATE_MS);
    if (bin < bins.length) bins[bin] = (bins[bin] as number) + cpuMs(task);
  }
  return {
    updates: bins.length,
    p50Ms: exactPercentile(bins, 0.5),
    p95Ms: exactPercentile(bins, 0.95),
    maxMs: Math.max(...bins),
    longTasks: outer.filter((task) => cpuMs(task) > LONG_MS).length,
    longTasksWall: outer.filter(({ dur = 0 }) => dur / US > LONG_MS).length,
    corePercent: (100 * total(outer)) / ((until - from) / US),
  };
}

const TASKS: ReadonlySet<string> = new Set(['RunTask', 'ThreadControllerImpl::RunTask']);
const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
const cpuMs = ({ tdur, dur = 0 }: TraceEvent): number => (tdur ?? dur) / US;
const total = (tasks: readonly TraceEvent[]): number => tasks.reduce((sum, task) => sum + cpuMs(task), 0);

/** A task may run others inside it (and is told under two names): only the outermost counts. */
function outermost(tasks: readonly TraceEvent[]): TraceEvent[] {
  const sorted = [...tasks].sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const kept: TraceEvent[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const task of sorted) {
    if (task.ts < end) continue;
    kept.push(task);
    end = task.ts + (task.dur ?? 0);
  }
  return kept;
}

export interface PageSize {
  readonly heapBytes: number;
  readonly nodes: number;
}

/** What is left after a full collection. */
export async function sizeOf(cdp: CDPSession): Promise<PageSize> {
  for (let i = 0; i < 3; i += 1) {
    await cdp.send('HeapProfiler.collectGarbage');
    await sleep(100);
  }
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const counted = await cdp.send('Runtime.evaluate', { expression: "document.querySelectorAll('*').length" });
  return { heapBytes: usedSize, nodes: Number(counted.result.value) };
}

/** The page as it is when another tab is in front of it. Chromium without a window has no other way than to say so. */
export async function hide(page: Page): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'hidden', { get: () => true, configurable: true });
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}

/** Seconds of CPU that the processes of all pages of this browser have taken. */
export async function pagesCpuSecs(browser: CDPSession): Promise<number> {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}
