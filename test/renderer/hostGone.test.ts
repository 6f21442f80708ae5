import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { TEN_LINKS } from './fakeLinks.ts';
import { goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

/** The host dies and comes back, as a page in a browser sees it. */
let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const ASSETS = join(process.env.WARMWIRE_TEST_PAGE ?? resolve(import.meta.dirname, '../../out/renderer'), 'assets');

const SINCE = /Old numbers: no connection to Warmwire’s engine since (\d\d:\d\d:\d\d)\./;

/** Every second from one moment to another, as it is written. */
const secondsBetween = (fromMs: number, toMs: number): string[] =>
  Array.from({ length: Math.floor(toMs / 1000) - Math.floor(fromMs / 1000) + 1 }, (_, i) =>
    new Date(fromMs + i * 1000).toLocaleTimeString('en-GB'),
  );

/** The one bar that is shown while there is no engine. */
const bar = () => open.page.locator('.bar-bad');
const grey = (page: string): Promise<string> =>
  open.page.locator(page).evaluate((shown) => getComputedStyle(shown).filter);
const back = (): Promise<void> => open.page.locator('.app.stale').waitFor({ state: 'detached' });

it.each([
  ['#/', '.overview'],
  ['#/link/demo-tokyo', '.link-page'],
  ['#/drills/tokyo', '.drills-page'],
])(
  '[D1] %s says since when its numbers are old, greys them, and is of now by itself once the host is back',
  async (hash, shown) => {
    open = await openPage({ hash });
    const { page, app } = open;
    await page.locator(shown).waitFor();
    expect(await grey(shown)).toBe('none');
    const lostAt = Date.now();
    open.cut(true);
    await bar().getByText(SINCE).waitFor();
    const since = SINCE.exec(await bar().innerText())?.[1];
    expect(secondsBetween(lostAt, Date.now())).toContain(since);
    await until(async () => expect(await grey(shown)).toBe('grayscale(1)'));
    await until(async () => expect(await page.title()).toMatch(/^Old numbers – /));
    await bar()
      .getByText(/Next try in \d+ s|Trying now/)
      .waitFor();
    app.setState('demo-tokyo', () => ({ kind: 'paused' }));
    open.cut();
    await back();
    await bar().waitFor({ state: 'detached' });
    await until(async () => expect(await grey(shown)).toBe('none'));
    await until(async () => expect(await page.title()).not.toContain('Old numbers'));
    await goTo(page, '#/');
    const row = page.getByRole('row', { name: 'demo-tokyo', exact: true });
    await until(async () => expect(await row.innerText()).toContain('paused'));
  },
);

it('[D1] while the host is gone no mark in the table is coloured, and the last figures stay', async () => {
  open = await openPage();
  const { page } = open;
  const row = page.getByRole('row', { name: 'demo-frankfurt', exact: true });
  await row.waitFor();
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  await until(async () => expect(await page.locator('.links tbody .mark:not(.mark-idle)').count()).toBe(0));
  const figures = await row.locator('td.num').allInnerTexts();
  expect(figures.slice(0, 4).every((figure) => /^\d+\.\d\d$/.test(figure))).toBe(true);
  await until(async () => expect(await bar().innerText()).toMatch(/Next try in [2-9] s/));
  expect((await row.locator('td.num').allInnerTexts()).slice(0, 4)).toEqual(figures.slice(0, 4));
});

const coloured = (inside: string): Promise<number> => open.page.locator(`${inside} .mark:not(.mark-idle)`).count();

it('[D1] with the host gone the header claims nothing of now: a sentence that was, no lateness that calls', async () => {
  open = await openPage();
  const { page, app } = open;
  const line = page.locator('.band-figure');
  const look = () =>
    line.evaluate((shown) => {
      const strong = shown.querySelector('b') as Element;
      return { color: getComputedStyle(strong).color, weight: getComputedStyle(strong).fontWeight };
    });
  app.lateMs = 60;
  await page.locator('.lateness.late').waitFor();
  const before = await look();
  expect(await line.innerText()).toMatch(/^\d \/ 6 fit to trade/);
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  await until(async () => expect(await line.innerText()).toMatch(/^was \d \/ 6 fit to trade/));
  expect(await coloured('.band')).toBe(0);
  expect(await coloured('.lateness')).toBe(0);
  const after = await look();
  expect([before.weight, after.weight]).toEqual(['700', '400']);
  expect(after.color).not.toBe(before.color);
  const hues = await page
    .locator('.band :is(b, a, .tile)')
    .evaluateAll((all) => [...new Set(all.map((one) => getComputedStyle(one).color))]);
  expect(hues).toEqual([after.color]);
});

it('[D1] with the host gone no age and no wait is told: nobody knows them', async () => {
  open = await openPage({ size: { width: 1920, height: 1080 } });
  const { page } = open;
  const cell = (name: string, head: string) =>
    page.evaluate(
      ([link, column]) => {
        const heads = [...document.querySelectorAll('.links th')];
        const at = heads.findIndex((one) => one.textContent?.trim() === column);
        return document.querySelectorAll(`tr[data-link="${link}"] td`)[at]?.textContent;
      },
      [name, head],
    );
  await until(async () => expect(await cell('demo-tokyo', 'Data age')).toBe('<2 s'));
  expect(await cell('demo-tokyo', 'Up for')).toMatch(/ [ms]$/);
  const wait = page.getByRole('row', { name: 'okx-spot', exact: true }).locator('td.state .countdown');
  expect(await wait.innerText()).toMatch(/ s$/);
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  await until(async () => expect(await cell('demo-tokyo', 'Data age')).toBe('–'));
  expect(await cell('demo-tokyo', 'Up for')).toBe('–');
  expect(await cell('demo-newyork', 'Data age')).toBe('none');
  expect(await wait.innerText()).toBe('–');
  await goTo(page, '#/link/demo-tokyo');
  const facts = page.locator('.facts dd');
  await until(async () => expect((await facts.allInnerTexts()).slice(0, 2)).toEqual(['–', '–']));
  open.cut();
  await back();
  await until(async () => expect(await facts.first().innerText()).toMatch(/ s$/));
});

it('[D1] with the host gone no duration on a link’s page goes on, no mark is good, and the charts are not live', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo' });
  const { page } = open;
  const clock = page.getByTestId('chart-clock');
  await until(async () => expect(await clock.innerText()).toBe('live'));
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  await until(async () => expect(await clock.innerText()).toMatch(/^until \d\d:\d\d:\d\d$/));
  const durations = () => page.locator('[data-testid=gate], .facts dd').allInnerTexts();
  await until(async () => expect(await coloured('.side')).toBe(0));
  const then = await durations();
  expect(then[0]).toMatch(/^trading gate open for /);
  await until(async () => expect(await bar().innerText()).toMatch(/Next try in [2-9] s/));
  await until(async () => expect(await bar().innerText()).toMatch(/Next try in 1 s|Trying now/));
  expect(await durations()).toEqual(then);
});

