import type { Locator } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { axeOf, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const line = (text: string | RegExp) => open.page.locator('.cm-line', { hasText: text });
const button = (name: string | RegExp) => open.page.getByRole('button', { name, exact: typeof name === 'string' });

async function edited(): Promise<void> {
  open = await openPage();
  await goTo(open.page, '#/settings');
  await open.page.getByLabel('Settings text').focus();
  await open.page.keyboard.type('# mine\n');
}

/** Types what only a new socket of okx-spot can have. Answers the preview of it. */
async function compressOne(): Promise<Locator> {
  const { page } = open;
  await line(/^ping_interval_secs/).click();
  await page.keyboard.press('End');
  await page.keyboard.type('\ncompression = true');
  return page.getByTestId('settings-preview');
}

it('[D3] what Apply would re-dial is named first, with what covers it, and what stays is counted and named', async () => {
  open = await openPage();
  await goTo(open.page, '#/settings');
  await line(/^ping_interval_secs/).click();
  await open.page.keyboard.press('End');
  await open.page.keyboard.type('\ncompression = true');
  await line(/^ping_interval_secs/).click();
  await open.page.keyboard.press('Home');
  await open.page.keyboard.press('ArrowRight');
  const preview = open.page.getByTestId('settings-preview');
  await until(async () =>
    expect(await preview.innerText()).toMatch(
      /okx-spot – re-dial: a new socket first[\s\S]*gate is closed while 20 of its pings are measured, about 25 s[\s\S]*compression false → true[\s\S]*socket in use stays/,
    ),
  );
  expect(await preview.innerText()).toContain('9 links untouched, 6 pools');
  await preview.locator('summary').click();
  expect(await preview.locator('details').innerText()).toContain('demo-frankfurt');
});

it('[D3] of a link whose settings wait for a new socket a re-dial is said to leave one alone that was made with these', async () => {
  open = await openPage();
  const { page, app } = open;
  app.setPending('okx-spot');
  await goTo(page, '#/settings');
  const preview = await compressOne();
  await until(async () =>
    expect(await preview.innerText()).toMatch(
      /okx-spot – re-dial[\s\S]*a socket that was made with these stays in use/,
    ),
  );
});

it('[D3] what is done to many links alike is told once, below what re-dials; which they are is there on demand', async () => {
  open = await openPage();
  const { page } = open;
  await goTo(page, '#/settings');
  await line(/^ws_jitter_factor/).click();
  await page.keyboard.press('End');
  await page.keyboard.type('\nws_pong_timeout_secs = 4');
  const preview = await compressOne();
  const entries = preview.locator('.changes > li');
  await until(async () => expect(await entries.count()).toBe(3));
  const [first, second, third] = await entries.allInnerTexts();
  expect(first).toMatch(/^okx-spot – re-dial/);
  expect(third).toMatch(/^coinbase-advanced – paused: in force once it is resumed/);
  expect(second?.replace(/\s+/g, ' ')).toBe('9 links – live: socket stays pong_timeout_secs 5 → 4 Which 9 links');
  await entries.nth(1).locator('summary').press('Enter');
  expect(await entries.nth(1).innerText()).toContain('demo-frankfurt');
  expect(await axeOf(page)).toEqual([]);
});

it('[D3] of a paused link no socket is said to stay or to be made: the change is in force once it is resumed', async () => {
  open = await openPage();
  const { page, app } = open;
  app.setState('okx-spot', () => ({ kind: 'paused' }));
  const row = page.getByRole('row', { name: 'okx-spot', exact: true });
  await until(async () => expect(await row.innerText()).toContain('paused'));
  await goTo(page, '#/settings');
  const preview = await compressOne();
  await until(async () =>
    expect(await preview.innerText()).toContain('okx-spot – paused: in force once it is resumed'),
  );
  expect(await preview.innerText()).not.toContain('socket');
  await page.keyboard.press('Control+s');
  await until(async () =>
    expect(await page.locator('.said').innerText()).toBe('Applied: okx-spot (once it is resumed)'),
  );
});

it('[D3] Esc at the question whether to undo keeps the edit and stays on the page; the next one leaves', async () => {
  await edited();
  const { page } = open;
  await page.keyboard.press('Control+s');
  await until(async () => expect(open.app.settings.text).toContain('# mine'));
  await button('Undo last apply…').click();
  const question = page.getByRole('alert').filter({ has: button('Undo now') });
  await question.waitFor();
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  expect(page.url()).toContain('#/settings');
  expect(open.app.settings.text).toContain('# mine');
  await page.keyboard.press('Escape');
  await page.getByTestId('p99-chart').waitFor();
});

it('[D3] after Apply the page says for how long which links are watched, and the question whether to undo takes its place', async () => {
  await edited();
  const bar = open.page.getByTestId('probation');
  await open.page.keyboard.press('Control+s');
  await until(() => expect(open.app.settings.watched).toBe(true));
  open.app.settings.setProbation({ kind: 'watching', leftSecs: 24, links: 5, worse: [] });
  await until(async () => expect(await bar.innerText()).toContain('Watching for 24 s: 5 of 5 as good as before'));
  await button('Undo last apply…').click();
  await button('Undo now').waitFor();
  expect(await bar.count()).toBe(0);
  await button('Cancel undo').click();
  await button('Stop watching').click();
  await bar.waitFor({ state: 'detached' });
});

it('[D3] an edit that was taken back is told on every other page, with the way to it; put away here, it is still kept', async () => {
  open = await openPage();
  const { page, app } = open;
  const worse = ['kraken was healthy and is degraded: no data for 12 s'];
  app.settings.setProbation({ kind: 'put-back', worse, text: '# the edit\n' });
  const told = page.locator('.bar', { hasText: 'was taken back by itself' });
  await until(async () => expect(await told.innerText()).toContain('a link was worse for it'));
  expect(await axeOf(page)).toEqual([]);
  await told.getByRole('link', { name: 'See why, and the edit' }).click();
  const bar = page.getByTestId('probation');
  await bar.waitFor();
  expect(await told.count()).toBe(0);
  await goTo(page, '#/');
  await told.getByRole('button', { name: 'Dismiss' }).click();
  await told.waitFor({ state: 'detached' });
  await goTo(page, '#/settings');
  await bar.waitFor();
  await goTo(page, '#/notices');
  expect(await told.count()).toBe(0);
  app.settings.setProbation({ kind: 'put-back', worse: [...worse, ...worse], text: '# another\n' });
  await until(async () => expect(await told.innerText()).toContain('2 links were worse for it'));
});

it('[D3] an edit that was put back says why, and is loaded into the editor again by one press', async () => {
  await edited();
  const worse = ['kraken was healthy and is degraded: no data for 12 s'];
  open.app.settings.setProbation({ kind: 'put-back', worse, text: '# the edit\n' });
  const bar = open.page.getByTestId('probation');
  await until(async () => expect(await bar.innerText()).toContain(`taken back: ${worse[0]}`));
  const load = button('Load the edit again');
  expect(await load.getAttribute('title')).toBe('Apply or revert your edit first');
  await button('Revert edit').click();
  await load.click();
  await line('# the edit').waitFor();
  await open.page.getByText('Unsaved edit').waitFor();
  open.app.settings.setProbation({ kind: 'not-judged', why: 'this machine slept meanwhile; the edit stays' });
  await until(async () => expect(await bar.innerText()).toContain('not judged: this machine slept'));
});

it('[D3] the watch can be left out for one Apply, and is there again for the next; 0 in the settings turns it off', async () => {
  await edited();
  const choice = open.page.getByLabel('Put back if worse');
  await choice.uncheck();
  await button('Apply').click();
  await until(() => expect(open.app.settings.watched).toBe(false));
  await until(async () => expect(await choice.isChecked()).toBe(true));
  open.app.settings.writeOutside('[app]\nrollback_after_secs = 0\n');
  await until(async () => expect(await choice.isDisabled()).toBe(true));
  expect(await choice.isChecked()).toBe(false);
});

it('[D3] an unsaved edit outlives another page, a reload and a host that dies and comes back', async () => {
  await edited();
  const { page } = open;
  await goTo(page, '#/');
  await page.getByTestId('p99-chart').waitFor();
  await goTo(page, '#/settings');
  await line('# mine').waitFor();
  open.cut(true);
  await page
    .getByText(/^Old numbers/)
    .first()
    .waitFor();
  await page.getByLabel('Settings text').focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# while it was gone\n');
  await page.reload();
  open.cut();
  await line('# while it was gone').waitFor();
  await line('# mine').waitFor();
  expect(open.app.settings.text).not.toContain('# mine');
});

it('[D3] an unsaved edit is marked at the way to the settings on every page, which come back at the table they were left at', async () => {
  open = await openPage();
  const { page } = open;
  const way = page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: /^Settings/ });
  const pools = page.getByRole('link', { name: 'Pools', exact: true });
  const place = await pools.boundingBox();
  await goTo(page, '#/settings');
  await page.getByRole('button', { name: 'okx-spot', exact: true }).click();
  const field = page.locator('.field[data-key="ping_interval_secs"] input');
  await field.fill('4');
  await line('ping_interval_secs = 4').waitFor();
  const marked = (is: boolean) =>
    until(async () => expect(await way.innerText()).toBe(is ? 'Settings\n, edit not applied' : 'Settings'));
  await marked(true);
  await goTo(page, '#/');
  await page.getByTestId('p99-chart').waitFor();
  await marked(true);
  expect(await pools.boundingBox()).toEqual(place);
  await way.click();
  await until(async () => expect(await page.getByLabel('Name of the link').inputValue()).toBe('okx-spot'));
  await until(async () => expect(await page.locator('.cm-activeLine').first().innerText()).toMatch(/= 4/));
  await field.fill('x');
  await field.blur();
  await marked(true);
  await button('Revert edit').click();
  await marked(false);
});

