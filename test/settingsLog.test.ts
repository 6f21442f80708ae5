import { expect, it } from 'vitest';
import { evaluate } from '../src/main/settings/running.ts';
import type { SettingsStore } from '../src/main/settings/settingsStore.ts';
import { logSettings } from '../src/main/settingsLog.ts';
import { surroundings } from './settings/fixtures.ts';

it.each([
  ['[link.a]\nurl = "htp://a/?token=abc"\n'],
  ['[link.a]\nurl = "wss://a/?token=abc\n'],
  ['[link.a]\nurl = "wss://a/"\nsubscribe_raw = [\'{"apiKey":"abc"}\n'],
  ['[link.a]\nurl = "wss://user:abc@host/"\n'],
  ['[link.a]\nurl = wss://abc@host/\n'],
  ['[link.a]\nurl = "wss://a/"\nmore_urls = ["tls://user:abc@host:1/"]\n'],
  ['[pool.a]\norigins = ["https://user:abc@host/"]\n'],
  ['[link.a]\nurl = "wss://a/"\napi_key = abc\n'],
  ['[link.a]\nurl = "wss://a/"\napi_secret = "abc\n'],
  ['[link.a]\nurl = "wss://a/"\nsecret = \'\'ab abc\n'],
  ['[link.a]\nurl = "wss://a/" token=abc\n'],
  ['[link.a]\nurl = "wss://a/"\nheaders = { x-api-key = "abc }\n'],
  ['[link.a]\nurl = "wss://a/"\nAuthorization: Bearer abc\n'],
  ['[link.a]\nurl = "wss://a/"\npassword abc\n'],
  ['[link.a]\nurl = "wss://a/"\nabc5f1d9c2b7a4e6abc5f1d9c2b7a4e6\n'],
  // Cut before it is whole.
  ['[link.a]\nurl = "htp://market-data.venue.example/stream/abc5f1d9c2b7a4e6abc5f1d9c2b7a4e6/"\n'],
])('[L10] a problem that quotes a line of the settings tells the log no key: %s', (text) => {
  const told: string[] = [];
  const { problems } = evaluate(text, surroundings);
  const settings = { view: () => ({ problems, unsaved: [] }), subscribe: () => () => undefined };
  const log = { warn: (message: string) => told.push(message) };
  logSettings(settings as unknown as SettingsStore, log as unknown as Parameters<typeof logSettings>[1]);
  expect(told.join()).toContain('•••');
  expect(told.join()).not.toContain('abc');
});

it('[C2] what is no key is quoted as it stands', () => {
  const text =
    '[link.a]\nurl = "wss://a/b@c"\nenabled = yes\nmore_urls = ["ws:/x/btcusdt@trade:1"]\nstale_secs = "9"\n';
  const messages = evaluate(text, surroundings).problems.map(({ message }) => message);
  expect(messages.join('\n')).toMatch(/: enabled = yes\n.* "ws:\/x\/btcusdt@trade:1"/);
});

it('[S4] a problem is logged when it is new, and not with each view of the settings', () => {
  const told: string[] = [];
  const ofText = (text: string) => ({ problems: evaluate(text, surroundings).problems, unsaved: ['a is paused'] });
  let tell = (_: ReturnType<typeof ofText>): void => undefined;
  const first = ofText('[link.a]\nurl = 3\n');
  const settings = {
    view: () => first,
    subscribe: (listener: typeof tell) => {
      const before = tell;
      tell = (view) => {
        before(view);
        listener(view);
      };
    },
  };
  const log = { warn: (message: string) => told.push(message) };
  logSettings(settings as unknown as SettingsStore, log as unknown as Parameters<typeof logSettings>[1]);
  for (const view of [first, ofText('[link.a]\nurl = 3\nulr = 4\n'), first, ofText(''), first]) tell(view);
  const url = expect.stringMatching(/line 2, column 7/);
  expect(told).toEqual([url, 'a is paused', expect.stringMatching(/line 3, column 1/), url]);
});
