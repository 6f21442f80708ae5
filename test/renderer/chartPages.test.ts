import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { type FakeSpec, TEN_LINKS } from './fakeLinks.ts';
import { axeOf, focused, goTo, type OpenPage, openPage, setHidden, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const TOKYO = '#/link/demo-tokyo';
const chartOf = (page: Page) => page.getByTestId('link-chart');
const lastMs = async (page: Page): Promise<number> => Number(await chartOf(page).getAttribute('data-last-ms'));
const clock = (page: Page): Promise<string> => page.getByTestId('chart-clock').innerText();

it('[D2] one link as lines, as smoke and as a heatmap over the same time; the address keeps the choice', async () => {
  open = await openPage({ hash: TOKYO });
  const { page } = open;
  await until(async () => expect(await chartOf(page).locator('path.recharts-line-curve').count()).toBe(3));
  await page.getByRole('button', { name: 'Smoke' }).click();
  await chartOf(page).locator('.uplot canvas').waitFor();
  await page.getByRole('button', { name: 'Heatmap' }).click();
  const heat = page.getByTestId('heatmap');
  await until(async () => expect(Number(await heat.getAttribute('data-cells'))).toBeGreaterThan(20));
  expect(Number(await heat.getAttribute('data-gaps'))).toBeGreaterThan(0);
  await page.getByRole('button', { name: '15 min' }).click();
  expect(page.url()).toMatch(/range=15m.*form=heatmap/);
  expect(await page.getByRole('group', { name: 'Scale' }).getByRole('button', { name: 'Linear' }).isDisabled()).toBe(
    true,
  );
  await page.getByRole('slider', { name: 'Round trip at a moment' }).hover();
  await until(async () =>
    expect(await page.getByTestId('heat-tip').innerText()).toMatch(/ to [\s\S]* ms[\s\S]*(sample|not measured)/),
  );
  expect(await axeOf(page)).toEqual([]);
});

it('[D2] [D4] a heatmap is read by keyboard, cell by cell: time, latency and samples are said and shown', async () => {
  open = await openPage({ hash: `${TOKYO}?form=heatmap` });
  const { page } = open;
  const slider = page.getByRole('slider', { name: 'Round trip at a moment' });
  await slider.focus();
  const said = async (): Promise<string> => (await slider.getAttribute('aria-valuetext')) ?? '';
  const CELL = /: \d\d:\d\d:\d\d to \d\d:\d\d:\d\d, (\S+ \S+) to \S+ \S+, (\d+ samples?|not measured)$/;
  const lowOf = (text: string): string => CELL.exec(text)?.[1] ?? text;
  await page.keyboard.press('ArrowUp');
  await until(async () => expect(await said()).toMatch(CELL));
  const foot = await said();
  await page.keyboard.press('ArrowDown');
  expect(lowOf(await said())).toBe(lowOf(foot));
  await page.keyboard.press('ArrowUp');
  await until(async () => expect(lowOf(await said())).not.toBe(lowOf(foot)));
  const second = await said();
  await page.keyboard.press('ArrowLeft');
  await until(async () => expect((await said()).slice(0, 8)).not.toBe(second.slice(0, 8)));
  expect(lowOf(await said())).toBe(lowOf(second));
  expect((await page.getByTestId('heat-tip').innerText()).replace(/\n+/g, ', ')).toBe((await said()).slice(10));
  expect(await page.locator('.heat-cell').count()).toBe(1);
  await page.keyboard.press('Escape');
  await until(async () => expect(await said()).toBe('newest'));
});

it('[D2] the key of a heatmap lies on no cell of it, and nothing moves when it comes', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo' });
  const { page } = open;
  const form = page.getByRole('group', { name: 'Form' });
  await page.locator('.recharts-line-curve').first().waitFor();
  const tops = () =>
    page
      .locator('.time-panel .panel-head, .chart-plot, .lane')
      .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
  const before = await tops();
  await form.getByRole('button', { name: 'Heatmap' }).click();
  const key = page.getByRole('list', { name: 'Samples of a cell' });
  await key.getByText('not measured').waitFor();
  const [keyBox, cells] = [await key.boundingBox(), await page.getByTestId('heatmap').boundingBox()];
  expect((keyBox?.y ?? 0) + (keyBox?.height ?? 0)).toBeLessThan(cells?.y ?? 0);
  expect(await tops()).toEqual(before);
  expect(await key.evaluate((list) => list.scrollWidth - list.clientWidth)).toBe(0);
});

