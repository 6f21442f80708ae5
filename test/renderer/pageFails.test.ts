import { afterEach, expect, it } from 'vitest';
import { Kept } from '../../src/renderer/ui/kept.ts';
import { axeOf, focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

it('[D1] a page that fails leaves the frame and the others, says what happened, and a reload brings it back', async () => {
  open = await openPage();
  const { page } = open;
  const code = /PoolsPage-[^/]*\.js$/;
  await page.route(code, (route) => route.abort());
  await goTo(page, '#/pools');
  await page.getByRole('heading', { name: 'This page has stopped' }).waitFor();
  await until(async () => expect(await focused(page)).toBe('This page has stopped'));
  expect(await page.getByRole('alert').innerText()).toMatch(/Something in it went wrong: .*PoolsPage/);
  expect(await axeOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByTestId('p99-chart').waitFor();
  await goTo(page, '#/pools');
  await page.unroute(code);
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await page.getByRole('grid', { name: 'Pools' }).waitFor();
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
