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
  app.settings.apply(`# another\n${text}`, null);
  await line(page, '# another').waitFor();
  expect(await button(page, 'Undo now').count()).toBe(0);
  await ask();
  app.settings.apply(`# one more\n${text}`, null);
  await line(page, '# one more').waitFor();
  expect(await button(page, 'Undo now').count()).toBe(0);
});
