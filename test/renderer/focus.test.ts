import { afterEach, expect, it } from 'vitest';
import { monoMs } from '../../src/shared/units.ts';
import { focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const focusIs = (name: string): Promise<void> => until(async () => expect(await focused(open.page)).toBe(name));
const tagIs = (tag: string): Promise<void> =>
  until(async () => expect(await open.page.evaluate(() => document.activeElement?.tagName)).toBe(tag));
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await open.page.keyboard.press(key);
};

/** Of the question that is asked before a live link is cut. */
const answer = (act: string): Promise<void> =>
  open.page.getByRole('alertdialog').getByRole('button', { name: act, exact: true }).click();

async function editSettings(): Promise<void> {
  const { page } = open;
  await goTo(page, '#/settings');
  await page.getByLabel('Settings text').focus();
  await press('Control+Home');
  await page.keyboard.type('# mine');
  await page.getByText('Unsaved edit').waitFor();
}

it('[D1] Enter on a row, Esc, and the number keys: the focus is on the page’s heading, or back on the row', async () => {
  open = await openPage();
  const { page } = open;
  expect(await focused(page)).toBe('nothing');
  await press('ArrowDown', 'ArrowDown', 'ArrowDown');
  await focusIs('demo-newyork');
  await press('Enter');
  await tagIs('H1');
  await focusIs('demo-newyork');
  await press('Escape');
  await page.getByTestId('p99-chart').waitFor();
  await tagIs('TR');
  await focusIs('demo-newyork');
  await press('2');
  await focusIs('Settings');
  await press('3');
  await focusIs('Pools');
  await press('1');
  await focusIs('demo-newyork');
  await press('g', 'h');
  await focusIs('Pools');
  await press('Escape');
  await focusIs('demo-newyork');
  await goTo(page, '#/link/okx-spot');
  await focusIs('okx-spot');
  await press('Escape');
  await page.getByTestId('p99-chart').waitFor();
  await focusIs('okx-spot');
  await goTo(page, '#/link/nobody');
  await focusIs('There is no link named “nobody”');
});

it('[D1] the list of shortcuts gives the focus back to what had it', async () => {
  open = await openPage();
  await open.page.getByRole('button', { name: 'Pause okx-spot' }).focus();
  await press('?');
  await open.page.getByRole('dialog').waitFor();
  expect(await open.page.getByRole('dialog').innerText()).toMatch(/3\s+or\s+g h\s+Pools/);
  await press('Escape');
  await focusIs('Pause okx-spot');
  await open.page.getByRole('button', { name: 'Keyboard shortcuts' }).focus();
  await press('Enter');
  await open.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await focusIs('Keyboard shortcuts');
});

it('[L11] a row’s Reconnect keeps the focus when the row is paused, says why it is blocked, and does nothing', async () => {
  open = await openPage();
  const { page } = open;
  const button = page.getByRole('button', { name: 'Reconnect demo-tokyo' });
  await button.focus();
  await press('p');
  await answer('Pause');
  await until(async () => expect(await button.getAttribute('aria-disabled')).toBe('true'));
  await focusIs('Reconnect demo-tokyo');
  expect(await button.getAttribute('title')).toContain('Paused');
  await press('Enter', 'r', 'Shift+R');
  expect(await page.getByRole('row', { name: 'demo-tokyo' }).innerText()).toContain('paused');
  await press('p');
  await until(async () => expect(await button.getAttribute('aria-disabled')).toBe('false'));
});

it('[L11] with CapsLock on, r is graceful and Shift r cuts, in the table and on the link’s page; p pauses', async () => {
  open = await openPage();
  const { page, app } = open;
  await page.getByRole('button', { name: 'Reconnect demo-tokyo' }).focus();
  // Without Shift held, the big letter is what CapsLock makes of the key.
  await press('R');
  await until(() => expect(app.reconnects).toEqual(['graceful demo-tokyo']));
  await press('Shift+r');
  await answer('Reconnect hard');
  await until(() => expect(app.reconnects.slice(1)).toEqual(['hard demo-tokyo']));
  const row = page.getByRole('row', { name: 'demo-tokyo', exact: true });
  await until(async () => expect(await row.innerText()).toContain('connecting'));
  await until(async () => expect(await row.innerText()).not.toContain('connecting'));
  await goTo(page, '#/link/demo-tokyo');
  await page.getByRole('button', { name: 'Rotate demo-tokyo' }).waitFor();
  await press('R');
  await until(() => expect(app.reconnects.slice(2)).toEqual(['graceful demo-tokyo']));
  await press('Shift+r');
  await answer('Reconnect hard');
  await until(() => expect(app.reconnects.slice(3)).toEqual(['hard demo-tokyo']));
  // It has no socket while it is dialled: nothing is asked.
  await until(async () => expect(await page.locator('.link-state').innerText()).toContain('connecting'));
  await press('P');
  await until(async () => expect(await page.locator('.link-state').innerText()).toContain('paused'));
});

it('[D1] the question before a cut gives the focus to the page when what had it is gone, and goes with its page', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo' });
  const { page, app } = open;
  await focusIs('demo-tokyo');
  const question = page.getByRole('alertdialog', { name: 'Pause demo-tokyo?' });
  const notice = app.notices.gaveUp('kraken', 'gave up after 10 attempts');
  const dismiss = page.getByRole('button', { name: /^Dismiss: kraken gave up/ });
  await dismiss.focus();
  await press('p');
  await question.waitFor();
  app.notices.resolve(notice);
  await dismiss.waitFor({ state: 'detached' });
  await press('Escape');
  await question.waitFor({ state: 'detached' });
  await focusIs('demo-tokyo');
  await press('p');
  await question.waitFor();
  await page.evaluate(() => history.back());
  await page.getByTestId('p99-chart').waitFor();
  await question.waitFor({ state: 'detached' });
  expect(await page.getByRole('row', { name: 'demo-tokyo', exact: true }).innerText()).not.toContain('paused');
  expect(await focused(page)).not.toBe('nothing');
});

