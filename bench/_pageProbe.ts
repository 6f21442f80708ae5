import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { exactPercentile } from './_report.ts';

/** What a page's main thread does in one update (the time between two frames of the engine): CPU, ms. */
export interface PageWork {
  readonly updates: number;
  /** Script, style, layout and paint. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** The same with all that else runs on that thread: what comes in, collection when idle, the scheduler, and this trace. */
  readonly tasksP50Ms: number;
  readonly tasksP95Ms: number;
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

/** Traces the page for so long. Everything the main thread does is a task. */
export async function probe(cdp: CDPSession, forMs: number): Promise<PageWork> {
  const events: TraceEvent[] = [];
  const take = ({ value }: { value: unknown }): void => void events.push(...(value as TraceEvent[]));
  cdp.on('Tracing.dataCollected', take as never);
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    bufferUsageReportingInterval: 10_000,
    traceConfig: {
      recordMode: 'recordContinuously',
      includedCategories: [
        'disabled-by-default-devtools.timeline',
        'devtools.timeline',
        'blink',
        'toplevel',
        '__metadata',
      ],
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
  const spans = events.filter((event) => event.ph === 'X' && mains.has(threadOf(event)));
  const byThread = Map.groupBy(
    spans.filter(({ name }) => TASKS.has(name)),
    threadOf,
  );
  const [own = []] = [...byThread.values()].sort((a, b) => total(b) - total(a));
  const [first] = own;
  if (first === undefined) throw new Error('could not measure: the trace holds no task of a page');
  const tasks = outermost(own);
  const work = outermost(spans.filter((event) => WORK.has(event.name) && threadOf(event) === threadOf(first)));
  const from = Math.min(...tasks.map(({ ts }) => ts));
  const until = Math.max(...tasks.map(({ ts }) => ts));
  const [inTasks, inWork] = [tasks, work].map((events) => byUpdate(events, from, until)) as [number[], number[]];
  return {
    updates: inWork.length,
    p50Ms: exactPercentile(inWork, 0.5),
    p95Ms: exactPercentile(inWork, 0.95),
    maxMs: Math.max(...inWork),
    tasksP50Ms: exactPercentile(inTasks, 0.5),
    tasksP95Ms: exactPercentile(inTasks, 0.95),
    longTasks: tasks.filter((task) => cpuMs(task) > LONG_MS).length,
    longTasksWall: tasks.filter(({ dur = 0 }) => dur / US > LONG_MS).length,
    corePercent: (100 * total(tasks)) / ((until - from) / US),
  };
}

/** CPU of events by the update in which they began, ms. */
function byUpdate(events: readonly TraceEvent[], fromUs: number, untilUs: number): number[] {
  const updates = new Array<number>(Math.max(1, Math.floor((untilUs - fromUs) / US / UPDATE_MS))).fill(0);
  for (const event of events) {
    const update = Math.floor((event.ts - fromUs) / US / UPDATE_MS);
    if (update >= 0 && update < updates.length) updates[update] = (updates[update] as number) + cpuMs(event);
  }
  return updates;
}

/** As the DevTools name them; collection that script causes lies inside of it. The last is what a canvas costs here. */
const WORK: ReadonlySet<string> = new Set([
  'EvaluateScript',
  'FunctionCall',
  'TimerFire',
  'FireAnimationFrame',
  'RunMicrotasks',
  'EventDispatch',
  'HitTest',
  'UpdateLayoutTree',
  'Layout',
  'PrePaint',
  'Paint',
  'Layerize',
  'Commit',
  'CanvasRenderingContext2D::FinalizeFrame',
]);
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
