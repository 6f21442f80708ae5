import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DEFAULT_SETTINGS_TEXT } from '../../src/main/settings/defaultText.ts';
import { decodeSettingsFile, loadSettings } from '../../src/main/settings/load.ts';
import { unwrap } from '../../src/shared/expected.ts';
import { SettingsSchema } from '../../src/shared/settings.ts';
import { shown } from './fixtures.ts';

const problemsOf = (text: string): string[] => loadSettings(text).problems.map(shown);

/** Every key of every table: the header to put it under, and its schema. */
function everyKey(): { header: string; key: string; schema: z.ZodType }[] {
  const tables = Object.entries(SettingsSchema.shape).map(([table, wrapped]): [string, z.ZodType] => {
    const schema = unwrap(wrapped);
    return schema instanceof z.ZodRecord
      ? [`[${table}.one]`, schema.valueType as z.ZodType]
      : [`[${table}]`, schema as z.ZodType];
  });
  return tables.flatMap(([header, schema]) =>
    Object.entries((schema as z.ZodObject).shape).map(([key, inner]) => ({ header, key, schema: inner as z.ZodType })),
  );
}

describe('loadSettings', () => {
  it('[C1] the flat [connection] table works as written', () => {
    const { settings, problems } = loadSettings(`[connection]
ws_ping_interval_secs = 15
ws_pong_timeout_secs = 5
ws_initial_reconnect_delay_ms = 100
ws_max_reconnect_delay_secs = 30
ws_backoff_multiplier = 2.0
ws_jitter_factor = 0.1
ws_max_attempts = 0
ws_data_timeout_secs = 300
http_max_idle_per_host = 10
http_idle_timeout_secs = 90
http_connect_timeout_secs = 5
http_tcp_keepalive_secs = 60
warmup_urls = ["https://api.kraken.com/0/public/Time"]
`);
    expect(problems).toEqual([]);
    expect(settings?.connection).toMatchObject({ ws_backoff_multiplier: 2, http_idle_timeout_secs: 90 });
    expect(Object.keys(settings?.connection ?? {})).toHaveLength(13);
  });

  it('[C1] the default settings load without any problem', () => {
    expect(problemsOf(DEFAULT_SETTINGS_TEXT)).toEqual([]);
  });

  it('[C2] an unknown key names the nearest valid key and its column', () => {
    const [problem] = loadSettings('[connection]\n  ws_ping_intervall_secs = 5\n').problems;
    expect(problem).toMatchObject({ line: 2, column: 3, endColumn: 25, nearest: 'ws_ping_interval_secs' });
    expect(problem?.path).toBe('connection.ws_ping_intervall_secs');
    expect(loadSettings('[link.a]\nzzzzzzzzzz = 1').problems[0]?.nearest).toBeNull();
    expect(loadSettings('[conection]').problems[0]).toMatchObject({ column: 2, nearest: 'connection' });
  });

  it('[C2] a wrong value that ends the file is quoted like any other', () => {
    const [problem] = problemsOf('[app]\nshutdown_grace_secs = 0');
    expect(problem).toMatch(/^2:23 app\.shutdown_grace_secs: shutdown_grace_secs is 0 /);
    expect(problemsOf('[app]\nshutdown_grace_secs = 0\n')).toEqual([problem]);
  });

  it('[C2] a wrong value says what was found and what was expected, all at once', () => {
    expect(
      problemsOf(`[connection]
ws_ping_interval_secs = "15"
ws_missed_pongs = 2.5
ws_jitter = "ful"
ws_pong_timeout_secs = nan
warmup_urls = ["ftp://x", 3, "https://me:word@x/", "https://x/@"]
[link.a]
url = "htp://x"
enabled = 1
subscribe = "a"
data_timeout_secs = 1979-05-27
[log]
level = []
`),
    ).toEqual([
      '2:25 connection.ws_ping_interval_secs: ws_ping_interval_secs is "15" (a number from 0.1 to 3600 (s))',
      '3:19 connection.ws_missed_pongs: ws_missed_pongs is 2.5 (a whole number from 1 to 20 (pings))',
      '4:13 connection.ws_jitter: ws_jitter is "ful" (one of "proportional", "symmetric", "additive", "full", "equal", "decorrelated")',
      '5:24 connection.ws_pong_timeout_secs: ws_pong_timeout_secs is nan (a number from 0.1 to 300 (s))',
      '6:16 connection.warmup_urls.0: entry 1 of warmup_urls is "ftp://x" (a web address without a login: https://HOST/PATH)',
      '6:27 connection.warmup_urls.1: entry 2 of warmup_urls is 3 (a web address without a login: https://HOST/PATH)',
      '6:30 connection.warmup_urls.2: entry 3 of warmup_urls is "https://•••@x/" (a web address without a login: https://HOST/PATH)',
      '8:7 link.a.url: url is "htp://x" (an address: wss://HOST[:PORT]/PATH (or ws://), tls://HOST:PORT (or tcp://) for lines, or demo://NAME)',
      '9:11 link.a.enabled: enabled is 1 (true or false)',
      '10:13 link.a.subscribe: subscribe is "a" (a list of texts; a subscription is written "channel:symbol")',
      '11:21 link.a.data_timeout_secs: data_timeout_secs is 1979-05-27 (a number from 1 to 86400 (s))',
      '13:9 log.level: level is a list (one of "debug", "info", "warn", "error")',
    ]);
  });

  it('[G1] a link cannot be called stream, or by dots, whose gate nobody could ask for; another name or table may', () => {
    expect(problemsOf('[link.stream]\nurl = "wss://a/"\n[link.streams]\nurl = "wss://a/"\n')).toEqual([
      expect.stringMatching(/^1:7 link.stream: a link cannot be called stream: .* is the stream of all gates/),
    ]);
    expect(problemsOf('[link."."]\nurl = "wss://a/"\n[link.".."]\nurl = "wss://a/"\n')).toEqual([
      expect.stringMatching(/^1:7 link.".": a link cannot be called \.: .* is the list of all gates \(another name, /),
      expect.stringMatching(/^3:7 link."..": a link cannot be called \.\.: .* is no address of a gate/),
    ]);
    expect(problemsOf('[pool."."]\norigins = ["https://a"]\n[pool.".."]\norigins = ["https://a"]\n')).toEqual([
      expect.stringMatching(/^1:7 pool.".": a pool cannot be called \.: .* is no address of a pool/),
      expect.stringMatching(/^3:7 pool."..": a pool cannot be called \.\.: .* is no address of a pool/),
    ]);
    expect(problemsOf('[link."..."]\nurl = "wss://a/"\n[notice.".."]\n')).toEqual([]);
    expect(problemsOf('[pool.stream]\norigins = ["https://a"]\n[link.Stream]\nurl = "wss://a/"\n')).toEqual([]);
  });

  it.each(everyKey())('[C2] $header $key: mistyped, misvalued and doubled, each at its place', ({ header, key }) => {
    const typo = loadSettings(`${header}\n${key}x = 1\n`);
    expect(typo.settings).toBeNull();
    expect(typo.problems[0]).toMatchObject({ severity: 'error', line: 2, column: 1, nearest: key });
    for (const wrong of ['{ a = 1 }', '[{}]', '1e300', '-1', '""', '1979-05-27']) {
      const { settings, problems } = loadSettings(`${header}\n${key} = ${wrong}\n`);
      expect(settings, wrong).toBeNull();
      expect(problems[0], wrong).toMatchObject({ severity: 'error', line: 2 });
      expect(problems[0]?.expected, wrong).not.toBe('');
      expect(problems[0]?.message, wrong).toContain(key);
    }
    const [doubled] = loadSettings(`${header}\n${key} = 1\n${key} = 2\n`).problems.filter((one) => one.line === 3);
    expect(doubled?.message).toContain('there twice (first on line 2)');
    expect(doubled).toMatchObject({ line: 3, column: 1 });
  });

  it('[C2] a link that is there twice names the first, and the rest of the file is still checked', () => {
    const text = '[link.a]\nurl = "wss://a"\n[link.a]\nurl = "wss://b"\n[log]\nlevel = "loud"\n';
    expect(problemsOf(text)).toEqual([
      '3:7 link.a: link.a is there twice (first on line 1) (each table once)',
      '6:9 log.level: level is "loud" (one of "debug", "info", "warn", "error")',
    ]);
  });

  it.each([
    ['[broken', '4:8 : a table name is not closed: [broken'],
    ['foo', '4:4 : an equals sign is missing: foo'],
    ['foo =', '4:6 : a value is missing: foo ='],
  ])('[C2] %j at the end of the file is told at its line, and the rest is read', (last, told) => {
    for (const end of ['', '\n', '\n\n']) {
      const { readable, problems } = loadSettings(`[link.a]\nurl = "wss://a/"\n\n${last}${end}`);
      expect(problems.map(shown).map((line) => line.split(' (')[0])).toEqual([told]);
      expect(readable.link?.a?.url).toBe('wss://a/');
    }
  });

  it('[C2] several syntax errors and the wrong values around them are all reported', () => {
    const text = '[link.a\nurl = 3\n[link.b]\nx y\nenabled = "x\nprofile = "no"\n';
    expect(problemsOf(text).map((line) => line.split(' (')[0])).toEqual([
      '1:8 : a table name is not closed: [link.a',
      '4:3 : an equals sign is missing: x y',
      '5:11 : a text is not closed: enabled = "x',
      '6:11 link.b.profile: profile is "no"',
    ]);
  });

  it.each([
    ['[link.a]\nurl = "wss://x.example/v2"\nsubscribe = ["a:1", "b:2] # c\n', '3:21'],
    [
      '[connection] # "for" all links\nws_jitter = "full" # the \'best\'\n[link.a]\nurl =                    "wss://ws.kraken.com/v2 # a comment\n',
      '4:26',
    ],
    ['[link.a]\nurl = "wss://x\\"\n', '2:7'],
    ["# isn't it\n[link.a]\nca_file = \"a 'b' # c\n", '3:11'],
    ['[link.a]\nurl = "wss://a"\nsubscribe_raw = [\n  "{}",\n  "{]\n', '5:3'],
    ['[link.a]\nurl = """wss://a\n\n[link.b]\n', '2:7'],
  ])('[C2] a text without an end is told where it begins: %j', (text, place) => {
    expect(problemsOf(text)[0]).toMatch(new RegExp(`^${place} : a text is not closed`));
  });

  it('[C2] a long text without an end is told where it begins too', () => {
    expect(problemsOf(`[link.a]\nurl = """${'x\n'.repeat(500_000)}`)[0]).toMatch(/^2:7 : a text is not closed/);
  });

  it('[C2] a mistake inside a list makes no mistakes of its neighbours', () => {
    expect(problemsOf('[link.a]\nsubscribe = ["a",\nenabled = true\n[link.b]\n')).toHaveLength(1);
    expect(problemsOf('[link.a]\nurl = """\nx\n[link.b]\n')).toHaveLength(1);
  });

  it('[C2] a list without an entry where one is needed is a problem, not a crash', () => {
    expect(problemsOf('[pool.a]\norigins = []\n')).toEqual([
      '2:11 pool.a.origins: origins has no entries (at least 1)',
    ]);
  });

  it('[C2] a text over 1 MiB is one problem', () => {
    const { settings, problems } = loadSettings('#'.repeat(10 * 1024 * 1024));
    expect(settings).toBeNull();
    expect(problems.map((problem) => problem.message)).toEqual([
      'the file has 10.0 MiB; settings may have at most 1 MiB',
    ]);
  });

  it('[C2] no link is lost, whatever its name', () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', '🚀 Börse', 'x'.repeat(200), '1', '0', 'a.b', '"'];
    const text = names.map((name) => `[link.${JSON.stringify(name)}]\nurl = "wss://a/"\n`).join('');
    const { settings, problems } = loadSettings(text);
    expect(problems).toEqual([]);
    expect(new Set(Object.keys(settings?.link ?? {}))).toEqual(new Set(names));
  });

  it.each(['__proto__', '', ' ', 'x'.repeat(201), 'a\\nb'])('[C2] the link name %j is refused', (name) => {
    const { settings, problems } = loadSettings(`[link."${name}"]\nurl = "wss://a/"\n`);
    expect(settings).toBeNull();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line: 1, column: 7 });
    expect(({} as Record<string, unknown>).url).toBeUndefined();
  });

  it.each(['link = 3', '[[link]]', '[[link.a]]', 'connection = []', '[link]\na = 1', '[log.level]', '[__proto__]'])(
    '[C2] %j is an error and not a crash',
    (text) => {
      const { settings, problems } = loadSettings(text);
      expect(settings).toBeNull();
      expect(problems).toHaveLength(1);
    },
  );

  it('[C2] very deep lists are a problem, not a crash', () => {
    for (const depth of [500, 3000, 9000, 50_000]) {
      expect(loadSettings(`a = ${'['.repeat(depth)}${']'.repeat(depth)}`).problems.length).toBeGreaterThan(0);
      expect(loadSettings(`${'a.'.repeat(depth)}a = 1`).problems.length).toBeGreaterThan(0);
    }
  });

  it('[C2] a byte order mark, Windows line ends and an empty text are fine', () => {
    expect(loadSettings('').settings).toEqual({});
    expect(loadSettings('\u{feff}[link.a]\r\nurl = "wss://a"\r\n').settings).toEqual({
      link: { a: { url: 'wss://a' } },
    });
  });

  it('[C2] locate finds values, tables, list entries and the nearest table above', () => {
    const { locate } = loadSettings('[link.a]\nsubscribe = ["x:1", "y:2"]\n');
    expect(locate(['link', 'a'])).toMatchObject({ line: 1, column: 7, endColumn: 8 });
    expect(locate(['link', 'a', 'subscribe', '1'])).toMatchObject({ line: 2, column: 21 });
    expect(locate(['link', 'a', 'url'])).toMatchObject({ line: 1, column: 7 });
    expect(locate(['nothing'])).toMatchObject({ line: 1, column: 1 });
  });

  it('[C2] never throws and never takes a text without saying yes or no (random texts)', () => {
    const piece = fc.constantFrom(
      '[link.a]',
      '[',
      ']',
      '=',
      '"',
      "'",
      '\n',
      '\r',
      '#',
      '{',
      '}',
      ',',
      '1',
      'a',
      '.',
      '"""',
      '\ud800',
      '\u0000',
      'é',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 60 }),
          fc.array(piece, { maxLength: 40 }).map((p) => p.join('')),
        ),
        check,
      ),
      { numRuns: 1500 },
    );
  });

  it('[C2] never throws on the default file with random damage', () => {
    const damage = fc.record({
      at: fc.nat(DEFAULT_SETTINGS_TEXT.length),
      drop: fc.nat(30),
      put: fc.string({ unit: 'binary', maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (all) => {
        check(
          all.reduce(
            (text, { at, drop, put }) => text.slice(0, at) + put + text.slice(at + drop),
            DEFAULT_SETTINGS_TEXT,
          ),
        );
      }),
      { numRuns: 300 },
    );
  });

  function check(text: string): void {
    const { settings, problems, locate } = loadSettings(text);
    expect(settings === null).toBe(problems.length > 0);
    const lines = text.split('\n').length;
    for (const problem of problems) {
      expect(problem.line).toBeGreaterThanOrEqual(1);
      expect(problem.line).toBeLessThanOrEqual(lines);
      expect(problem.column).toBeGreaterThanOrEqual(1);
      expect(problem.message).not.toBe('');
    }
    locate(['link', 'a', 'url']);
  }
});

describe('decodeSettingsFile', () => {
  it('[C2] says at which byte and line a file stops being UTF-8', () => {
    const broken = decodeSettingsFile(
      Buffer.concat([Buffer.from('a = 1\nb = "é'), Buffer.from([0xff]), Buffer.from('"')]),
    );
    expect(broken).toMatchObject({ ok: false, problem: { kind: 'not-utf8', where: 'line 2' } });
    expect(!broken.ok && broken.problem.message).toContain('byte 14 (line 2)');
    expect(decodeSettingsFile(Buffer.from([0x61, 0xc3])).ok).toBe(false);
    expect(decodeSettingsFile(Buffer.from('\u{feff}a = 1'))).toEqual({ ok: true, value: 'a = 1' });
  });
});

it.each([
  'ws://256.1.1.1/',
  'ws://[zzz]/',
  'ws://a|b/',
  'ws://a%zz/',
  'wss://user@host/',
  'ws://host:0/',
  'http://host/',
])('[C2] %s is no address of a link', (url) => {
  const { settings, problems } = loadSettings(`[link.a]\nurl = "${url}"\n`);
  expect(settings).toBeNull();
  expect(problems).toMatchObject([{ line: 2, column: 7, path: 'link.a.url' }]);
});