it('[D2] a canvas follows the theme and the size of the window, sharp', async () => {
  open = await openPage({ hash: `${TOKYO}?form=heatmap`, theme: 'dark' });
  const { page } = open;
  await page.getByTestId('heatmap').waitFor();
  await page.keyboard.press('Shift+P');
  const look = () =>
    page.getByTestId('heatmap').evaluate((canvas: HTMLCanvasElement) => ({
      data: canvas.toDataURL(),
      sharp: canvas.width === Math.round(canvas.clientWidth * window.devicePixelRatio),
      width: canvas.width,
    }));
  const dark = await look();
  await page.getByRole('button', { name: 'Light', exact: true }).click();
  await until(async () => expect((await look()).data).not.toBe(dark.data));
  await page.setViewportSize({ width: 1600, height: 900 });
  await until(async () => {
    const wide = await look();
    expect(wide.width).toBeGreaterThan(dark.width);
    expect(wide.sharp).toBe(true);
  });
});

it('[D2] paused, the charts stand still, say so, and can be moved; the link itself goes on; Live leads back', async () => {
  open = await openPage({ hash: TOKYO });
  const { page } = open;
  await until(async () => expect(await lastMs(page)).toBeGreaterThan(0));
  const before = await page.locator('.time-panel').first().boundingBox();
  await page.keyboard.press('Shift+P');
  await until(async () => expect(await clock(page)).toMatch(/^paused at \d\d:\d\d:\d\d, 0:0\d behind$/));
  const pausedAt = await lastMs(page);
  await until(async () => expect(await clock(page)).toMatch(/, 0:0[2-9] behind$/));
  expect(await lastMs(page)).toBe(pausedAt);
  expect(await page.locator('.link-state').innerText()).toMatch(/^up/);
  const slider = page.getByRole('slider', { name: 'Round trip at a moment' });
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await until(async () => expect(await lastMs(page)).toBe(pausedAt - 30_000));
  const box = await slider.boundingBox();
  if (box === null) throw new Error('the chart has no place');
  await page.mouse.move(box.x + 100, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 100 + box.width / 10, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await until(async () => expect(Math.abs((await lastMs(page)) - (pausedAt - 60_000))).toBeLessThan(2000));
  expect(await chartOf(page).locator('path.recharts-line-curve').count()).toBe(3);
  expect(await page.locator('.time-panel').first().boundingBox()).toEqual(before);
  await page.getByRole('button', { name: 'Live' }).click();
  await until(async () => expect(await lastMs(page)).toBeGreaterThan(pausedAt));
  await until(async () => expect(await clock(page)).toBe('live'));
});

it('[D2] paused charts of a link stand where they stood after a look at another tab', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo?range=1m' });
  const { page } = open;
  const clock = page.getByTestId('chart-clock');
  const chart = page.getByTestId('link-chart');
  const curve = page.locator('.recharts-line-curve').first();
  await curve.waitFor();
  await page.getByRole('button', { name: 'Pause charts' }).click();
  const at = await chart.getAttribute('data-last-ms');
  // The second in the middle of which one paused may still have grown
  const drawn = async () => {
    const points = (await curve.getAttribute('d'))?.split('L').slice(0, -2) ?? [];
    return points.flatMap((point) => point.match(/[\d.]+/g)?.map(Number) ?? []);
  };
  const before = await drawn();
  await page.getByRole('tab', { name: 'Incidents' }).click();
  await page.getByRole('tabpanel', { name: 'Incidents' }).waitFor();
  await page.keyboard.press('Home');
  await curve.waitFor();
  expect(await clock.innerText()).toMatch(/^paused at/);
  await until(async () => expect(await clock.innerText()).not.toMatch(/, 0:00 behind$/));
  expect(await chart.getAttribute('data-last-ms')).toBe(at);
  const after = await drawn();
  expect(after.length).toBe(before.length);
  // Clocks are slewed: by less than a pixel
  for (const [i, at] of after.entries()) expect(Math.abs(at - (before[i] ?? 0))).toBeLessThan(1);
});

