import { afterEach, describe, expect, it } from 'vitest';
import type { LinkView } from '../../src/shared/linkView.ts';
import type { UnfitReason } from '../../src/shared/unfitReason.ts';
import type { MonoMs } from '../../src/shared/units.ts';
import { type FakeSpec, TEN_LINKS } from './fakeLinks.ts';
import { axeOf, goTo, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const [TOKYO] = TEN_LINKS as readonly [FakeSpec];

const verdict = () => open.page.getByTestId('verdict');
const figure = () => verdict().locator('.band-figure');
const tile = (kind: string) => verdict().getByRole('button', { name: new RegExp(`^\\d+ ${kind}$`) });
/** What the table says of it: of sixty rows only those in sight are there. */
const shows = (what: string) => open.page.locator('.shown', { hasText: new RegExp(`^${what}`) }).waitFor();

const TOO_SLOW: UnfitReason = { kind: 'p99', p99Ms: 198, limitMs: 100, pings: 26 };
const STATES = ['blocked', 'waiting', 'failed', 'suspect', 'restoring', 'up'] as const;
/** Of six links one is up, and of these some are too slow to trade over, and others only slow. */
const SIXTY = Array.from({ length: 60 }, (_, i): FakeSpec => {
  const state = STATES[i % 6] ?? 'up';
  const view = (): Partial<LinkView> =>
    i % 12 === 5
      ? { fit: { fit: false, reasons: [TOO_SLOW] } }
      : { health: { level: 'degraded', reasons: [{ kind: 'p95', p95Ms: 198, pings: 26 }] } };
  return { ...TOKYO, name: `link-${i}`, url: `wss://v${i}.example/`, state, ...(state === 'up' ? { view } : {}) };
});

it.each([640, 960, 1280, 1920])(
  '[H5] at %d px the verdict of sixty links is one line of numbers that add up, all of them seen',
  async (width) => {
    open = await openPage({ links: SIXTY, size: { width, height: 800 } });
    await until(async () => expect(await figure().innerText()).toBe('5 / 60 fit to trade'.padStart(20, '\u2007')));
    expect((await verdict().locator('.tile').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))).toEqual([
      '30 down',
      '0 no data',
      '10 no pong',
      '5 slow',
      '0 held up',
      '10 measuring',
      '5 degraded',
      '0 paused',
    ]);
    const { height } = (await verdict().boundingBox()) ?? {};
    expect(height).toBe(width < 960 ? 62 : 44);
    for (const part of await verdict().locator('button, button *').all()) {
      const { x = -1, y = -1, width: wide = 0 } = (await part.boundingBox()) ?? {};
      expect(x + wide).toBeLessThanOrEqual(width);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThan(0);
      expect(await part.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThanOrEqual(0);
    }
    expect(await open.page.title()).toMatch(/^30 down · 5 of 60 fit to trade/);
    expect(await axeOf(open.page)).toEqual([]);
  },
);

it('[H5] nothing in the verdict moves when counts, causes and their lengths change', async () => {
  const links = SIXTY.slice(0, 11).map((spec) => ({ ...spec, state: 'up' as const, view: () => ({}) }));
  open = await openPage({ links });
  const { app } = open;
  const places = () =>
    verdict().evaluate((band) =>
      [band, ...band.querySelectorAll('button, .band-causes, button b')].map((part) => {
        const { x, y, width, height } = part.getBoundingClientRect();
        // A number stands in the middle of its tile.
        return part.tagName === 'B' ? [y, height] : [x, y, width, height];
      }),
    );
  await until(async () => expect(await figure().innerText()).toMatch(/^11 \/ 11/));
  const before = await places();
  const place = async (nth: number) =>
    (await verdict().locator('.band-causes p').nth(nth).boundingBox()) ?? { x: 0, y: 0 };
  app.setState('link-10', (now) => ({ kind: 'suspect', since: now, upSince: now, probes: 1, why: 'silence' }));
  await until(async () => expect(await figure().innerText()).toMatch(/^10 \/ 11/));
  const first = await place(0);
  for (const i of [0, 1, 2])
    app.setState(`link-${i}`, (now) => ({ kind: 'connecting', attempt: 12 + i, phase: 'resolving', since: now }));
  await until(async () => expect(await figure().innerText()).toMatch(/^\u20077 \/ 11/));
  expect(await places()).toEqual(before);
  expect(await place(0)).toMatchObject({ x: first.x, y: first.y });
});

describe('a press on a number', () => {
  it('[H5] [D4] shows its links, another widens it, and a second one takes it back', async () => {
    open = await openPage({ links: SIXTY });
    await tile('slow').click();
    await shows('5 of 60 links');
    expect(await tile('slow').getAttribute('aria-pressed')).toBe('true');
    await tile('no pong').focus();
    await open.page.keyboard.press('Enter');
    await shows('15 of 60 links');
    await figure().click();
    await shows('55 of 60 links');
    await figure().click();
    await tile('no pong').click();
    await shows('5 of 60 links');
    await tile('slow').click();
    await open.page.locator('.shown', { hasText: /^$/ }).waitFor({ state: 'attached' });
    expect(await verdict().locator('[aria-pressed=true]').count()).toBe(0);
  });

  it('[H5] leads from any other page to these links alone, whatever was shown before', async () => {
    open = await openPage({ links: SIXTY });
    const { page } = open;
    await page.getByRole('searchbox').fill('link-1');
    await tile('slow').click();
    await goTo(page, '#/link/link-3');
    await page.getByRole('tablist').waitFor();
    expect(await verdict().locator('[aria-pressed=true]').count()).toBe(0);
    await tile('down').click();
    await shows('30 of 60 links');
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
    expect(await page.getByRole('button', { name: 'Show all' }).count()).toBe(1);
  });

  it('[H5] shows demo links that are counted apart', async () => {
    open = await openPage();
    await until(async () => expect(await figure().innerText()).toBe('0 / 6 fit to trade'));
    await tile('demo').click();
    await until(async () =>
      expect(
        await open.page
          .locator('.links tbody tr')
          .evaluateAll((all) => all.map((row) => row.getAttribute('data-link'))),
      ).toEqual(['demo-tokyo', 'demo-frankfurt', 'demo-newyork']),
    );
  });
});

it('[H5] demo links alone never make a plain “fit to trade”', async () => {
  open = await openPage({ links: [TOKYO] });
  await until(async () => expect(await figure().innerText()).toBe('1 / 1 demo links fit'));
  expect(await tile('demo').count()).toBe(0);
  expect(await open.page.title()).toMatch(/^demo: 1 of 1 fit to trade/);
});

it('[C2] a settings file that cannot be used is said on every page, with what runs in its place, and nothing is green', async () => {
  open = await openPage({ links: [TOKYO] });
  const { page, app } = open;
  const mark = figure().locator('.mark');
  await until(async () => expect(await mark.getAttribute('class')).toContain('mark-good'));
  app.settings.startedWith('the built-in settings', 'png_interval_secs = 1\n');
  const bar = page.locator('.bar-bad');
  for (const hash of ['#/', '#/link/demo-tokyo', '#/pools', '#/notices']) {
    await goTo(page, hash);
    await until(async () =>
      expect(await bar.innerText()).toBe(
        'Your settings file is not in force: the built-in demo runs, and none of your links is watched. Line 1: there is no such key. Go to Settings',
      ),
    );
    expect(await mark.getAttribute('class')).toContain('mark-bad');
  }
  await page.locator('main h1').waitFor();
  expect(await axeOf(page)).toEqual([]);
  await bar.getByRole('link').click();
  await until(() => expect(page.url()).toMatch(/#\/settings$/));
  app.settings.startedWith('the last good settings', 'png_interval_secs = 1\n');
  await page.locator('.bar-warn').waitFor();
  expect(await mark.getAttribute('class')).toContain('mark-warn');
  app.settings.startedWith('this file', '');
  await until(async () => expect(await page.locator('.bar').count()).toBe(0));
  expect(await mark.getAttribute('class')).toContain('mark-good');
});

it.each([640, 1280])(
  '[H5] at %d px a name of 195 characters is cut where it is told from another, and leaves its cause in sight',
  async (width) => {
    const names = ['a', 'b'].map((end) => `${'binance-futures-'.repeat(12)}${end}`);
    const links = names.map((name) => ({ ...TOKYO, name, state: 'suspect' as const }));
    open = await openPage({ links: [TOKYO, ...links], size: { width, height: 800 } });
    const { page } = open;
    const cause = page.locator('.band-causes p').first();
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

it('[H5] lateness about its limit neither comes and goes nor moves what stands beside it', async () => {
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
  const left = async (): Promise<number | undefined> => (await page.locator('.bell').boundingBox())?.x;
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

it('[G1] [H2] the head of a link is not well while its gate is shut: it says so, why, and when it opens', async () => {
  let gate: ((now: MonoMs) => LinkView['gate']) | null = null;
  const reasons: readonly UnfitReason[] = [{ kind: 'measuring', pings: 6, of: 20 }];
  const view = (now: MonoMs): Partial<LinkView> =>
    gate === null ? {} : { gate: gate(now), fit: { fit: false, reasons }, health: { level: 'healthy' } };
  open = await openPage({ links: [{ ...TOKYO, view }], hash: '#/link/demo-tokyo' });
  const { page } = open;
  const state = page.locator('.link-state');
  const said = async () => (await state.innerText()).replace(/\s+/g, ' ').trim();
  const marked = () => state.locator('.mark').first().getAttribute('class');
  await until(async () => expect(await said()).toBe('up healthy Connected'));
  expect(await marked()).toContain('mark-good');
  gate = (now) => ({ kind: 'closed', since: now, reasons, cleanSince: null, opensAt: null });
  await until(async () => expect(await said()).toBe('up gate closed measuring 6/20'));
  expect(await marked()).toContain('mark-idle');
  expect(await page.locator('.link-header [role=status]').innerText()).toBe('up, gate closed, measuring 6/20');
  gate = (now) => ({ kind: 'closed', since: now, reasons: [], cleanSince: now, opensAt: (now + 4_000) as MonoMs });
  await until(async () => expect(await said()).toMatch(/^up gate opens in [34]\.\d s Connected$/));
  expect(await marked()).toContain('mark-warn');
  gate = (now) => ({ kind: 'closed', since: now, reasons: [TOO_SLOW], cleanSince: null, opensAt: null });
  await until(async () =>
    expect(await said()).toBe('up gate closed p99 198.0 ms, not below 100 ms, of the last 26 pings'),
  );
  expect(await marked()).toContain('mark-bad');
});