it('[C1] [D6] with the host gone the settings in force and the promises of a drill stay as they were', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo?tab=settings' });
  const { page } = open;
  const values = page.locator('.effective li');
  await values.first().waitFor();
  const inForce = await values.allInnerTexts();
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  // It has been asked of a new wire, which was not there either.
  await until(async () => expect(await bar().innerText()).toMatch(/Next try in [2-9] s/));
  expect(await values.allInnerTexts()).toEqual(inForce);
  open.cut();
  await back();
  await goTo(page, '#/drills/tokyo');
  const rows = page.locator('.drill-report tbody tr');
  await until(async () => expect(await rows.count()).toBeGreaterThan(5));
  const promised = await rows.allInnerTexts();
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  await until(async () => expect(await bar().innerText()).toMatch(/Next try in [2-9] s/));
  expect(await rows.allInnerTexts()).toEqual(promised);
  expect(await coloured('.drill-link')).toBe(0);
});

it('[D1] [D4] with the host gone it is not said that there are no incidents or notices now', async () => {
  open = await openPage({ links: TEN_LINKS.slice(2, 3), hash: '#/link/demo-newyork?tab=incidents' });
  const { page } = open;
  const main = page.locator('main');
  await until(async () => expect(await main.innerText()).toContain('None: '));
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  await until(async () => expect(await main.innerText()).toContain('None when the engine was last heard.'));
  await goTo(page, '#/notices');
  await page.getByText('No notices when the engine was last heard.').waitFor();
  await page.getByRole('heading', { name: /^Rules in force when last heard/ }).waitFor();
  expect(await grey('.rules-panel')).toBe('grayscale(1)');
  open.cut();
  await back();
  await page.getByText('No notices: no rule has raised one.').waitFor();
});

