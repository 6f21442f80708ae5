import { afterEach, expect, it } from 'vitest';
import type { LinkView } from '../../src/shared/linkView.ts';
import type { UnfitReason } from '../../src/shared/unfitReason.ts';
import type { MonoMs } from '../../src/shared/units.ts';
import type { Verdict } from '../../src/shared/verdict/verdict.ts';
import { type FakeSpec, TEN_LINKS } from './fakeLinks.ts';
import { axeOf, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

/** Long enough to be looked at on the busiest machine, and of one digit. */
const LONG_MS = 9_900;

const gate = (name: string) => open.page.getByRole('row', { name, exact: true }).locator('td.gate');

it('[G1] the overview says of every link whether a bot may trade: shape, word, and the reasons for all', async () => {
  open = await openPage();
  const { page, app } = open;
  expect(await gate('demo-tokyo').innerText()).toBe('open');
  expect(await gate('demo-frankfurt').innerText()).toContain('closed');
  expect(await gate('demo-frankfurt').getAttribute('title')).toBe('Trading gate closed: measuring 8/20');
  expect(await gate('demo-frankfurt').textContent()).toContain('measuring 8/20');
  expect(await gate('coinbase-advanced').innerText()).toBe('paused');
  const shapes = await page.evaluate(
    () => new Set([...document.querySelectorAll('td.gate .mark')].map((mark) => mark.innerHTML)).size,
  );
  expect(shapes).toBe(3);
  await page.getByRole('row', { name: 'demo-frankfurt' }).focus();
  expect(await page.getByTestId('row-detail').innerText()).toContain('gate closed: measuring 8/20');

  app.setGateReopen(LONG_MS);
  app.setState('demo-tokyo', () => ({ kind: 'restoring', acked: 0, wanted: 4, since: app.now() }));
  await until(async () => expect(await gate('demo-tokyo').textContent()).toContain('closed: not up: restoring'));
  app.setState('demo-tokyo', (now) => ({ kind: 'up', since: now }));
  await until(async () => expect(await gate('demo-tokyo').textContent()).toMatch(/^closed, opens in \d\.\d s$/));
  const cut = await gate('demo-tokyo').evaluate((cell) => cell.scrollWidth > cell.clientWidth);
  expect(cut).toBe(false);
  app.setGateReopen(0);
  await until(async () => expect(await gate('demo-tokyo').innerText()).toBe('open'));
});

it.each([9_900, 120_000, 3_600_000])(
  '[G1] the countdown of a gate that opens in %d ms is not cut, and is heard as “opens in”',
  async (reopenMs) => {
    open = await openPage({ size: { width: 1920, height: 1080 } });
    open.app.setGateReopen(reopenMs);
    open.app.setState('demo-tokyo', (now) => ({ kind: 'restoring', acked: 0, wanted: 4, since: now }));
    await until(async () => expect(await gate('demo-tokyo').innerText()).toContain('closed'));
    open.app.setState('demo-tokyo', (now) => ({ kind: 'up', since: now }));
    const left = gate('demo-tokyo').locator('.countdown');
    await left.waitFor();
    expect(await gate('demo-tokyo').textContent()).toMatch(/^closed, opens in [\d.:]+( s)?$/);
    const [cell, time] = [await gate('demo-tokyo').boundingBox(), await left.boundingBox()];
    expect((time?.x ?? 0) + (time?.width ?? 0)).toBeLessThanOrEqual((cell?.x ?? 0) + (cell?.width ?? 0));
  },
);

it('[G1] the link page says since when its gate is open or closed, why, and when it opens', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo' });
  const { page, app } = open;
  const panel = page.getByTestId('gate');
  await until(async () => expect(await panel.innerText()).toMatch(/^trading gate open for [45] m \d\d s$/));
  app.setGateReopen(LONG_MS);
  app.setState('demo-tokyo', () => ({ kind: 'restoring', acked: 0, wanted: 4, since: app.now() }));
  await until(async () =>
    expect(await panel.innerText()).toMatch(/^trading gate closed for \d\.\d s, because: not up: restoring$/),
  );
  app.setState('demo-tokyo', (now) => ({ kind: 'up', since: now }));
  await until(async () =>
    expect(await panel.innerText()).toMatch(
      /closed for \d\.\d s, fit again, opens in \d\.\d s if it stays so \(was: not up: restoring\)$/,
    ),
  );
  app.setGateReopen(0);
  await until(async () => expect(await panel.innerText()).toMatch(/^trading gate open for \d\.\d s$/));
  await page.keyboard.press('p');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click();
  await until(async () => expect(await panel.innerText()).toMatch(/^trading gate paused/));
});