it('[D3] an edit that is applied after its page was left is no edit any more, whatever the file is then', async () => {
  await edited();
  const { page, app } = open;
  const host = Promise.withResolvers<void>();
  app.settings.busy = host.promise;
  await page.keyboard.press('Control+s');
  await until(async () => expect(await button('Apply').getAttribute('title')).toBe('Being applied'));
  await goTo(page, '#/');
  await page.getByTestId('p99-chart').waitFor();
  host.resolve();
  await until(() => expect(app.settings.text).toContain('# mine'));
  app.settings.writeOutside(`# theirs\n${app.settings.text}`);
  await goTo(page, '#/settings');
  await line('# theirs').waitFor();
  await line('# mine').waitFor();
  expect(await page.getByText('changed by another program').count()).toBe(0);
  expect(await button('Revert edit').isDisabled()).toBe(true);
});

it('[D3] what came of an Apply is said, and stays, to whoever goes on typing meanwhile', async () => {
  await edited();
  const { page, app } = open;
  const host = Promise.withResolvers<void>();
  app.settings.busy = host.promise;
  await page.keyboard.press('Control+s');
  await until(async () => expect(await button('Apply').getAttribute('title')).toBe('Being applied'));
  await page.keyboard.type('# more\n');
  host.resolve();
  const said = page.locator('.said');
  const outcome = 'Applied, but for what you typed since: no link changes';
  await until(async () => expect(await said.innerText()).toBe(outcome));
  await page.keyboard.type('# and more\n');
  await line('# and more').waitFor();
  expect(await said.innerText()).toBe(outcome);
  // Not before it is worked out what that would do now.
  await until(async () => expect(await button('Apply').getAttribute('aria-disabled')).toBe('false'));
  await page.keyboard.press('Control+s');
  await until(async () => expect(await said.innerText()).toMatch(/^Applied: no link changes/));
});

