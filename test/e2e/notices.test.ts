import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { type RunningHost, startHost } from './hosts.ts';

/** Notices of the built product, headless, with its own engine and demo exchange, over two lives on one folder. */
const SETTINGS = `[link.tokyo]
preset = "demo_tokyo"
subscribe = ["ticker:BTC-USD"]
[notice.link-down]
for_secs = 2
cooldown_secs = 0
`;

let folder: string;
let host: RunningHost | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-notices-'));
  writeFileSync(join(folder, 'w.toml'), SETTINGS);
});
afterEach(async () => {
  await host?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (): Promise<RunningHost> =>
  startHost('headless', { env: { WARMWIRE_CONFIG: join(folder, 'w.toml'), WARMWIRE_DATA: folder } });
const kept = (): object[] =>
  readFileSync(join(folder, 'notices.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));

it('[D4] a link that goes down raises a notice that resolves by itself; what was acknowledged stays so after a kill', async () => {
  host = await start();
  const { page } = host;
  const bell = (name: string) => page.getByRole('button', { name }).waitFor();
  // The gate opens after 5 s: then the notices have found their feet too.
  await until(async () =>
    expect(await page.getByRole('row', { name: 'tokyo', exact: true }).innerText()).toMatch(/open/),
  );
  await bell('Notices: none open');
  await page.getByRole('link', { name: 'tokyo' }).first().click();
  const refuse = page.getByRole('button', { name: /^Refuse/ });
  const corner = page.getByRole('region', { name: 'Problems' });
  await refuse.click();
  await corner.getByText(/^tokyo: down for over \d+ s: /).waitFor();
  await bell('Notices: 1 open, worst bad');
  await bell('Notices: none open');
  await until(async () => expect(await corner.locator('.notice').count()).toBe(0));
  await until(() => expect(kept()).toEqual([expect.objectContaining({ id: 1, resolvedWall: expect.any(Number) })]));
  await refuse.click();
  await corner.getByText(/^tokyo: down for/).waitFor();
  await corner.getByRole('button', { name: 'Acknowledge' }).click();
  await bell('Notices: none open');
  await until(() => expect(kept()[1]).toMatchObject({ id: 2, resolvedWall: null, acknowledged: { by: 'notices' } }));
  expect(host.complaints).toEqual([]);
  const killed = once(host.process, 'exit');
  host.process.kill('SIGKILL');
  await killed;
  await host.stop();

  host = await start();
  const again = host.page;
  await again.getByRole('button', { name: 'Notices: none open' }).waitFor();
  await again.keyboard.press('5');
  const rows = again.getByRole('table', { name: 'Notices' }).locator('tbody tr');
  await until(async () => expect(await rows.count()).toBe(2));
  await until(() =>
    expect(kept()).toEqual([
      expect.objectContaining({ id: 1, acknowledged: null, resolvedWall: expect.any(Number) }),
      expect.objectContaining({ id: 2, acknowledged: expect.anything(), resolvedWall: expect.any(Number) }),
    ]),
  );
  expect(host.complaints).toEqual([]);
});
