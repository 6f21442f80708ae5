import { afterEach, describe, expect, it } from 'vitest';
import type { LinkView } from '../../src/shared/linkView.ts';
import type { MonoMs } from '../../src/shared/units.ts';
import { type FakeSpec, TEN_LINKS } from './fakeLinks.ts';
import { focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const [TOKYO] = TEN_LINKS as readonly [FakeSpec];

describe('the list of all links that are not fit', () => {
  const list = () => open.page.getByRole('region', { name: 'Links not fit or not healthy' });
  const show = async (): Promise<void> => {
    await open.page.locator('.verdict-line .chip').click();
    await list().getByRole('listitem').first().waitFor();
  };
  const isGone = () => until(async () => expect(await list().isVisible()).toBe(false));

  it('[D4] Esc closes it and leads nowhere; the next one leads to the overview', async () => {
    open = await openPage({ hash: '#/link/demo-tokyo' });
    const { page } = open;
    await page.getByTestId('rtt-histogram').waitFor();
    await show();
    await page.keyboard.press('Escape');
    await isGone();
    expect(page.url()).toContain('#/link/demo-tokyo');
    await page.keyboard.press('Escape');
    await until(() => expect(page.url()).toMatch(/#\/$/));
  });

  it('[H5] goes away when one of its links is followed, and with the page', async () => {
    open = await openPage();
    const { page } = open;
    await show();
    await list().getByRole('link', { name: 'okx-spot' }).click();
    await isGone();
    await until(async () => expect(await focused(page)).toBe('okx-spot'));
    await show();
    await list().getByRole('link', { name: 'okx-spot' }).click();
    await isGone();
    await show();
    await goTo(page, '#/pools');
    await isGone();
  });

  it('[H5] leaves no empty box when all is well again', async () => {
    open = await openPage({ links: [TOKYO, { ...TOKYO, name: 'other', state: 'suspect' }] });
    await show();
    open.app.setState('other', (now) => ({ kind: 'up', since: now }));
    await isGone();
    expect(await open.page.locator('.verdict-text').innerText()).toMatch(/^2 of 2 fit to trade/);
  });
});

it('[H2] of a link and of a demo exchange a screen reader hears what has changed, and no number that counts', async () => {
  const view = (now: MonoMs): Partial<LinkView> => ({
    health: { level: 'degraded', reasons: [`no data for ${Math.floor(now / 100)} s`] },
  });
  open = await openPage({ links: [{ ...TOKYO, view }], hash: '#/link/demo-tokyo' });
  const { page, app } = open;
  const header = page.locator('.link-header');
  const spoken = header.getByRole('status');
  const seen = () => header.locator('.link-why').innerText();
  const live = (inside: string) => page.locator(`${inside}[role=status], ${inside}[aria-live]`).count();
  const before = await seen();
  await until(async () => expect(await spoken.innerText()).toMatch(/^up, degraded, no data for \d+ s$/));
  const said = await spoken.innerText();
  await until(async () => expect(await seen()).not.toBe(before));
  expect(await spoken.innerText()).toBe(said);
  expect(await live('.link-state')).toBe(0);
  app.setState('demo-tokyo', () => ({ kind: 'paused' }));
  await until(async () => expect(await spoken.innerText()).toMatch(/^paused/));

  app.inject('tokyo', { kind: 'refuse', forSecs: 30 });
  const exchange = page.locator('.demo-state');
  await until(async () => expect(await exchange.innerText()).toMatch(/^refusing.*, \d+ s left$/));
  expect(await exchange.getByRole('status').innerText()).not.toMatch(/\d/);
  expect(await live('.demo-state')).toBe(0);
});
