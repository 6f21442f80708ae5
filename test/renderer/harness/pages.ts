import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { LINK_TABS } from '../../../src/renderer/route.ts';
import { wallMs } from '../../../src/shared/units.ts';
import { goTo, type OpenPage, until } from './openPage.ts';

/** When the frozen pictures are taken: a Saturday in the year of the tests, UTC. */
export const FROZEN_AT = wallMs(Date.UTC(2026, 10, 21, 12, 0, 0));

interface View {
  readonly name: string;
  readonly hash: string;
  /** What is there once the page has drawn itself. */
  readonly shown: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

const SHOWN_ON_TAB = {
  now: '[data-testid=rtt-histogram]',
  incidents: '.incident-head',
  control: '.control tbody tr',
  connection: '[role=tabpanel] section',
  settings: '[role=tabpanel] .effective li',
} as const;

export const MAIN_VIEWS: readonly View[] = [
  { name: 'overview', hash: '#/', shown: '[data-testid=p99-chart]' },
  { name: 'link', hash: '#/link/demo-tokyo', shown: SHOWN_ON_TAB.now },
  { name: 'settings', hash: '#/settings', shown: '.cm-content' },
  { name: 'pools', hash: '#/pools', shown: '.pools-page h2' },
  { name: 'drills', hash: '#/drills/tokyo', shown: '.drill-report tr' },
  { name: 'notices', hash: '#/notices', shown: '.notice-box' },
];

const MORE_TABS: readonly View[] = LINK_TABS.filter((tab) => tab !== 'now').map((tab) => ({
  name: `link, ${tab}`,
  hash: `#/link/demo-tokyo?tab=${tab}`,
  shown: SHOWN_ON_TAB[tab],
}));

const WIZARD: readonly View[] = [
  {
    name: 'wizard, venue',
    hash: '#/add',
    shown: 'main [role=radio], main input[type=radio]',
    prepare: (page) => page.getByRole('radio', { name: /^Kraken/ }).check(),
  },
  { name: 'wizard, subscribe', hash: '#/add/subscribe', shown: 'main label:has-text("Symbols")' },
  { name: 'wizard, test', hash: '#/add/test', shown: 'main button:has-text("Test connection")' },
];

/** In this order: a step of the wizard stands on the one before. */
export const EVERY_VIEW: readonly View[] = [...MAIN_VIEWS, ...MORE_TABS, ...WIZARD];

/** Goes to a view of a page that lives, and waits until it is there. */
export async function show(page: Page, view: View): Promise<void> {
  await goTo(page, view.hash);
  await page.locator(view.shown).first().waitFor();
  await view.prepare?.(page);
}

/** Goes to a view of a page whose clock stands, and lets pass what it waits for. */
export async function showStill(open: OpenPage, view: View): Promise<void> {
  const { page } = open;
  await goTo(page, view.hash);
  await until(async () => {
    await page.clock.runFor(100);
    await page.locator(view.shown).first().waitFor({ timeout: 200 });
  });
  await view.prepare?.(page);
  await settle(open);
}

/** Half a second of the page's time in small steps, then a frame: every age on the page is as of that frame. */
export async function settle({ page, app }: OpenPage): Promise<void> {
  for (let step = 0; step < 10; step += 1) await page.clock.runFor(50);
  app.publish();
  await until(async () => expect(await page.locator('.app.stale').count()).toBe(0));
}
