import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { goTo, type OpenPage, openPage } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const line = (page: Page, text: string) => page.locator('.cm-line', { hasText: text });

async function openSettings(page: Page): Promise<void> {
  await goTo(page, '#/settings');
  await page.getByLabel('Settings text').waitFor();
}

async function typeIn(page: Page, text: string): Promise<void> {
  await openSettings(page);
  await page.getByLabel('Settings text').focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type(text);
  await page.getByText('Unsaved edit').waitFor();
}

it('[D3] a question whether to undo is of the edit that it was asked of: another window’s next edit brings none back', async () => {
  open = await openPage();
  const { page, app } = open;
  const { text } = app.settings;
  app.settings.apply(`# first\n${text}`, null);
  await openSettings(page);
  const ask = async (): Promise<void> => {
    await button(page, 'Undo last apply…').click();
    await button(page, 'Undo now').waitFor();
  };
  await ask();
  app.settings.undo();
  await button(page, 'Undo now').waitFor({ state: 'detached' });
  await page.getByText('Not undone: the file has changed since you asked').waitFor();
  app.settings.apply(`# another\n${text}`, null);
  await line(page, '# another').waitFor();
  expect(await button(page, 'Undo now').count()).toBe(0);
  await ask();
  app.settings.apply(`# one more\n${text}`, null);
  await line(page, '# one more').waitFor();
  expect(await button(page, 'Undo now').count()).toBe(0);
});

it.each([false, true])('[D3] each window keeps its own edit, also a duplicated one (%s)', async (likeThis) => {
  open = await openPage();
  const { page } = open;
  await typeIn(page, '# mine\n');
  const other = await open.another(likeThis);
  await openSettings(other);
  expect(await line(other, '# mine').count()).toBe(0);
  await typeIn(other, '# yours\n');
  await button(other, 'Revert edit').click();
  await other.getByText('Unsaved edit').waitFor({ state: 'detached' });
  await page.reload();
  await line(page, '# mine').waitFor();
  await typeIn(other, '# yours\n');
  await other.reload();
  await line(other, '# yours').waitFor();
  expect(await line(other, '# mine').count()).toBe(0);
});

it('[D3] the edit of a window that was closed, with what no field could take, is found in the next that has none', async () => {
  open = await openPage();
  const { page } = open;
  await typeIn(page, '# mine\n');
  const closed = await open.another();
  await typeIn(closed, '# yours\n');
  const field = (of: Page) => of.locator('.field[data-key="ws_initial_reconnect_delay_ms"] input');
  await field(closed).fill('abc');
  await field(closed).blur();
  await closed.close();
  await goTo(page, '#/');
  await page.getByTestId('p99-chart').waitFor();
  await openSettings(page);
  await line(page, '# mine').waitFor();
  expect(await line(page, '# yours').count()).toBe(0);
  const next = await open.another();
  await openSettings(next);
  await line(next, '# yours').waitFor();
  expect(await field(next).inputValue()).toBe('abc');
  // It is that window’s own from now on.
  const last = await open.another();
  await openSettings(last);
  expect(await line(last, '# yours').count()).toBe(0);
  await next.reload();
  await line(next, '# yours').waitFor();
});
