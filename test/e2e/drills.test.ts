import { afterEach, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { type RunningHost, startHost } from './hosts.ts';

let host: RunningHost;
afterEach(async () => {
  await host.stop();
  expect(host.complaints).toEqual([]);
});

/** Quick to be fit again; how fast the machine under the suite is, is not what a drill is about. */
const SETTINGS = [
  '[link.drilled]',
  'preset = "demo_tokyo"',
  'subscribe = ["ticker:BTC-USD", "ticker:ETH-USD", "ticker:SOL-USD"]',
  'ping_interval_secs = 0.1',
  'stable_after_secs = 0.5',
  'fit_p99_ms = 60000',
  'reconnect_above_p99_ms = 0',
  '[gate]',
  'reopen_after_secs = 0.3',
  '',
].join('\n');

it('[D6] [L4] the product runs a kill drill and a freeze drill on real sockets and reports both', async () => {
  host = await startHost('headless', { settings: SETTINGS });
  const { page } = host;
  await page.getByRole('row', { name: 'drilled' }).waitFor();
  await page.keyboard.press('4');
  await until(async () => expect(await page.getByTestId('drill-link').innerText()).toMatch(/gate\s*open/));
  const cell = async (milestone: string, column: number): Promise<string> =>
    page.locator(`.drill-report tr[data-milestone="${milestone}"]`).locator('th, td').nth(column).innerText();
  const ms = async (milestone: string): Promise<number> => Number((await cell(milestone, 1)).replace(',', ''));
  const run = async (fault: RegExp): Promise<void> => {
    await page.getByRole('button', { name: fault }).click();
    await page.getByRole('button', { name: 'Start drill' }).click();
    await until(async () => expect(await page.getByTestId('drill-result').innerText()).toMatch(/^Over:/));
  };

  await run(/^Kill/);
  expect(await page.getByTestId('drill-result').innerText()).toMatch(
    /trading stopped after .* \(promised .*\), dialled after .* \(.*\), restored after .*, trading again after /,
  );
  expect(await ms('ended')).toBeLessThan(1_000);
  expect(await cell('ended', 5)).toContain('ECONNRESET');
  expect((await cell('suspect', 4)).trim()).toBe('kept');

  await run(/^Freeze/);
  expect(await page.getByTestId('drill-result').innerText()).toMatch(
    /suspect after .* \(promised .*\), dead after .*, restored after .*, trading again after /,
  );
  expect((await ms('dead')) - (await ms('suspect'))).toBeGreaterThanOrEqual(1_990);
  expect(await ms('restored')).toBeGreaterThan(4_900);
  const drills = page.getByRole('region', { name: 'Drills of this session' });
  expect(
    await drills.locator('tr[data-drill]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-drill'))),
  ).toEqual(['Freeze 5 s', 'Kill']);
}, 90_000);

/** A refresh is due every two seconds or so. */
const POOL = ['[pool.orders]', 'origins = ["demo://rest"]', 'idle_timeout_secs = 3', 'cold_probe_secs = 0', ''].join(
  '\n',
);

it('[D6] [P2] the product drills its HTTPS pool on real sockets: killed, then answered 503, each promise beside what came', async () => {
  host = await startHost('headless', { settings: POOL });
  const { page } = host;
  await page.getByRole('link', { name: 'Drills' }).click();
  await page.getByRole('group', { name: 'Exchange' }).getByRole('button', { name: /rest/i }).click();
  await until(async () =>
    expect(await page.getByTestId('drill-pool').innerText()).toMatch(/orders\s+warm\s+ready\s+2\/2/),
  );
  const cell = async (milestone: string, column: number): Promise<string> =>
    page.locator(`.drill-report tr[data-milestone="${milestone}"]`).locator('th, td').nth(column).innerText();
  const run = async (fault: RegExp): Promise<void> => {
    await page.getByRole('button', { name: fault }).click();
    await page.getByRole('button', { name: 'Start drill' }).click();
    await until(async () => expect(await page.getByTestId('drill-result').innerText()).toMatch(/^Over:/));
  };

  await run(/^Kill/);
  expect(await page.getByTestId('drill-result').innerText()).toMatch(/socket lost after .* all ready again after /);
  expect((await cell('lost', 5)).trim()).toBe('2 closed by the venue');

  await run(/^503/);
  expect(await cell('failing', 5)).toBe('HTTP 503');
  expect(await page.getByTestId('drill-result').innerText()).toMatch(/left alone after .* all ready again after /);
}, 90_000);