it('[D3] an edit that was left is offered back with a comparison when the file is another by now', async () => {
  await edited();
  await goTo(open.page, '#/');
  open.app.settings.writeOutside(`${open.app.settings.text}\n# theirs\n`);
  await goTo(open.page, '#/settings');
  await open.page.getByText('changed by another program').waitFor();
  await button('Compare').click();
  const comparison = open.page.getByRole('region', { name: /^Comparison/ });
  expect(await comparison.locator('.diff-new').innerText()).toContain('+ # mine');
  expect((await comparison.locator('.diff-gone').allInnerTexts()).join()).toContain('− # theirs');
  await button('Load the file').click();
  await line('# theirs').waitFor();
  expect(await comparison.count()).toBe(0);
});

it('[D3] completion offers tables, keys that are not set yet, values, presets and their channels', async () => {
  open = await openPage();
  await goTo(open.page, '#/settings');
  const { page } = open;
  const offered = page.locator('.cm-tooltip-autocomplete');
  const labels = () => offered.locator('.cm-completionLabel').allInnerTexts();
  /** By the pointer: the editor takes no Enter for an answer in the first 75 ms. */
  const take = () => offered.getByRole('option').first().click();
  await line(/^ping_interval_secs/).click();
  await page.keyboard.press('End');
  await page.keyboard.type('\nmissed_po');
  await until(async () => expect(await labels()).toEqual(['missed_pongs']));
  expect(await offered.innerText()).toContain('pings, 3 built in');
  await take();
  await line(/^missed_pongs =\s*$/).waitFor();
  await page.keyboard.type('3\nping_int');
  await until(async () => expect(await offered.count()).toBe(0));
  for (let i = 0; i < 'ping_int'.length; i += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type('preset = kra');
  await until(async () => expect(await labels()).toEqual(['kraken_v2']));
  await take();
  await page.keyboard.type('\nwatch_sequence = [tra');
  await until(async () => expect(await labels()).toEqual(['trade:']));
  await take();
  await page.keyboard.type('BTC/USD"]\njitter = f');
  await until(async () => expect(await labels()).toContain('full'));
  await page.keyboard.press('Escape');
  await page.keyboard.type('ull\n[ga');
  await until(async () => expect(await labels()).toEqual(['gate']));
  await line(/^watch_sequence = \["trade:BTC\/USD"\]$/).waitFor();
});

it('[D3] the pointer on a key shows its meaning, range, effect, and the value in force with its source', async () => {
  open = await openPage();
  await goTo(open.page, '#/settings');
  await line(/^ping_interval_secs/).hover({ position: { x: 40, y: 8 } });
  const hover = open.page.locator('.key-hover');
  await until(async () =>
    expect(await hover.innerText()).toMatch(
      /ping_interval_secs: a number from 0\.1 to 3600 \(s\), live\s+Time between two pings[\s\S]*In force: 1 s, set here/,
    ),
  );
});

it('[C2] a file that is gone is written again by Apply, without any edit', async () => {
  open = await openPage();
  await goTo(open.page, '#/settings');
  const { settings } = open.app;
  expect(await button('Apply').getAttribute('title')).toContain('nothing was edited');
  const preview = open.page.getByTestId('settings-preview');
  await until(async () => expect(await preview.innerText()).toContain('Nothing: the text is the file’s.'));
  settings.remove();
  await open.page.getByText('running: not this file but the last good settings').waitFor();
  await until(async () =>
    expect(await preview.innerText()).toMatch(
      /The file is not there now: it is written with this text\.\s+No link changes\./,
    ),
  );
  expect(await preview.innerText()).not.toContain('Nothing');
  await button('Apply').click();
  await open.page.getByText('running: this file').waitFor();
  await until(async () => expect(await open.page.locator('.said').innerText()).toBe('Applied: no link changes'));
});

it('[C2] without a file and without any text nothing is written that nobody typed: no link is removed by Ctrl+S', async () => {
  open = await openPage();
  await goTo(open.page, '#/settings');
  const { page, app } = open;
  app.settings.remove(false);
  await page.getByText('running: not this file but the last good settings').waitFor();
  const preview = page.getByTestId('settings-preview');
  await until(async () => expect(await preview.innerText()).toContain('Nothing: there is no text to write.'));
  expect(await button('Apply').getAttribute('title')).toBe('There is no file, and no text that could be written');
  await page.keyboard.press('Control+s');
  await page.getByText('Not applied. There is no file').waitFor();
  expect(app.settings.view().running).toBe('the last good settings');
  // Typed, it is meant, and the preview says of each link what it would be.
  await page.getByLabel('Settings text').focus();
  await page.keyboard.type('# no links');
  await until(async () => expect(await button('Apply').getAttribute('aria-disabled')).toBe('false'));
  await page.keyboard.press('Control+s');
  await until(() => expect(app.settings.text).toBe('# no links'));
});

it('[D3] Revert edit in a conflict shows the text that is on disk now, and leaves no edit', async () => {
  await edited();
  const { page, app } = open;
  app.settings.writeOutside(`# theirs\n${app.settings.text}`);
  await button('Keep mine').waitFor();
  await button('Revert edit').click();
  await line('# theirs').waitFor();
  await button('Keep mine').waitFor({ state: 'detached' });
  await page.getByText('Unsaved edit').waitFor({ state: 'detached' });
  await until(async () => expect(await button('Apply').getAttribute('title')).toContain('nothing was edited'));
});

it('[D3] Esc does not lead past the question which text is to stay', async () => {
  await edited();
  const { page, app } = open;
  app.settings.writeOutside(`${app.settings.text}# theirs\n`);
  await button('Keep mine').focus();
  await page.keyboard.press('Escape');
  await page.locator('.said', { hasText: 'Choose below which text is to stay' }).waitFor();
  expect(page.url()).toContain('#/settings');
  await button('Load the file').click();
  await page.keyboard.press('Escape');
  await page.getByTestId('p99-chart').waitFor();
});

it('[D3] the question whether to undo ends with the next edit, and does not come back aimed at what that applies', async () => {
  await edited();
  const { page, app } = open;
  await page.keyboard.press('Control+s');
  await until(() => expect(app.settings.text).toContain('# mine'));
  await button('Undo last apply…').click();
  await button('Undo now').waitFor();
  await page.getByLabel('Settings text').focus();
  await page.keyboard.type('# more\n');
  await button('Undo now').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+s');
  await until(() => expect(app.settings.text).toContain('# more'));
  await page.locator('.said', { hasText: 'Applied' }).waitFor();
  expect(await button('Undo now').count()).toBe(0);
});

it('[D3] after Keep mine, Ctrl+S goes over nothing that was written since: the page asks again', async () => {
  await edited();
  const { page, app } = open;
  const said = () => page.locator('.said').innerText();
  app.settings.conflictOnce = true;
  await page.keyboard.press('Control+s');
  await button('Keep mine').click();
  const newer = `${app.settings.text}# theirs\n`;
  app.settings.writeOutside(newer);
  await button('Keep mine').waitFor();
  await page.keyboard.press('Control+s');
  await until(async () => expect(await said()).toBe('Not applied. Choose below which text is to stay'));
  expect(app.settings.text).toBe(newer);
  await button('Keep mine').click();
  // Not before it is worked out what that would do now.
  await until(async () => expect(await button('Apply').getAttribute('aria-disabled')).toBe('false'));
  await page.keyboard.press('Control+s');
  await until(() => expect(app.settings.text).toContain('# mine'));
});

it('[D3] a file with Windows line ends keeps them when it is edited in the editor', async () => {
  open = await openPage();
  const { page, app } = open;
  const before = app.settings.text.replaceAll('\n', '\r\n');
  app.settings.writeOutside(before);
  await goTo(page, '#/settings');
  await page.getByLabel('Settings text').focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# mine\n');
  await page.keyboard.press('Control+s');
  await until(() => expect(app.settings.text).toBe(`# mine\r\n${before}`));
  await page.getByText('Unsaved edit').waitFor({ state: 'detached' });
});
