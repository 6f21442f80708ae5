import { afterEach, expect, it } from 'vitest';
import { goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const button = (name: string) => open.page.getByRole('button', { name, exact: true });
const preview = () => open.page.getByTestId('settings-preview').innerText();
const said = () => open.page.locator('.said').innerText();
const isFree = (name: string) =>
  until(async () => expect(await button(name).getAttribute('aria-disabled')).toBe('false'));

/** With `# mine` in front, and what that would do worked out. */
async function edited(): Promise<void> {
  open = await openPage();
  await goTo(open.page, '#/settings');
  await open.page.getByLabel('Settings text').focus();
  await open.page.keyboard.type('# mine\n');
  await until(async () => expect(await preview()).toContain('No link changes: only the text does.'));
  // Not of what stood there at a pause in the typing.
  await until(async () => expect(await open.page.locator('.panel.pending').count()).toBe(0));
}

it('[D3] what Apply would do is told of what runs now: a link that came meanwhile is not called untouched and removed', async () => {
  await edited();
  const { page, app } = open;
  const answer = Promise.withResolvers<void>();
  app.settings.thinking = answer.promise;
  app.settings.writeOutside(`${app.settings.text}\n[link.extra]\npreset = "plain"\n`);
  await button('Keep mine').click();
  expect(await button('Apply').getAttribute('title')).toBe('Working out what it would do');
  await page.keyboard.press('Control+s');
  await until(async () => expect(await said()).toBe('Not applied. Working out what it would do'));
  expect(app.settings.text).toContain('[link.extra]');
  answer.resolve();
  await until(async () => expect(await preview()).toContain('extra – '));
  expect(await preview()).not.toContain('No link changes');
  await isFree('Apply');
  await until(async () => expect(await said()).toBe('Unsaved edit'));
  await page.keyboard.press('Control+s');
  await until(() => expect(app.settings.text).not.toContain('[link.extra]'));
});

it('[D3] a link that is paused while it is asked which text is to stay is among what Overwrite would resume', async () => {
  await edited();
  const { app } = open;
  app.settings.writeOutside(`${app.settings.text}# theirs\n`);
  await isFree('Overwrite the file');
  expect(await preview()).toContain('No link changes');
  await app.client.setLinkPaused({ link: 'demo-frankfurt', paused: true });
  await until(async () => expect(await preview()).toContain('demo-frankfurt – resumed'));
  await isFree('Overwrite the file');
});

it('[D3] your own Pause while an edit is unsaved is taken into it, with Settings open or not, and asks nothing', async () => {
  await edited();
  const { page, app } = open;
  const paused = page.locator('.cm-line', { hasText: 'enabled = false' });
  await app.client.setLinkPaused({ link: 'demo-frankfurt', paused: true });
  await until(async () => expect(await paused.count()).toBe(1));
  expect(await button('Keep mine').count()).toBe(0);
  await goTo(page, '#/');
  await page.getByTestId('p99-chart').waitFor();
  await app.client.setLinkPaused({ link: 'demo-newyork', paused: true });
  await goTo(page, '#/settings');
  await until(async () => expect(await paused.count()).toBe(2));
  expect(await button('Keep mine').count()).toBe(0);
  // What is taken back is what was typed, not the press.
  await page.getByLabel('Settings text').focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# more ');
  await app.client.setLinkPaused({ link: 'demo-tokyo', paused: true });
  await until(async () => expect(await paused.count()).toBe(3));
  await page.keyboard.press('Control+z');
  await until(async () => expect(await page.locator('.cm-line', { hasText: '# more' }).count()).toBe(0));
  expect(await paused.count()).toBe(3);
  const file = app.settings.text;
  await isFree('Apply');
  await until(async () => expect(await preview()).toContain('No link changes: only the text does.'));
  await page.keyboard.press('Control+s');
  await until(() => expect(app.settings.text).toBe(`# mine\n${file}`));
});

it('[D3] “Choose below which text is to stay” is said no longer than there is a choice below', async () => {
  await edited();
  const { page, app } = open;
  for (const answer of ['Keep mine', 'Load the file']) {
    app.settings.writeOutside(`${app.settings.text}# theirs\n`);
    await button(answer).waitFor();
    await page.keyboard.press('Control+s');
    await until(async () => expect(await said()).toBe('Not applied. Choose below which text is to stay'));
    await button(answer).click();
    await until(async () => expect(await said()).toBe(answer === 'Keep mine' ? 'Unsaved edit' : ''));
  }
});

it('[D3] that the text has errors, or a field no value, is said no longer than the edit stands', async () => {
  await edited();
  const { page } = open;
  const { length } = 'png_interval_secs';
  await page.keyboard.type('png_interval_secs');
  await until(async () => expect(await button('Apply').getAttribute('title')).toBe('The text has errors'));
  await page.keyboard.press('Control+s');
  await until(async () => expect(await said()).toBe('Not applied: the text has errors'));
  await button('Revert edit').click();
  await until(async () => expect(await said()).toBe(''));
  // Also after it was taken back in the text itself.
  await page.getByLabel('Settings text').focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('png_interval_secs');
  await until(async () => expect(await button('Apply').getAttribute('title')).toBe('The text has errors'));
  for (let i = 0; i < length; i += 1) await page.keyboard.press('Backspace');
  const delay = page.locator('.field[data-key="ws_initial_reconnect_delay_ms"] input');
  await delay.fill('abc');
  await page.keyboard.press('Control+s');
  await until(async () => expect(await said()).toContain('“abc” is not a'));
  await delay.fill('');
  await until(async () => expect(await said()).not.toContain('abc'));
});

it('[C2] the text of a file that was found empty can be written again as it stands', async () => {
  open = await openPage();
  const { page, app } = open;
  const text = app.settings.text;
  app.settings.emptied();
  await goTo(page, '#/settings');
  await isFree('Apply');
  await page.keyboard.press('Control+s');
  await until(() => expect(app.settings.view().fileTrouble).toBeNull());
  expect(app.settings.text).toBe(text);
});

it('[D3] what is typed right after an Apply can be applied at once: nothing is said of it yet that could be of another time', async () => {
  await edited();
  const { page, app } = open;
  await page.keyboard.press('Control+s');
  await until(async () => expect(await said()).toMatch(/^Applied/));
  const answer = Promise.withResolvers<void>();
  app.settings.thinking = answer.promise;
  await page.keyboard.type('# more\n');
  await page.keyboard.press('Control+s');
  await until(() => expect(app.settings.text).toContain('# more'));
  answer.resolve();
});

const field = (key: string) => open.page.locator(`.field[data-key="${key}"] input`);
async function form(): Promise<void> {
  open = await openPage();
  await goTo(open.page, '#/settings');
  await open.page
    .getByRole('list', { name: 'Tables' })
    .getByRole('button', { name: 'demo-tokyo', exact: true })
    .click();
}

it.each([
  ['another program’s value', (text: string) => text.replace('secs = 0.3 ', 'secs = 0.5 '), '0.5'],
  ['the value before, put back', (text: string) => text.replace('secs = 0.3 ', 'secs = 1 '), '1'],
])('[D3] a field in which was typed shows %s, and goes on from there', async (_, theirs, value) => {
  await form();
  const { page, app } = open;
  const typed = field('ping_interval_secs');
  await typed.fill('0.3');
  await page.keyboard.press('Control+s');
  await until(async () => expect(await said()).toBe('Applied: demo-tokyo (live)'));
  expect(await typed.inputValue()).toBe('0.3');
  app.settings.writeOutside(theirs(app.settings.text));
  await until(async () => expect(await typed.inputValue()).toBe(value));
  expect(await said()).toBe('');
  await typed.press('End');
  await page.keyboard.type('5');
  await page.locator('.cm-line', { hasText: `ping_interval_secs = ${value}5 ` }).waitFor();
  await page.keyboard.press('Control+s');
  await until(() => expect(app.settings.text).toContain(`ping_interval_secs = ${value}5 `));
});

it('[D3] a field that was emptied is taken out by Ctrl+S as well', async () => {
  await form();
  const { page, app } = open;
  const typed = field('ping_interval_secs');
  await typed.fill('');
  await page.keyboard.press('Control+s');
  await until(() => expect(app.settings.text).toContain('\n# ping_interval_secs = 1 '));
  await until(async () => expect(await said()).toMatch(/^Applied/));
  await typed.blur();
  expect(await typed.inputValue()).toBe('');
  expect(app.settings.text.match(/ping_interval_secs = 1 /g)).toHaveLength(1);
  await until(async () => expect(await button('Apply').getAttribute('title')).toMatch(/nothing was edited/));
});