it('[D2] shortly after a start, with one point in the hour, that point is seen in each form', async () => {
  open = await openPage();
  const { page, app } = open;
  // No second slice begins meanwhile
  app.holdClock();
  app.jumpClock(0);
  /** Pixels of the first canvas in there that are not empty. */
  const inked = (inside: string): Promise<number> =>
    page
      .locator(`${inside} canvas`)
      .first()
      .evaluate((drawn) => {
        const { width, height } = drawn as HTMLCanvasElement;
        // Of a copy: Chromium complains of a canvas that is read again and again
        const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
        copy?.drawImage(drawn as HTMLCanvasElement, 0, 0);
        const pixels = copy?.getImageData(0, 0, width, height).data ?? [];
        return pixels.filter((value, i) => i % 4 === 3 && value > 0).length;
      });
  await goTo(page, '#/link/demo-tokyo?range=1h');
  await until(async () => expect(await page.locator('.chart-plot circle').count()).toBe(3));
  await goTo(page, '#/link/demo-tokyo?range=1h&form=smoke');
  await until(async () => expect(await inked('.u-wrap')).toBeGreaterThan(4));
  await goTo(page, '#/?range=1h');
  await until(async () => expect(await inked('[data-testid=p99-chart]')).toBeGreaterThan(4));
});

it('[D2] where several marks stand for more than nine events each, none lies on the number of another', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo' });
  const { page, app } = open;
  const opened = {
    kind: 'opened',
    timings: { dnsMs: null, tcpMs: 1, tlsMs: null, upgradeMs: 2, totalMs: 3 },
    address: '127.0.0.1:1',
  } as const;
  for (let i = 0; i < 600; i += 1) app.happens('demo-tokyo', opened, 5_000 + i * 300);
  const marks = page.getByTestId('chart-mark');
  await until(async () => expect(await marks.filter({ hasText: /^\d\d+$/ }).count()).toBeGreaterThan(5));
  const gaps = await marks.evaluateAll((all) => {
    const boxes = all.map((mark) => mark.getBoundingClientRect()).toSorted((a, b) => a.left - b.left);
    return boxes.slice(1).map((box, i) => box.left - (boxes[i]?.right ?? 0));
  });
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
});

it('[D2] one moment is pointed at in all charts of a page, in words too, and nothing moves', async () => {
  open = await openPage({ hash: TOKYO });
  const { page } = open;
  const slider = page.getByRole('slider', { name: 'Round trip at a moment' });
  await slider.waitFor();
  const places = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.time-panel, .readout')].map((one) => one.getBoundingClientRect().bottom),
    );
  const before = await places();
  await page.getByRole('slider', { name: 'This machine’s lateness at a moment' }).hover();
  const lines = page.locator('.cursor-line');
  await until(async () => expect(await lines.count()).toBe(3));
  const lefts = await lines.evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().left)));
  expect(new Set(lefts).size).toBe(1);
  expect(await page.getByTestId('readout').innerText()).toMatch(/\d\d:\d\d:\d\d\s+p50\s+\d/);
  await slider.focus();
  await page.mouse.move(0, 0);
  await page.keyboard.press('Home');
  const first = await slider.getAttribute('aria-valuetext');
  await page.keyboard.press('ArrowRight');
  const second = await slider.getAttribute('aria-valuetext');
  expect(first).toMatch(/^\d\d:\d\d:\d\d: p50 .* ms of \d+ samples/);
  expect(second).not.toBe(first);
  await page.keyboard.press('Escape');
  await until(async () => expect(await lines.count()).toBe(0));
  expect(page.url()).toContain(TOKYO);
  expect(await places()).toEqual(before);
});

it('[D2] in the readout each figure stands nearer to its own label than to the next one', async () => {
  open = await openPage({ hash: TOKYO });
  const { page } = open;
  await until(async () => expect(await page.getByTestId('readout').innerText()).toMatch(/p50\s+\d/));
  const distances = await page.getByTestId('readout').evaluate((list) => {
    const textOf = (one: Element): DOMRect => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return range.getBoundingClientRect();
    };
    const labels = [...list.querySelectorAll('dt:not(.visually-hidden)')].map(textOf);
    const figures = [...list.querySelectorAll(':scope > div:not(.when) > dd')].map(textOf);
    return figures.slice(0, -1).map(({ left, right }, at) => ({
      own: left - (labels[at]?.right ?? Number.NaN),
      next: (labels[at + 1]?.left ?? Number.NaN) - right,
    }));
  });
  expect(distances).toHaveLength(6);
  for (const { own, next } of distances) expect(own).toBeLessThan(next / 2);
});

