import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { builtInPresets, parsePreset } from '../../src/main/settings/presets.ts';
import { PresetSchema } from '../../src/shared/preset.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const text = read('docs/presets.md');

it('[C3] the example of docs/presets.md is a preset', () => {
  const example = /```toml\n(.*?)```/s.exec(text)?.[1] ?? '';
  expect(parsePreset('acme', example)).toMatchObject({ venue: 'Acme', channels: { trades: { identity: 'trade_id' } } });
});

it('[C3] its table has every key of a preset, and of its limits', () => {
  const limits = PresetSchema.shape.limits.unwrap().shape;
  const keys = [...Object.keys(PresetSchema.shape), ...Object.keys(limits)];
  expect(keys.filter((key) => !text.includes(`\`${key}\``))).toEqual([]);
});

it('[C3] the documents count the presets that come along', () => {
  const demos = [...builtInPresets().keys()].filter((name) => name.startsWith('demo_')).length;
  const venues = builtInPresets().size - demos;
  expect(demos).toBe(3);
  expect(text).toContain(`${venues} of venues and three of the demo exchanges`);
  expect([...read('README.md').matchAll(/(\d+)\s+presets/g)].map(([, count]) => count)).toEqual([
    `${venues}`,
    `${venues}`,
  ]);
});
