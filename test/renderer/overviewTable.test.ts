import type { Locator } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import type { Health } from '../../src/shared/health.ts';
import type { UnfitReason } from '../../src/shared/unfitReason.ts';
import { after, monoMs } from '../../src/shared/units.ts';
import { type FakeSpec, HOSTILE_LINKS, TEN_LINKS } from './fakeLinks.ts';
import { axeOf, focused, goTo, type OpenPage, openPage, setHidden, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await open.page.keyboard.press(key);
};
const focusIs = (name: string): Promise<void> => until(async () => expect(await focused(open.page)).toBe(name));
const names = (): Promise<(string | null)[]> =>
  open.page.locator('tr[data-link]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-link')));
const namesAre = (wanted: readonly string[]): Promise<void> => until(async () => expect(await names()).toEqual(wanted));
const head = (name: string) => open.page.getByRole('columnheader', { name, exact: true });
const row = (name: string) => open.page.getByRole('row', { name, exact: true });
const FILE = TEN_LINKS.map(({ name }) => name);
const BY_NAME = [...FILE].sort();
const many = (count: number): FakeSpec[] =>
  Array.from({ length: count }, (_, i) => {
    const like = TEN_LINKS[i % TEN_LINKS.length] as FakeSpec;
    return { ...like, name: `${like.name}-${i}` };
  });

it('[D4] every reason that is cut in its cell is read to its end below the table, by pointer and by keyboard, at 1280', async () => {
  open = await openPage();
  const { page } = open;
  const rows = page.locator('.links tbody tr');
  const detail = page.getByTestId('row-detail');
  const whys = await rows.locator('.why').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title') ?? ''));
  const isRead = async (i: number): Promise<void> => {
    const name = await rows.nth(i).getAttribute('data-link');
    await until(async () => expect(await detail.locator('bdi').innerText()).toBe(name));
    // Countdowns go on: only what is said is compared.
    const said = (text: string): string => text.replaceAll(/[\d.]+/g, '').toLowerCase();
    expect(said(await detail.innerText())).toContain(said(whys[i] ?? ''));
    expect(await detail.evaluate((one) => one.scrollHeight - one.clientHeight)).toBeLessThanOrEqual(0);
  };
  for (const i of whys.keys()) {
    await rows.nth(i).locator('.why').hover();
    await isRead(i);
  }
  // The pointer rests on the last row.
  for (const i of whys.keys()) {
    await page.keyboard.press(i === 0 ? 'Home' : 'ArrowDown');
    if (i === 0) await rows.first().focus();
    await isRead(i);
  }
  const said = async (name: string): Promise<string> => {
    await row(name).focus();
    await until(async () => expect(await detail.locator('bdi').innerText()).toBe(name));
    return (await detail.innerText()).replace(/\s+/g, ' ');
  };
  expect((await said('deribit-options')).match(/does not resolve/g)).toHaveLength(1);
  expect(await said('coinbase-advanced')).toContain('Paused; Resume dials it · gate paused · wss:');
});

it('[D4] the row that the sentence under the table is of is marked, wherever it is sorted to', async () => {
  open = await openPage();
  const { page } = open;
  const marked = (): Promise<string[]> =>
    page
      .locator('tr[data-link]')
      .evaluateAll((rows) =>
        rows.flatMap((one) =>
          getComputedStyle(one.children[0] as Element).boxShadow === 'none'
            ? []
            : (one.getAttribute('data-link') ?? ''),
        ),
      );
  const detail = page.getByTestId('row-detail').locator('bdi');
  for (const sorted of ['Link', 'Gate']) {
    await page.getByRole('button', { name: sorted, exact: true }).click();
    await page.mouse.move(0, 0);
    await until(async () => expect(await marked()).toEqual([await detail.innerText()]));
  }
  await row('okx-spot').focus();
  await page.getByLabel('Filter links').focus();
  await until(async () => expect(await marked()).toEqual(['okx-spot']));
  expect(await detail.innerText()).toBe('okx-spot');
});