it('[H7] under the round trips stand the feed latency with its error bar and this machine’s own lateness', async () => {
  const skew = { offsetMs: -2, errorMs: 3.1 };
  open = await openPage({ links: [{ ...(TEN_LINKS[0] as (typeof TEN_LINKS)[number]), lagMs: 14, skew }], hash: TOKYO });
  const { page } = open;
  await until(async () =>
    expect(await chartOf(page).innerText()).toMatch(
      /Feed latency median, to 20.0 ms, ± 3.10 ms[\s\S]*This machine late to 200 ms, ■ over 20 ms/,
    ),
  );
  await page.getByRole('slider', { name: 'Feed latency at a moment' }).hover();
  await until(async () => expect(await page.getByTestId('readout').innerText()).toMatch(/feed\s+1[2-5]\.\d ± 3\.1/));
});

it('[D2] events are gone through by arrow keys, and each says what happened, for how long, and why', async () => {
  open = await openPage({ hash: `${TOKYO}?range=15m` });
  const { page, app } = open;
  // Wide enough that the loss and the return 25 s later are two marks.
  await page.setViewportSize({ width: 1920, height: 1080 });
  const marks = page.getByTestId('chart-mark');
  await until(async () => expect(await marks.count()).toBe(3));
  await page.keyboard.press('Shift+P');
  await page.locator('[data-testid=chart-mark][data-kinds~=lost]').focus();
  const card = page.getByRole('tooltip');
  const says = (text: RegExp) => until(async () => expect(await card.innerText()).toMatch(text));
  const focusIs = (name: RegExp) => until(async () => expect(await focused(page)).toMatch(name));
  await says(
    /\d\d:\d\d:\d\d\.\d{3} socket 1, away 2[45] s\s+Socket ended after[\s\S]*1012[\s\S]*Verdict: venue restart/,
  );
  await focusIs(/^socket lost at \d\d:\d\d:\d\d/);
  await page.keyboard.press('End');
  await says(/had been away 2[45] s[\s\S]*Connected to/);
  await page.keyboard.press('Home');
  await focusIs(/^settings applied at/);
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  expect(page.url()).toContain(TOKYO);
  await page.keyboard.press('Shift+P');
  app.happens('demo-tokyo', { kind: 'gate', gate: { kind: 'paused', since: app.now() } });
  app.happens('demo-tokyo', { kind: 'degradation', turn: 'slower', p99Ms: 90, baselineMs: 5 });
  await until(async () => expect(await marks.last().getAttribute('data-kinds')).toBe('gate-closed degradation'));
  expect(await marks.last().innerText()).toBe('2');
  expect(await axeOf(page)).toEqual([]);
});

it('[D2] the numbers of a chart can be read as a table and taken along as text and as a picture', async () => {
  open = await openPage({ hash: TOKYO });
  const { page } = open;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await until(async () => expect(await lastMs(page)).toBeGreaterThan(0));
  await page.getByRole('button', { name: 'Copy Round trip of demo-tokyo as CSV' }).click();
  await page.getByText('CSV copied to the clipboard').waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  const [head, ...rows] = text.trim().split('\r\n');
  expect(head).toMatch(/^time,p50 ms,p95 ms,p99 ms,min ms,max ms,samples,/);
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.every((row) => /^\d{4}-\d\d-\d\dT[\d:.]+Z,/.test(row))).toBe(true);
  await page.getByRole('button', { name: 'Copy Round trip of demo-tokyo as PNG' }).click();
  await page.getByText('PNG copied to the clipboard').waitFor();
  const types = await page.evaluate(async () => (await navigator.clipboard.read()).flatMap(({ types }) => types));
  expect(types).toContain('image/png');
  for (const [form, end] of [
    ['CSV', 'csv'],
    ['PNG', 'png'],
  ] as const) {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: `Save Round trip of demo-tokyo as ${form}` }).click();
    expect((await download).suggestedFilename()).toBe(`warmwire-Round-trip-of-demo-tokyo.${end}`);
    await page.getByText(`${form} saved as a file`).waitFor();
  }
  await page.getByRole('group', { name: 'Show as' }).getByRole('button', { name: 'Table' }).click();
  await until(async () => expect(await chartOf(page).locator('tbody tr').count()).toBeGreaterThan(50));
  await page.getByRole('group', { name: 'Distribution as' }).getByRole('button', { name: 'Table' }).click();
  await until(async () =>
    expect(await page.getByTestId('rtt-histogram').locator('tbody tr').count()).toBeGreaterThan(3),
  );
  expect(await axeOf(page)).toEqual([]);
});

