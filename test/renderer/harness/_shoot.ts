import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import { startHarness, TOKEN } from './server.ts';

const harness = await startHarness('/work/w/notices/out/renderer');
const browser = await playwright.launch({
  executablePath: await chromium.executablePath(),
  args: [
    ...chromium.args.filter((arg) => !['--single-process', '--disable-web-security', '--no-zygote'].includes(arg)),
    '--no-sandbox',
  ],
  headless: true,
});
const { notices } = harness.app;
notices.resolve(
  notices.raise('p99-over', 'bybit-linear', 'bybit-linear: p99 over 5 min 312 ms, over 150 ms for 45 s', {
    severity: 'bad',
    agoMs: 7_200_000,
  }),
  7_000_000,
);
notices.resolve(
  notices.raise('flapping', 'okx-spot', 'okx-spot: 6 reconnects in 10 min, over 5', { agoMs: 90_000_000, muted: true }),
  88_000_000,
);
notices.gaveUp(
  'deribit-options',
  'gave up after 10 attempts: the name www.deribit.com does not resolve (ENOTFOUND); press Reconnect to start it again',
);
notices.raise(
  'link-down',
  'kraken-v2',
  'kraken-v2: down for 15 s: closed by the venue with 1013 "try again later": it is overloaded and asks to try again later',
  { agoMs: 64_000 },
);
notices.raise('data-age-over', 'binance-futures', 'binance-futures: no data for 72 s, over 60 s', { agoMs: 30_000 });
notices.raise('memory-over', '', 'this machine: memory of this program 2310 MiB, over 2048 MiB for 60 s', {
  severity: 'info',
  agoMs: 300_000,
});
const troubles: string[] = [];
for (const theme of ['dark', 'light'] as const)
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
    page.on('console', (m) => {
      if (['error', 'warning'].includes(m.type())) troubles.push(m.text());
    });
    page.on('pageerror', (e) => troubles.push(e.message));
    await page.goto(`http://127.0.0.1:${harness.port}/#token=${TOKEN}`);
    await page.getByTestId('p99-chart').waitFor();
    const shot = (name: string) => page.screenshot({ path: `/tmp/nshots/${name}-${theme}-${width}.png` });
    await page.keyboard.press('n');
    await page.getByRole('dialog', { name: 'Notices' }).getByText('All notices and rules').waitFor();
    await page.waitForTimeout(300);
    await shot('panel');
    await page.keyboard.press('Escape');
    if (theme === 'dark' && width === 1280) {
      notices.gaveUp(
        'demo-tokyo',
        'gave up after 10 attempts: 127.0.0.1:9443 cannot be reached (ECONNREFUSED); press Reconnect to start it again',
      );
      await page.waitForTimeout(400);
      await shot('toast');
    }
    await page.keyboard.press('4');
    await page.getByRole('heading', { name: 'Notices' }).waitFor();
    await page.waitForTimeout(300);
    await shot('page');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
    await shot('palette');
    await page.keyboard.type('rec okx');
    await page.waitForTimeout(200);
    await shot('palette-typed');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await shot('keys');
    await page.getByRole('button', { name: 'Show the tour' }).click();
    await page.locator('.tour').waitFor();
    await page.waitForTimeout(500);
    await shot('tour1');
    for (let i = 2; i <= 5; i += 1) {
      await page.getByRole('button', { name: 'Next' }).click();
      await page.waitForTimeout(200);
      if (i !== 3) await shot(`tour${i}`);
    }
    await page.close();
  }
process.stdout.write(`troubles: ${troubles.join('\n')}\n`);
await browser.close();
await harness.close();
process.exit(0);
