import { afterEach, expect, it } from 'vitest';
import { TOUR } from '../../src/renderer/ui/tourSteps.ts';
import { axeOf, focused, type OpenPage, openPage, until } from './harness/openPage.ts';

let open: OpenPage;
afterEach(async () => {
  await open.close();
  expect(open.complaints).toEqual([]);
});

const card = () => open.page.getByRole('complementary', { name: /^Tour:/ });

/** As a person’s browser has it, not as one that a program drives. */
async function asPerson(): Promise<void> {
  const { page } = open;
  await page.addInitScript(() => Object.defineProperty(navigator, 'webdriver', { get: () => false }));
  await page.reload();
  await page.getByRole('row', { name: 'demo-tokyo', exact: true }).waitFor();
}

it('[D5] the first start shows the tour beside what it speaks of, and the keyboard is as it was', async () => {
  open = await openPage();
  const { page } = open;
  expect(await card().count()).toBe(0);
  await asPerson();
  await card().waitFor();
  expect(await focused(page)).toBe('nothing');
  await page.keyboard.press('ArrowDown');
  await until(async () => expect(await focused(page)).toBe('demo-tokyo'));
  await page.keyboard.press('p');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Resume demo-tokyo' }).waitFor();
  for (const [index, { title }] of TOUR.entries()) {
    await until(async () => expect(await card().innerText()).toContain(title));
    expect(await card().innerText()).toContain(`${index + 1} of ${TOUR.length}`);
    const box = await card().boundingBox();
    expect(
      box === null ? -1 : Math.min(box.x, box.y, 1280 - box.x - box.width, 800 - box.y - box.height),
    ).toBeGreaterThanOrEqual(0);
    if (index === 1) expect(await axeOf(page)).toEqual([]);
    if (index === 0) await card().getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
  }
  await card().waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('row', { name: 'demo-tokyo', exact: true }).waitFor();
  await page.getByTestId('p99-chart').waitFor();
  expect(await card().count()).toBe(0);
});

it('[D5] it points at what it names', async () => {
  open = await openPage();
  const { page } = open;
  const found = await page.evaluate(
    (steps) => steps.map(({ at }) => at.findIndex((selector) => document.querySelector(selector) !== null)),
    TOUR.map(({ at }) => ({ at: [...at] })),
  );
  // The last of each list is only a place to hold on to.
  for (const [index, { at, title }] of TOUR.entries()) expect(found[index], title).toBeLessThan(at.length - 1);
});

it('[D5] skipped it is skipped for good, by its button or by Esc; the list of shortcuts shows it again', async () => {
  open = await openPage();
  const { page } = open;
  await asPerson();
  await card().getByRole('button', { name: 'Skip for good' }).click();
  await card().waitFor({ state: 'detached' });
  await page.reload();
  await page.getByTestId('p99-chart').waitFor();
  expect(await card().count()).toBe(0);
  await page.keyboard.press('3');
  await page.getByRole('heading', { name: 'Pools' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('button', { name: 'Show the tour' }).click();
  await card().waitFor();
  await page.keyboard.press('Escape');
  await card().waitFor({ state: 'detached' });
});