it('[D2] a picture that is taken along says of what, of when, in which unit, and how many events its marks stand for', async () => {
  open = await openPage({ hash: TOKYO });
  const { page, app } = open;
  const closed = {
    kind: 'closed',
    since: app.now(),
    reasons: [{ kind: 'not-started' }],
    cleanSince: null,
    opensAt: null,
  } as const;
  app.happens('demo-tokyo', { kind: 'gate', gate: closed }, 60_000);
  app.happens('demo-tokyo', { kind: 'settings', changed: ['x'] }, 60_000);
  await until(async () => expect(await page.locator('.mark-count').count()).toBeGreaterThan(0));
  await page.evaluate(() => {
    const { fillText } = CanvasRenderingContext2D.prototype;
    const drawn: string[] = [];
    Object.assign(window, { drawn });
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
      drawn.push(text);
      fillText.call(this, text, ...place);
    };
  });
  const written = () => page.evaluate(() => (window as unknown as { readonly drawn: readonly string[] }).drawn);
  await page.getByRole('button', { name: 'Copy Round trip of demo-tokyo as PNG' }).click();
  await page.getByText(/PNG (copied|saved)/).waitFor();
  const [title, when, ...others] = await written();
  expect(title).toBe('Round trip of demo-tokyo, ms');
  expect(when).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d to (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d, UTC[+−]\d\d:\d\d$/);
  expect(others).toContain('2');
});

it('[D2] a picture has the whole legend, of one that scrolls too, and no name lies on its figure', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `binance-usdm-orderbook-${i}usdt-perp-l2`);
  const links = names.map((name) => ({ ...(TEN_LINKS[0] as FakeSpec), name }));
  open = await openPage({ links, size: { width: 1280, height: 700 } });
  const { page } = open;
  const legend = page.locator('.legend');
  await page.locator('.legend .cut-name[data-cut]').nth(11).waitFor();
  expect(await legend.evaluate((one) => one.scrollHeight > one.clientHeight)).toBe(true);
  await legend.evaluate((one) => one.scrollTo(0, 30));
  await page.evaluate(() => {
    const drawn: object[] = [];
    Object.assign(window, { drawn });
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      const { width } = this.measureText(text);
      drawn.push({ text, x, y, end: x + width, height: this.canvas.height / devicePixelRatio });
    };
  });
  await page.getByRole('button', { name: 'Copy p99 round trip as PNG' }).click();
  await page.getByText(/PNG (copied|saved)/).waitFor();
  interface Drawn {
    readonly text: string;
    readonly x: number;
    readonly y: number;
    readonly end: number;
    readonly height: number;
  }
  const drawn = await page.evaluate(() => (window as unknown as { readonly drawn: readonly Drawn[] }).drawn);
  expect(drawn.map(({ text }) => text)).toContain('p99 of the last minute');
  for (const i of names.keys()) {
    const name = drawn.find(({ text }) => new RegExp(`…(.*[^\\d])?${i}usdt`).test(text));
    const figure = drawn.find(({ text, y }) => Math.abs(y - (name?.y ?? 0)) < 4 && /^([\d.]+|–)$/.test(text));
    expect(name?.end).toBeLessThanOrEqual(figure?.x ?? 0);
    expect(name?.y).toBeLessThan(name?.height ?? 0);
  }
  expect(await legend.evaluate((one) => one.scrollTop)).toBe(30);
});

