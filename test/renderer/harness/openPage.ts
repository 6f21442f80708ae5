import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll } from 'vitest';
import type { WallMs } from '../../../src/shared/units.ts';
import { type OpenChromium, startChromium } from '../../e2e/chromium.ts';
import { mustBeClosed } from '../../support/leaks.ts';
import { PATIENCE_MS, until } from '../../support/until.ts';
import type { FakeApp } from '../fakeApp.ts';
import { type FakeSpec, TEN_LINKS } from '../fakeLinks.ts';
import { type FakePoolSpec, SIX_POOLS } from '../fakePools.ts';
import { startHarness, TOKEN } from './server.ts';
import { slowDown } from './slow.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** The built page; another build can be named, to see a test fail on what was there before. */
const FOLDER = process.env.WARMWIRE_TEST_PAGE ?? resolve(ROOT, 'out/renderer');

export interface OpenPage {
  readonly page: Page;
  readonly app: FakeApp;
  /** Another window of the same browser; `likeThis` starts with all that this tab keeps, as a duplicated one does. */
  another(likeThis?: boolean): Promise<Page>;
  /** Ends every wire; new ones are taken again unless `refuse`. */
  cut(refuse?: boolean): void;
  /** What the page has complained about: console errors, refused resources, exceptions. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

interface Options {
  readonly hash?: string;
  readonly links?: readonly FakeSpec[];
  readonly pools?: readonly FakePoolSpec[];
  readonly size?: { readonly width: number; readonly height: number };
  readonly theme?: 'dark' | 'light';
  /** Engine and page stand still at this time: for pictures. The page's timers go on only by `page.clock.runFor`. */
  readonly frozenAt?: WallMs;
  /** Code that does not come from the start on: a page fetches the rest of itself whenever it has time. */
  readonly without?: readonly RegExp[];
}

/** Those that the browser's package unpacks beside it: a picture must not hang on what this machine has. */
const ONLY_ITS_FONTS = { FONTCONFIG_PATH: join(tmpdir(), 'fonts') };

/** One for the living pages of a test file, and one for the still ones; each page is a context of its own. */
const browsers = new Map<'living' | 'still', Promise<OpenChromium>>();
afterAll(async () => {
  for (const starting of browsers.values()) await (await starting).close();
  browsers.clear();
});

function chromiumFor(kind: 'living' | 'still'): Promise<OpenChromium> {
  const started = browsers.get(kind) ?? startChromium(kind === 'still' ? ONLY_ITS_FONTS : {});
  browsers.set(kind, started);
  return started;
}

/** The built page in a real Chromium, on a made-up engine. `hash` is gone to as a person would, after the first page. */
export async function openPage(options: Options = {}): Promise<OpenPage> {
  const { hash, links = TEN_LINKS, pools = SIX_POOLS, size = { width: 1280, height: 800 }, theme = 'dark' } = options;
  const { frozenAt = null, without = [] } = options;
  const harness = await startHarness(FOLDER, 0, links, pools, frozenAt);
  const chromium = await chromiumFor(frozenAt === null ? 'living' : 'still');
  const still = frozenAt === null ? {} : { timezoneId: 'UTC', locale: 'en-US' };
  const page = await chromium.browser.newPage({ viewport: size, colorScheme: theme, ...still });
  mustBeClosed(
    'a page',
    () => !page.isClosed(),
    () => void page.close(),
  );
  if (frozenAt !== null) {
    // It runs until it is stopped, which it is only at a time to come.
    await page.clock.install({ time: frozenAt - 3_600_000 });
    await page.clock.pauseAt(frozenAt);
  }
  page.setDefaultTimeout(PATIENCE_MS);
  if (frozenAt === null) await slowDown(page);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !/WebSocket connection to/.test(message.text()))
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  const address = `http://127.0.0.1:${harness.port}/#token=${TOKEN}`;
  for (const part of without) await page.route(part, (route) => route.abort());
  await page.goto(address);
  await arrived(page);
  if (hash !== undefined) await goTo(page, hash);
  return {
    page,
    app: harness.app,
    another: async (likeThis = false) => {
      const opening = page.context().waitForEvent('page');
      await page.evaluate(([to, features]) => void window.open(to, '_blank', features), [
        address,
        likeThis ? '' : 'noopener',
      ] as const);
      const made = await opening;
      made.setDefaultTimeout(PATIENCE_MS);
      await arrived(made);
      return made;
    },
    cut: harness.cut,
    complaints,
    close: async () => {
      await page.context().close();
      await harness.close();
    },
  };
}

async function arrived(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await page.locator('main :is(h1, table)').first().waitFor({ state: 'attached' });
}

/** The page has taken it up by then; what a view loads of its own may be still to come. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate(
    (to) =>
      new Promise<void>((gone) => {
        if (new URL(to, window.location.href).hash === window.location.hash) return gone();
        window.addEventListener('hashchange', () => gone(), { once: true });
        window.location.hash = to;
      }),
    hash,
  );
}

/** The page goes out of sight, or comes into it; what it was about to draw then is drawn when this resolves. */
export function setHidden(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate(async (value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    await new Promise<void>((drawn) => {
      setTimeout(() => requestAnimationFrame(() => setTimeout(drawn)));
    });
  }, hidden);
}

/** What has the focus, as one would name it: its label, else its text, else its tag. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const held = document.activeElement;
    if (held === null || held === document.body) return 'nothing';
    return held.getAttribute('aria-label') ?? (held.textContent?.trim() || held.tagName);
  });
}

export { until };

interface Axe {
  run(options: { resultTypes: string[] }): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
}

/** What axe has against the page as it is now: `rule: element`. */
export async function axeOf(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(resolve(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: Axe };
    // An element that goes away under axe's eyes makes axe itself throw: it has found nothing then, and looks again.
    const look = async (looks: number): Promise<Awaited<ReturnType<Axe['run']>>> => {
      try {
        return await axe.run({ resultTypes: ['violations'] });
      } catch (error) {
        if (looks === 1) throw error;
        return look(looks - 1);
      }
    };
    const { violations } = await look(3);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}