it('[D4] a column sorts by click and by key, tells it to a screen reader, and a third press is the settings’ order again', async () => {
  open = await openPage();
  const { page } = open;
  await page.getByRole('button', { name: 'Link', exact: true }).click();
  await namesAre(BY_NAME);
  expect(await head('Link').getAttribute('aria-sort')).toBe('ascending');
  await page.getByRole('button', { name: 'Link' }).click();
  await namesAre([...BY_NAME].reverse());
  expect(await head('Link').getAttribute('aria-sort')).toBe('descending');
  await page.getByRole('button', { name: 'Link' }).focus();
  await press('Enter');
  await namesAre(FILE);
  expect(await page.locator('th[aria-sort]').count()).toBe(0);
  await press('ArrowRight', 'ArrowRight', 'Enter');
  expect(await head('Gate').getAttribute('aria-sort')).toBe('descending');
  await until(async () => expect((await names()).at(-1)).toBe('coinbase-advanced'));
});

it('[D2] / goes to the filter, which narrows as one types; Esc empties it, then leads to the rows', async () => {
  open = await openPage();
  const { page } = open;
  await press('/');
  await focusIs('Filter links');
  await page.keyboard.type('demo');
  await namesAre(FILE.slice(0, 3));
  expect(await page.locator('.shown').innerText()).toMatch(/^3 of 10 links/);
  await press('Escape');
  await namesAre(FILE);
  await press('Escape');
  await focusIs('demo-tokyo');
  await page.getByRole('button', { name: /^\d+ paused$/ }).click();
  await namesAre(['coinbase-advanced']);
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByLabel('Venue').selectOption('OKX');
  await namesAre(['okx-spot']);
  await page.getByLabel('Filter links').fill('no such link');
  await page.getByText('No link matches the filter.').waitFor();
});

it('[D4] venues are groups with a sum; a key folds them, and the arrows go over them', async () => {
  open = await openPage();
  const { page } = open;
  await page.getByRole('button', { name: 'Group by venue' }).click();
  const demo = page.getByRole('row', { name: 'Demo, 3 links' });
  await demo.waitFor();
  expect((await demo.innerText()).replace(/\s+/g, ' ')).toContain('1 of 3 fit');
  // As many decimals as the links below have, and nothing is counted of links that are all paused.
  expect(await demo.locator('td.num').last().innerText()).toMatch(/^\d+\.\d$/);
  const paused = page.getByRole('row', { name: 'Coinbase, 1 link' });
  expect((await paused.innerText()).replace(/\s+/g, ' ')).toMatch(/1 link paused paused – –$/);
  await demo.focus();
  await press('ArrowDown');
  await focusIs('demo-tokyo');
  await press('ArrowUp');
  await focusIs('Demo, 3 links');
  await press('ArrowLeft');
  await until(async () => expect(await names()).not.toContain('demo-tokyo'));
  expect(await demo.getByRole('button').getAttribute('aria-expanded')).toBe('false');
  await press('ArrowDown');
  await focusIs('OKX, 1 link');
  await press('ArrowUp', 'Enter');
  await until(async () => expect(await names()).toContain('demo-tokyo'));
  expect(await axeOf(page)).toEqual([]);
});

/** The pointer moves over a row, as long as it is asked to. */
function movingOver(name: string): () => Promise<void> {
  let px = 0;
  return async () => {
    px = (px + 1) % 7;
    await row(name)
      .locator('.why')
      .hover({ position: { x: 5 + px, y: 5 } });
  };
}

it('[D2] [H5] while the pointer moves over the rows they keep their places, and what is counted and listed is of now', async () => {
  open = await openPage();
  const { page, app } = open;
  const fit = page.locator('.band-figure');
  await fit.click();
  await until(async () => expect((await names()).length).toBe(6));
  const before = await names();
  const move = movingOver('okx-spot');
  await move();
  app.setState('coinbase-advanced', (now) => ({ kind: 'connecting', attempt: 1, phase: 'tcp', since: now }));
  await until(async () => {
    await move();
    expect(await fit.innerText()).toBe('0 / 7 fit to trade');
    expect(await names()).toEqual([...before, 'coinbase-advanced']);
  });
});