it('[D6] a page of drills that is opened while the host is gone promises nothing as of now', async () => {
  open = await openPage();
  const { page } = open;
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  await goTo(page, '#/drills/tokyo');
  const report = page.locator('.drill-report');
  await report.getByText('Not started. demo-tokyo is as it was last heard').waitFor();
  expect(await report.locator('table').count()).toBe(0);
  expect(await page.locator('.drill-who').innerText()).toBe('demo-tokyo stood here when last heard');
  open.cut();
  await back();
  await report.getByText('These are the promises of demo-tokyo as it is now').waitFor();
  await until(async () => expect(await report.locator('tbody tr').count()).toBeGreaterThan(5));
});

it('[D1] a page that is opened while the host is gone says that nothing comes, and draws once it is back', async () => {
  open = await openPage({ hash: '#/settings' });
  const { page } = open;
  await page.locator('.running .mark-good').waitFor();
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  await page.locator('.running .mark-idle').waitFor();
  const nothing = page.getByText('Nothing comes from the engine now').first();
  // A range that was not drawn before
  await goTo(page, '#/link/demo-tokyo?range=1h');
  await nothing.waitFor();
  expect(await page.locator('main').innerText()).not.toContain('Loading…');
  await goTo(page, '#/?range=1h');
  await nothing.waitFor();
  expect(await page.locator('main').innerText()).not.toContain('Loading…');
  open.cut();
  await back();
  await nothing.waitFor({ state: 'detached' });
  await until(async () =>
    expect(Number(await page.getByTestId('p99-chart').getAttribute('data-last-ms'))).toBeGreaterThan(0),
  );
});

it('[D1] nothing is fetched beforehand while the host is gone, and all of it on its return', async () => {
  open = await openPage();
  const { page } = open;
  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('Page-') && asked.push(request.url()));
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  const before = asked.length;
  // Longer than the first numbers would be given.
  await page.waitForTimeout(2600);
  expect(asked.length).toBe(before);
  open.cut();
  await back();
  await until(() => expect(asked.join()).toContain('SettingsPage'));
});

it('[D1] Add venue says while the host is gone that nothing comes, and has the venues on its return', async () => {
  open = await openPage();
  const { page } = open;
  await until(async () =>
    expect(
      await page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('AddPage'))),
    ).toBe(true),
  );
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  await goTo(page, '#/add');
  await page.getByRole('status').filter({ hasText: 'Nothing comes from the engine now' }).waitFor();
  open.cut();
  await page.getByRole('heading', { name: 'Add venue' }).waitFor();
});

it('[D1] an engine that says nothing while the wire stands has old numbers too', async () => {
  open = await openPage();
  await open.page.locator('.overview').waitFor();
  open.app.stop();
  await bar().getByText('Old numbers: the engine has said nothing for').waitFor();
  await until(async () => expect(await grey('.overview')).toBe('grayscale(1)'));
  await until(async () => {
    open.app.publish();
    expect(await open.page.locator('.app.stale').count()).toBe(0);
  });
});

