import type { CDPSession } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterEach, expect, it } from 'vitest';
import { type OpenPage, openPage, until } from './harness/openPage.ts';
import { FROZEN_AT, settle, showStill } from './harness/pages.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const SIGHTS = ['deuteranopia', 'protanopia', 'achromatopsia'] as const;
const CASES = SIGHTS.flatMap((sight) => [[sight, 'dark'] as const, [sight, 'light'] as const]);
const WORD_OF = { good: 'healthy', warn: 'degraded', bad: 'unhealthy', idle: 'Paused' } as const;
const TONES = ['good', 'warn', 'bad', 'idle'] as const;

type Color = readonly [number, number, number];
type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

it.each(CASES)('[D1] with %s, %s, each health is a shape and a word of its own', async (sight, theme) => {
  open = await openPage({ theme, frozenAt: FROZEN_AT });
  await showStill(open, { name: 'overview', hash: '#/', shown: '[data-testid=p99-chart]' });
  const camera = await seenBy(sight);
  const rows = await open.page.locator('.links tbody tr').evaluateAll((all) =>
    all.flatMap((row) => {
      const mark = row.querySelector('td.state .mark');
      const words = [...row.querySelectorAll('td')].map((cell) =>
        /unhealthy|healthy|degraded|Paused/.exec(cell.textContent),
      );
      const word = words.find((found) => found !== null)?.[0];
      return mark === null ? [] : [`${mark.classList[1]?.replace('mark-', '')} ${word}`];
    }),
  );
  expect([...new Set(rows)].sort()).toEqual(TONES.map((tone) => `${tone} ${WORD_OF[tone]}`).sort());
  const shapes = new Map<string, readonly boolean[]>();
  for (const tone of TONES) {
    const box = await open.page.locator(`.links td.state .mark-${tone}`).first().boundingBox();
    if (box !== null) shapes.set(tone, silhouette(await shoot(camera, box, 4)));
  }
  expect([...shapes.keys()]).toEqual(TONES);
  for (const [tone, shape] of shapes)
    for (const [other, otherShape] of shapes)
      if (tone < other)
        expect({ tone, other, differ: differing(shape, otherShape) > 0.12 }).toEqual({ tone, other, differ: true });
});

it.each(CASES)(
  '[D2] with %s, %s, the heatmap is the further from its ground the more samples',
  async (sight, theme) => {
    open = await openPage({ theme, frozenAt: FROZEN_AT });
    const { page } = open;
    const hash = '#/link/demo-tokyo?range=1h&form=heatmap';
    await showStill(open, { name: 'heatmap', hash, shown: '[data-testid=heatmap]' });
    const camera = await seenBy(sight);
    const canvas = await boxOf('[data-testid=heatmap]');
    const picture = await shoot(camera, { x: 0, y: 0, width: 1280, height: 800 });
    const at = (x: number, y: number): Color => pixel(picture, Math.round(x), Math.round(y));
    const swatches = await Promise.all(
      (await page.locator('.heat-key .swatch:not(.hatched)').all()).map(async (one) => {
        const box = await one.boundingBox();
        return at((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
      }),
    );
    expect(swatches.length).toBeGreaterThanOrEqual(3);
    const key = await boxOf('.heat-key');
    const ground = luminance(at(key.x + key.width - 2, key.y + 1));
    const away = swatches.map((color) => contrast(luminance(color), ground));
    for (const [i, now] of away.entries()) if (i > 0) expect(now).toBeGreaterThan((away[i - 1] ?? 0) * 1.15);
    if (sight === 'achromatopsia') for (const [r, g, b] of swatches) expect([g, b]).toEqual([r, r]);

    const countOn = new Map<number, Set<number>>();
    for (const [step, color] of swatches.entries())
      for (const [x, y] of placesOf(picture, canvas, color).slice(0, 6)) {
        await page.mouse.move(x, y);
        await page.clock.runFor(20);
        const text = await page.getByTestId('heat-tip').innerText();
        const count = Number(/([\d,]+) samples?/.exec(text)?.[1]?.replace(',', ''));
        countOn.set(step, (countOn.get(step) ?? new Set()).add(count));
      }
    expect(countOn.size).toBe(swatches.length);
    const ranges = [...countOn.values()].map((counts) => [Math.min(...counts), Math.max(...counts)] as const);
    for (const [i, [least]] of ranges.entries()) if (i > 0) expect(least).toBeGreaterThan(ranges[i - 1]?.[1] ?? 0);
  },
);

async function seenBy(type: (typeof SIGHTS)[number]): Promise<CDPSession> {
  const camera = await open.page.context().newCDPSession(open.page);
  await camera.send('Emulation.setEmulatedVisionDeficiency', { type });
  await settle(open);
  return camera;
}

async function boxOf(selector: string): Promise<Box> {
  let box: Box | null = null;
  await until(async () => {
    box = await open.page.locator(selector).boundingBox();
    expect(box).not.toBeNull();
  });
  return box ?? { x: 0, y: 0, width: 0, height: 0 };
}

async function shoot(camera: CDPSession, clip: Box, scale = 1): Promise<PNG> {
  const { data } = await camera.send('Page.captureScreenshot', { clip: { ...clip, scale } });
  return PNG.sync.read(Buffer.from(data, 'base64'));
}

function pixel({ data, width }: PNG, x: number, y: number): Color {
  const i = (y * width + x) * 4;
  return [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0];
}

/** Well inside of cells of this colour, spread over the picture. */
function placesOf(picture: PNG, box: Box, [r, g, b]: Color): readonly (readonly [number, number])[] {
  const is = (x: number, y: number): boolean => {
    const [r2, g2, b2] = pixel(picture, x, y);
    return r === r2 && g === g2 && b === b2;
  };
  const places: [number, number][] = [];
  for (let y = Math.ceil(box.y); y < Math.min(picture.height - 1, box.y + box.height - 2); y += 1)
    for (let x = Math.ceil(box.x) + 1; x < box.x + box.width - 2; x += 1)
      if (is(x, y) && is(x, y - 1) && is(x, y + 1) && is(x + 1, y) && is(x - 1, y)) places.push([x, y]);
  const every = Math.max(1, Math.floor(places.length / 6));
  return places.filter((_, i) => i % every === 0);
}

/** What is not the ground, which is the colour of the corner. */
function silhouette(picture: PNG): readonly boolean[] {
  const ground = luminance(pixel(picture, 0, 0));
  return Array.from({ length: picture.width * picture.height }, (_, i) => {
    const color = pixel(picture, i % picture.width, Math.floor(i / picture.width));
    return contrast(luminance(color), ground) > 1.6;
  });
}

const differing = (a: readonly boolean[], b: readonly boolean[]): number =>
  a.filter((inked, i) => inked !== b[i]).length / a.length;

/** By WCAG 2, 0 to 1. */
function luminance(color: Color): number {
  const [r = 0, g = 0, b = 0] = color.map((value) =>
    value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