it('[D2] [H5] the line of a venue is of now while the pointer moves over the rows', async () => {
  open = await openPage();
  const { page, app } = open;
  await page.getByRole('button', { name: 'Group by venue' }).click();
  const demo = page.getByRole('row', { name: 'Demo, 3 links' });
  await until(async () => expect(await demo.innerText()).toContain('1 of 3 fit'));
  const move = movingOver('okx-spot');
  await move();
  app.setState('demo-tokyo', (now) => ({ kind: 'connecting', attempt: 1, phase: 'tcp', since: now }));
  await until(async () => {
    await move();
    expect(await demo.innerText()).toContain('0 of 3 fit');
  });
});

it('[D2] columns are chosen and moved, kept over a reload, and reset', async () => {
  open = await openPage();
  const { page } = open;
  const heads = (): Promise<string[]> => page.locator('.links th').allInnerTexts();
  await page.getByRole('button', { name: 'Columns…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Columns' });
  await dialog.getByRole('checkbox', { name: 'Standby', exact: true }).check();
  await dialog.getByRole('checkbox', { name: 'Gate', exact: true }).uncheck();
  await dialog.getByRole('button', { name: 'Move p99 1 min left', exact: true }).click();
  expect(await axeOf(page)).toEqual([]);
  await press('Escape');
  await focusIs('Columns…');
  const chosen = await heads();
  expect(chosen).toContain('Standby');
  expect(chosen).not.toContain('Gate');
  expect(chosen.indexOf('p99 1 min')).toBeLessThan(chosen.indexOf('p95 ms'));
  await page.reload();
  await page.locator('tr[data-link]').first().waitFor();
  expect(await heads()).toEqual(chosen);
  await page.getByRole('button', { name: 'Columns…' }).click();
  await dialog.getByRole('button', { name: 'Reset' }).click();
  await until(async () => expect(await heads()).toContain('Gate'));
});

