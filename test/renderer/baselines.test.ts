import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { afterEach, expect, it } from 'vitest';
import { type OpenPage, openPage, until } from './harness/openPage.ts';
import { FROZEN_AT, MAIN_VIEWS, showStill } from './harness/pages.ts';

const FOLDER = resolve(import.meta.dirname, '../fixtures/baselines');
const UPDATES = process.env.WARMWIRE_UPDATE_BASELINES === '1';
const MOST_SHARE = 0.003;

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

it.each(['dark', 'light'] as const)('[D1] the main pages look as they did when last looked at, %s', async (theme) => {
  open = await openPage({ theme, frozenAt: FROZEN_AT });
  raiseNotices();
  const differences: string[] = [];
  for (const view of MAIN_VIEWS) {
    await showStill(open, view);
    const difference = compare(`${view.name}-${theme}`, await stillPicture());
    if (difference !== null) differences.push(difference);
  }
  expect(differences).toEqual([]);
});

/** One of each look: open, acknowledged by nobody, over. They pop up at other pages, as they would. */
function raiseNotices(): void {
  const { notices } = open.app;
  notices.raise('link-down', 'okx-spot', 'okx-spot: down for 15 s, still trying', { agoMs: 95_000, muted: true });
  const flapping = 'demo-tokyo: 6 reconnects in 10 min, over 5';
  notices.resolve(notices.raise('flapping', 'demo-tokyo', flapping, { agoMs: 900_000, muted: true }), 600_000);
}

/** Drawn to the end: twice the same. */
async function stillPicture(): Promise<Buffer> {
  let last = await open.page.screenshot();
  await until(async () => {
    const before = last;
    last = await open.page.screenshot();
    expect(last.equals(before)).toBe(true);
  });
  return last;
}

/** `null`: as before. Else what differs, and where the pictures of it lie. */
function compare(name: string, picture: Buffer): string | null {
  const file = join(FOLDER, `${name}.png`);
  const actual = PNG.sync.read(picture);
  if (UPDATES) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, small(actual));
    return null;
  }
  if (!existsSync(file)) return `${name}: no baseline; run with WARMWIRE_UPDATE_BASELINES=1 and look at what it wrote`;
  const expected = PNG.sync.read(readFileSync(file));
  const { width, height } = actual;
  if (expected.width !== width || expected.height !== height)
    return `${name}: ${width} x ${height}, the baseline is ${expected.width} x ${expected.height}`;
  const diff = new PNG({ width, height });
  const pixels = pixelmatch(expected.data, actual.data, diff.data, width, height, { threshold: 0.1 });
  const share = pixels / (width * height);
  if (share <= MOST_SHARE) return null;
  const folder = mkdtempSync(join(tmpdir(), 'warmwire-baseline-'));
  writeFileSync(join(folder, `${name}-actual.png`), picture);
  writeFileSync(join(folder, `${name}-diff.png`), PNG.sync.write(diff));
  return `${name}: ${(100 * share).toFixed(2)} % of the pixels differ, see ${folder}/${name}-{actual,diff}.png`;
}

/** Without alpha and packed as tightly as PNG goes: they are kept in the repository. */
const small = (picture: PNG): Buffer =>
  PNG.sync.write(picture, { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 });
