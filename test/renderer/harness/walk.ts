import chromium from '@sparticuz/chromium';
import { type Page, chromium as playwright } from 'playwright-core';
import { startHarness, TOKEN } from './server.ts';

/** Walks through what a screenshot cannot show, and prints one line a claim. Needs a built page, as `shots.ts` does. */
const browser = await playwright.launch({
  executablePath: await chromium.executablePath(),
  args: [
    ...chromium.args.filter((arg) => !['--single-process', '--disable-web-security', '--no-zygote'].includes(arg)),
    '--no-sandbox',
  ],
  headless: true,
});
const folder = process.argv[2] ?? '/tmp/warmwire-renderer';
const harness = await startHarness(folder);
const base = `http://127.0.0.1:${harness.port}`;
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
const page = await context.newPage();
const troubles: string[] = [];
page.on('console', (message) => {
  if (['error', 'warning'].includes(message.type()) && !/WebSocket connection to/.test(message.text()))
    troubles.push(message.text());
});
page.on('pageerror', (error) => troubles.push(error.message));
let failures = 0;

await page.goto(base);
await claim('without a token the page says what to open', () => seen(page, 'This address is incomplete'));
await page.goto('about:blank');
await page.goto(`${base}/#token=wrong`);
await claim('a refused token says so', () => seen(page, 'did not accept this address'));
await page.goto(`${base}/#token=${TOKEN}`);
await claim('a new address in the same tab starts again', () =>
  page.getByTestId('p99-chart').waitFor({ timeout: 5000 }),
);
await claim('the token is not in the address', () => check(!page.url().includes('token')));
await claim('the title mirrors the worst state', () => check(/^kraken-v2 .*3 of 9 links healthy/, page.title()));
await claim('a row is found by its name', () => page.getByRole('row', { name: 'demo-tokyo' }).waitFor());

