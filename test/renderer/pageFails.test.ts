import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { Kept } from '../../src/renderer/ui/kept.ts';
import { axeOf, focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const POOLS = /PoolsPage-[^/]*\.js/;
const PALETTE = /\/Palette-[^/]*\.js/;
const failed = (page: Page) => page.getByRole('heading', { name: 'This page could not be loaded' });
const reload = (page: Page) => page.getByRole('button', { name: 'Reload the page' });
/** What would not be there any more after a reload. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { isMarked: true }));
const isMarked = (page: Page) => page.evaluate(() => 'isMarked' in window);

it('[D1] a page that fails leaves the frame and the others, says what happened, and a reload brings it back', async () => {
  open = await openPage({ without: [POOLS] });
  const { page } = open;
  await goTo(page, '#/pools');
  await failed(page).waitFor();
  await until(async () => expect(await focused(page)).toBe('This page could not be loaded'));
  expect(await page.getByRole('alert').innerText()).toMatch(/Its code did not come: .*PoolsPage/);
  expect(await page.locator('main').innerText()).toContain('links and pools go on as they were');
  expect(await axeOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByTestId('p99-chart').waitFor();
  await goTo(page, '#/pools');
  await failed(page).waitFor();
  await page.unroute(POOLS);
  await reload(page).click();
  await page.getByRole('grid', { name: 'Pools' }).waitFor();
});

it('[D1] a page whose code did not come once is asked for again when one comes to it, alone, and without a reload', async () => {
  open = await openPage();
  const { page } = open;
  // What this page is made of is here.
  await page.getByTestId('p99-chart').waitFor();
  await mark(page);
  const again: string[] = [];
  page.on('request', (request) => request.url().includes('again=') && again.push(request.url()));
  await page.route('**/assets/**', (route) => route.abort());
  await goTo(page, '#/pools');
  await failed(page).waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('p99-chart').waitFor();
  await page.unroute('**/assets/**');
  await goTo(page, '#/pools');
  await page.getByRole('grid', { name: 'Pools' }).waitFor();
  expect(await isMarked(page)).toBe(true);
  expect(again.filter((url) => !POOLS.test(url)).length, 'what it shares with others has one name').toBe(0);
});

it('[D1] what is fetched beforehand and does not come just then can be opened later, and the rest is fetched', async () => {
  open = await openPage();
  const { page } = open;
  // What this page is made of is here.
  await page.getByTestId('p99-chart').waitFor();
  await mark(page);
  const aborted: string[] = [];
  await page.route('**/assets/**', (route) => {
    aborted.push(route.request().url());
    return route.abort();
  });
  await until(() => expect(aborted.length).toBeGreaterThan(0));
  await page.unroute('**/assets/**');
  const fetched = (): Promise<boolean> =>
    page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('SettingsPage')));
  await until(async () => expect(await fetched()).toBe(true));
  await page.keyboard.press('n');
  await page.getByRole('dialog', { name: 'Notices' }).getByText('All notices and rules').waitFor();
  await page.keyboard.press('Escape');
  for (const [hash, shown] of [
    ['#/pools', '.pools-page'],
    ['#/drills', '.drills-page'],
    ['#/link/demo-tokyo', '.link-page'],
  ] as const) {
    await goTo(page, hash);
    await page.locator(shown).waitFor();
  }
  expect(await isMarked(page)).toBe(true);
});

it('[D1] with the host gone a failed page claims nothing of the engine, keeps the figures, and takes no focus on its return', async () => {
  open = await openPage({ without: [POOLS] });
  const { page } = open;
  open.cut(true);
  await page.locator('.app.stale').waitFor();
  await goTo(page, '#/pools');
  await failed(page).waitFor();
  expect(await page.locator('main').innerText()).toContain('nothing can be loaded until it is back');
  expect(await page.locator('main').innerText()).not.toContain('not concerned');
  expect(await reload(page).getAttribute('aria-disabled')).toBe('true');
  const elsewhere = page.getByRole('link', { name: 'Overview' });
  await elsewhere.focus();
  open.cut();
  await page.locator('.app.stale').waitFor({ state: 'detached' });
  await until(async () => expect(await reload(page).getAttribute('aria-disabled')).toBe('false'));
  expect(await focused(page)).toBe('Overview');
  await page.keyboard.press('Escape');
  await page.getByTestId('p99-chart').waitFor();
});

it('[D1] what opens over the page and cannot be loaded is said in a line, and the page and its keys stay', async () => {
  open = await openPage({ without: [PALETTE] });
  const { page } = open;
  await page.keyboard.press('Control+k');
  await page.getByText('The command palette could not be loaded. The rest goes on.').waitFor();
  expect(await axeOf(page)).toEqual([]);
  await page.getByRole('row', { name: 'demo-tokyo', exact: true }).focus();
  await page.keyboard.press('p');
  await page.getByRole('alertdialog', { name: 'Pause demo-tokyo?' }).getByRole('button', { name: 'Cancel' }).click();
  await page.unroute(PALETTE);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
});

it('[D1] a header, a list of notices or a tour that throws leaves the page as it is', async () => {
  open = await openPage({ without: [/\/(NoticesPanel|TourCard)-[^/]*\.js/] });
  const { page, app } = open;
  app.spoilApp({ host: undefined });
  await page.getByText('The header has stopped:').waitFor();
  await page.getByRole('row', { name: 'demo-tokyo', exact: true }).waitFor();
  app.spoilApp({});
  // The header fails again as long as it has not heard of the better view.
  await until(async () => {
    const again = page.getByRole('button', { name: 'Try again' });
    if (await again.isVisible()) await again.click();
    expect(await page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(true);
  });
  await page.keyboard.press('n');
  await page.getByText('The list of notices could not be loaded. The rest goes on.').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('button', { name: 'Show the tour' }).click();
  await page.getByText('The tour could not be loaded. The rest goes on.').waitFor();
  await page.getByRole('row', { name: 'demo-tokyo', exact: true }).waitFor();
});

it('[D1] a dialog or a form of the chart that cannot be loaded leaves its page, and comes at the next try', async () => {
  const [columns, smoke] = [/\/ColumnsDialog-[^/]*\.js/, /\/SmokePlot-[^/]*\.js/];
  open = await openPage({ without: [columns, smoke] });
  const { page } = open;
  await page.getByRole('button', { name: 'Columns…' }).click();
  await page.getByText('The choice of columns could not be loaded. The rest goes on.').waitFor();
  await page.getByRole('row', { name: 'demo-tokyo', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.unroute(columns);
  await page.getByRole('button', { name: 'Columns…' }).click();
  await page.getByRole('dialog', { name: 'Columns' }).waitFor();
  await page.keyboard.press('Escape');
  await goTo(page, '#/link/demo-tokyo');
  await page.getByTestId('rtt-histogram').waitFor();
  await page.getByRole('button', { name: 'Smoke' }).click();
  await page.getByText('The smoke chart could not be loaded. The rest goes on.').waitFor();
  await page.unroute(smoke);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.uplot').waitFor();
});

it('[D1] a browser whose storage is blocked shows everything, and keeps what was chosen until the page is closed', async () => {
  open = await openPage();
  const { page } = open;
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await page.reload();
  await page.getByTestId('p99-chart').waitFor();
  await page.getByRole('button', { name: 'Light' }).click();
  await until(async () => expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light'));
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('pools');
  await page.keyboard.press('Enter');
  await page.getByRole('grid', { name: 'Pools' }).waitFor();
  expect(open.complaints).toEqual([]);
});

it('[D1] what cannot be kept in the browser is kept in the page, and what is kept in the browser wins nothing over it', () => {
  const stored = new Map<string, string>([['a', 'old']]);
  let full = false;
  const kept = new Kept(() => ({
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, text) => {
      if (full) throw new Error('full');
      stored.set(key, text);
    },
    removeItem: (key) => void stored.delete(key),
  }));
  expect(kept.read('a')).toBe('old');
  full = true;
  kept.keep('a', 'new');
  expect(kept.read('a')).toBe('new');
  full = false;
  kept.keep('a', 'newer');
  expect([kept.read('a'), stored.get('a')]).toEqual(['newer', 'newer']);
  kept.keep('a', null);
  expect(kept.read('a')).toBeNull();
  const blocked = new Kept(() => {
    throw new Error('blocked');
  });
  expect(blocked.read('a')).toBeNull();
  blocked.keep('a', 'b');
  expect(blocked.read('a')).toBe('b');
});
