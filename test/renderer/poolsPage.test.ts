import { afterEach, expect, it } from 'vitest';
import { TWENTY_POOLS } from './fakePools.ts';
import { axeOf, focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await open.page.keyboard.press(key);
};
const row = (name: string) => open.page.locator(`tr[data-pool="${name}"]`);
const origin = (url: string) => open.page.locator(`tbody[data-origin="${url}"]`);

it('[P5] each origin says what it is ready for: state, sockets, ages, the limit and where it is known from, refresh', async () => {
  open = await openPage({ hash: '#/pools' });
  const kraken = await origin('https://api.kraken.com').innerText();
  expect(kraken).toMatch(/warm\s[\s\S]*2\/2[\s\S]* s to [\s\S]*1 m 00 s \(learned, 12 closes\)[\s\S]*\d+(\.\d)? s/);
  expect(kraken).toContain('HTTP/1.1 · 104.17.186.205:443');
  const futures = await origin('https://futures.kraken.com').innerText();
  expect(futures).toContain('15 s (announced by the venue)');
  expect(futures).toContain('HTTP/2');
  expect(
    await origin('https://api.kraken.com')
      .getByRole('table', { name: /Last request/ })
      .innerText(),
  ).toMatch(/queue\s+0\.12\s+DNS\s+–\s+TCP\s+–\s+TLS\s+–\s+first byte\s+40\.20\s+rest\s+0\.68\s+in all\s+41\.00/);
  await goTo(open.page, '#/pools/okx-orders');
  const failing = await origin('https://www.okx.com').innerText();
  expect(failing).toMatch(/failing\s+retry in \d\.\d s/);
  expect(failing).toContain('refuses connections (ECONNREFUSED)');
  const marks = await open.page
    .locator('.pools td.state .mark')
    .evaluateAll((all) => all.map((mark) => mark.innerHTML));
  expect(new Set(marks).size).toBe(4);
});

it('[P6] the bar of the last request stands beside its figures, not on them', async () => {
  open = await openPage({ hash: '#/pools' });
  const phases = origin('https://api.kraken.com').locator('.phases');
  const bar = await phases.locator('svg').boundingBox();
  const figures = await phases.locator('.phase-text').boundingBox();
  expect(bar?.width).toBeGreaterThan(0);
  expect((bar?.x ?? 0) + (bar?.width ?? 0)).toBeLessThanOrEqual(figures?.x ?? 0);
});

it('[P3] cold stands beside warm with the number of samples, and nothing is claimed that was not measured', async () => {
  open = await openPage({ hash: '#/pools' });
  const { page } = open;
  const warmth = page.getByRole('region', { name: 'Cold against warm' });
  expect(await warmth.innerText()).toMatch(/samples\s+11\s+9\d\d\s+p50\s+1\d\d\.\d\d\s+\d\d\.\d\d\s+p95[\s\S]*p99/);
  expect(await warmth.innerText()).toMatch(/saved at p50\s+\d+\.\d\d ms, 7\d\.\d %/);
  const counts = page.getByRole('region', { name: 'Requests and sockets' });
  expect(await counts.innerText()).toMatch(/Reuse\s+99\.94 % target > 90 %[\s\S]*Average age\s+3 m 04 s target > 30 s/);
  expect(await counts.innerText()).toMatch(/TLS handshakes\s+11\s+Handshakes saved\s+18,39\d/);
  await goTo(page, '#/pools/demo-rest');
  await page.getByRole('heading', { level: 2, name: 'demo-rest' }).waitFor();
  expect(await warmth.innerText()).toMatch(
    /samples\s+0\s+0\s+p50\s+–\s+–\s+p95\s+–\s+–\s+p99\s+–\s+–\s+saved at p50\s+–/,
  );
  expect(await counts.innerText()).toMatch(/Reuse\s+– no requests yet[\s\S]*Handshakes saved\s+0/);
  expect(await row('demo-rest').innerText()).toMatch(/cold\s+0\/0[\s\S]*–\s+0\s+–\s+0\s+–\s+–\s+none/);
});