it('[D2] a distribution that is copied while the host is gone says of when it is, by the host’s clock', async () => {
  open = await openPage({ hash: TOKYO });
  const { page } = open;
  const panel = page.getByTestId('rtt-histogram');
  await until(async () => expect(Number(await panel.getAttribute('data-samples'))).toBeGreaterThan(0));
  open.cut(true);
  const goneBy = Date.now();
  await page.locator('.app.stale').waitFor();
  await page.evaluate(() => {
    const drawn: string[] = [];
    Object.assign(window, { drawn });
    CanvasRenderingContext2D.prototype.fillText = (text) => void drawn.push(text);
    // As of a page that is looked at an hour later.
    const now = Date.now.bind(Date);
    Date.now = () => now() + 3_600_000;
  });
  await page.getByRole('button', { name: 'Copy Distribution of demo-tokyo as PNG' }).click();
  await page.getByText(/PNG (copied|saved)/).waitFor();
  const [, when = ''] = await page.evaluate(() => (window as unknown as { readonly drawn: readonly string[] }).drawn);
  const asOf = / samples?, as of (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d), UTC/.exec(when)?.[1] ?? '';
  const at = new Date(asOf.replace(' ', 'T')).getTime();
  expect(at).toBeLessThanOrEqual(goneBy);
  expect(at).toBeGreaterThan(goneBy - 60_000);
});

it('[D2] where the clipboard is denied the numbers are saved as a file, and the page says so', async () => {
  open = await openPage();
  const { page } = open;
  await page.getByTestId('p99-chart').waitFor();
  await page.evaluate(() =>
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } }),
  );
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Copy p99 round trip as CSV' }).click();
  expect((await download).suggestedFilename()).toBe('warmwire-p99-round-trip.csv');
  await page.getByText('CSV saved as a file: the browser denies the clipboard').waitFor();
});

it('[D2] of forty links the twelve worst are drawn, and the page says so; a click draws another', async () => {
  const links = Array.from({ length: 40 }, (_, i) => ({
    ...(TEN_LINKS[0] as (typeof TEN_LINKS)[number]),
    name: `link-${i}`,
    rttMs: 5 + i,
  }));
  open = await openPage({ links });
  const { page } = open;
  const chart = page.getByTestId('p99-chart');
  await until(async () => expect(await chart.getByTestId('curves').getAttribute('data-lines')).toBe('12'));
  expect(await page.getByRole('region', { name: 'p99 round trip of all links' }).innerText()).toContain(
    'the 12 worst of 40 links',
  );
  const legend = page.getByRole('list', { name: 'Lines' });
  await until(async () => expect(await legend.getByRole('button', { pressed: true }).count()).toBe(12));
  await page.getByRole('combobox', { name: 'Draw another link' }).selectOption('link-0');
  await until(async () =>
    expect(await legend.getByRole('button', { name: /^link-0 /, pressed: true }).count()).toBe(1),
  );
  expect(await legend.getByRole('button', { pressed: true }).count()).toBe(12);
  expect(await axeOf(page)).toEqual([]);
});

it('[D2] while the engine is away, charts that were drawn are there again after a look at another page', async () => {
  open = await openPage();
  const { page } = open;
  const curves = page.getByTestId('curves');
  await until(async () => expect(Number(await curves.getAttribute('data-lines'))).toBeGreaterThan(3));
  const lines = await curves.getAttribute('data-lines');
  open.cut(true);
  await page.locator('.bar-bad').waitFor();
  await goTo(page, '#/settings');
  await curves.waitFor({ state: 'detached' });
  await goTo(page, '#/');
  await until(async () => expect(await curves.getAttribute('data-lines')).toBe(lines));
  await goTo(page, '#/link/demo-tokyo');
  await page.locator('.recharts-line-curve').first().waitFor();
});

it('[D2] the names of percentiles stand over the bars of the histogram', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo' });
  const plot = open.page.getByTestId('rtt-histogram');
  const boxesOf = (selector: string) =>
    plot.locator(selector).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect));
  await until(async () => expect(await boxesOf('text.mark-name')).toHaveLength(3));
  const names = await boxesOf('text.mark-name');
  const bars = await boxesOf('.recharts-bar-rectangle path');
  expect(bars.length).toBeGreaterThan(3);
  const lowest = Math.max(...names.map(({ bottom }) => bottom));
  expect(Math.min(...bars.map(({ top }) => top))).toBeGreaterThanOrEqual(lowest - 2);
});

