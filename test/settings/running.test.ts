import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS_TEXT } from '../../src/main/settings/defaultText.ts';
import { evaluate } from '../../src/main/settings/running.ts';
import { shown, surroundings } from './fixtures.ts';

const problemsOf = (text: string): string[] =>
  evaluate(text, surroundings).problems.map((problem) => shown(problem).split(' (')[0] ?? '');

it('[C2] a misspelt key and a preset that does not exist are listed together, in one table and in two', () => {
  const misspelt = 'preset = "krakn"\nping_intervall_secs = 3\n';
  expect(problemsOf(`[link.a]\n${misspelt}[link.b]\nurl = "demo://frankfort"\n`)).toEqual([
    '2:10 link.a.preset: there is no preset called "krakn"',
    '3:1 link.a.ping_intervall_secs: [link.a] has no key called ping_intervall_secs',
    '5:7 link.b.url: there is no demo exchange called frankfort',
  ]);
});

it('[C2] all kinds of problems at once: no TOML, wrong types, unknown names, unreadable files', () => {
  const text = `[log]
level = "loud"
[link.a]
preset = "kraken_v2"
subscribe = ["tiker:BTC/USD"]
missed_pongs = "3"
[link.b]
url = "wss://b/"
ca_file = "bad.pem"
standby = "yes
[link.c]
enabled = true
`;
  expect(problemsOf(text)).toEqual([
    '2:9 log.level: level is "loud"',
    '5:14 link.a.subscribe.0: Kraken has no channel called "tiker"',
    '6:16 link.a.missed_pongs: missed_pongs is "3"',
    '9:11 link.b.ca_file: the certificate file "bad.pem" cannot be used: there is no such file',
    '10:11 : a text is not closed: standby = "yes',
    '11:7 link.c: the link c has no address',
  ]);
});

it.each([
  ['a misspelt url', '[link.a]\nulr = "wss://a/"\n'],
  ['a wrong url', '[link.a]\nurl = "htp://a/"\n'],
  ['a misspelt preset', '[link.a]\nprest = "kraken_v2"\nsubscribe = ["ticker:BTC/USD"]\n'],
  ['a preset of a wrong type', '[link.a]\npreset = 3\nsubscribe = ["ticker:BTC/USD"]\n'],
  ['a line that is no TOML', '[link.z]\nurl = "wss://z/"\n[link.a]\nurl = "wss://a/\n[log]\n'],
  ['a wrong entry of a list', '[link.a]\npreset = "kraken_v2"\nsubscribe = [3]\nwatch_sequence = ["ticker:BTC/USD"]\n'],
  ['a link that is no table', '[link]\na = 3\n'],
])('[C2] %s makes no problems of its consequences', (_, text) => {
  expect(problemsOf(text)).toHaveLength(1);
});

it('[C2] a link that has no address is told so beside a fault that has nothing to do with it', () => {
  expect(problemsOf('[link.a]\nmissed_pongs = 0\n')).toEqual([
    '1:7 link.a: the link a has no address',
    '2:16 link.a.missed_pongs: missed_pongs is 0',
  ]);
});

it('[C2] never throws, and says yes or why not, on the default file with random damage', () => {
  const damage = fc.record({
    at: fc.nat(DEFAULT_SETTINGS_TEXT.length),
    drop: fc.nat(30),
    put: fc.string({ maxLength: 6 }),
  });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (all) => {
      const text = all.reduce(
        (held, { at, drop, put }) => held.slice(0, at) + put + held.slice(at + drop),
        DEFAULT_SETTINGS_TEXT,
      );
      const { good, problems } = evaluate(text, surroundings);
      expect(good === null).toBe(problems.some((problem) => problem.severity === 'error'));
    }),
    { numRuns: 300 },
  );
});
