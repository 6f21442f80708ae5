import { afterEach, expect, it } from 'vitest';
import { goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

/** What the page says of a text that nobody has checked. */
let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const problems = () => open.page.getByTestId('settings-problems');
const lost = () => open.page.getByText('Old numbers: no connection to Warmwire’s engine since').waitFor();
const back = () => open.page.locator('.app.stale').waitFor({ state: 'detached' });

async function typeFirst(text: string): Promise<void> {
  await open.page.getByLabel('Settings text').focus();
  await open.page.keyboard.press('Control+Home');
  await open.page.keyboard.type(text);
}

it('[D3] a text that is edited while the engine is away is never said to have no problems, nor that it is being checked', async () => {
  open = await openPage({ hash: '#/settings' });
  const { page, app, cut } = open;
  app.settings.writeOutside('# nothing to say of this\n');
  await until(async () => expect(await problems().innerText()).toContain('None in this text.'));
  cut(true);
  await lost();
  await typeFirst('png_interval_secs = 1\n');
  await until(async () => expect(await problems().innerText()).toContain('Not checked: the engine is away.'));
  expect(await problems().locator('.mark-good').count()).toBe(0);
  expect(await problems().getByRole('status').innerText()).toBe('This text is not checked while the engine is away');
  expect(await page.getByTestId('settings-preview').innerText()).toContain('Not worked out: the engine is away.');
  cut();
  await back();
  await until(async () => expect(await problems().innerText()).toContain('there is no such key'));
});

it('[D3] problems of an earlier text are said to be of that', async () => {
  open = await openPage({ hash: '#/settings' });
  await typeFirst('png_interval_secs = 1\n');
  await until(async () => expect(await problems().locator('h2').innerText()).toBe('Problems 1 error, 1 notice'));
  open.cut(true);
  await lost();
  await typeFirst('# mine\n');
  await until(async () =>
    expect(await problems().locator('h2').innerText()).toBe(
      'Problems 1 error, 1 notice of an earlier text, this one is not checked',
    ),
  );
});

it('[D3] Settings that are just opened claim nothing of the file before it was checked', async () => {
  open = await openPage();
  const { page, app } = open;
  const answer = Promise.withResolvers<void>();
  app.settings.thinking = answer.promise;
  await goTo(page, '#/settings');
  await until(async () => expect(await problems().innerText()).toContain('Checking…'));
  expect(await problems().locator('.mark-good').count()).toBe(0);
  expect(await problems().getByRole('status').innerText()).toBe('');
  answer.resolve();
  await until(async () => expect(await problems().locator('h2').innerText()).toBe('Problems 1 notice'));
  expect(await problems().getByRole('status').innerText()).toMatch(/^1 notice, the first at 4:25: held at 15 s/);
});

it('[D3] Ctrl+S while the engine is away is refused as the button is, and leaves no error when it is back', async () => {
  open = await openPage({ hash: '#/settings' });
  const { page, app, cut } = open;
  await typeFirst('# mine\n');
  const apply = page.getByRole('button', { name: 'Apply', exact: true });
  await until(async () => expect(await apply.getAttribute('aria-disabled')).toBe('false'));
  cut(true);
  await lost();
  await page.keyboard.press('Control+s');
  const said = page.locator('.said');
  await until(async () =>
    expect(await said.innerText()).toBe('Not applied. There is no connection to Warmwire’s engine'),
  );
  cut();
  await back();
  await until(async () => expect(await said.innerText()).toBe('Unsaved edit'));
  expect(await page.locator('.notices .notice').count()).toBe(0);
  expect(app.settings.text).not.toContain('# mine');
});