it('[G1] nothing below the gate of a link moves when it closes, is about to open, and opens', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo' });
  const { page, app } = open;
  const panel = page.getByTestId('gate');
  const below = page.getByRole('heading', { name: /^Round trips/ });
  await until(async () => expect(await panel.innerText()).toContain('open for'));
  const y = (await below.boundingBox())?.y;
  const stays = async (said: string): Promise<void> => {
    await until(async () => expect(await panel.innerText()).toContain(said));
    expect((await below.boundingBox())?.y).toBe(y);
  };
  app.setGateReopen(LONG_MS);
  app.setState('demo-tokyo', () => ({ kind: 'restoring', acked: 0, wanted: 4, since: app.now() }));
  await stays('because: not up');
  app.setState('demo-tokyo', (now) => ({ kind: 'up', since: now }));
  await stays('opens in');
  app.setGateReopen(0);
  await stays('open for');
});

it('[G1] [H6] nothing below moves for reasons of three lines and a cause that is found, which has the time at which it was told', async () => {
  const reasons: readonly UnfitReason[] = [
    { kind: 'not-up', state: 'waiting' },
    { kind: 'stale', why: 'slept' },
    { kind: 'ping-missed' },
    { kind: 'p99', p99Ms: 114.3, limitMs: 100, pings: 100 },
  ];
  const verdict: Verdict = {
    cause: 'abnormal close',
    blame: 'venue',
    certainty: 'likely',
    evidence: ['no close frame (1006, ECONNRESET)', '2 of 2 other links to this venue are down, or were lost with it'],
  };
  let isBad = false;
  const view = (now: MonoMs): Partial<LinkView> =>
    isBad
      ? {
          gate: { kind: 'closed', since: now, reasons, cleanSince: null, opensAt: null },
          fit: { fit: false, reasons: reasons.slice(1) },
          verdicts: [verdict],
        }
      : {};
  open = await openPage({ links: [{ ...(TEN_LINKS[0] as FakeSpec), view }], hash: '#/link/demo-tokyo' });
  const { page, app } = open;
  const panel = page.getByRole('region', { name: 'Fit for trading' });
  const below = page.getByRole('heading', { name: /^Round trips/ });
  await until(async () => expect(await panel.innerText()).toContain('open for'));
  const y = (await below.boundingBox())?.y;
  isBad = true;
  app.happen('demo-tokyo', { kind: 'verdict', verdict });
  await until(async () =>
    expect(await panel.innerText()).toMatch(/abnormal close – likely, by the venue at \d\d:\d\d:\d\d: no close/),
  );
  expect((await below.boundingBox())?.y).toBe(y);
});

it.each(['dark', 'light'] as const)(
  '[D1] axe has nothing against overview, link and settings in the %s theme',
  async (theme) => {
    open = await openPage({ theme });
    const { page } = open;
    await page.getByTestId('p99-chart').waitFor();
    await page.getByRole('row', { name: 'demo-tokyo' }).focus();
    expect(await axeOf(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByTestId('rtt-histogram').waitFor();
    expect(await axeOf(page)).toEqual([]);
    await page.keyboard.press('2');
    await page.getByLabel('Settings text').focus();
    expect(await axeOf(page)).toEqual([]);
    // What is being worked out is paler, and as easily read.
    for (const panel of ['settings-problems', 'settings-preview']) {
      await page.getByTestId(panel).evaluate((element) => element.classList.add('pending'));
    }
    expect(await axeOf(page)).toEqual([]);
  },
);
