import { afterEach, expect, it } from 'vitest';
import { ACTION_NAMES, actionOf, entryOf, keysText } from '../../src/renderer/ui/actionTable.ts';
import { letterKey } from '../../src/renderer/ui/letterKey.ts';
import { after } from '../../src/shared/units.ts';
import { axeOf, focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage | null = null;
afterEach(async () => {
  await open?.close();
  expect(open?.complaints ?? []).toEqual([]);
  open = null;
});

const at = (opened: OpenPage) => {
  const { page } = opened;
  return {
    page,
    palette: page.getByRole('dialog', { name: 'Command palette' }),
    chosen: () => page.locator('[cmdk-item][aria-selected="true"]').innerText(),
    focusIs: (name: string) => until(async () => expect(await focused(page)).toBe(name)),
    pick: async (text: string) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
      await page.keyboard.type(text);
      await until(async () => expect(await page.locator('[cmdk-item]').count()).toBeGreaterThan(0));
      await page.keyboard.press('Enter');
    },
  };
};

it('[D4] a key means one thing', () => {
  const everywhere = ACTION_NAMES.filter((name) => entryOf(name).where === 'everywhere');
  const keys = everywhere.flatMap((name) => entryOf(name).keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(actionOf('s', 'g')).toBe('settings');
  expect(actionOf('n', 'g')).toBe('notices');
  expect(actionOf('n', null)).toBe('bell');
  expect(actionOf('s', null)).toBeNull();
  expect(actionOf('1', 'g')).toBe('overview');
});

it('[L11] Shift decides which letter shortcut is meant, and CapsLock does not', () => {
  const press = (key: string, shiftKey: boolean): string => letterKey({ key, shiftKey });
  expect([press('r', false), press('R', false)]).toEqual(['r', 'r']);
  expect([press('R', true), press('r', true)]).toEqual(['Shift r', 'Shift r']);
  expect([press('?', true), press('Enter', true), press('é', false)]).toEqual(['?', 'Enter', 'é']);
});

it('[D4] Ctrl+K or : opens the palette, a few letters find an action, Enter does it, the focus comes back', async () => {
  open = await openPage();
  const { page, palette, chosen, focusIs } = at(open);
  await page.getByRole('button', { name: 'Pause demo-tokyo' }).focus();
  await page.keyboard.press('Control+k');
  await palette.waitFor();
  await page.keyboard.type('rec tok');
  await until(async () => expect(await chosen()).toMatch(/^Reconnect demo-tokyo\s+r$/));
  expect(await axeOf(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  expect(await chosen()).toMatch(/^Reconnect hard demo-tokyo\s+asks first\s+Shift r$/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await palette.waitFor({ state: 'detached' });
  await focusIs('Pause demo-tokyo');
  await until(async () =>
    expect(await page.locator('[data-testid=chart-mark][data-link="demo-tokyo"]').count()).toBeGreaterThan(0),
  );
  await page.keyboard.press(':');
  await palette.waitFor();
  expect(await page.getByRole('combobox', { name: 'Command' }).inputValue()).toBe('');
  expect(await chosen()).toMatch(/^Reconnect demo-tokyo/);
  await page.keyboard.press('Escape');
  await focusIs('Pause demo-tokyo');
});

it('[D4] the link that its keys would act on stands before the others, and only there do keys stand', async () => {
  open = await openPage({ hash: '#/link/okx-spot' });
  const { page, palette, chosen, pick } = at(open);
  const keysOf = (name: string) => page.locator('[cmdk-item]', { hasText: name }).locator('kbd').allInnerTexts();
  const typed = async (text: string): Promise<void> => {
    await page.keyboard.press('Control+k');
    await palette.waitFor();
    await page.keyboard.type(text);
  };
  await typed('reconnect');
  await until(async () => expect(await chosen()).toMatch(/^Reconnect okx-spot\s+r$/));
  expect(await keysOf('Reconnect demo-tokyo')).toEqual([]);
  await page.keyboard.press('Escape');
  // What was done last to another link does not come before it.
  await pick('reconnect demo-tokyo');
  await typed('reconnect');
  await until(async () => expect(await chosen()).toMatch(/^Reconnect okx-spot\s+r$/));
  await page.keyboard.press('Escape');
  await goTo(page, '#/');
  await page.getByRole('searchbox', { name: 'Filter links' }).focus();
  await typed('pause');
  await until(async () => expect(await page.locator('[cmdk-item]').count()).toBeGreaterThan(3));
  expect(await keysOf('Pause ')).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('row', { name: 'kraken-v2', exact: true }).focus();
  await typed('pause');
  await until(async () => expect(await chosen()).toMatch(/^Pause kraken-v2\s+p$/));
});

it('[D4] what cuts a live link asks first, with the focus on Cancel; Cancel does nothing', async () => {
  open = await openPage();
  const { page, focusIs, pick } = at(open);
  const row = page.getByRole('row', { name: 'demo-tokyo', exact: true });
  await page.getByRole('button', { name: 'Pause demo-tokyo' }).focus();
  await pick('pause tokyo');
  await page.getByRole('alertdialog', { name: 'Pause demo-tokyo?' }).waitFor();
  await focusIs('Cancel');
  await page.keyboard.press('Enter');
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  await focusIs('Pause demo-tokyo');
  expect(await row.innerText()).not.toContain('paused');
  await pick('pause tokyo');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click();
  await until(async () => expect(await row.innerText()).toContain('paused'));
  await pick('resume tokyo');
  await until(async () => expect(await row.innerText()).not.toContain('paused'));
});

it('[D4] what was chosen is judged when it is chosen: a link that came up while the palette was open is asked about', async () => {
  open = await openPage();
  const { page, app } = open;
  const { palette, focusIs } = at(open);
  const reason = { kind: 'asked', by: 'breaker' } as const;
  const options = page.getByRole('option');
  const row = page.locator('tr[data-link="demo-tokyo"]');
  for (const [typed, question] of [
    ['reconnect hard tokyo', 'Cut demo-tokyo and dial again?'],
    ['pause tokyo', 'Pause demo-tokyo?'],
    ['open breaker tokyo', 'Open the breaker of demo-tokyo?'],
  ] as const) {
    app.setState('demo-tokyo', (now) => ({
      kind: 'waiting',
      attempt: 3,
      delayMs: 60_000,
      until: after(now, 60_000),
      reason,
    }));
    await until(async () => expect(await row.innerText()).toContain('waiting'));
    await page.getByRole('button', { name: 'Reconnect demo-tokyo' }).focus();
    await page.keyboard.press('Control+k');
    await palette.waitFor();
    await page.keyboard.type(typed);
    await until(async () => expect(await options.first().innerText()).toMatch(/demo-tokyo/));
    expect(await options.first().innerText()).not.toContain('asks first');
    app.setState('demo-tokyo', (now) => ({ kind: 'up', since: now }));
    await until(async () => expect(await row.innerText()).not.toContain('waiting'));
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog', { name: question }).waitFor();
    await focusIs('Cancel');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await focusIs('Reconnect demo-tokyo');
  }
  expect(app.reconnects).toEqual([]);
});

it('[D4] the question whether to cut a link goes away with the link', async () => {
  open = await openPage();
  const { page, app } = open;
  await page.getByRole('button', { name: 'Pause demo-tokyo' }).click();
  const question = page.getByRole('alertdialog', { name: 'Pause demo-tokyo?' });
  await question.waitFor();
  app.removeLink('demo-tokyo');
  await question.waitFor({ state: 'detached' });
});

it('[D4] [L11] keys, rows and the link’s page ask the same before they cut a live link, and act at once on another', async () => {
  open = await openPage();
  const { page, app } = open;
  const { focusIs } = at(open);
  const refuse = async (question: string, back: string): Promise<void> => {
    await page.getByRole('alertdialog', { name: question }).waitFor();
    await focusIs('Cancel');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await focusIs(back);
  };
  await page.getByRole('button', { name: 'Pause demo-tokyo' }).click();
  await refuse('Pause demo-tokyo?', 'Pause demo-tokyo');
  await page.getByRole('button', { name: 'Reconnect demo-tokyo' }).click({ modifiers: ['Shift'] });
  await refuse('Cut demo-tokyo and dial again?', 'Reconnect demo-tokyo');
  await page.getByRole('row', { name: 'demo-tokyo', exact: true }).focus();
  await page.keyboard.press('p');
  await refuse('Pause demo-tokyo?', 'demo-tokyo');
  await page.getByRole('button', { name: 'Pause okx-spot' }).click();
  await page.getByRole('button', { name: 'Resume okx-spot' }).waitFor();
  await goTo(page, '#/link/demo-tokyo');
  await page.getByRole('button', { name: 'Reconnect hard demo-tokyo' }).click();
  await refuse('Cut demo-tokyo and dial again?', 'Reconnect hard demo-tokyo');
  await page.keyboard.press('Shift+R');
  await refuse('Cut demo-tokyo and dial again?', 'Reconnect hard demo-tokyo');
  expect(app.reconnects).toEqual([]);
  await page.keyboard.press('Shift+R');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Reconnect hard' }).click();
  await until(() => expect(app.reconnects).toEqual(['hard demo-tokyo']));
});

it('[D4] it goes to links, pools, pages and keys of the settings, opens the notices, and starts a drill', async () => {
  open = await openPage();
  const { page, focusIs, pick } = at(open);
  const { app } = open;
  app.settings.writeOutside(`${app.settings.text}\n[log]\nlevel = "info"\n`);
  await pick('go to okx');
  await focusIs('okx-spot');
  await pick('pools');
  await focusIs('Pools');
  await pick('setting level log');
  await focusIs('Settings text');
  expect(await page.locator('.cm-activeLine').first().innerText()).toBe('level = "info"');
  await pick('notices rules');
  await focusIs('Notices');
  await pick('open notices');
  await page.getByRole('dialog', { name: 'Notices' }).waitFor();
  await page.keyboard.press('Escape');
  await goTo(page, '#/link/demo-tokyo');
  await pick('drill tokyo refuse');
  await until(async () => expect(await page.locator('.demo-state').first().innerText()).toMatch(/refusing/));
  await pick('theme light');
  await until(async () => expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light'));
});

it('[D4] a pool is warmed, destroyed and set up from the palette, with the keys of its page beside', async () => {
  open = await openPage();
  const { page } = open;
  await page.keyboard.press(':');
  const options = page.getByRole('option');
  await options.first().waitFor();
  await page.keyboard.type('pool kraken');
  await until(async () => {
    const texts = (await options.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(texts.some((text) => /^Warm pool kraken .*\bw$/.test(text))).toBe(true);
    expect(texts.some((text) => /^Destroy sockets of pool kraken .*Shift d$/.test(text))).toBe(true);
  });
  await page.getByRole('option', { name: /^Settings of pool kraken/ }).click();
  await until(async () => expect(page.url()).toMatch(/#\/settings/));
});

it('[D4] with nothing that fits it says so, and 200 links are found at once', async () => {
  const links = Array.from({ length: 200 }, (_, i) => ({
    name: `venue-${String(i).padStart(3, '0')}`,
    venue: 'Plain',
    url: `wss://v${i}.example/ws`,
    rttMs: 5,
    state: 'up' as const,
  }));
  open = await openPage({ links });
  const { page, palette, chosen } = at(open);
  await page.keyboard.press('Control+k');
  await palette.waitFor();
  // In the turn of the key itself: nothing is put off, and no more is drawn than can be seen.
  const found = await page.evaluate(async () => {
    const field = document.querySelector('[cmdk-input]') as HTMLInputElement;
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    set?.call(field, 'rec 137');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await Promise.resolve();
    const items = [...document.querySelectorAll('[cmdk-item]')].map((item) => item.textContent ?? '');
    return { first: items[0], drawn: items.length };
  });
  expect(found.first).toMatch(/^Reconnect venue-137/);
  expect(found.drawn).toBeLessThanOrEqual(40);
  await until(async () => expect(await chosen()).toMatch(/^Reconnect venue-137/));
  await page.getByRole('combobox', { name: 'Command' }).fill('qqqqzz');
  await page.getByText('Nothing by that name.').waitFor();
});

it('[D4] the list of shortcuts has every key of the table, and the palette shows the same', async () => {
  open = await openPage();
  const { page } = at(open);
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await list.waitFor();
  expect(await list.locator('kbd').allTextContents()).toEqual(
    expect.arrayContaining(ACTION_NAMES.map((name) => keysText(name))),
  );
  const text = await list.innerText();
  for (const { title } of ACTION_NAMES.map(entryOf)) expect(text).toContain(title);
  for (const keys of ['/', 'Space', 'Ctrl/⌘ a', 'Shift p  or  Space'])
    expect(text).toContain(keys.replaceAll('  ', ' '));
  expect(await axeOf(page)).toEqual([]);
});