it('[P4] each alert names the setting to change, and its link puts the cursor on that key', async () => {
  open = await openPage();
  const { page, app } = open;
  const text = `${app.settings.text}\n[pool.okx-orders]\norigins = ["https://www.okx.com"]\nidle_timeout_secs = 90\n`;
  app.settings.writeOutside(text);
  await goTo(page, '#/pools/okx-orders');
  const alerts = page.getByRole('region', { name: 'Alerts' });
  expect(await alerts.innerText()).toContain('sockets live 6.2 s on average');
  expect(await alerts.innerText()).toContain('warm-up of https://www.okx.com was not complete');
  // Head, row and panel count the same things, and none calls them harmless.
  const number = await alerts.getByRole('listitem').count();
  expect((await row('okx-orders').locator('td').last().innerText()).trim()).toBe(String(number));
  const rows = await page.locator('tr[data-pool] td:last-child').allInnerTexts();
  const inAll = rows.reduce((sum, text) => sum + (text === 'none' ? 0 : Number(text)), 0);
  expect(await page.locator('.pools-bar p').innerText()).toContain(` · ${inAll} alerts`);
  expect(await alerts.locator('.mark-warn').count()).toBe(number);
  await alerts.getByRole('link', { name: 'Change idle_timeout_secs' }).click();
  await page.locator('.cm-activeLine', { hasText: 'idle_timeout_secs = 90' }).waitFor();
  expect(await focused(page)).toBe('Settings text');
  expect(await page.getByTestId('key-help').innerText()).toContain('A socket idle for so long is closed.');
});

it('[P4] Destroy asks first; Cancel and Esc do nothing; the focus is back on the button each time', async () => {
  open = await openPage({ hash: '#/pools' });
  const { page } = open;
  const destroy = page.getByRole('button', { name: 'Destroy kraken' });
  const dialog = page.getByRole('alertdialog');
  for (const key of ['Enter', 'Escape']) {
    await destroy.focus();
    await press('Enter');
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain(
      'All 5 open sockets to 2 origins are closed now, 1 of them in the middle',
    );
    await until(async () => expect(await focused(page)).toBe('Cancel'));
    if (key === 'Enter') expect(await axeOf(page)).toEqual([]);
    await press(key);
    await dialog.waitFor({ state: 'detached' });
    await until(async () => expect(await focused(page)).toBe('Destroy kraken'));
    expect(await row('kraken').innerText()).toContain('4/4');
  }
  await press('Enter');
  await until(async () => expect(await focused(page)).toBe('Cancel'));
  await press('Tab', 'Enter');
  await page.getByText('5 sockets closed').waitFor();
  await until(async () => expect(await row('kraken').innerText()).toMatch(/cold\s+0\/4/));
  expect(await focused(page)).toBe('Destroy kraken');
  expect(await destroy.getAttribute('title')).toBe('It has no open socket');
  await press('Shift+Tab', 'Enter');
  await until(async () => expect(await row('kraken').innerText()).toMatch(/warm\s+4\/4/));
  await goTo(page, '#/pools/coinbase');
  expect(await page.getByRole('button', { name: 'Warm now: coinbase' }).getAttribute('title')).toContain('is off');
});

it('[P4] [D4] Shift+d asks to destroy the pool that is shown, as its button does', async () => {
  open = await openPage({ hash: '#/pools/kraken' });
  const { page } = open;
  await page.getByRole('button', { name: 'Destroy kraken' }).waitFor();
  await press('Shift+D');
  const question = page.getByRole('alertdialog');
  await question.waitFor();
  expect(await question.innerText()).toContain('Destroy the pool kraken?');
  await press('Escape');
  await until(async () => expect(await question.count()).toBe(0));
});