await claim('arrow keys, Enter and Esc', async () => {
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  check(await focused(page), 'demo-frankfurt');
  await page.keyboard.press('End');
  check(await focused(page), 'polymarket-rtds');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'polymarket-rtds' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('p99-chart').waitFor();
  await page.keyboard.press('ArrowDown');
  check(await focused(page), 'polymarket-rtds');
});
await claim('p pauses and resumes the row', async () => {
  await page.keyboard.press('p');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Resume polymarket-rtds' }).waitFor({ timeout: 2000 });
  await page.keyboard.press('p');
  await page.getByRole('button', { name: 'Pause polymarket-rtds' }).waitFor({ timeout: 2000 });
});
await claim('Shift+click is a hard reconnect', async () => {
  await page.getByRole('button', { name: 'Reconnect demo-tokyo' }).click({ modifiers: ['Shift'] });
  await page.getByRole('alertdialog').getByRole('button', { name: 'Reconnect hard' }).click();
  await page
    .getByRole('row', { name: 'demo-tokyo' })
    .getByText('connecting', { exact: true })
    .waitFor({ timeout: 2000 });
  await page.getByRole('row', { name: 'demo-tokyo' }).getByText('up', { exact: true }).waitFor({ timeout: 4000 });
});
await claim('the chart marks the loss', async () => {
  await page
    .locator('[data-testid=chart-mark][data-link="demo-tokyo"][data-kind=lost]')
    .last()
    .waitFor({ state: 'attached', timeout: 3000 });
});
await claim('the chart draws about once a second', async () => {
  const drawn = await page.evaluate(async () => {
    const chart = document.querySelector('[data-testid=p99-chart]') as HTMLElement;
    let count = 0;
    const observer = new MutationObserver(() => {
      count += 1;
    });
    observer.observe(chart, { attributes: true, attributeFilter: ['data-last-ms'] });
    await new Promise((resolve) => setTimeout(resolve, 5000));
    observer.disconnect();
    return count;
  });
  check(drawn >= 4 && drawn <= 6);
});
await claim('a problem is said with what to do', async () => {
  await page.getByRole('button', { name: 'Reconnect deribit-options' }).click();
  await seen(page, 'the venue cannot be reached right now');
  await page.getByRole('button', { name: /^Dismiss/ }).click();
});
await claim('? opens the list of keys, Esc closes it', async () => {
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

await claim('g s opens the settings; an edit is previewed, applied with Ctrl+S and undone', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await editPing(page, '2');
  await page.getByTestId('settings-preview').getByText('9 links untouched').waitFor({ timeout: 2000 });
  await page.getByTestId('settings-preview').getByText('ping_interval_secs').waitFor();
  await page.keyboard.press('Control+s');
  await seen(page, 'Applied: 1 link changed');
  check(harness.app.settings.text.includes('ping_interval_secs = 2 '));
  await page.getByRole('button', { name: 'Undo last apply' }).click();
  await seen(page, 'Undone: 1 link changed');
  await page.locator('.cm-line', { hasText: 'ping_interval_secs = 1 ' }).waitFor();
});
await claim('a problem in the list leads to its place', async () => {
  await page.locator('.problems button').first().click();
  check(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Settings text');
});
await claim('an unsaved edit survives a reload, and an outside change then asks', async () => {
  await editPing(page, '3');
  await page.reload();
  await page.locator('.cm-line', { hasText: 'ping_interval_secs = 3 ' }).waitFor();
  harness.app.settings.writeOutside(`${harness.app.settings.text}\n# outside\n`);
  await seen(page, 'changed by another program');
  await page.getByRole('button', { name: 'Overwrite the file' }).click();
  await seen(page, 'Applied: 1 link changed');
  check(
    harness.app.settings.text.includes('ping_interval_secs = 3 ') && !harness.app.settings.text.includes('# outside'),
  );
});
await claim('a lost wire: old numbers are said and grey, then everything comes back', async () => {
  await page.keyboard.press('Escape');
  await page.evaluate(() => {
    window.location.hash = '#/';
  });
  harness.cut(true);
  await seen(page, 'Old numbers: no connection');
  check(await page.locator('.app.stale').count(), 1);
  check(/^Old numbers/, page.title());
  await page.waitForTimeout(1500);
  harness.cut(false);
  await page.getByText('Old numbers: no connection').waitFor({ state: 'detached', timeout: 8000 });
  check(await page.locator('.app.stale').count(), 0);
});
await claim('nothing moves sideways while numbers change', async () => {
  const widths = (): Promise<string> =>
    page.evaluate(() =>
      [...document.querySelectorAll('.links th')].map((cell) => Math.round(cell.getBoundingClientRect().left)).join(),
    );
  const before = await widths();
  await page.waitForTimeout(2500);
  check(await widths(), before);
});
await claim('a click on Light is kept', async () => {
  await page.getByRole('button', { name: 'Light' }).click();
  await page.reload();
  check(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
});
await claim(`no errors in the console (${troubles.length})`, () => check(troubles.join('\n'), ''));

await browser.close();
await harness.close();
process.exit(failures === 0 ? 0 : 1);

async function claim(what: string, prove: () => unknown): Promise<void> {
  try {
    await prove();
    process.stdout.write(`ok   ${what}\n`);
  } catch (error) {
    failures += 1;
    process.stdout.write(`FAIL ${what}: ${String(error).slice(0, 400)}\n`);
    await page.screenshot({ path: `/tmp/shots/fail-${failures}.png` });
  }
}

function check(value: unknown, wanted: unknown = true): void | Promise<void> {
  if (wanted instanceof Promise) return wanted.then((text) => check((value as RegExp).test(String(text))));
  if (value !== wanted) throw new Error(`got ${JSON.stringify(value)}, wanted ${JSON.stringify(wanted)}`);
}

function seen(where: Page, text: string): Promise<void> {
  return where.getByText(text).first().waitFor({ timeout: 5000 });
}

function focused(where: Page): Promise<string | null | undefined> {
  return where.evaluate(() => document.activeElement?.getAttribute('aria-label'));
}

async function editPing(where: Page, value: string): Promise<void> {
  await where.locator('.cm-line', { hasText: /^ping_interval_secs/ }).click();
  await where.keyboard.press('Home');
  for (let i = 0; i < 'ping_interval_secs = '.length; i += 1) await where.keyboard.press('ArrowRight');
  await where.keyboard.press('Delete');
  await where.keyboard.type(value);
}
