/**
 * Can the overview be left open all day with 200 links? The built page in a real Chromium, fed over a real WebSocket by a
 * made-up engine with the product's own deltas, four frames a second, for a minute (ten with --long). Then the same
 * table and chart as one would write them first (`_plain`), for a shorter time.
 *
 * An update is 250 ms; its work is the CPU time of script, style, layout and paint of the page's main thread in it. Beside it
 * stand all tasks of that thread (with the trace's own part), and the CPU of the whole process: raster is other threads'.
 * Numbers are CPU time, so that other work on this machine does not count, except where "wall" is said.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import react from '@vitejs/plugin-react';
import type { CDPSession, Page } from 'playwright-core';
import { build } from 'vite';
import { openChromium } from '../test/e2e/chromium.ts';
import { startHarness, TOKEN } from '../test/renderer/harness/server.ts';
import { nowMs, scaled } from './_clock.ts';
import { manyLinks } from './_manyLinks.ts';
import { hide, type PageSize, type PageWork, pagesCpuSecs, probe, sizeOf } from './_pageProbe.ts';
import { printReport, round } from './_report.ts';

const ROOT = resolve(import.meta.dirname, '..');
const LINKS = 200;
const WATCH_MS = process.argv.includes('--long') ? 600_000 : scaled(60_000, 6_000);
const SETTLE_MS = 5_000;
const HIDDEN_MS = scaled(20_000, 5_000);
const PLAIN_MS = scaled(15_000, 5_000);

interface Watched {
  readonly work: PageWork;
  readonly processPercent: number;
  readonly atThird: PageSize;
  readonly atEnd: PageSize;
}

/** Opens the page of `folder`, lets it settle, and calls `watch`. */
async function withPage<T>(
  folder: string,
  ready: string,
  watch: (page: Page, cdp: CDPSession, browser: CDPSession) => Promise<T>,
): Promise<T> {
  const harness = await startHarness(folder, 0, manyLinks(LINKS));
  const chromium = await openChromium();
  try {
    const page = await chromium.browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`http://127.0.0.1:${harness.port}/#token=${TOKEN}`);
    await page.locator(ready).first().waitFor({ timeout: 60_000 });
    await sleep(SETTLE_MS);
    return await watch(page, await page.context().newCDPSession(page), await chromium.browser.newBrowserCDPSession());
  } finally {
    await chromium.close();
    await harness.close();
  }
}

async function processPercent(browser: CDPSession, during: () => Promise<unknown>): Promise<number> {
  const [at, cpu] = [nowMs(), await pagesCpuSecs(browser)];
  await during();
  return (100_000 * ((await pagesCpuSecs(browser)) - cpu)) / (nowMs() - at);
}

/** Traced in the second third only: the trace itself is memory of the browser, and of no page. */
async function watchPage(cdp: CDPSession, browser: CDPSession, forMs: number): Promise<Watched> {
  await sleep(forMs / 3);
  const atThird = await sizeOf(cdp);
  let work: PageWork | null = null;
  const percent = await processPercent(browser, async () => {
    work = await probe(cdp, forMs / 3);
  });
  await sleep(forMs / 3);
  if (work === null) throw new Error('could not measure: nothing was traced');
  return { work, processPercent: percent, atThird, atEnd: await sizeOf(cdp) };
}

const product = await withPage(join(ROOT, 'out/renderer'), 'tr[data-link]', async (page, cdp, browser) => {
  const seen = await watchPage(cdp, browser, WATCH_MS);
  await hide(page);
  await sleep(SETTLE_MS);
  const hidden = await processPercent(browser, () => sleep(HIDDEN_MS));
  return { ...seen, hidden };
});

const plainFolder = mkdtempSync(join(tmpdir(), 'warmwire-plain-'));
await build({
  configFile: false,
  logLevel: 'error',
  root: join(ROOT, 'bench/_plain'),
  base: './',
  plugins: [react()],
  build: { outDir: plainFolder, emptyOutDir: true },
});
const plain = await withPage(plainFolder, 'tr', (_page, cdp) => probe(cdp, PLAIN_MS));
rmSync(plainFolder, { recursive: true });

const mb = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
process.stdout.write(
  `${LINKS} links, four frames a second, ${WATCH_MS / 1000} s; the page's main thread, CPU\n` +
    `  an update: p50 ${product.work.p50Ms.toFixed(1)} ms, p95 ${product.work.p95Ms.toFixed(1)} ms, most ${product.work.maxMs.toFixed(1)} ms (${product.work.updates} updates); all tasks p50 ${product.work.tasksP50Ms.toFixed(1)} ms, p95 ${product.work.tasksP95Ms.toFixed(1)} ms\n` +
    `  plainly in recharts and React: p50 ${plain.p50Ms.toFixed(1)} ms, p95 ${plain.p95Ms.toFixed(1)} ms of ${250} ms that there are\n` +
    `  tasks over 50 ms: ${product.work.longTasks} (by wall time ${product.work.longTasksWall})\n` +
    `  whole process ${product.processPercent.toFixed(1)} % of a core, hidden ${product.hidden.toFixed(2)} %\n` +
    `  heap ${mb(product.atThird.heapBytes)} MB at a third, ${mb(product.atEnd.heapBytes)} MB at the end; ${product.atThird.nodes} and ${product.atEnd.nodes} elements\n`,
);
printReport({
  bench: 'ui',
  figures: {
    links: LINKS,
    updates: product.work.updates,
    update_p50_ms: round(product.work.p50Ms, 2),
    update_p95_ms: round(product.work.p95Ms, 2),
    update_max_ms: round(product.work.maxMs, 2),
    tasks_p50_ms: round(product.work.tasksP50Ms, 2),
    tasks_p95_ms: round(product.work.tasksP95Ms, 2),
    long_tasks: product.work.longTasks,
    long_tasks_wall: product.work.longTasksWall,
    main_thread_percent: round(product.work.corePercent, 2),
    process_percent: round(product.processPercent, 2),
    hidden_percent: round(product.hidden, 2),
    heap_third_bytes: product.atThird.heapBytes,
    heap_end_bytes: product.atEnd.heapBytes,
    nodes_third: product.atThird.nodes,
    nodes_end: product.atEnd.nodes,
    nodes_grown: Math.max(0, product.atEnd.nodes - product.atThird.nodes),
    plain_update_p50_ms: round(plain.p50Ms, 2),
    plain_update_p95_ms: round(plain.p95Ms, 2),
  },
  ratios: {
    heap_end_to_third: round(product.atEnd.heapBytes / product.atThird.heapBytes),
    p95_to_plain: round(product.work.p95Ms / plain.p95Ms),
  },
  aims: { update_p95_ms: 8, long_tasks: 0, heap_end_to_third: 1.05, nodes_grown: 0, hidden_percent: 1 },
});