it('[P1] twenty pools of three origins fit: the table scrolls in its box, arrow keys choose, w warms', async () => {
  open = await openPage({ hash: '#/pools', pools: TWENTY_POOLS });
  const { page } = open;
  await until(async () => expect(await focused(page)).toBe('Pools'));
  await press('ArrowDown');
  await until(async () => expect(await focused(page)).toBe('venue-01'));
  await press('End');
  await until(async () => expect(await focused(page)).toBe('venue-20'));
  await page.getByRole('heading', { level: 2, name: 'venue-20' }).waitFor();
  expect(page.url()).toContain('#/pools/venue-20');
  expect(await row('venue-20').getAttribute('aria-selected')).toBe('true');
  await press('Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown');
  await until(async () => expect(await row('venue-06').innerText()).toMatch(/failing\s+1 of 3\s+, retry in\s+\d/));
  await press('w');
  await until(async () => expect(await row('venue-06').innerText()).toMatch(/warm\s+6\/6/));
  const over = await page.evaluate(() => {
    const main = document.querySelector('main') as HTMLElement;
    return [main.scrollHeight - main.clientHeight, main.scrollWidth - main.clientWidth];
  });
  expect(over).toEqual([0, 0]);
  await page.reload();
  await page.getByRole('heading', { level: 2, name: 'venue-06' }).waitFor();
});

it('[P1] [D4] w warms the pool that is shown, wherever on the page the focus is', async () => {
  open = await openPage({ pools: TWENTY_POOLS });
  const { page } = open;
  await goTo(page, '#/pools/venue-06');
  await until(async () => expect(await focused(page)).toBe('Pools'));
  await until(async () => expect(await row('venue-06').innerText()).toMatch(/failing\s+1 of 3/));
  await press('w');
  await until(async () => expect(await row('venue-06').innerText()).toMatch(/warm\s+6\/6/));
});

it('[P1] without pools the page says how to add one; an unknown one is said to be unknown; old numbers are grey', async () => {
  open = await openPage({ hash: '#/pools', pools: [] });
  const { page } = open;
  await page.getByRole('heading', { name: 'No pools yet' }).waitFor();
  expect(await page.locator('main pre').innerText()).toBe('[pool.kraken]\norigins = ["https://api.kraken.com"]');
  expect(await axeOf(page)).toEqual([]);
  await open.close();
  open = await openPage({ hash: '#/pools/gone' });
  await open.page.getByText('There is no pool named “gone”').waitFor();
  await goTo(open.page, '#/pools/kraken');
  open.cut(true);
  await open.page.getByText('Old numbers: no connection').waitFor();
  expect(
    await open.page.evaluate(() => getComputedStyle(document.querySelector('.pools-page') as Element).filter),
  ).toBe('grayscale(1)');
  expect(await open.page.getByRole('button', { name: 'Destroy kraken' }).getAttribute('aria-disabled')).toBe('true');
});

it.each(['dark', 'light'] as const)('[D1] axe has nothing against the pools page in the %s theme', async (theme) => {
  open = await openPage({ hash: '#/pools/okx-orders', theme });
  await open.page.getByRole('heading', { level: 2, name: 'okx-orders' }).waitFor();
  await row('okx-orders').focus();
  expect(await axeOf(open.page)).toEqual([]);
});

it('[P4] a pool that misses a target without an alert is not marked good among the alerts', async () => {
  open = await openPage({
    hash: '#/pools/below',
    pools: [
      {
        name: 'below',
        origins: [{ url: 'https://rest.example', state: 'warm' }],
        ...{ coldMs: 60, warmMs: 9, requests: 1000, reused: 800 },
      },
    ],
  });
  const alerts = open.page.getByRole('region', { name: 'Alerts' });
  await alerts.getByText('No alert, but a target is missed').waitFor();
  expect(await alerts.locator('.mark-good').count()).toBe(0);
});

it('[P4] numbers that are old are marked good nowhere', async () => {
  open = await openPage({ hash: '#/pools/demo-rest' });
  const { page } = open;
  const panels = page.locator('.pool-panels');
  await panels.getByText('None.').waitFor();
  expect(await panels.locator('.mark-good').count()).toBeGreaterThan(0);
  open.cut(true);
  await until(async () => expect(await page.locator('.pools-page .mark-good').count()).toBe(0));
});
