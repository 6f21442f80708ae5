import type { CDPSession, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterEach, expect, it } from 'vitest';
import { axeOf, type OpenPage, openPage } from './harness/openPage.ts';
import { EVERY_VIEW, FROZEN_AT, settle, show, showStill } from './harness/pages.ts';

/** What holds for every page alike. At full size axe looks at each in the page's own test. */
const FULL = { width: 1280, height: 800 };
/** What is left of it at a zoom of 200 %. */
const ZOOMED = { width: 640, height: 400 };
/** The narrowest that WCAG 1.4.10 asks of a page: 1280 px at a zoom of 400 %. */
const NARROWEST = { width: 320, height: 256 };
/** What the page's own head leaves to the page, of its height. */
const LEAST_SHARE = 0.75;
const TAB_STOPS = 40;
const LEAST_RING_PIXELS = 12;

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

it.each(['dark', 'light'] as const)(
  '[D1] no page scrolls sideways at a zoom of 100, 200 or 400 %, axe has nothing against any at 200 %, and nothing complains (%s)',
  async (theme) => {
    open = await openPage({ theme });
    const { page } = open;
    const found: string[] = [];
    for (const view of EVERY_VIEW) {
      await page.setViewportSize(FULL);
      await show(page, view);
      for (const fault of await overflow(page)) found.push(`${view.name}: ${fault}`);
      await page.setViewportSize(ZOOMED);
      for (const fault of await overflow(page)) found.push(`${view.name}: ${fault} when zoomed`);
      for (const violation of await axeOf(page)) found.push(`${view.name}: ${violation}`);
      await page.setViewportSize(NARROWEST);
      for (const fault of await overflow(page)) found.push(`${view.name}: ${fault} at 320 px`);
    }
    expect(found).toEqual([]);
  },
);

it('[D1] what only a screen reader is told takes no place on any page', async () => {
  open = await openPage();
  const { page } = open;
  const found: string[] = [];
  for (const view of EVERY_VIEW) {
    await show(page, view);
    const large = await page
      .locator('.visually-hidden')
      .evaluateAll((all) => all.flatMap((one) => ((one as HTMLElement).offsetHeight > 1 ? [one.outerHTML] : [])));
    for (const html of large) found.push(`${view.name}: ${html.slice(0, 120)}`);
  }
  expect(found).toEqual([]);
});

it('[D1] with reduced motion nothing on any page is animated, neither when it comes nor under the pointer', async () => {
  open = await openPage();
  const { page } = open;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const found: string[] = [];
  for (const view of EVERY_VIEW) {
    await show(page, view);
    await page.locator('main button').first().hover();
    for (const moving of await moves(page)) found.push(`${view.name}: ${moving}`);
  }
  expect(found).toEqual([]);
});

it('[D1] whatever Tab reaches on a page is seen to have the focus', async () => {
  open = await openPage({ frozenAt: FROZEN_AT });
  const { page } = open;
  const camera = await page.context().newCDPSession(page);
  await hideCaret(page);
  const found: string[] = [];
  for (const view of EVERY_VIEW) {
    await showStill(open, view);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const seen = new Set<string>();
    let first: string | null = null;
    for (let stop = 0; stop < TAB_STOPS; stop += 1) {
      await page.keyboard.press('Tab');
      const held = await focusedBox(page);
      if (held === null) continue;
      // Once around: the rest was seen.
      if (held.place === first) break;
      first ??= held.place;
      seen.add(held.place);
      const pixels = await ringPixels(page, camera, held);
      if (pixels < LEAST_RING_PIXELS)
        found.push(`${view.name}: ${held.what} at ${held.box.y} px changes ${pixels} pixels`);
    }
    if (seen.size < 8) found.push(`${view.name}: Tab reaches only ${seen.size} places`);
    await settle(open);
  }
  expect(found).toEqual([]);
}, 300_000);

/** What of a page is only seen by scrolling it sideways, and how much its own head takes of a low window. */
async function overflow(page: Page): Promise<readonly string[]> {
  let faults = await overflowNow(page);
  // Charts follow the window a few frames later.
  for (let look = 0; look < 60 && faults.length > 0; look += 1) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    faults = await overflowNow(page);
  }
  return faults;
}

