import { readFile } from 'node:fs/promises';
import chromium from '@sparticuz/chromium';
import { type Page, chromium as playwright } from 'playwright-core';
import { HOSTILE_LINKS, TEN_LINKS } from '../fakeLinks.ts';
import { TWENTY_POOLS } from '../fakePools.ts';
import { startHarness, TOKEN } from './server.ts';

/** Takes pictures of every page in both themes and sizes into `argv[2]`, and says what the console and axe say. */
const out = process.argv[2] ?? '/tmp/shots';
const only = process.argv[3] ?? '';
const folder = '/tmp/warmwire-renderer';
/** A single process dies with its first page; without web security the policy would not be tried. */
const UNWANTED = ['--single-process', '--disable-web-security', '--no-zygote', '--hide-scrollbars'];
const browser = await playwright.launch({
  executablePath: await chromium.executablePath(),
  args: [...chromium.args.filter((arg) => !UNWANTED.includes(arg)), '--no-sandbox'],
  ignoreDefaultArgs: ['--hide-scrollbars'],
  headless: true,
});
const axe = await readFile(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const say = (text: string): void => void process.stdout.write(`${text}\n`);

for (const [width, height] of [
  [1280, 800],
  [1920, 1080],
] as const) {
  for (const theme of ['dark', 'light'] as const) {
    const name = `${width}-${theme}`;
    if (only !== '' && !name.includes(only)) continue;
    const harness = await startHarness(folder, 0, TEN_LINKS);
    const page = await (await browser.newContext({ viewport: { width, height }, colorScheme: theme })).newPage();
    listenTo(page, name);
    await page.goto(`http://127.0.0.1:${harness.port}/#token=${TOKEN}`);
    await page.getByTestId('p99-chart').waitFor();
    await page.waitForTimeout(2500);
    await look(page, `${name}-1overview`);
    await page.getByRole('button', { name: 'Table' }).click();
    await page.waitForTimeout(200);
    if (width === 1280 && theme === 'dark') await look(page, `${name}-2table`);
    await goTo(page, '#/link/demo-tokyo');
    await page.getByTestId('rtt-histogram').waitFor();
    await page.waitForTimeout(1500);
    await look(page, `${name}-3link`);
    if (theme === 'dark') {
      await page.screenshot({ path: `${out}/${name}-3link-full.png`, fullPage: true });
      await goTo(page, '#/link/okx-spot?window=1h&range=15m');
      await page.waitForTimeout(1500);
      await look(page, `${name}-4link-waiting`);
    }
    await page.getByRole('button', { name: /^Open breaker of/ }).focus();
    await goTo(page, '#/link/demo-tokyo');
    await page.getByRole('button', { name: 'Open breaker of demo-tokyo' }).click();
    await page.getByRole('alertdialog').waitFor();
    await look(page, `${name}-3confirm`);
    await page.keyboard.press('Escape');
    await goTo(page, '#/pools/okx-orders');
    await page.getByRole('heading', { name: 'Pools' }).waitFor();
    await page.waitForTimeout(700);
    await look(page, `${name}-9pools`);
    await goTo(page, '#/settings');
    await page.locator('.cm-content').waitFor();
    await page.locator('.cm-line', { hasText: 'ping_interval_secs = 1 ' }).click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Delete');
    await page.keyboard.type('p');
    await page.keyboard.press('Delete');
    await page.waitForTimeout(700);
    await look(page, `${name}-5settings-problem`);
    await page.keyboard.type('i');
    await page.keyboard.press('End');
    await page.keyboard.type('\ncompression = true\n[link.new-venue]');
    await page.waitForTimeout(700);
    harness.app.settings.writeOutside(`${harness.app.settings.text}\n# from outside\n`);
    await page.waitForTimeout(300);
    await look(page, `${name}-6settings-conflict`);
    await goTo(page, '#/');
    await page.getByRole('button', { name: 'Reconnect deribit-options' }).click();
    await page.locator('tbody tr').nth(3).focus();
    await page.keyboard.press('?');
    await page.waitForTimeout(400);
    if (theme === 'dark') await look(page, `${name}-7dialog`);
    await page.keyboard.press('Escape');
    harness.cut(true);
    await page.waitForTimeout(1800);
    await look(page, `${name}-8stale`);
    await page.context().close();
    await harness.close();
  }
}

if (only === '' || only === 'many') {
  const harness = await startHarness(folder, 0, TEN_LINKS, TWENTY_POOLS);
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  listenTo(page, 'many');
  await page.goto(`http://127.0.0.1:${harness.port}/#token=${TOKEN}`);
  await goTo(page, '#/pools');
  await page.getByRole('row', { name: 'venue-01' }).focus();
  for (let i = 0; i < 7; i += 1) await page.keyboard.press('ArrowDown');
  await page.waitForTimeout(700);
  await look(page, 'many-pools');
  await page.context().close();
  await harness.close();
}

if (only === '' || only === 'hostile') {
  const harness = await startHarness(folder, 0, HOSTILE_LINKS);
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  listenTo(page, 'hostile');
  await page.goto(`http://127.0.0.1:${harness.port}/#token=${TOKEN}`);
  await page.waitForTimeout(2500);
  await look(page, 'hostile-overview');
  await goTo(page, `#/link/${encodeURIComponent(HOSTILE_LINKS[0]?.name ?? '')}`);
  await page.waitForTimeout(2000);
  await look(page, 'hostile-link');
  await page.context().close();
  await harness.close();
}
await browser.close();

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
}

function listenTo(page: Page, name: string): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      say(`${name} console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => say(`${name} page error: ${error.message}`));
}

async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${out}/${name}.png` });
  const scroll = await page.evaluate(() => {
    const main = document.querySelector('main') as HTMLElement;
    const clipped = [
      ...document.querySelectorAll<HTMLElement>(
        '.links td.num, .links td.gate, .links th, .fact dd, .plain td, .name a',
      ),
    ]
      .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
      .map((cell) => cell.textContent);
    return {
      over: main.scrollHeight - main.clientHeight,
      wide: main.scrollWidth - main.clientWidth,
      clipped: [...new Set(clipped)].slice(0, 12),
    };
  });
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const found = await (
      window as unknown as {
        axe: {
          run(): Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }>;
        };
      }
    ).axe.run();
    return found.violations.map(
      (entry) =>
        `${entry.id} x${entry.nodes.length}: ${entry.nodes
          .slice(0, 3)
          .map((node) => `${node.target.join(' ')} ${node.failureSummary.split('\n')[1]?.trim() ?? ''}`)
          .join(' | ')}`,
    );
  });
  say(
    `${name}: over ${scroll.over} wide ${scroll.wide} clipped ${JSON.stringify(scroll.clipped)}${violations.map((text) => `\n   axe ${text}`).join('')}`,
  );
}