it('[D2] no head of the table of a link’s chart is cut', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo' });
  const { page } = open;
  await page.getByRole('group', { name: 'Show as' }).getByRole('button', { name: 'Table' }).click();
  const heads = page.getByTestId('link-chart').locator('thead th');
  await heads.first().waitFor();
  expect(
    await heads.evaluateAll((all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
    ),
  ).toEqual([]);
});

it('[D2] links that were never up take no line of those that are, and the title counts them', async () => {
  const [up] = TEN_LINKS as [(typeof TEN_LINKS)[number]];
  const none = { lastMs: null, windows: { '1m': null, '5m': null, '1h': null, start: null }, stalledSamples: 0 };
  const never = {
    ...up,
    state: 'blocked',
    reason: { kind: 'closed', code: 1013, text: '' },
    view: () => ({ rtt: none }),
  } as const;
  const links = Array.from({ length: 40 }, (_, i) => ({ ...(i < 14 ? never : up), name: `link-${i}` }));
  open = await openPage({ links });
  const { page } = open;
  const panel = page.getByRole('region', { name: 'p99 round trip of all links' });
  await until(async () => expect(await panel.getByTestId('curves').getAttribute('data-lines')).toBe('12'));
  expect(await panel.getByRole('heading').innerText()).toMatch(/the 12 worst of 40 links; 14 down: nothing to draw$/);
  const drawn = await panel.getByRole('list', { name: 'Lines' }).getByRole('button', { pressed: true }).allInnerTexts();
  expect(drawn.filter((text) => text.includes('–'))).toEqual([]);
});

it('[H2] in the legend the figure of a link that was lost stands back, as in its row', async () => {
  open = await openPage();
  const { page, app } = open;
  const figure = page
    .getByRole('list', { name: 'Lines' })
    .getByRole('button', { name: /^demo-tokyo/ })
    .locator('.num');
  await until(async () => expect(await figure.getAttribute('class')).toBe('num'));
  app.setState('demo-tokyo', (now) => ({ kind: 'connecting', attempt: 1, phase: 'tcp', since: now }));
  await until(async () => expect(await figure.getAttribute('class')).toBe('num few'));
  expect(await figure.innerText()).toMatch(/^\d/);
});

it('[D2] nothing is drawn in a hidden page, and all of it when the page is seen again', async () => {
  open = await openPage({ hash: TOKYO });
  const { page, app } = open;
  await until(async () => expect(await lastMs(page)).toBeGreaterThan(0));
  await setHidden(page, true);
  const held = await lastMs(page);
  const from = app.now();
  await until(() => expect(app.now() - from).toBeGreaterThan(3000));
  expect(await lastMs(page)).toBe(held);
  await setHidden(page, false);
  await until(async () => expect(await lastMs(page)).toBeGreaterThanOrEqual(held + 3000));
});

