/**
 * How long does one look at an empty page? The built product, headless, with its first settings (three demo links) and then
 * with a hundred more on one of its demo venues; the page is loaded anew without any cache, and the time is taken from the
 * first byte of the server's answer to the frame in which a row shows a number. And what the page loads before that, gzipped.
 */
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHost } from '../test/e2e/hosts.ts';
import { initialScripts } from '../test/support/initialScripts.ts';
import { scaled } from './_clock.ts';
import { exactPercentile, median, printReport, round } from './_report.ts';

const LOADS = scaled(15, 3);
const MANY = 100;
const ROOT = resolve(import.meta.dirname, '..');

/** In the page: notes when the first row with a figure has been painted. */
const WATCH = `
  const numbers = Promise.withResolvers();
  window.firstNumbers = numbers.promise;
  const look = () => {
    const cell = document.querySelector('tr[data-link] td.num');
    if (cell !== null && /\\d/.test(cell.closest('tr').innerText)) {
      requestAnimationFrame(() => setTimeout(() => numbers.resolve(performance.now())));
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;
/** Waits in the page: a look from outside, again and again, would be `eval`, which its policy forbids. */
const TIMES = `window.firstNumbers.then((shown) => ({
  answered: performance.getEntriesByType('navigation')[0].responseStart,
  shown,
}))`;

async function loads(settings: string | undefined): Promise<number[]> {
  const host = await startHost('headless', settings === undefined ? {} : { settings });
  try {
    const { page } = host;
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Network.enable');
    await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
    await page.addInitScript(WATCH);
    await page.locator('tr[data-link]').first().waitFor();
    await sleep(3_000);
    const took: number[] = [];
    for (let i = 0; i < LOADS; i += 1) {
      await page.reload();
      const { answered, shown } = (await page.evaluate(TIMES)) as { answered: number; shown: number };
      took.push(shown - answered);
    }
    return took;
  } finally {
    await host.stop();
  }
}

const many = Array.from(
  { length: MANY },
  (_, index) => `[link.demo-${index}]\npreset = "demo_frankfurt"\nsubscribe = ["ticker:BTC-USD"]\n`,
).join('\n');
const few = await loads(undefined);
const with100 = await loads(many);
const scripts = [...initialScripts(resolve(ROOT, 'out/renderer')).values()];
const bytes = scripts.reduce((sum, size) => sum + size, 0);
process.stdout.write(
  `from the server's first byte to the first painted numbers, ${LOADS} loads without a cache, wall time\n` +
    `  first settings: median ${median(few).toFixed(0)} ms, most ${Math.max(...few).toFixed(0)} ms\n` +
    `  ${MANY} links: median ${median(with100).toFixed(0)} ms, most ${Math.max(...with100).toFixed(0)} ms\n` +
    `  before that: ${scripts.length} scripts, ${(bytes / 1000).toFixed(1)} kB gzipped\n`,
);
printReport({
  bench: 'paint',
  figures: {
    loads: LOADS,
    first_numbers_median_ms: round(median(few), 0),
    first_numbers_p95_ms: round(exactPercentile(few, 0.95), 0),
    many_links: MANY,
    many_median_ms: round(median(with100), 0),
    many_p95_ms: round(exactPercentile(with100, 0.95), 0),
    initial_scripts: scripts.length,
    initial_js_gzip_bytes: bytes,
  },
  ratios: {},
  aims: { first_numbers_p95_ms: 1000, many_p95_ms: 1000, initial_js_gzip_bytes: 350_000 },
});
