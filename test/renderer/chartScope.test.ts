import { afterEach, expect, it, test } from 'vitest';
import { ALL_LINKS, drawnText, sameScope, scopeOf } from '../../src/renderer/charts/chartScope.ts';
import { drawAll, drawLine, drawOnly, NO_CHOICE } from '../../src/renderer/charts/lineChoice.ts';
import { type FakeSpec, TEN_LINKS } from './fakeLinks.ts';
import { axeOf, type OpenPage, openPage, until } from './harness/openPage.ts';

test('[D2] the chart is of what is selected, else of what the filter leaves, else of all', () => {
  expect(scopeOf(['a'], ['a', 'b'])).toEqual({ kind: 'selected', names: ['a'] });
  expect(scopeOf([], ['a', 'b'])).toEqual({ kind: 'shown', names: ['a', 'b'] });
  expect([scopeOf([], null), scopeOf([], [])]).toEqual([ALL_LINKS, ALL_LINKS]);
  const held = scopeOf(['a', 'b'], null);
  expect(sameScope(held, scopeOf(['a', 'b'], null))).toBe(held);
  for (const other of [scopeOf(['b', 'a'], null), scopeOf([], ['a', 'b']), ALL_LINKS]) {
    expect(sameScope(held, other)).toBe(other);
    expect(sameScope(other, held)).toBe(held);
  }
});

test('[D2] beside its title it says by which rule the lines were chosen', () => {
  const text = (kind: 'all' | 'shown' | 'selected', drawn: number, of: number, byHand = false) =>
    drawnText(kind, { drawn, of, byHand });
  expect([text('all', 5, 5), text('all', 12, 60)]).toEqual(['', 'the 12 worst of 60 links']);
  expect([text('shown', 12, 14), text('shown', 3, 3)]).toEqual(['the 12 worst of 14 shown', 'the 3 shown']);
  expect([text('selected', 2, 2), text('selected', 1, 1)]).toEqual(['the 2 selected', 'the selected link']);
  expect(text('all', 1, 60, true)).toBe('1 of 60 links');
});

test('[D2] one line alone: others are added to it and taken out again, and all come back as they were chosen', () => {
  const without = drawLine(NO_CHOICE, 'b', false);
  const alone = drawOnly(without, 'a');
  expect([...alone.only]).toEqual(['a']);
  expect(drawOnly(alone, 'a')).toEqual(without);
  expect([...drawOnly(drawLine(alone, 'c', true), 'c').only]).toEqual(['c']);
  expect([...drawLine(drawLine(alone, 'c', true), 'a', false).only]).toEqual(['c']);
  expect(drawLine(alone, 'a', false)).toEqual(without);
  expect(drawAll(alone)).toEqual(without);
});

let open: OpenPage | null = null;
afterEach(async () => {
  await open?.close();
  expect(open?.complaints ?? []).toEqual([]);
  open = null;
});

const panel = () => (open as OpenPage).page.locator('.chart-panel');
const entries = () => panel().getByRole('list', { name: 'Lines' }).getByRole('button');
const drawn = async (): Promise<string[]> =>
  (await entries().all()).reduce<Promise<string[]>>(async (names, entry) => {
    const held = await names;
    if ((await entry.getAttribute('aria-pressed')) === 'true')
      held.push((await entry.innerText()).split(/\s/)[0] ?? '');
    return held;
  }, Promise.resolve([]));
const drawnAre = (names: readonly string[]): Promise<void> => until(async () => expect(await drawn()).toEqual(names));
const title = () => panel().getByRole('heading').innerText();
const FILE = TEN_LINKS.map(({ name }) => name);

it('[D2] ticked rows are the lines that are drawn, in their colours, and a filter’s links where none is ticked', async () => {
  open = await openPage();
  const { page } = open;
  await drawnAre(FILE);
  const color = () => entries().filter({ hasText: 'okx-spot' }).locator('line').getAttribute('stroke');
  const before = await color();
  for (const name of ['demo-tokyo', 'okx-spot']) {
    await page.getByRole('row', { name, exact: true }).getByRole('checkbox').click();
  }
  await drawnAre(['demo-tokyo', 'okx-spot']);
  expect(await color()).toBe(before);
  expect(await title()).toContain('the 2 selected');
  // What is not drawn of a selection is so for this selection.
  await entries().filter({ hasText: 'okx-spot' }).click();
  await drawnAre(['demo-tokyo']);
  await page.getByRole('row', { name: 'kraken-v2', exact: true }).getByRole('checkbox').click();
  await drawnAre(['demo-tokyo', 'okx-spot', 'kraken-v2']);
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await drawnAre(FILE);
  await page.getByLabel('Filter links').fill('demo');
  await drawnAre(FILE.slice(0, 3));
  expect(await title()).toContain('the 3 shown');
  await page.getByLabel('Filter links').fill('no such link');
  await drawnAre(FILE);
});

it('[D2] [D4] Alt and a click, or Alt+Enter, draw one line alone; each line keeps its place, and all come back', async () => {
  open = await openPage();
  const { page } = open;
  await drawnAre(FILE);
  const kraken = entries().filter({ hasText: 'kraken-v2' });
  const place = await kraken.boundingBox();
  await kraken.click({ modifiers: ['Alt'] });
  await drawnAre(['kraken-v2']);
  expect(await kraken.boundingBox()).toEqual(place);
  expect(await title()).toContain('1 of 10 links');
  await entries().filter({ hasText: 'demo-tokyo' }).click();
  await drawnAre(['demo-tokyo', 'kraken-v2']);
  expect(await axeOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Draw all again' }).click();
  await drawnAre(FILE);
  await kraken.focus();
  await page.keyboard.press('Alt+Enter');
  await drawnAre(['kraken-v2']);
  await page.keyboard.press('Alt+Enter');
  await drawnAre(FILE);
});

it('[D2] of more links than are told apart it says that the worst are drawn', async () => {
  const links = Array.from({ length: 20 }, (_, i): FakeSpec => ({ ...(TEN_LINKS[0] as FakeSpec), name: `link-${i}` }));
  open = await openPage({ links });
  await until(async () => expect(await title()).toContain('the 12 worst of 20 links'));
  await entries().first().click();
  await until(async () => expect(await title()).toMatch(/12 of 20 links/));
});
