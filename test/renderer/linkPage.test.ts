import { afterEach, expect, it } from 'vitest';
import { monoMs } from '../../src/shared/units.ts';
import { TEN_LINKS } from './fakeLinks.ts';
import { focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const HELD_OPEN = { kind: 'asked', by: 'breaker' } as const;

it('[H2] a paused link shows no figure that is not of now: in its row, in the legend, on its page', async () => {
  open = await openPage();
  const { page } = open;
  const row = page.getByRole('row', { name: 'demo-tokyo', exact: true });
  await row.getByRole('button', { name: 'Pause demo-tokyo' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click();
  await until(async () => expect(await row.innerText()).toContain('Paused'));
  const figures = await row.locator('td.num').allInnerTexts();
  expect(figures).toEqual(['–', '–']);
  expect(
    await page
      .getByRole('list', { name: 'Lines' })
      .getByRole('button', { name: /demo-tokyo/ })
      .innerText(),
  ).toMatch(/–$/);
  await goTo(page, '#/link/demo-tokyo');
  const table = page.getByRole('table', { name: 'Round trips by window' });
  await until(async () => expect(await table.innerText()).toMatch(/samples\s+–\s+–\s+–\s+\d+/));
  expect(await table.innerText()).toMatch(/p99\s+–\s+–\s+–\s+\d+\.\d\d/);
  expect(await page.locator('main').innerText()).toMatch(/last –[\s\S]*Paused: nothing is measured/);
  expect(await page.locator('main').innerText()).not.toContain('never');
});

it('[L7] opening the breaker of a link that is up asks first, stands apart, and gives the focus back', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo' });
  const { page } = open;
  const button = page.getByRole('button', { name: /breaker of demo-tokyo$/ });
  const pause = page.getByRole('button', { name: 'Pause demo-tokyo' });
  const [left, right] = [await pause.boundingBox(), await button.boundingBox()];
  expect((right?.x ?? 0) - ((left?.x ?? 0) + (left?.width ?? 0))).toBeGreaterThanOrEqual(20);
  await button.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('alertdialog', { name: 'Open the breaker of demo-tokyo?' });
  await dialog.waitFor();
  await until(async () => expect(await focused(page)).toBe('Cancel'));
  const asked = await dialog.innerText();
  expect(asked).toContain('its trading gate is closed');
  await page.keyboard.press('p');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await until(async () => expect(await focused(page)).toBe('Open breaker of demo-tokyo'));
  expect(await page.locator('.link-state').innerText()).toContain('up');
  // The palette asks the same.
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Command' }).fill('open breaker demo-tokyo');
  await page
    .getByRole('option', { name: /breaker.*demo-tokyo|demo-tokyo.*breaker/i })
    .first()
    .click();
  await dialog.waitFor();
  expect(await dialog.innerText()).toBe(asked);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await button.focus();
  await page.keyboard.press('Enter');
  await until(async () => expect(await focused(page)).toBe('Cancel'));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until(async () => expect(await focused(page)).toBe('Close breaker of demo-tokyo'));
  expect(await page.locator('.link-state').innerText()).toContain('held open by you');
  await page.keyboard.press('Enter');
  await until(async () => expect(await page.locator('.link-state').innerText()).toMatch(/^up/));
});

it('[D1] nothing on the link page moves when its breaker opens or its reason is long, at 1280', async () => {
  open = await openPage({ hash: '#/link/demo-frankfurt' });
  const { page, app } = open;
  await page.getByTestId('rtt-histogram').waitFor();
  const places = () =>
    page.evaluate(() => {
      const { top } = (document.querySelector('.link-columns') as Element).getBoundingClientRect();
      const lefts = [...document.querySelectorAll('.link-actions button')].map(
        (one) => one.getBoundingClientRect().left,
      );
      return [top, ...lefts];
    });
  const before = await places();
  app.setState('demo-frankfurt', () => ({ kind: 'blocked', attempt: 0, until: null, reason: HELD_OPEN }));
  await page.getByRole('button', { name: 'Close breaker of demo-frankfurt' }).waitFor();
  expect(await places()).toEqual(before);
  app.setState('demo-frankfurt', (now) => ({
    kind: 'waiting',
    attempt: 12,
    delayMs: 60_000,
    until: monoMs(now + 60_000),
    reason: { kind: 'closed', code: 1013, text: 'please go away and come back much later than you think '.repeat(3) },
  }));
  await until(async () => expect(await page.locator('.link-state').innerText()).toContain('waiting'));
  expect(await places()).toEqual(before);
});

it('[D1] at 1280 no name of the demo is cut, venues are named, and ten links need no scroll bar', async () => {
  const names = ['demo-frankfurt', 'demo-tokyo', 'demo-chicago', 'kraken-spot', 'okx-spot', 'binance-spot'];
  const links = names.map((name, i) => ({ ...(TEN_LINKS[i < 3 ? 0 : i] ?? TEN_LINKS[0]), name }));
  open = await openPage({ links: [...links, ...TEN_LINKS.slice(6)] as typeof TEN_LINKS });
  const { page } = open;
  await page.getByTestId('p99-chart').waitFor();
  const found = await page.evaluate(() => {
    const main = document.querySelector('main') as HTMLElement;
    const cut = (selector: string): (string | null)[] =>
      [...document.querySelectorAll<HTMLElement>(selector)]
        .filter((cell) => cell.scrollWidth > cell.clientWidth)
        .map((cell) => cell.textContent);
    const venues = [...document.querySelectorAll<HTMLElement>('.name .venue')];
    return {
      over: [main.scrollHeight - main.clientHeight, main.scrollWidth - main.clientWidth],
      // By fractions of a pixel: an ellipsis needs no more than that.
      names: [...document.querySelectorAll('.name a')]
        .filter(
          (name) => (name.firstElementChild?.getBoundingClientRect().width ?? 0) > name.getBoundingClientRect().width,
        )
        .map((name) => name.textContent),
      figures: cut('.links td.num, .links td.gate'),
      venues: venues.filter((venue) => venue.clientWidth > 20).length,
    };
  });
  expect(found).toEqual({ over: [0, 0], names: [], figures: [], venues: 7 });
});

it('[C2] with errors in the text the review claims nothing about links', async () => {
  open = await openPage();
  const { page } = open;
  await page.keyboard.press('2');
  await page.locator('.cm-line', { hasText: /^ping_interval_secs/ }).click();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Delete');
  const preview = page.getByTestId('settings-preview');
  await preview.getByText('Not known until the errors are gone.').waitFor();
  expect(await preview.innerText()).not.toContain('untouched');
});

it('[H7] a feed latency without the venue’s clock says so in words', async () => {
  const [first] = TEN_LINKS;
  open = await openPage({ links: [{ ...first, lagMs: 0 }] as typeof TEN_LINKS, hash: '#/link/demo-tokyo' });
  const { page } = open;
  await until(async () =>
    expect(await page.locator('main').innerText()).toMatch(
      /Feed latency\s+~0\.0 ms, error unknown: venue’s clock not measured/,
    ),
  );
  await until(async () => expect(await page.getByTestId('readout').innerText()).toMatch(/feed\s+~-?\d\.\d\s/));
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.fact')]
      .filter((one) => one.scrollWidth > one.clientWidth)
      .map((one) => one.textContent),
  );
  expect(cut).toEqual([]);
});

it('[L7] a button that goes away with its use hands the focus to the page', async () => {
  open = await openPage({ hash: '#/link/deribit-options' });
  const { page } = open;
  await page.getByRole('button', { name: 'Silence notices' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Silence notices' }).waitFor({ state: 'detached' });
  await until(async () => expect(await focused(page)).toBe('deribit-options'));
});

it('[D2] where earlier events are kept no longer, log and chart say so; a page that has them keeps them', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo?range=1h' });
  const { page, app } = open;
  const log = (of = page) => of.getByRole('log', { name: 'Events' });
  const key = (of = page) => of.getByRole('list', { name: 'Kinds of events' });
  await until(async () => expect(await log().locator('.entry').count()).toBeGreaterThan(3));
  const before = await log().locator('.entry').count();
  app.forgetEvents();
  open.cut();
  await page.locator('.app.stale').waitFor();
  await page.locator('.app.stale').waitFor({ state: 'detached' });
  expect(await log().locator('.entry').count()).toBe(before);
  expect(await key().innerText()).not.toContain('no longer kept');
  const other = await open.another();
  await goTo(other, '#/link/demo-tokyo?range=1h');
  await until(async () => expect(await log(other).innerText()).toMatch(/7 earlier events no longer kept$/));
  expect(await log(other).locator('.entry').count()).toBe(1);
  await until(async () =>
    expect(await key(other).innerText()).toMatch(/events before \d\d:\d\d:\d\d are no longer kept/),
  );
});
