import { afterEach, describe, expect, it } from 'vitest';
import type { Health } from '../../src/shared/health.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import type { MonoMs } from '../../src/shared/units.ts';
import { type FakeSpec, TEN_LINKS } from './fakeLinks.ts';
import { axeOf, focused, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

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

it('[H5] the list of the unfit ends without a comma, and the button says what it opens where all of them are named', async () => {
  open = await openPage({ size: { width: 1920, height: 1080 }, links: TEN_LINKS.slice(0, 3) });
  const line = open.page.locator('.verdict-line');
  await until(async () => expect(await line.getByRole('button').innerText()).toBe('details'));
  const commas = line.locator('.cause > span', { hasText: /^,$/ });
  const seen = () =>
    commas.evaluateAll((all) => all.filter((one) => getComputedStyle(one).visibility === 'visible').length);
  expect((await line.locator('.cause').count()) - 1).toBe(await seen());
  await open.page.setViewportSize({ width: 1280, height: 800 });
  await until(async () => expect(await line.locator('.cause:not([data-cut])').count()).toBe((await seen()) + 1));
});

it.each([1280, 1920])(
  '[H5] at %d px many unfit links are counted in words that are all seen, and the button stands beside',
  async (width) => {
    const states = ['blocked', 'waiting', 'failed', 'suspect', 'restoring', 'up'] as const;
    const links = Array.from({ length: 60 }, (_, i): FakeSpec => {
      const health: Health = { level: 'degraded', reasons: [{ kind: 'p95', p95Ms: 198, pings: 26 }] };
      const slow = { view: () => ({ health }) };
      const state = states[i % 6] ?? 'up';
      return { ...TOKYO, name: `link-${i}`, state, ...(state === 'up' && i > 6 ? slow : {}) };
    });
    open = await openPage({ links, size: { width, height: 800 } });
    const line = open.page.getByTestId('verdict-line');
    const seen = async (): Promise<string> => (await line.locator('.verdict-text').innerText()).replace(/\s+/g, ' ');
    await until(async () =>
      expect(await seen()).toMatch(
        /^10 of 60 fit to trade ?all 59 ?10 given up, ?20 down, ?10 suspect, ?9 slow, ?10 coming back$/,
      ),
    );
    expect(await line.locator('.cause[data-cut]').count()).toBe(0);
    const count = (await line.locator('strong').boundingBox()) ?? { x: 0, width: 0 };
    const button = (await line.getByRole('button').boundingBox()) ?? { x: 0 };
    expect(button.x - count.x - count.width).toBeLessThan(12);
    expect(await open.page.title()).toMatch(/^10 given up · 10 of 60 fit to trade/);
    expect(await axeOf(open.page)).toEqual([]);
  },
);

it.each([640, 1280])(
  '[H5] at %d px a name of 195 characters is cut where it is told from another, and leaves its cause in sight',
  async (width) => {
    const names = ['a', 'b'].map((end) => `${'binance-futures-'.repeat(12)}${end}`);
    const links = names.map((name) => ({ ...TOKYO, name, state: 'suspect' as const }));
    open = await openPage({ links: [TOKYO, ...links], size: { width, height: 800 } });
    const { page } = open;
    const cause = page.locator('.cause').first();
    await until(async () => expect(await cause.innerText()).toMatch(/suspect/));
    await until(async () => expect(await cause.locator('bdi').getAttribute('data-cut')).toMatch(/….*a$/));
    expect(await cause.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThanOrEqual(0);
    // The head of its page is no taller for it.
    const top = async (hash: string): Promise<number | undefined> => {
      await goTo(page, hash);
      await page.getByRole('tablist').waitFor();
      return (await page.getByRole('tablist').boundingBox())?.y;
    };
    if (width > 640) {
      const plain = await top('#/link/demo-tokyo');
      expect(await top(`#/link/${encodeURIComponent(names[0] ?? '')}`)).toBe(plain);
      expect(await page.locator('h1 bdi').getAttribute('data-cut')).toMatch(/….*a$/);
    }
  },
);

it('[H5] lateness about its limit neither comes and goes nor moves the verdict', async () => {
  open = await openPage();
  const { page, app } = open;
  const said = page.locator('.lateness');
  const isLate = async (wanted: boolean, lateMs: number): Promise<void> => {
    app.lateMs = lateMs;
    await until(async () => expect(Number(await said.locator('b').innerText())).toBeGreaterThanOrEqual(lateMs));
    await until(async () => expect(Number(await said.locator('b').innerText())).toBeLessThan(lateMs + 3));
    expect(await said.evaluate((one) => one.classList.contains('late'))).toBe(wanted);
    expect(await said.locator('.mark').isVisible()).toBe(wanted);
  };
  const left = async (): Promise<number | undefined> => (await page.locator('.verdict-line .chip').boundingBox())?.x;
  await isLate(false, 14);
  const before = await left();
  await isLate(true, 17);
  expect(await left()).toBe(before);
  await isLate(true, 13);
  await isLate(false, 9.5);
});

it('[H2] of a link and of a demo exchange a screen reader hears what has changed, and no number that counts', async () => {
  const view = (now: MonoMs): Partial<LinkView> => ({
    health: { level: 'degraded', reasons: [{ kind: 'stale', why: 'silent', secs: Math.floor(now / 100) }] },
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
  // Each step of a dial is in the log, which is not read out, and none of them is said.
  app.setState('demo-tokyo', (now) => ({ kind: 'connecting', attempt: 4, phase: 'tcp', since: now }));
  await until(async () => expect(await spoken.innerText()).toBe('not connected, degraded'));
  expect(await page.getByRole('log').getAttribute('aria-live')).toBe('off');
  app.setState('demo-tokyo', () => ({ kind: 'paused' }));
  await until(async () => expect(await spoken.innerText()).toMatch(/^paused/));

  app.inject('tokyo', { kind: 'refuse', forSecs: 30 });
  const exchange = page.locator('.demo-state');
  await until(async () => expect(await exchange.innerText()).toMatch(/^refusing.*, \d+ s left$/));
  expect(await exchange.getByRole('status').innerText()).not.toMatch(/\d/);
  expect(await live('.demo-state')).toBe(0);
});