it('[D4] a live chart that has the focus says nothing by itself until a key moves it', async () => {
  open = await openPage({ hash: TOKYO });
  const { page } = open;
  const slider = page.getByRole('slider', { name: 'Round trip at a moment' });
  await slider.focus();
  const said = () =>
    slider.evaluate((one) => ['text', 'now', 'min', 'max'].map((key) => one.getAttribute(`aria-value${key}`)));
  const before = await said();
  expect(before[0]).toBe('newest');
  const from = await lastMs(page);
  await until(async () => expect(await lastMs(page)).toBeGreaterThan(from));
  expect(await said()).toEqual(before);
  await page.keyboard.press('ArrowLeft');
  expect((await said())[0]).toMatch(/^\d\d:\d\d:\d\d: p50/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+P');
  await until(async () => expect((await said())[0]).toMatch(/^\d\d:\d\d:\d\d: p50/));
});

it('[D2] as time passes the moments and marks under a chart move with it by the same way, and are not made anew', async () => {
  open = await openPage({ hash: `${TOKYO}?range=5m` });
  const { page, app } = open;
  const timings = { dnsMs: null, tcpMs: 1, tlsMs: null, upgradeMs: 2, totalMs: 3 };
  app.happens('demo-tokyo', { kind: 'opened', timings, address: '127.0.0.1:1' }, 20_000);
  await page.getByTestId('chart-mark').first().waitFor();
  /** Of one moment. `made`: how often what moves was made anew or changed until then. */
  const look = () =>
    chartOf(page).evaluate((chart) => {
      const all = (selector: string) => [...chart.querySelectorAll<SVGElement>(selector)];
      const xOf = (part: Element): number => {
        const { left, right } = part.getBoundingClientRect();
        return (left + right) / 2;
      };
      const [moments, marks] = [all('.chart-axes.moving text'), all('[data-testid=chart-mark]')];
      const counting = chart as HTMLElement & { made?: number };
      if (counting.made === undefined) {
        counting.made = 0;
        const changed = new MutationObserver((changes) => {
          const within = changes.filter(({ target }) => !(target as Element).classList.contains('moving'));
          counting.made = (counting.made ?? 0) + within.length;
        });
        for (const part of all('.moving')) changed.observe(part, { subtree: true, childList: true, attributes: true });
      }
      return {
        made: counting.made,
        toMs: Number((chart as HTMLElement).dataset.lastMs),
        width: chart.querySelector('.chart-plot')?.clientWidth ?? 0,
        names: [...moments.map((one) => one.textContent), ...marks.map((one) => one.ariaLabel)].join(),
        xs: [...moments, ...all('[data-testid=chart-mark] svg'), ...all('.mark-line')].map(xOf),
      };
    });
  let before = await look();
  const after = await until(async () => {
    const now = await look();
    // One that leaves or comes at an end has them placed anew.
    if (now.names !== before.names) before = now;
    expect(now.toMs - before.toMs).toBeGreaterThanOrEqual(3000);
    return now;
  });
  expect(after.made).toBe(before.made);
  const wayPx = ((after.toMs - before.toMs) / 300_000) * before.width;
  expect(wayPx).toBeGreaterThan(5);
  for (const [i, x] of before.xs.entries()) expect(Math.abs(x - wayPx - (after.xs[i] ?? 0))).toBeLessThanOrEqual(1);
});

it('[D2] the name of a limit hides no line: it lies under them, and over smoke and the cells of a heatmap', async () => {
  open = await openPage({ hash: TOKYO });
  const { page } = open;
  /** Whether the names of limits come before what is drawn. */
  const under = () =>
    page
      .locator('.limits')
      .first()
      .evaluate((names) => {
        const plot = names.closest('.chart-frame')?.querySelector('.chart-plot') as Element;
        return (names.compareDocumentPosition(plot) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
      });
  await page.locator('.limits text').first().waitFor();
  expect(await under()).toBe(true);
  for (const form of ['Heatmap', 'Smoke']) {
    await page.getByRole('button', { name: form }).click();
    await page.locator(`[data-form=${form.toLowerCase()}] .limits.over-areas`).waitFor();
    expect(await under()).toBe(false);
  }
});

it('[D2] in the distribution each percentile’s line crosses the bar of its sample, and a tick stands under an edge of a bar', async () => {
  open = await openPage({ hash: '#/link/demo-tokyo' });
  const plot = open.page.getByTestId('rtt-histogram');
  await plot.locator('text.mark-name').first().waitFor();
  const drawn = await plot.evaluate((element) => {
    const boxes = (selector: string) =>
      [...element.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());
    const bars = boxes('.recharts-bar-rectangle path').filter(({ height }) => height > 0);
    const middles = (selector: string) => boxes(selector).map(({ left, right }) => (left + right) / 2);
    return {
      bars: bars.map(({ left, right }) => [left, right] as const),
      marks: middles('line[data-mark]'),
      ticks: middles('.recharts-xAxis-tick-labels text'),
    };
  });
  expect(drawn.marks).toHaveLength(3);
  for (const x of drawn.marks) {
    expect(
      drawn.bars.some(([left, right]) => left - 1.5 <= x && x <= right + 1.5),
      JSON.stringify({ x, ...drawn }),
    ).toBe(true);
  }
  const lefts = drawn.bars.map(([left]) => left);
  const [first = 0] = lefts;
  const slotPx = Math.min(...lefts.slice(1).map((left, i) => left - (lefts[i] ?? 0)));
  expect(drawn.ticks.length).toBeGreaterThan(2);
  for (const x of drawn.ticks) {
    const slots = (x - first) / slotPx;
    expect(Math.abs(slots - Math.round(slots)) * slotPx).toBeLessThan(1.5);
  }
});
