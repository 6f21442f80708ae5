import { expect, it } from 'vitest';
import { evaluate } from '../src/main/settings/running.ts';
import type { SettingsStore } from '../src/main/settings/settingsStore.ts';
import { logSettings } from '../src/main/settingsLog.ts';
import { surroundings } from './settings/fixtures.ts';

it.each([
  ['[link.a]\nurl = "htp://a/?token=abc"\n'],
  ['[link.a]\nurl = "wss://a/?token=abc\n'],
  ['[link.a]\nurl = "wss://a/"\nsubscribe_raw = [\'{"apiKey":"abc"}\n'],
])('[L10] a problem that quotes a line of the settings tells the log no key: %s', (text) => {
  const told: string[] = [];
  const { problems } = evaluate(text, surroundings);
  const settings = { view: () => ({ problems }), subscribe: () => () => undefined };
  const log = { warn: (message: string) => told.push(message) };
  logSettings(settings as unknown as SettingsStore, log as unknown as Parameters<typeof logSettings>[1]);
  expect(told.join()).toContain('•••');
  expect(told.join()).not.toContain('abc');
});
