import { afterEach, expect, it } from 'vitest';
import { axeOf, focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const focusIs = (name: string | RegExp): Promise<void> =>
  until(async () => expect(await focused(open.page)).toMatch(name));
const bell = () => open.page.getByRole('button', { name: /^Notices:/ });
const panel = () => open.page.getByRole('dialog', { name: 'Notices' });
const DOWN = 'okx-spot: down for 15 s: 127.0.0.1:9443 cannot be reached (ECONNREFUSED)';

it('[D4] the bell has the number and the worst of what is open, as a shape and in words, and nothing moves by it', async () => {
  open = await openPage();
  const { page, app } = open;
  await until(async () => expect(await bell().getAttribute('aria-label')).toBe('Notices: none open'));
  const place = () => page.getByRole('button', { name: 'Keyboard shortcuts' }).boundingBox();
  const before = await place();
  const warned = app.notices.raise('data-age-over', 'demo-tokyo', 'demo-tokyo: no data for 72 s, over 60 s');
  await until(async () => expect(await bell().getAttribute('aria-label')).toBe('Notices: 1 open, worst warn'));
  expect(await bell().locator('.mark-warn path').count()).toBe(1);
  app.notices.raise('link-down', 'okx-spot', DOWN);
  app.notices.raise('link-down', 'kraken-v2', 'kraken-v2: down', { muted: true });
  await until(async () => expect(await bell().getAttribute('aria-label')).toBe('Notices: 2 open, worst bad'));
  expect(await bell().innerText()).toBe('2');
  app.notices.resolve(warned);
  await until(async () => expect(await bell().getAttribute('aria-label')).toBe('Notices: 1 open, worst bad'));
  expect(await place()).toEqual(before);
});

it('[D4] n opens the list, open ones first; acknowledge keeps the focus, Esc gives it back', async () => {
  open = await openPage();
  const { page, app } = open;
  app.notices.resolve(app.notices.raise('flapping', 'demo-tokyo', 'demo-tokyo: 6 reconnects in 10 min, over 5'));
  const down = app.notices.raise('link-down', 'okx-spot', DOWN);
  app.notices.raise('data-age-over', 'demo-tokyo', 'demo-tokyo: no data for 72 s, over 60 s');
  await page.getByRole('button', { name: 'Pause okx-spot' }).focus();
  await page.keyboard.press('n');
  await panel().getByText('All notices and rules').waitFor();
  const texts = await panel().locator('li').allInnerTexts();
  expect(texts.map((text) => text.replace(/\s+/g, ' '))).toEqual([
    expect.stringMatching(/^okx-spot down for 15 s: .* bad · .* · open Acknowledge$/),
    expect.stringMatching(/^demo-tokyo no data for 72 s, over 60 s warn · .* · open Acknowledge$/),
    expect.stringMatching(/^demo-tokyo 6 reconnects in 10 min, over 5 warn · .* · resolved$/),
  ]);
  await panel()
    .getByRole('button', { name: `Acknowledge: ${DOWN}` })
    .focus();
  await page.keyboard.press('Enter');
  await focusIs(/^Acknowledged: okx-spot/);
  expect(app.notices.acknowledged).toEqual([down.id]);
  await page.keyboard.press('Enter');
  expect(app.notices.acknowledged).toEqual([down.id]);
  await panel().getByRole('button', { name: 'Warn' }).click();
  await until(async () => expect(await panel().locator('li').count()).toBe(2));
  await panel().getByRole('button', { name: 'Acknowledge all' }).click();
  await until(async () => expect(await bell().getAttribute('aria-label')).toBe('Notices: none open'));
  expect(await axeOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await panel().waitFor({ state: 'detached' });
  await focusIs('Pause okx-spot');
});

it('[D4] a name in the list leads to its page, and the list goes away', async () => {
  open = await openPage();
  const { page, app } = open;
  app.notices.raise('link-down', 'okx-spot', DOWN);
  await bell().click();
  await panel().getByRole('link', { name: 'okx-spot' }).click();
  await page.getByRole('heading', { level: 1, name: 'okx-spot' }).waitFor();
  await panel().waitFor({ state: 'detached' });
  await focusIs('okx-spot');
});

it('[D4] mute for a while and unmute: the bell is struck through and says until when', async () => {
  open = await openPage();
  const { page } = open;
  await page.keyboard.press('n');
  await panel().getByRole('button', { name: 'Mute 15 min' }).click();
  await until(async () =>
    expect(await bell().getAttribute('aria-label')).toMatch(/none open, muted until .*\d\d:\d\d:\d\d$/),
  );
  await panel().getByRole('button', { name: 'Unmute' }).click();
  await until(async () => expect(await bell().getAttribute('aria-label')).toBe('Notices: none open'));
});

it('[L7] only bad ones pop up, the newest with how many more, without taking the focus; each goes away by itself when it is over', async () => {
  open = await openPage();
  const { page, app } = open;
  await page.getByRole('button', { name: 'Pause okx-spot' }).focus();
  app.notices.raise('data-age-over', 'demo-tokyo', 'demo-tokyo: no data for 72 s, over 60 s');
  const downs = ['okx-spot', 'kraken-v2', 'demo-tokyo', 'bybit-linear', 'demo-frankfurt'].map((name) =>
    app.notices.raise('link-down', name, `${name}: down for 15 s`),
  );
  const corner = page.getByRole('region', { name: 'Problems' });
  await until(async () =>
    expect(await corner.innerText()).toMatch(/^demo-frankfurt: down for 15 s\s+and 4 more: all notices/),
  );
  expect(await corner.locator('.notice').count()).toBe(1);
  // The chart behind it, and its legend, are what one looks at then.
  expect((await corner.boundingBox())?.height).toBeLessThan(80);
  expect(await corner.getAttribute('aria-live')).toBe('polite');
  expect(await corner.innerText()).not.toContain('no data');
  await focusIs('Pause okx-spot');
  for (const one of downs.slice(1)) app.notices.resolve(one);
  await until(async () => expect(await corner.innerText()).not.toContain('more'));
  await corner.getByRole('button', { name: 'Acknowledge' }).click();
  await until(async () => expect(await corner.locator('.notice').count()).toBe(0));
  const [first] = downs;
  if (first !== undefined) app.notices.remind(first, 'okx-spot is still down after 1 h');
  await until(async () => expect(app.notices.acknowledged).toEqual([first?.id]));
});

it('[L7] several that popped up are put away by one press, and stay in the bell', async () => {
  open = await openPage();
  const { page, app } = open;
  const corner = page.getByRole('region', { name: 'Problems' });
  for (const name of ['okx-spot', 'kraken-v2', 'demo-tokyo']) app.notices.raise('link-down', name, `${name}: down`);
  const away = corner.getByRole('button', { name: 'Dismiss all 3 notices' });
  await away.focus();
  // Where it was, another one comes: the focus stays.
  app.notices.raise('link-down', 'bybit-linear', 'bybit-linear: down');
  await focusIs('Dismiss all 4 notices');
  await page.keyboard.press('Enter');
  await until(async () => expect(await corner.locator('.notice').count()).toBe(0));
  expect(await bell().getAttribute('aria-label')).toBe('Notices: 4 open, worst bad');
  expect(app.notices.acknowledged).toEqual([]);
});

it('[L7] the hourly word of a link that gave up pops up once, in place of the one before', async () => {
  open = await openPage();
  const { page, app } = open;
  const gaveUp = app.notices.gaveUp('okx-spot', 'gave up after 10 attempts: refused');
  const corner = page.getByRole('region', { name: 'Problems' });
  await corner.getByText('gave up after 10 attempts').waitFor();
  await corner.getByRole('button', { name: /^Dismiss/ }).click();
  await until(async () => expect(await corner.locator('.notice').count()).toBe(0));
  app.notices.remind(gaveUp, 'okx-spot is still down after 1 h; press Reconnect to try again');
  await corner.getByText('still down after 1 h').waitFor();
  expect(await corner.locator('.notice').count()).toBe(1);
});

it('[D4] the page lists everything and the rules in force; edit leads to the rule’s table in the settings', async () => {
  open = await openPage();
  const { page, app } = open;
  await page.keyboard.press('5');
  await focusIs('Notices');
  await page.getByText('No notices: no rule has raised one.').waitFor();
  app.notices.raise('link-down', 'okx-spot', DOWN);
  const row = page.getByRole('table', { name: 'Notices' }).getByRole('row', { name: /down for 15 s/ });
  await row.waitFor();
  const rules = page.getByRole('table', { name: 'Rules in force' });
  await until(async () =>
    expect((await rules.getByRole('row', { name: /^link-down/ }).innerText()).replace(/\s+/g, ' ')).toBe(
      'link-down down while Warmwire still tries · all links – – 15 60 bad 1 open built in override',
    ),
  );
  expect((await rules.getByRole('row', { name: /^slow / }).innerText()).replace(/\s+/g, ' ')).toBe(
    'slow p99 over 5 min · all links over 150 ms 120 ms 45 300 bad nothing settings edit',
  );
  expect((await rules.getByRole('row', { name: /^memory/ }).innerText()).replace(/\s+/g, ' ')).toContain(' off ');
  expect(await axeOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Info' }).click();
  await page.getByText('None of these.').waitFor();
  app.settings.writeOutside(`${app.settings.text}\n[notice."slow"]\nwhat = "p99-over"\nenter_ms = 150\n# end\n`);
  await rules.getByRole('link', { name: 'edit the rule slow' }).click();
  await focusIs('Settings text');
  expect(await page.locator('.cm-activeLine').first().innerText()).toBe('[notice."slow"]');
  await goTo(page, '#/settings?table=notice&name=link-down');
  await until(async () => expect(await page.locator('.cm-activeLine').first().innerText()).toBe('\n'));
});

it.each([
  ['light', { width: 1280, height: 800 }],
  ['dark', { width: 1920, height: 1080 }],
] as const)('[D4] nothing on the page of notices is cut or scrolls sideways (%s)', async (theme, size) => {
  open = await openPage({ theme, size });
  const { page, app } = open;
  for (let i = 0; i < 60; i += 1)
    app.notices.raise('p99-over', `${'x'.repeat(190)}${i}`, `${'x'.repeat(190)}${i}: p99 over 5 min 312 ms`);
  await goTo(page, '#/notices');
  await page.getByRole('table', { name: 'Notices' }).waitFor();
  const over = await page.evaluate(() => {
    const main = document.querySelector('main') as HTMLElement;
    const box = document.querySelector('.notice-box') as HTMLElement;
    return [
      main.scrollWidth - main.clientWidth,
      main.scrollHeight - main.clientHeight,
      box.scrollWidth - box.clientWidth,
    ];
  });
  expect(over).toEqual([0, 0, 0]);
  expect(await axeOf(page)).toEqual([]);
});

it('[D4] how long a notice is open is told by the host’s clock, also where the page’s own is an hour ahead', async () => {
  open = await openPage();
  const { page, app } = open;
  await page.addInitScript(() => {
    const own = Date.now;
    Date.now = () => own() + 3_600_000;
  });
  await page.reload();
  await page.getByTestId('p99-chart').waitFor();
  app.notices.raise('link-down', 'okx-spot', DOWN);
  await page.keyboard.press('n');
  await until(async () => expect(await panel().locator('li').innerText()).toMatch(/· [\d.]+ s · open/));
});