const overflowNow = (page: Page): Promise<readonly string[]> =>
  page.evaluate((leastShare) => {
    const faults: string[] = [];
    const root = document.scrollingElement ?? document.documentElement;
    const main = document.querySelector('main') ?? root;
    const scrolls = (element: Element): boolean => {
      const around = element.parentElement?.closest('body *');
      if (!around || around === main) return false;
      return /auto|scroll/.test(getComputedStyle(around).overflowX) || scrolls(around);
    };
    for (const box of [root, main])
      if (box.scrollWidth > box.clientWidth)
        faults.push(
          `${box.tagName.toLowerCase()} ${box.scrollWidth - box.clientWidth} px too wide: ${[
            ...main.querySelectorAll('*'),
          ]
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !scrolls(one))
            .map((one) => `${one.tagName}.${one.getAttribute('class')}`)
            .slice(0, 6)}`,
        );
    if (root.scrollWidth > innerWidth) faults.push(`document ${root.scrollWidth - innerWidth} px too wide`);
    // A head that scrolls away takes nothing.
    const stays = getComputedStyle(main).overflowY === 'auto';
    if (stays && main.clientHeight < innerHeight * leastShare)
      faults.push(`main has ${main.clientHeight} of ${innerHeight} px`);
    for (const control of document.querySelectorAll('body :is(a, button, input, select, textarea, h1, h2)')) {
      const { left, right, width } = control.getBoundingClientRect();
      const outside = width > 1 && (left < -1 || right > innerWidth + 1);
      if (outside && !scrolls(control)) faults.push(`“${control.textContent.trim().slice(0, 30)}” ends at ${right} px`);
    }
    return faults;
  }, LEAST_SHARE);

/** What runs, and what would as soon as it changed. */
const moves = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const running = document
      .getAnimations()
      .filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 0)
      .map((animation) => `${animation.constructor.name} runs`);
    const ready = [...document.querySelectorAll('*')].flatMap((element) =>
      [null, '::before', '::after'].flatMap((part) => {
        const { transitionDuration, animationName, animationDuration } = getComputedStyle(element, part);
        const lasts = (text: string): boolean => text.split(',').some((one) => Number.parseFloat(one) > 0);
        const moving = lasts(transitionDuration) || (animationName !== 'none' && lasts(animationDuration));
        return moving ? [`${element.tagName}.${element.className}${part ?? ''} would move`] : [];
      }),
    );
    return [...running, ...ready];
  });

interface Held {
  readonly what: string;
  readonly place: string;
  /** With the ring around it. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

function focusedBox(page: Page): Promise<Held | null> {
  return page.evaluate(() => {
    const held = document.activeElement;
    if (held === null || held === document.body) return null;
    const { left, top, right, bottom } = held.getBoundingClientRect();
    const x = Math.max(0, Math.floor(left) - 4);
    const y = Math.max(0, Math.floor(top) - 4);
    const width = Math.min(innerWidth, Math.ceil(right) + 4) - x;
    const height = Math.min(innerHeight, Math.ceil(bottom) + 4) - y;
    const name = held.getAttribute('aria-label') ?? held.textContent?.trim().slice(0, 40) ?? '';
    const what = `${held.tagName.toLowerCase()} "${name}"`;
    return { what, place: `${what} ${x} ${y}`, box: { x, y, width, height } };
  });
}

/** How many pixels the focus changes. The blur leaves the place from which the next Tab goes on. */
async function ringPixels(page: Page, camera: CDPSession, { box }: Held): Promise<number> {
  if (box.width <= 0 || box.height <= 0) return 0;
  const focused = await shoot(camera, box);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const blurred = await shoot(camera, box);
  let pixels = 0;
  for (let i = 0; i < focused.data.length; i += 4)
    if ([0, 1, 2].some((k) => Math.abs((focused.data[i + k] ?? 0) - (blurred.data[i + k] ?? 0)) > 24)) pixels += 1;
  return pixels;
}

async function shoot(camera: CDPSession, box: Held['box']): Promise<PNG> {
  const { data } = await camera.send('Page.captureScreenshot', { clip: { ...box, scale: 1 }, optimizeForSpeed: true });
  return PNG.sync.read(Buffer.from(data, 'base64'));
}

/** A caret alone is no ring, and it blinks. */
const hideCaret = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { caret-color: transparent !important } .cm-cursorLayer { visibility: hidden !important }');
    document.adoptedStyleSheets.push(sheet);
  });
