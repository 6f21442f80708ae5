import { afterEach, expect, it } from 'vitest';
import { ConnectionSchema, LinkSchema, PoolSchema } from '../../src/shared/settings.ts';
import { type FakeSpec, TEN_LINKS } from './fakeLinks.ts';
import { axeOf, focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const settings = async (options: Parameters<typeof openPage>[0] = {}): Promise<void> => {
  open = await openPage(options);
  await goTo(open.page, '#/settings');
  await open.page.locator('.field').first().waitFor();
};
const section = (name: string) =>
  open.page.getByRole('list', { name: 'Tables' }).getByRole('button', { name, exact: true });
const field = (key: string) => open.page.locator(`.field[data-key="${key}"]`);
const control = (key: string) => field(key).locator('input, select, textarea');
const keys = () => open.page.locator('.field').evaluateAll((all) => all.map((one) => one.getAttribute('data-key')));
const line = (text: string | RegExp) => open.page.locator('.cm-line', { hasText: text });

/** The whole text, from where it is kept as long as it is not applied. */
const text = (): Promise<string> =>
  open.page.evaluate(() => {
    const held = Object.entries(localStorage).find(([key]) => key.startsWith('warmwire.draft'))?.[1];
    return held === undefined ? '' : String(JSON.parse(held).text);
  });

it('[D3] the form has every key of the schema, each with unit, effect, range and meaning', async () => {
  await settings();
  const shown = await keys();
  await section('all pools').click();
  expect([...shown, ...(await keys())].sort()).toEqual(Object.keys(ConnectionSchema.shape).sort());
  await section('demo-tokyo').click();
  expect(await keys()).toEqual(Object.keys(LinkSchema.shape));
  const row = await field('ping_interval_secs').innerText();
  expect(row).toMatch(/ping_interval_secs\s*s\s+live[\s\S]*Time between two pings on an idle link\. 0\.1 to 3600 s\./);
  expect(await field('compression').innerText()).toContain('re-dial');
  await open.page.getByRole('button', { name: 'Add pool' }).click();
  await until(async () => expect(await keys()).toEqual(Object.keys(PoolSchema.shape)));
  expect(await text()).toContain('[pool.new-pool]');
});

it('[D3] an edit of a field is an edit of the text at its place, comments kept; Reset takes the key out', async () => {
  await settings();
  await section('demo-tokyo').click();
  await control('ping_interval_secs').fill('2.5');
  await line('ping_interval_secs = 2.5            # seconds').waitFor();
  await open.page.keyboard.press('Control+s');
  await until(() => expect(open.app.settings.text).toContain('ping_interval_secs = 2.5 '));
  await control('expects_data').selectOption('false');
  await line('expects_data = false').waitFor();
  await control('subscribe').fill('ticker:BTC-USD\ntrades:SOL-USD');
  await line('subscribe = ["ticker:BTC-USD", "trades:SOL-USD"]').waitFor();
  await field('profile').getByRole('button', { name: 'Reset profile' }).click();
  await line('profile = "trading"').waitFor({ state: 'detached' });
  await field('ping_interval_secs').getByRole('button', { name: 'Reset ping_interval_secs' }).click();
  await line('# ping_interval_secs = 2.5            # seconds').waitFor();
  await until(async () => expect(await control('ping_interval_secs').getAttribute('placeholder')).toContain('60 s'));
  expect(open.app.settings.text).toContain('profile = "trading"');
});

it('[D3] links whose names differ only at their ends are told apart in the list of tables', async () => {
  const names = ['1', '2'].map((end) => `kraken-spot-orderbook-of-the-deep-end-${end}`);
  await settings({ links: names.map((name) => ({ ...(TEN_LINKS[0] as FakeSpec), name })) });
  const cut = open.page.locator('.sections .cut-name[data-cut]');
  await cut.nth(1).waitFor();
  const seen = await cut.evaluateAll((all) => all.map((one) => one.getAttribute('data-cut')));
  expect(seen.map((text) => text?.slice(-2))).toEqual(['…1', '…2']);
  await section(names[0] ?? '').waitFor();
});

it('[C1] a key that is not set shows the value in force, with its unit and where it comes from', async () => {
  await settings();
  await section('demo-tokyo').click();
  const holder = (key: string) => control(key).getAttribute('placeholder');
  await until(async () => expect(await holder('data_timeout_secs')).toBe('60 s from profile "trading"'));
  expect(await holder('initial_reconnect_delay_ms')).toBe('100 ms from profile "trading"');
  expect(await holder('jitter_factor')).toBe('0.1 from [connection]');
  expect(await holder('missed_pongs')).toBe('3 pings, built in');
  expect(await control('jitter').locator('option').first().innerText()).toBe('proportional, built in');
});

it('[D3] what is typed in the text is in the form, and a line that is no TOML is named and nothing else is lost', async () => {
  await settings();
  await section('demo-tokyo').click();
  const { page } = open;
  await line(/^ping_interval_secs/).click();
  await page.keyboard.press('End');
  await page.keyboard.type('\nmissed_pongs = 7');
  await until(async () => expect(await control('missed_pongs').inputValue()).toBe('7'));
  await page.keyboard.type('\nstandby = "');
  const fault = page.locator('.form-fault');
  await until(async () => expect(await fault.innerText()).toContain('Line 14 cannot be read'));
  expect(await control('missed_pongs').inputValue()).toBe('7');
  expect(await control('missed_pongs').isEditable()).toBe(false);
  await page.getByRole('heading', { name: 'Settings' }).focus();
  await fault.getByRole('button', { name: 'Go to line 14' }).click();
  expect(await focused(page)).toBe('Settings text');
  await page.keyboard.press('End');
  for (let i = 0; i < 'standby = "'.length; i += 1) await page.keyboard.press('Backspace');
  await fault.waitFor({ state: 'detached' });
  expect(await control('missed_pongs').isEditable()).toBe(true);
});

it('[D3] [C2] what is no number stays in its field and keeps everything from being applied until it is mended', async () => {
  await settings();
  const { page, app } = open;
  const before = app.settings.text;
  const apply = page.getByRole('button', { name: 'Apply', exact: true });
  const why = 'link.demo-tokyo.ping_interval_secs is not written: “1,5” is not a number from 0.1 to 3600 (s)';
  await section('demo-tokyo').click();
  await control('missed_pongs').fill('7');
  await control('ping_interval_secs').fill('1,5');
  await control('ping_interval_secs').blur();
  expect(await control('ping_interval_secs').inputValue()).toBe('1,5');
  await field('ping_interval_secs').getByText('not written: a number from 0.1 to 3600 (s)').waitFor();
  await section('all links').click();
  expect(await apply.getAttribute('title')).toBe(why);
  await page.keyboard.press('Control+s');
  await page.getByText(`Not applied: ${why}`).waitFor();
  expect(app.settings.text).toBe(before);
  await section('demo-tokyo').click();
  expect(await control('ping_interval_secs').inputValue()).toBe('1,5');
  // The text itself is another way to mend it.
  await line(/^ping_interval_secs/).click();
  await page.keyboard.press('Home');
  for (let i = 0; i < 'ping_interval_secs = '.length; i += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.type('2');
  await until(async () => expect(await control('ping_interval_secs').inputValue()).toBe('21'));
  expect(await apply.getAttribute('title')).not.toContain('not written');
  await control('ping_interval_secs').fill('abc');
  await page.getByRole('button', { name: 'Revert edit' }).click();
  await until(async () => expect(await control('ping_interval_secs').inputValue()).toBe('1'));
  expect(await apply.getAttribute('title')).toContain('nothing was edited');
});

it.each(['x = [', 'x = """'])(
  '[D3] what is no number outlives a text that cannot be read (%s), another page and a reload, and still keeps from applying',
  async (broken) => {
    await settings();
    const { page } = open;
    const apply = page.getByRole('button', { name: 'Apply', exact: true });
    const held = () => until(async () => expect(await apply.getAttribute('title')).toContain('“1,5” is not a number'));
    await section('demo-tokyo').click();
    await control('missed_pongs').fill('7');
    await control('ping_interval_secs').fill('1,5');
    await page.getByLabel('Settings text').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(`\n${broken}`);
    await page.getByText('cannot be read').first().waitFor();
    await held();
    for (let i = 0; i <= broken.length; i += 1) await page.keyboard.press('Backspace');
    await page.locator('.form-fault').waitFor({ state: 'detached' });
    await held();
    await goTo(page, '#/');
    await page.getByTestId('p99-chart').waitFor();
    await goTo(page, '#/settings');
    await held();
    await page.reload();
    await held();
    await section('demo-tokyo').click();
    expect(await control('ping_interval_secs').inputValue()).toBe('1,5');
    await control('ping_interval_secs').fill('1.5');
    await until(async () => expect(await apply.getAttribute('aria-disabled')).toBe('false'));
  },
);

it('[D3] what is no number goes with its link when that is renamed, in the form or in the text, and when it is undone', async () => {
  await settings();
  const { page } = open;
  const apply = page.getByRole('button', { name: 'Apply', exact: true });
  const held = (link: string) =>
    until(async () =>
      expect(await apply.getAttribute('title')).toMatch(`link.${link}.ping_interval_secs is not written: “abc”`),
    );
  await section('demo-tokyo').click();
  await control('ping_interval_secs').fill('abc');
  await page.getByLabel('Name of the link').fill('tokyo');
  await page.keyboard.press('Enter');
  await section('tokyo').waitFor();
  await held('tokyo');
  expect(await control('ping_interval_secs').inputValue()).toBe('abc');
  await line('[link.tokyo]').click();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  for (let i = 0; i < 'tokyo'.length; i += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type('osaka');
  await held('osaka');
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('Control+z');
  await line('[link.demo-tokyo]').waitFor();
  await held('demo-tokyo');
  await page.getByRole('button', { name: 'Remove demo-tokyo' }).click();
  await until(async () => expect(await apply.getAttribute('title')).not.toContain('not written'));
});

it('[D1] what is no number is said by the field itself why it is not written', async () => {
  await settings();
  await section('demo-tokyo').click();
  const field = control('ping_interval_secs');
  await field.fill('12x');
  const described = await field.evaluate((input) =>
    (input.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent),
  );
  expect(described[0]).toBe('not written: a number from 0.1 to 3600 (s)');
  expect(described[1]).toContain('Time between two pings');
  expect(await field.getAttribute('aria-invalid')).toBe('true');
});

it.each([1280, 1920])('[D1] what the text offers by keys is there in whole at %i px', async (width) => {
  await settings({ size: { width, height: 800 } });
  const help = open.page.getByTestId('key-help');
  expect(await help.innerText()).toMatch(/F8.* next problem\.$/);
  const cut = await help
    .locator('span')
    .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).length);
  expect(cut).toBe(0);
  expect((await help.boundingBox())?.height, 'in one line').toBeLessThan(32);
});

it('[D3] a problem stands at its field; what is no number is not written, and the text keeps the last that was', async () => {
  await settings();
  await section('demo-tokyo').click();
  await control('ping_interval_secs').fill('12x');
  await field('ping_interval_secs').getByText('not written: a number from 0.1 to 3600 (s)').waitFor();
  await line('ping_interval_secs = 1 ').waitFor();
  await control('ping_interval_secs').fill('1');
  await control('ping_interval_secs').blur();
  await line(/^ping_interval_secs/).click();
  await open.page.keyboard.press('Home');
  await open.page.keyboard.press('ArrowRight');
  await open.page.keyboard.press('Delete');
  await section('all links').click();
  await field('ws_ping_interval_secs').getByText('held at 15 s for demo-tokyo').waitFor();
  expect(await control('ws_ping_interval_secs').getAttribute('aria-describedby')).toContain('problem');
});

it('[D3] the cursor leads the form to its key, and a focused field leads the cursor and keeps the focus', async () => {
  await settings();
  const { page } = open;
  await line('ws_jitter_factor').click();
  await until(async () => expect(await field('ws_jitter_factor').getAttribute('class')).toContain('marked'));
  expect(await focused(page)).toBe('Settings text');
  await line('subscribe = ').click();
  await until(async () => expect(await section('demo-tokyo').getAttribute('aria-current')).toBe('true'));
  await control('ping_interval_secs').focus();
  await page.locator('.cm-activeLine', { hasText: 'ping_interval_secs = 1' }).waitFor();
  await page.getByTestId('key-help').getByText('Time between two pings').waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
});

it('[D3] links are added, copied, renamed and removed from the form; what else stands in the text stays', async () => {
  await settings();
  const { page } = open;
  await section('demo-tokyo').click();
  await page.getByRole('button', { name: 'Duplicate demo-tokyo' }).click();
  const name = page.getByLabel('Name of the link');
  await until(async () => expect(await name.inputValue()).toBe('demo-tokyo-copy'));
  await name.fill('to"ky\u200fo 🚀');
  await page.keyboard.press('Enter');
  await section('to"ky\u200fo 🚀').waitFor();
  await until(async () =>
    expect(await text()).toContain('[link."to\\"ky\u200fo 🚀"]\npreset = "demo_tokyo"\nurl = "demo://tokyo"'),
  );
  await name.fill('demo-tokyo');
  await page.getByText('this name is taken').waitFor();
  await page.keyboard.press('Escape');
  expect(page.url()).toContain('#/settings');
  await page.getByRole('button', { name: /^Remove to"ky/ }).click();
  await section('to"ky\u200fo 🚀').waitFor({ state: 'detached' });
  await until(async () => expect(await text()).toBe(''));
  expect(await focused(page)).not.toBe('nothing');
  await page.getByRole('button', { name: 'Add link' }).click();
  await until(async () => expect(await name.inputValue()).toBe('new-link'));
  expect(await page.getByRole('link', { name: 'Add venue…' }).getAttribute('href')).toBe('#/add');
});

it('[D3] a table called __proto__, or by 200 characters, is shown and can be mended', async () => {
  await settings();
  const long = 'n'.repeat(200);
  open.app.settings.writeOutside(`[link.__proto__]\nmissed_pongs = 4\n[link.${long}]\nmissed_pongs = 5\n`);
  await section('__proto__').click();
  await until(async () => expect(await control('missed_pongs').inputValue()).toBe('4'));
  await open.page.getByLabel('Name of the link').fill('mended');
  await open.page.keyboard.press('Enter');
  await line('[link.mended]').waitFor();
  await section(long).click();
  await until(async () => expect(await control('missed_pongs').inputValue()).toBe('5'));
  const over = await open.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(over).toBeLessThanOrEqual(0);
});

it('[D3] 500 links: any is found by its name, and a field of it answers at once', async () => {
  await settings();
  const many = Array.from(
    { length: 500 },
    (_, i) => `[link.venue-${i}]\nurl = "wss://e.example/${i}"\nmissed_pongs = 3 # mine\n`,
  );
  open.app.settings.writeOutside(many.join('\n'));
  await section('venue-499').waitFor();
  await open.page.getByLabel('Find a table').fill('venue-321');
  await section('venue-321').click();
  await control('missed_pongs').fill('9');
  await until(async () =>
    expect(await text()).toContain('[link.venue-321]\nurl = "wss://e.example/321"\nmissed_pongs = 9 # mine'),
  );
  await line('missed_pongs = 9 # mine').waitFor();
});

it('[D3] keys are filtered by name, meaning, and whether they are set', async () => {
  await settings();
  await section('demo-tokyo').click();
  await open.page.getByLabel('set here').check();
  expect(await keys()).toEqual(['url', 'preset', 'profile', 'subscribe', 'ping_interval_secs']);
  await open.page.getByLabel('set here').uncheck();
  await open.page.getByLabel('Filter keys').fill('breaker');
  expect(await keys()).toEqual(['breaker_failures', 'breaker_open_secs']);
});

it('[D3] all of the form by keyboard: the tables are one stop, with arrow keys within', async () => {
  await settings();
  const { page } = open;
  await section('all links').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(await focused(page)).toBe('demo-tokyo');
  expect(await page.getByLabel('Name of the link').inputValue()).toBe('demo-tokyo');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Add link');
  await page.keyboard.press('Shift+Tab');
  expect(await focused(page)).toBe('demo-tokyo');
  await page.keyboard.press('End');
  expect(await focused(page)).toBe('app');
});

it.each(['dark', 'light'] as const)(
  '[D1] axe has nothing against the form with a problem and a probation in %s',
  async (theme) => {
    await settings({ theme });
    await section('demo-tokyo').click();
    await control('ping_interval_secs').fill('x');
    open.app.settings.setProbation({
      kind: 'watching',
      leftSecs: 24,
      links: 5,
      worse: ['a was healthy and is degraded: x'],
    });
    await open.page.getByTestId('probation').waitFor();
    expect(await axeOf(open.page)).toEqual([]);
  },
);
