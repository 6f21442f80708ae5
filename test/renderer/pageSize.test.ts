import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { initialScripts } from '../support/initialScripts.ts';

const MOST_BYTES = 350_000;

it('[D7] what the page loads before it shows numbers is at most 350 kB gzipped; editor and charts come when wanted', () => {
  const scripts = initialScripts(resolve(import.meta.dirname, '../../out/renderer'));
  const bytes = [...scripts.values()].reduce((sum, size) => sum + size, 0);
  expect(scripts.size).toBeGreaterThan(1);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  expect([...scripts.keys()].filter((file) => /SettingsPage|RttChart|OverviewCharts/.test(file))).toEqual([]);
});