it('[L11] what is pressed while nothing is heard of the engine is not done when it is heard again, and says so', async () => {
  open = await openPage();
  const { page, app } = open;
  const row = page.getByRole('row', { name: 'demo-tokyo', exact: true });
  await row.getByRole('checkbox').click();
  const blocked = (where: string) =>
    page.locator(`${where} button:is([title^="There is no connection"])[aria-disabled=true]`);
  app.stop();
  await bar().getByText('Old numbers: the engine has said nothing for').waitFor();
  await until(async () => expect(await blocked('.selected-actions').count()).toBe(8));
  await until(async () => expect(await blocked('tr[data-link=demo-tokyo]').count()).toBe(2));
  await row.focus();
  for (const key of ['r', 'Shift+R', 'p']) await page.keyboard.press(key);
  const refused = page.locator('.notices').getByText('There is no connection to Warmwire’s engine');
  await refused.waitFor();
  await goTo(page, '#/link/demo-tokyo');
  await until(async () => expect(await blocked('.link-actions').count()).toBe(5));
  for (const key of ['r', 'Shift+R', 'p']) await page.keyboard.press(key);
  expect(await page.getByRole('alertdialog').count()).toBe(0);
  await until(async () => {
    app.publish();
    expect(await page.locator('.app.stale').count()).toBe(0);
  });
  // To wait for it to come back is not asked for any more.
  await refused.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Reconnect demo-tokyo' }).click();
  await until(() => expect(app.reconnects).toEqual(['graceful demo-tokyo']));
  expect(await page.locator('.link-actions').getByText('Pause').count()).toBe(1);
});

it('[D1] a host that comes back with a clock that began anew shows no age that is nonsense', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo' });
  const { page, app } = open;
  await page.getByTestId('rtt-histogram').waitFor();
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  app.jumpClock(-90_000_000);
  open.cut();
  await back();
  const main = page.locator('main');
  await until(async () =>
    expect(await main.innerText()).toMatch(/Last heard[^\n]*\s+Bytes\s+0\.\d s\s+Pong\s+[23]\.\d s/),
  );
  expect(await main.innerText()).not.toMatch(/NaN|Infinity|(^|\s)[-−]\d/);
});

/** The settings page with an edit that was not applied, and its host gone. */
async function editedAndCut(): Promise<OpenPage> {
  open = await openPage({ hash: '#/settings' });
  const { page } = open;
  await page.getByLabel('Settings text').focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# mine\n');
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  return open;
}

it('[D3] an unsaved edit stands through a host that dies and comes back, and is then applied', async () => {
  const { page, app, cut } = await editedAndCut();
  await page.keyboard.type('# while it was gone\n');
  cut();
  await back();
  await page.keyboard.type('# after\n');
  const lines = page.locator('.cm-line');
  await until(async () =>
    expect((await lines.allInnerTexts()).slice(0, 3)).toEqual(['# mine', '# while it was gone', '# after']),
  );
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await until(() => expect(app.settings.text).toMatch(/^# mine\n# while it was gone\n# after\n/));
});

it('[D3] a host that comes back with another file asks, and the edit is not lost', async () => {
  const { page, app, cut } = await editedAndCut();
  app.settings.writeOutside(`${app.settings.text}\n# theirs\n`);
  cut();
  await page.getByText('changed by another program').waitFor();
  expect(await page.locator('.cm-line').first().innerText()).toBe('# mine');
  expect(app.settings.text).not.toContain('# mine');
});

it('[D1] pages that were not opened before can be opened while the host is gone', async () => {
  open = await openPage();
  const { page } = open;
  const parts = readdirSync(ASSETS).filter((name) => name.endsWith('.js'));
  const fetched = (): Promise<string[]> =>
    page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.replace(/.*\//, '')));
  // One that is still asked for when the host goes would be complained of.
  await until(async () => expect(await fetched()).toEqual(expect.arrayContaining(parts)));
  await page.route('**/assets/**', (route) => route.abort());
  open.cut(true);
  await bar().getByText(SINCE).waitFor();
  await goTo(page, '#/pools');
  await page.locator('.pools-page').waitFor();
  await goTo(page, '#/drills');
  await page.locator('.drills-page').waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: /[Kk]eys|[Ss]hortcuts/ }).waitFor();
});