it('[L12] Rotate keeps the focus when the link becomes suspect or is paused, with the reason', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo' });
  const { page, app } = open;
  const rotate = page.getByRole('button', { name: 'Rotate demo-tokyo' });
  await rotate.focus();
  app.setState('demo-tokyo', (now) => ({ kind: 'suspect', since: now, upSince: monoMs(0), probes: 1, why: 'silence' }));
  await until(async () => expect(await rotate.getAttribute('title')).toContain('this one is suspect'));
  expect(await rotate.getAttribute('aria-disabled')).toBe('true');
  expect(await focused(page)).toBe('Rotate demo-tokyo');
  await press('p');
  await answer('Pause');
  await until(async () => expect(await rotate.getAttribute('title')).toContain('this one is paused'));
  await focusIs('Rotate demo-tokyo');
});

it('[D1] a dismissed notice hands the focus to the next one, the last one back to where it came from', async () => {
  open = await openPage();
  const { page } = open;
  const reconnect = page.getByRole('button', { name: 'Reconnect deribit-options' });
  await reconnect.focus();
  await press('Enter');
  await page.getByRole('button', { name: /^Dismiss/ }).waitFor();
  await goTo(page, '#/pools');
  await focusIs('Pools');
  await page.evaluate(() => history.back());
  await reconnect.waitFor();
  open.app.fail('demo-tokyo');
  await until(async () => expect(await page.getByRole('button', { name: /^Dismiss/ }).count()).toBe(2));
  await reconnect.focus();
  await page
    .getByRole('button', { name: /^Dismiss/ })
    .first()
    .focus();
  await press('Enter');
  await until(async () => expect(await focused(page)).toMatch(/^Dismiss: demo-tokyo gave up/));
  await press('Enter');
  await focusIs('Reconnect deribit-options');
});

it('[C2] Apply by Enter keeps the focus, and so does Revert edit', async () => {
  open = await openPage();
  await editSettings();
  const { page, app } = open;
  await page.getByRole('button', { name: 'Apply', exact: true }).focus();
  await press('Enter');
  await page.getByText(/^Applied/).waitFor();
  expect(app.settings.text.startsWith('# mine')).toBe(true);
  expect(await focused(page)).toBe('Apply');
  await press('Enter');
  await editSettings();
  await page.getByRole('button', { name: 'Revert edit' }).focus();
  await press('Enter');
  await page.getByText('Unsaved edit').waitFor({ state: 'detached' });
  expect(await focused(page)).toBe('Revert edit');
  expect(await page.getByRole('button', { name: 'Revert edit' }).getAttribute('title')).toContain('nothing was edited');
});

it('[C2] Undo says what it did, although the text in the editor becomes another by it', async () => {
  open = await openPage();
  await editSettings();
  const { page, app } = open;
  await press('Control+s');
  await page.getByText(/^Applied/).waitFor();
  const undo = page.getByRole('button', { name: 'Undo last apply…' });
  await undo.focus();
  await press('Enter');
  expect(await focused(page)).toBe('Undo last apply…');
  const now = page.getByRole('button', { name: 'Undo now', disabled: false });
  await now.waitFor();
  await now.focus();
  await press('Enter');
  await page.getByText(/^Undone/).waitFor();
  await page.locator('.cm-line', { hasText: '# mine' }).waitFor({ state: 'detached' });
  expect(await page.locator('.said').innerText()).toMatch(/^Undone/);
  expect(app.settings.text).not.toContain('# mine');
  expect(await focused(page)).toBe('Settings');
});

it.each(['Keep mine', 'Load the file', 'Overwrite the file'])(
  '[C2] %s answers a conflict without losing the focus',
  async (answer) => {
    open = await openPage();
    await editSettings();
    const { page, app } = open;
    app.settings.writeOutside(`${app.settings.text}\n# outside\n`);
    // Overwriting is refused until it is known what that does to the file as it is now.
    await page.getByRole('button', { name: answer, disabled: false }).waitFor();
    const button = page.getByRole('button', { name: answer });
    await button.focus();
    await press('Enter');
    await button.waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Settings');
  },
);

it('[D3] Esc leaves the editor first, then the page; the draft is kept', async () => {
  open = await openPage();
  await editSettings();
  const { page } = open;
  await press('Control+f');
  await page.locator('.cm-search').waitFor();
  await press('Escape');
  await page.locator('.cm-search').waitFor({ state: 'detached' });
  await focusIs('Settings text');
  await press('Control+a', 'Escape');
  await focusIs('Settings');
  expect(page.url()).toContain('#/settings');
  await press('Escape');
  await page.getByTestId('p99-chart').waitFor();
  await focusIs('demo-tokyo');
  await press('2');
  await page.getByText('Unsaved edit').waitFor();
});

it('[D3] the editor has a ring while it is focused, and marks its line only then', async () => {
  open = await openPage();
  const { page } = open;
  await goTo(page, '#/settings');
  await page.locator('.cm-activeLine').waitFor();
  const look = () =>
    page.evaluate(() => ({
      ring: getComputedStyle(document.querySelector('.editor') as Element, '::after').borderTopWidth,
      line: getComputedStyle(document.querySelector('.cm-activeLine') as Element).backgroundColor,
    }));
  const before = await look();
  expect(before.line).toBe('rgba(0, 0, 0, 0)');
  await page.getByLabel('Settings text').focus();
  await until(async () => expect((await look()).line).not.toBe(before.line));
  expect((await look()).ring).toBe('2px');
});