it('[L11] many are chosen by keys, asked about once by name, and what came of it is summed up', async () => {
  open = await openPage();
  const { page } = open;
  await row('demo-tokyo').focus();
  await press(' ', 'ArrowDown', 'Shift+ArrowDown');
  const bar = page.getByRole('group', { name: 'Actions on the selected links' });
  await until(async () => expect(await bar.innerText()).toContain('3 links selected'));
  expect(await row('demo-newyork').getAttribute('aria-selected')).toBe('true');
  await bar.getByRole('button', { name: 'Open breaker…' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Open breaker: 3 links?' });
  await until(async () =>
    expect(await dialog.innerText()).toMatch(/demo-tokyo is cut now[\s\S]*demo-newyork is cut now/),
  );
  await until(async () => expect(await focused(page)).toBe('Cancel'));
  expect(await axeOf(page)).toEqual([]);
  await press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await focusIs('Open breaker…');
  expect(await row('demo-tokyo').innerText()).not.toContain('breaker');

  await page.getByLabel('Filter links').fill('deribit okx');
  await page.getByLabel('Filter links').fill('failed');
  await namesAre(['deribit-options']);
  await press('Enter');
  await focusIs('deribit-options');
  await press('Control+a');
  await until(async () => expect(await bar.innerText()).toContain('1 link selected'));
  await bar.getByRole('button', { name: 'Reconnect…', exact: true }).click();
  await until(async () =>
    expect(await bar.getByRole('status').innerText()).toBe(
      'Reconnect: 0 of 1 done; deribit-options: the venue cannot be reached right now',
    ),
  );
  await row('deribit-options').focus();
  await press('Escape');
  await bar.waitFor({ state: 'detached' });
});

it('[L11] several with an open gate are not reconnected unasked, the price is told, and what came of it is read at 1280', async () => {
  open = await openPage();
  const { page } = open;
  await row('demo-tokyo').focus();
  await press('Control+a');
  const bar = page.getByRole('group', { name: 'Actions on the selected links' });
  const tops = () =>
    bar.getByRole('button').evaluateAll((all) => [...new Set(all.map((one) => one.getBoundingClientRect().top))]);
  await until(async () => expect(await bar.innerText()).toContain('10 links selected'));
  const before = await tops();
  expect(before).toHaveLength(1);
  expect((await page.locator('.toolbar').boundingBox())?.height).toBe(34);
  await bar.getByRole('button', { name: 'Reconnect…', exact: true }).click();
  const dialog = page.getByRole('alertdialog');
  await until(async () =>
    expect(await dialog.innerText()).toMatch(
      /Closes 1 open trading gate: the trading gate is closed while 20 of its pings are measured, about \d+ s\./,
    ),
  );
  expect(await axeOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Reconnect' }).click();
  const status = bar.getByRole('status');
  await until(async () =>
    expect(await status.innerText()).toMatch(/^Reconnect: \d of 9 done; deribit-options: the venue/),
  );
  const shown = await status.evaluate((one) => ({
    cut: one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight,
    below: one.closest('.toolbar')?.getBoundingClientRect().bottom ?? 0,
    bottom: one.getBoundingClientRect().bottom,
  }));
  expect(shown.cut).toBe(false);
  expect(shown.bottom).toBeLessThanOrEqual(shown.below);
  expect(await tops()).toEqual(before);
});

it('[L11] what came of an action stays when the links it was done to no longer pass the filter, until nothing is chosen', async () => {
  // No demo link among them: when all others rest those would be counted.
  open = await openPage({ links: TEN_LINKS.map((spec) => ({ ...spec, url: spec.url.replace('demo:', 'wss:') })) });
  const { page } = open;
  await page.locator('.band-figure').click();
  await until(async () => expect(await row('demo-tokyo').count()).toBe(0));
  await row('okx-spot').focus();
  await press('Control+a');
  const bar = page.getByRole('group', { name: 'Actions on the selected links' });
  await bar.getByRole('button', { name: 'Pause…', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click();
  await page.getByText('No link matches the filter.').waitFor();
  await until(async () => expect(await bar.getByRole('status').innerText()).toMatch(/^Pause: (\d) of \1 done/));
  expect(await bar.innerText()).toContain('0 links selected');
  expect(await bar.getByRole('button', { name: 'Resume' }).getAttribute('aria-disabled')).toBe('true');
  await bar.getByRole('button', { name: 'Clear' }).click();
  await bar.waitFor({ state: 'detached' });
});

it('[D2] 200 links scroll inside their table, the chart stays in sight, and no element comes or goes over time', async () => {
  open = await openPage({ links: many(200) });
  const { page } = open;
  await page.getByTestId('p99-chart').waitFor();
  const sizes = () =>
    page.evaluate(() => {
      const main = document.querySelector('main') as HTMLElement;
      const chart = document.querySelector('.overview-charts')?.getBoundingClientRect();
      const scroller = document.querySelector('.links-scroll') as HTMLElement;
      return {
        over: [main.scrollHeight - main.clientHeight, main.scrollWidth - main.clientWidth],
        chart: Math.round(chart?.height ?? 0) >= 250 && (chart?.bottom ?? 9999) <= window.innerHeight + 1,
        wide: scroller.scrollWidth - scroller.clientWidth,
        rows: document.querySelectorAll('tr[data-link]').length,
      };
    });
  const before = await sizes();
  expect(before).toMatchObject({ over: [0, 0], chart: true, wide: 0 });
  // Once the chart has its height: only the rows that fit, and some.
  await until(async () => expect((await sizes()).rows).toBeLessThan(25));
  const nodes = () => page.evaluate(() => document.querySelectorAll('.links *').length);
  const first = await nodes();
  const headTop = () => page.evaluate(() => document.querySelector('.links th')?.getBoundingClientRect().top);
  const top = await headTop();
  await press('ArrowDown', 'End');
  await focusIs('polymarket-rtds-199');
  expect(await headTop()).toBe(top);
  const seen = await row('polymarket-rtds-199').boundingBox();
  const box = await page.locator('.links-scroll').boundingBox();
  expect((seen?.y ?? 0) + (seen?.height ?? 0)).toBeLessThanOrEqual((box?.y ?? 0) + (box?.height ?? 0) + 1);
  await press('Home');
  await focusIs('demo-tokyo-0');
  await press('PageDown');
  await focusIs('demo-tokyo-10');
  await press('Home');
  const app = open.app.now();
  await until(() => expect(open.app.now() - app).toBeGreaterThan(3000));
  expect(Math.abs((await nodes()) - first)).toBeLessThanOrEqual(4);
});

it('[D1] hostile names and figures of 0, 1 µs and 90 s neither break columns nor lines; a clock that jumps shows no nonsense', async () => {
  const odd = [0, 0.001, 90_000].map((rttMs, i) => ({ ...(HOSTILE_LINKS[1] as FakeSpec), name: `rtt-${i}`, rttMs }));
  open = await openPage({ links: [...HOSTILE_LINKS, ...odd] });
  const { page } = open;
  await page.getByTestId('p99-chart').waitFor();
  const lines = () =>
    page.evaluate(() => {
      const rows = [...document.querySelectorAll<HTMLElement>('tr[data-link]')];
      const lefts = (one: Element) => [...one.children].map((cell) => Math.round(cell.getBoundingClientRect().left));
      const whole = new Set(lefts(rows[1] as HTMLElement));
      return {
        heights: [...new Set(rows.map((one) => one.getBoundingClientRect().height))],
        // A reason that reaches over empty cells leaves the others where they are.
        astray: rows.flatMap(lefts).filter((left) => !whole.has(left)),
        wide: document.body.scrollWidth - window.innerWidth,
      };
    });
  expect(await lines()).toEqual({ heights: [26], astray: [], wide: 0 });
  expect(await row('__proto__').locator('td.num').first().innerText()).toMatch(/\d/);
  expect(await row('<script>alert(1)</script>').locator('bdi').textContent()).toBe('<script>alert(1)</script>');
  expect(await row('rtt-2').innerText()).toMatch(/\d{5}\.\d\d/);
  for (const byMs of [-3_600_000, 7_200_000]) {
    open.app.jumpClock(byMs);
    const from = open.app.now();
    await until(() => expect(open.app.now() - from).toBeGreaterThan(600));
    expect(await page.locator('.links').innerText()).not.toMatch(/NaN|\s-\d|Infinity|undefined/);
  }
});

it('[H5] the verdict names the unfit with counting times, each leads to its page, and the live region is still', async () => {
  const links = TEN_LINKS.filter(({ name }) => /^(okx|deribit|coin)/.test(name));
  open = await openPage({ links, size: { width: 1920, height: 1080 } });
  const { page } = open;
  const causes = page.locator('.band-causes p');
  await until(async () =>
    expect(await causes.allInnerTexts()).toEqual([
      'deribit-options gave up after 10 attempts',
      expect.stringMatching(/^okx-spot reconnecting \(attempt 5, next in \d+(\.\d)? s\)$/),
    ]),
  );
  const moved = await page.evaluate(async () => {
    const watched = document.querySelector('.band') as HTMLElement;
    const spoken = watched.querySelector('[role=status]') as HTMLElement;
    let [said, drawn] = [0, 0];
    let enough = (): void => undefined;
    const often = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const observe = (node: Node, note: () => void) =>
      new MutationObserver(note).observe(node, { subtree: true, childList: true, characterData: true });
    observe(spoken, () => {
      said += 1;
    });
    observe(watched.querySelector('.band-causes') as Node, () => {
      drawn += 1;
      if (drawn > 3) enough();
    });
    await Promise.all([often, new Promise((resolve) => setTimeout(resolve, 2500))]);
    return said;
  });
  expect(moved).toBe(0);
  await causes.getByRole('link', { name: 'okx-spot' }).focus();
  await press('Enter');
  await page.getByRole('heading', { name: 'okx-spot' }).waitFor();
});

it.each([
  { size: { width: 1280, height: 800 }, named: 3 },
  { size: { width: 960, height: 600 }, named: 2 },
  { size: { width: 640, height: 400 }, named: 2 },
  { size: { width: 320, height: 256 }, named: 2 },
])(
  '[H5] at $size.width px the verdict names the $named worst, each with its cause in one line',
  async ({ size, named }) => {
    const links = ['demo-tokyo', 'deribit-options', 'kraken-v2', 'okx-spot'].map(
      (name) => TEN_LINKS.find((spec) => spec.name === name) as FakeSpec,
    );
    open = await openPage({ links, size });
    const { page } = open;
    const causes = page.locator('.band-causes p:visible');
    await until(async () => {
      const names = await causes.locator('bdi').allInnerTexts();
      expect(names).toEqual(['deribit-options', 'kraken-v2', 'okx-spot'].slice(0, named));
    });
    const box = await page.locator('.band').boundingBox();
    for (const cause of await causes.all()) {
      const { y = 0, height = 0, width = 0 } = (await cause.boundingBox()) ?? {};
      expect([height <= 17, width > 200]).toEqual([true, true]);
      expect(y + height).toBeLessThanOrEqual((box?.y ?? 0) + (box?.height ?? 0));
    }
  },
);

const uncut = (cell: Locator): Promise<void> =>
  until(async () => expect(await cell.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThanOrEqual(0));
const TOO_SLOW: UnfitReason = { kind: 'p99', p99Ms: 41.5, limitMs: 5, pings: 92 };
const SHUT: FakeSpec = {
  ...(TEN_LINKS[0] as FakeSpec),
  name: 'gate-shut',
  view: (now) => ({
    gate: { kind: 'closed', since: now, reasons: [TOO_SLOW], cleanSince: null, opensAt: null },
  }),
};

it.each([1280, 1440, 1920])(
  '[D2] at %d px the cause of a row that is down is read in the row, to its end',
  async (width) => {
    open = await openPage({ size: { width, height: 900 } });
    for (const [name, cause] of [
      ['okx-spot', '127.0.0.1:9443 cannot be reached (ECONNREFUSED); attempt 5 follows'],
      ['deribit-options', 'the name www.deribit.com does not resolve (ENOTFOUND); press Reconnect'],
    ] as const) {
      const why = row(name).locator('td.why');
      expect(await why.textContent()).toMatch(new RegExp(`^(degraded|unhealthy) ${cause.replace(/[()]/g, '\\$&')}$`));
      expect(await why.getAttribute('aria-colspan')).toBe('7');
      await uncut(why);
    }
  },
);

it('[D2] the cause reaches over the empty columns that follow it, in whatever order they are; where there are none, over none', async () => {
  open = await openPage();
  const { page } = open;
  const span = (): Promise<string | null> => row('okx-spot').locator('td.why').getAttribute('aria-colspan');
  const chosen = async (hidden: readonly string[], ...order: string[]): Promise<void> => {
    await page.evaluate((kept) => localStorage.setItem('warmwire.columns', kept), JSON.stringify({ order, hidden }));
    await page.reload();
    await row('okx-spot').waitFor();
  };
  await chosen(['p95', 'n'], 'why', 'last', 'p50', 'p95', 'age', 'p99', 'n', 'spark', 'state');
  expect(await span()).toBe('3');
  expect(await row('okx-spot').locator('td').count()).toBe((await row('demo-tokyo').locator('td').count()) - 2);
  await chosen([], 'age', 'why', 'rate', 'last');
  expect(await span()).toBeNull();
  await chosen(['why'], 'last');
  expect(await row('okx-spot').locator('td').count()).toBe(await row('demo-tokyo').locator('td').count());
});

it('[G1] [D2] every row says a word, then the cause: one that is well and may not trade “not fit”, one that is down its health', async () => {
  open = await openPage({ links: [SHUT, ...TEN_LINKS] });
  const why = row('gate-shut').locator('td.why');
  expect(await why.textContent()).toBe('healthy, not fit p99 41.5 ≥ 5 ms of 92 pings');
  expect((await why.locator('.visually-hidden').textContent())?.trim()).toBe('healthy,');
  await uncut(why);
  const word = (name: string): Promise<string> => row(name).locator('.why .word').innerText();
  expect(await Promise.all(['demo-tokyo', 'okx-spot', 'deribit-options'].map(word))).toEqual([
    'healthy',
    'degraded',
    'unhealthy',
  ]);
  expect(await head('p99 1 min').count()).toBe(1);
});

it.each([1280, 1440])('[D2] at %d px the usual reasons are read in their cells beside a long name', async (width) => {
  const usual: readonly Health[] = [
    { level: 'degraded', reasons: [{ kind: 'p95', p95Ms: 198, pings: 26 }] },
    { level: 'degraded', reasons: [{ kind: 'stale', why: 'none yet', subscribed: false }] },
    { level: 'unhealthy', reasons: [{ kind: 'failures', count: 5, wasOpen: true }] },
  ];
  const links = usual.map(
    (health, i): FakeSpec => ({
      ...like(`bybit-linear-very-long-name-of-a-link-${i}`, 'okx'),
      state: 'up',
      view: () => ({ health }),
    }),
  );
  open = await openPage({ links: [SHUT, ...links], size: { width, height: 900 } });
  for (const { name } of [SHUT, ...links]) await uncut(row(name).locator('td.why'));
});

it('[D2] a venue stands beside a name only where it tells something: not where all have one, nor in its own group', async () => {
  open = await openPage({ links: ['a', 'b'].map((name) => like(name, 'okx')) });
  await row('a').waitFor();
  expect(await row('a').locator('.venue').isVisible()).toBe(false);
  await open.close();
  open = await openPage();
  const okx = open.page.getByRole('row', { name: 'okx-spot', exact: true }).locator('.venue');
  await okx.waitFor();
  await open.page.getByRole('button', { name: 'Group by venue' }).click();
  await until(async () => expect(await okx.isVisible()).toBe(false));
});

const seenName = (name: string): Promise<string | null> =>
  row(name)
    .locator('.cut-name')
    .evaluate((one) => one.getAttribute('data-cut') ?? one.textContent);
const like = (name: string, at: 'demo' | 'okx'): FakeSpec => ({
  ...(TEN_LINKS[at === 'demo' ? 0 : 3] as FakeSpec),
  name,
});

it.each([1280, 1440, 1800, 1920])(
  '[D5] at %d px the badge of a simulated link is seen whole beside any name, and a reason keeps 200 px',
  async (width) => {
    const named = ['demo-tokyo-orderbook-1', `kraken-spot-${'orderbook-'.repeat(4)}a`, 'x'.repeat(80)];
    open = await openPage({ links: named.map((name) => like(name, 'demo')), size: { width, height: 900 } });
    for (const name of named) {
      const cell = (await row(name).locator('.name').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      const badge = (await row(name).locator('.badge').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      expect(badge.x + badge.width).toBeLessThanOrEqual(cell.x + cell.width);
      expect(badge.y + badge.height).toBeLessThanOrEqual(cell.y + cell.height);
      await uncut(row(name).locator('.cut-name'));
    }
    const why = await row(named[0] ?? '')
      .locator('td.why')
      .boundingBox();
    expect(why?.width).toBeGreaterThanOrEqual(199);
    const scroller = open.page.locator('.links-scroll');
    expect(await scroller.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  },
);

it.each([1280, 1920])(
  '[D4] at %d px names are told apart in table and legend wherever they differ; one that is cut is read out and copied whole',
  async (width) => {
    const named = ['btc', 'eth', 'sol'].map(
      (symbol) => `binance-usdm-orderbook-${symbol}usdt-perp-${'l2-'.repeat(5)}a`,
    );
    open = await openPage({ links: named.map((name) => like(name, 'demo')), size: { width, height: 900 } });
    const { page } = open;
    await page.locator('.legend .cut-name[data-cut]').nth(2).waitFor();
    for (const place of ['.links', '.legend']) {
      const seen = await page
        .locator(`${place} .cut-name`)
        .evaluateAll((all) => all.map((one) => one.getAttribute('data-cut') ?? one.textContent));
      expect(new Set(seen).size).toBe(3);
      for (const symbol of ['bt', 'et', 'so']) expect(seen.join()).toContain(symbol);
    }
    const [first = ''] = named;
    expect(await page.getByRole('link', { name: first, exact: true }).count()).toBe(1);
    expect(await page.locator('.legend').getByRole('button', { name: first }).count()).toBe(1);
    const copied = await row(first)
      .locator('.cut-name')
      .evaluate((one) => {
        getSelection()?.selectAllChildren(one);
        return String(getSelection());
      });
    expect(copied).toBe(first);
    expect(await axeOf(page)).toEqual([]);
  },
);

it('[D1] a name that fits is one run of text: not cut, whatever its script', async () => {
  const named = ['okx-spot-orderbook-l2-btc', 'kraken-עברית-תמויס-רא', '👨‍👩‍👧‍👦 family 👨‍👩‍👧‍👦 team'];
  open = await openPage({ links: named.map((name) => like(name, 'okx')), size: { width: 1920, height: 900 } });
  for (const name of named) {
    expect(await seenName(name)).toBe(name);
    expect(
      await row(name)
        .locator('.cut-name')
        .evaluate((one) => one.childNodes.length),
    ).toBe(1);
  }
});

const waiting = (name: string, forMs: number): FakeSpec => ({
  ...like(name, 'okx'),
  view: (now) => ({
    state: {
      kind: 'blocked',
      attempt: 12,
      until: after(now, forMs),
      reason: { kind: 'refused', address: '127.0.0.1:9443', code: 'ECONNREFUSED' },
    },
    gate: {
      kind: 'closed',
      since: now,
      reasons: [{ kind: 'not-up', state: 'blocked' }],
      cleanSince: now,
      opensAt: after(now, forMs),
    },
  }),
});

it.each([1280, 1920])(
  '[D4] at %d px every countdown is read to its end, however long: words give way',
  async (width) => {
    const links = [9_500, 59_000, 168_500, 3_599_500, 36_000_000].map((forMs) => waiting(`in-${forMs}`, forMs));
    open = await openPage({ links, size: { width, height: 900 } });
    for (const { name } of links) {
      for (const cell of ['td.state', 'td.gate']) {
        const box = (await row(name).locator(cell).boundingBox()) ?? { x: 0, width: 0 };
        const time = (await row(name).locator(cell).locator('.countdown').boundingBox()) ?? { x: 0, width: 0 };
        expect(time.width).toBeGreaterThan(20);
        expect(time.x).toBeGreaterThan(box.x);
        expect(time.x + time.width, `${cell} of ${name}`).toBeLessThanOrEqual(box.x + box.width);
      }
    }
    expect(await row('in-168500').locator('td.state .countdown').innerText()).toMatch(/^2:4\d$/);
  },
);

it('[D1] a hidden page draws nothing and is told less, its title goes on, and it is of now when it is shown', async () => {
  open = await openPage();
  const { page, app } = open;
  await setHidden(page, true);
  const changes = page.evaluate(async () => {
    let count = 0;
    new MutationObserver((records) => {
      count += records.length;
    }).observe(document.querySelector('.links') as Node, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    return count;
  });
  app.setState('coinbase-advanced', (now) => ({
    kind: 'suspect',
    since: now,
    upSince: monoMs(0),
    probes: 1,
    why: 'silence',
  }));
  expect(await changes).toBe(0);
  await until(async () => expect(await page.title()).toContain('0 of 7 fit'));
  await setHidden(page, false);
  await until(async () => expect(await row('coinbase-advanced').innerText()).toContain('suspect'));
});

it('[D4] r on a paused row says what to press instead', async () => {
  open = await openPage();
  const { page, app } = open;
  await row('coinbase-advanced').focus();
  await press('r');
  await page.getByText('coinbase-advanced is paused').waitFor();
  await goTo(page, '#/link/coinbase-advanced');
  await focusIs('coinbase-advanced');
  await press('r');
  await until(() => expect(app.reconnects).toEqual(['graceful coinbase-advanced', 'graceful coinbase-advanced']));
});
