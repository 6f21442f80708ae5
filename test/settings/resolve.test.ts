import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS_TEXT } from '../../src/main/settings/defaultText.ts';
import { diffSettings } from '../../src/main/settings/diff.ts';
import { builtInPresets, parsePreset } from '../../src/main/settings/presets.ts';
import { EngineConfigSchema, PolicySchema } from '../../src/shared/engineConfig.ts';
import { BUILT_IN, knobs } from '../../src/shared/knobs.ts';
import { KNOB_NAMES, POLICY_FIELDS } from '../../src/shared/policyFields.ts';
import { resolved, shown } from './fixtures.ts';

const link = (text: string, name = 'a') => {
  const { config, effective, problems } = resolved(text);
  const found = config.links.find((one) => one.name === name);
  const value = (key: string) => effective.get(name)?.find((one) => one.key === key);
  return { link: found, value, problems: problems.map(shown), raw: problems };
};

describe('presets', () => {
  it('[L2] the built-in presets are valid and keep inside their own limits', () => {
    expect([...builtInPresets().keys()]).toEqual(
      expect.arrayContaining(['binance_spot', 'demo_chicago', 'demo_frankfurt', 'demo_tokyo', 'kraken_v2', 'okx_v5']),
    );
    for (const preset of builtInPresets().values()) {
      const { ping_interval_max_secs: max = 3600, ping_interval_min_secs: min = 0 } = preset.limits;
      const ping = preset.knobs.ping_interval_secs ?? BUILT_IN.ping_interval_secs;
      expect(ping).toBeGreaterThanOrEqual(min);
      expect(ping).toBeLessThanOrEqual(max);
    }
  });

  it('[L2] a wrong preset is a bug that names itself', () => {
    expect(() => parsePreset('mine', 'venue = "X"\n[ping]\nkind = "smoke"')).toThrow(/preset mine: .*ping/);
    expect(() => parsePreset('mine', 'venue = ')).toThrow(/preset mine, line 1/);
  });
});

describe('resolveSettings', () => {
  it.each([
    ['url = "wss://a/?token=abc"', 'token in an address of a is in clear'],
    ['url = "wss://a/?v=1&apiKey=abc"', 'apiKey in an address of a is in clear'],
    ['url = "wss://a/?jwt=abc"', 'jwt in an address of a is in clear'],
    ['url = "wss://a/"\nmore_urls = ["wss://b/?api_key=abc"]', 'api_key in an address of a is in clear'],
    ['url = "wss://a/v3/abc4f0a95b3bc440fa88ea12"', 'a key in an address of a is in clear'],
    [
      `url = "wss://a/"\nsubscribe_raw = ['{"op":"auth","args":["abcd",1,"abce"]}']`,
      'a login in a message of a is in clear',
    ],
    [`url = "wss://a/"\nsubscribe_raw = ['{"op":"auth","apiKey":"abc"}']`, 'apiKey in a message of a is in clear'],
  ])('[L10] a key that stands in an address in clear is a notice, and never repeated in it: %s', (text, message) => {
    const { raw, link: found } = link(`[link.a]\n${text}\n`);
    expect(raw).toEqual([expect.objectContaining({ severity: 'notice', message: expect.stringContaining(message) })]);
    expect(JSON.stringify(raw)).not.toContain('abc');
    expect(found).toBeDefined();
  });

  it('[L10] no value and no change that a page shows has it, nor the name of a message', () => {
    const text = (key: string) => `[link.a]
url = "wss://a/?token=${key}"
more_urls = ["wss://b/?token=${key}"]
subscribe_raw = ['{"apiKey":"${key}"}']
[pool.p]
origins = ["https://p"]
warm_path = "/time?apikey=${key}"
`;
    const before = resolved(text('abc'));
    const after = resolved(text('xyz'));
    const changes = diffSettings(before.config, after.config);
    expect(changes.flatMap(({ keys }) => keys.map(({ key }) => key))).toEqual([
      'url',
      'more_urls',
      'subscribe',
      'warm_path',
    ]);
    const shownOf = ({ effective, poolEffective }: typeof before) => [[...effective], [...poolEffective]];
    const all = JSON.stringify([changes, shownOf(before), shownOf(after)]);
    expect(all).not.toMatch(/abc|xyz/);
    expect(all).toContain('wss://a/?token=•••');
    expect(before.config.links[0]?.dialUrl).toBe('wss://a/?token=abc');
  });

  it('[L10] a key that is asked from the environment is none', () => {
    expect(link('[link.a]\nurl = "wss://a/?token={secret:KEY}&monkeys=1"\n').problems).toEqual([]);
    expect(link('[link.a]\npreset = "kucoin"\n').problems).toEqual([]);
  });

  it('[C1] every knob has its field in the policy, none is forgotten', () => {
    expect(new Set(KNOB_NAMES)).toEqual(new Set(Object.keys(knobs)));
    expect(new Set(KNOB_NAMES.map((name) => POLICY_FIELDS[name].field))).toEqual(
      new Set(Object.keys(PolicySchema.shape)),
    );
    const { config } = resolved('[link.a]\nurl = "wss://a/"\n');
    const policy: Record<string, unknown> = config.links[0]?.policy ?? {};
    for (const name of KNOB_NAMES) {
      const { field, scale } = POLICY_FIELDS[name];
      const built = BUILT_IN[name];
      expect(policy[field], name).toBe(typeof built === 'number' ? built * scale : built);
    }
  });

  it('[C1] precedence: link, profile, preset, [connection], ws_profile, built in', () => {
    const connection = '[connection]\nws_ping_interval_secs = 9\nws_profile = "quiet"\n';
    const own = `${connection}[link.a]\npreset = "demo_tokyo"\nprofile = "trading"\nping_interval_secs = 2\n`;
    const at = (text: string) => link(text).value('ping_interval_secs');
    expect(at(own)).toMatchObject({ value: '2', source: 'link', unit: 's' });
    expect(at(own.replace('ping_interval_secs = 2\n', ''))).toMatchObject({ value: '5', source: 'profile' });
    expect(at(`${connection}[link.a]\npreset = "demo_tokyo"\n`)).toMatchObject({ value: '0.25', source: 'preset' });
    expect(at(`${connection}[link.a]\nurl = "wss://a"\n`)).toMatchObject({ value: '9', source: 'connection' });
    expect(at('[connection]\nws_profile = "trading"\n[link.a]\nurl = "wss://a"\n')).toMatchObject({
      value: '5',
      source: 'connection',
      note: 'ws_profile = "trading"',
    });
    expect(at('[link.a]\nurl = "wss://a"\n')).toMatchObject({ value: '15', source: 'built in', note: null });
  });

  it('[C1] a [connection] value that the venue would cut is clamped with both numbers', () => {
    const {
      link: okx,
      value,
      problems,
      raw,
    } = link('[connection]\nws_ping_interval_secs = 60\n[link.a]\npreset = "okx_v5"\n');
    expect(problems).toEqual([
      '2:25 connection.ws_ping_interval_secs: a pings every 25 s instead of 60 s ([connection] ws_ping_interval_secs): OKX wants at most 25 s between pings (a number up to 25 (s))',
    ]);
    expect(raw[0]?.severity).toBe('notice');
    expect(okx?.policy.pingIntervalMs).toBe(25_000);
    expect(value('ping_interval_secs')).toMatchObject({ value: '25', source: 'limit of the venue' });
    expect(value('ping_interval_secs')?.note).toMatch(/60 s.*25 s/);
  });

  it('[C1] an explicit link value outside the venue’s range is an error', () => {
    const { link: okx, problems, raw } = link('[link.a]\npreset = "okx_v5"\nping_interval_secs = 60\n');
    expect(raw[0]).toMatchObject({ severity: 'error', line: 3, column: 22 });
    expect(problems[0]).toContain('ping_interval_secs is 60, but OKX wants at most 25 s between pings');
    expect(okx).toBeUndefined();
    expect(link('[link.a]\npreset = "binance_spot"\nping_interval_secs = 0.5\n').raw[0]?.severity).toBe('error');
    const { problems: hours } = link('[link.a]\npreset = "binance_spot"\nrotate_after_hours = 48\n');
    expect(hours).toEqual([
      expect.stringContaining('rotate_after_hours is 48, but Binance cuts a connection after 24 h'),
    ]);
  });

  it.each([
    ['ws_rotate_after_hours = 48', '48 h ([connection] ws_rotate_after_hours)'],
    ['[link.a]\nrotate_after_hours = 0', 'no rotation (link)'],
  ])('[C1] [L21] %s is held at the age at which the venue cuts, and that is said', (text, said) => {
    const head = text.startsWith('ws_') ? `[connection]\n${text}\n[link.a]` : text;
    const { raw, value } = link(`${head}\npreset = "binance_spot"\n`);
    expect(raw[0]).toMatchObject({ severity: 'notice', line: 2 });
    expect(raw[0]?.message).toContain('Binance cuts a connection after 24 h');
    expect(value('rotate_after_hours')).toMatchObject({ value: '24', source: 'limit of the venue' });
    expect(value('rotate_after_hours')?.note).toContain(said);
    expect(link('[link.a]\npreset = "okx_v5"\nrotate_after_hours = 0\n').raw).toEqual([]);
    expect(link('[link.a]\npreset = "binance_spot"\n').raw).toEqual([]);
  });

  it('[C1] seconds become milliseconds and MiB bytes, without crumbs', () => {
    const { link: one } = link('[link.a]\nurl = "wss://a"\nping_interval_secs = 1.1\nmax_frame_mib = 0.0625\n');
    expect(one?.policy).toMatchObject({ pingIntervalMs: 1100, maxFrameBytes: 65_536 });
  });

  it('[C1] the link’s page shows a source for every knob', () => {
    const { effective } = resolved(DEFAULT_SETTINGS_TEXT);
    expect([...effective.keys()]).toEqual([
      'demo-frankfurt',
      'demo-tokyo',
      'demo-chicago',
      'kraken-spot',
      'okx-spot',
      'binance-spot',
    ]);
    for (const values of effective.values()) {
      const keys = values.map((value) => value.key);
      expect(keys).toEqual(expect.arrayContaining([...KNOB_NAMES, 'url', 'preset', 'enabled']));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('[C1] the default settings resolve without any problem to a config that the engine takes', () => {
    const { config, problems } = resolved(DEFAULT_SETTINGS_TEXT);
    expect(problems).toEqual([]);
    expect(EngineConfigSchema.safeParse(config).success).toBe(true);
    expect(config.links.map((one) => [one.name, one.enabled, one.dialUrl])).toEqual([
      ['demo-frankfurt', true, 'ws://127.0.0.1:43211/'],
      ['demo-tokyo', true, 'ws://127.0.0.1:43212/'],
      ['demo-chicago', true, 'tcp://127.0.0.1:43214'],
      ['kraken-spot', false, 'wss://ws.kraken.com/v2'],
      ['okx-spot', false, 'wss://ws.okx.com:8443/ws/v5/public'],
      ['binance-spot', false, 'wss://stream.binance.com:9443/stream'],
    ]);
    expect(config.links[0]?.routes).toEqual([
      { url: 'demo://frankfurt', dialUrl: 'ws://127.0.0.1:43211/' },
      { url: 'demo://frankfurt-b', dialUrl: 'ws://127.0.0.1:43213/' },
    ]);
  });

  it('[C1] links come in the order of the file, also when they are called 2 and 1', () => {
    const text = ['z', '2', 'b', '1'].map((name) => `[link.${name}]\nurl = "wss://a"\n`).join('');
    expect(resolved(text).config.links.map((one) => one.name)).toEqual(['z', '2', 'b', '1']);
  });

  it.each([
    ['preset = "kraken_v3"', '2:10 link.a.preset: there is no preset called "kraken_v3"', 'kraken_v2'],
    ['enabled = true', '1:7 link.a: the link a has no address', null],
    ['url = "demo://frankfort"', '2:7 link.a.url: there is no demo exchange called frankfort', 'frankfurt'],
    [
      'preset = "kraken_v2"\nsubscribe = ["trade:X", "tiker:Y"]',
      '3:25 link.a.subscribe.1: Kraken has no channel called "tiker"',
      'ticker',
    ],
    ['preset = "kraken_v2"\nsubscribe = ["ticker"]', '3:14 link.a.subscribe.0: "ticker" names no symbol', null],
    ['url = "wss://a"\nsubscribe = ["ticker:X"]', '3:14 link.a.subscribe.0: Plain WebSocket has no channels', null],
    [
      'url = "wss://a"\nca_file = "bad.pem"',
      '3:11 link.a.ca_file: the certificate file "bad.pem" cannot be used: there is no such file',
      null,
    ],
    ['preset = "constructor"', '2:10 link.a.preset: there is no preset called "constructor"', null],
  ])('[C2] %j is a problem at its place', (body, start, nearest) => {
    const { link: one, problems, raw } = link(`[link.a]\n${body}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(start);
    expect(raw[0]).toMatchObject({ severity: 'error', nearest });
    expect(one).toBeUndefined();
  });

  it('[L2] subscriptions are filled in from the preset, safely', () => {
    const body =
      'preset = "kraken_v2"\nsubscribe = ["ticker:BTC/USD", "ticker:$&\\"x", "ticker:BTC/USD"]\nsubscribe_raw = ["{\\"op\\":1}"]\n';
    const { link: one, raw } = link(`[link.a]\n${body}`);
    expect(one?.subscriptions.map((s) => s.name)).toEqual(['ticker:BTC/USD', 'ticker:$&"x', '{"op":1}']);
    expect(one?.subscriptions[0]?.subscribe).toBe(
      '{"method":"subscribe","params":{"channel":"ticker","symbol":["BTC/USD"]},"req_id":{id}}',
    );
    const odd = JSON.parse((one?.subscriptions[1]?.subscribe ?? '').replace('{id}', '1'));
    expect(odd.params.symbol).toEqual(['$&"x']);
    expect(one?.subscriptions[2]).toMatchObject({ channel: 'raw', subscribe: '{"op":1}', unsubscribe: null });
    expect(raw.map((problem) => problem.severity)).toEqual(['notice']);
  });

  it('[L5] data is expected where something is subscribed, or where the venue may send unasked', () => {
    const expects = (body: string) => link(`[link.a]\n${body}\n`).link?.expectsData;
    expect(expects('url = "wss://a"')).toBe(true);
    expect(expects('preset = "kraken_v2"')).toBe(true);
    expect(expects('preset = "kraken_v2"\nsubscribe = ["ticker:X"]')).toBe(true);
    expect(expects('preset = "kraken_v2"\nsubscribe = ["ticker:X"]\nexpects_data = false')).toBe(false);
  });

  it('[C2] without any running demo its links are a notice, and the others run', () => {
    const { config, problems } = resolved(DEFAULT_SETTINGS_TEXT, { demoAddresses: new Map() });
    // One for each address, of which Frankfurt has two, and one for the pool.
    expect(problems.map((problem) => problem.severity)).toEqual(Array(5).fill('notice'));
    expect(config.links).toHaveLength(6);
    expect(EngineConfigSchema.safeParse(config).success).toBe(true);
  });

  it('[C1] an own certificate authority is read, quitting waits as long as asked', () => {
    const { config } = resolved('[app]\nshutdown_grace_secs = 7\n[link.a]\nurl = "wss://a"\nca_file = "good.pem"\n');
    expect(config.links[0]?.ca).toBe('PEM');
    expect(config.shutdownGraceMs).toBe(7000);
  });
});

it.each([
  ['preset = "bybit_v5"', 'block'],
  ['url = "wss://a/"', 'block'],
  ['url = "wss://a/?token={secret:KEY}"', 'credentials'],
  ['url = "wss://a/?apiKey=abc"', 'credentials'],
  ['url = "wss://a/?secret=abc"', 'credentials'],
  ['url = "wss://a/?signature=abc"', 'credentials'],
  ['preset = "finnhub"', 'credentials'],
  ['preset = "kalshi"', 'credentials'],
  // Its login comes after the 101, and cannot be refused before it.
  ['preset = "alpaca_data"', 'block'],
  // Its token is nobody's.
  ['preset = "kucoin"', 'block'],
])('[L18] a 403 is a word about credentials only where the dial sends some: %s', (line, meaning) => {
  expect(link(`[link.a]\n${line}\n`).link?.preset.http_403).toBe(meaning);
});

it('[L12] links on that are more than their venue, or its key, allows connections are told of each other', () => {
  const link = (name: string, more = ''): string =>
    `[link.${name}]\npreset = "finnhub"\nsubscribe = ["trades:${name.toUpperCase()}"]\n${more}`;
  const told = (text: string): string[] =>
    resolved(text).problems.flatMap(({ path, severity, message }) =>
      message.includes('at a time') ? [`${severity} ${path}: ${message}`] : [],
    );
  expect(told(link('a') + link('b'))).toEqual([
    'notice link.a: Finnhub allows 1 connection at a time, and b is on, too: it will refuse or end one of them',
    'notice link.b: Finnhub allows 1 connection at a time, and a is on, too: it will refuse or end one of them',
  ]);
  expect(told(link('a') + link('b') + link('c'))[0]).toContain('and b, c are on, too');
  expect(told(link('a') + link('b', 'enabled = false\n')), 'one of them is off').toEqual([]);
  expect(told(link('a') + link('b').replace('finnhub', 'kraken_v2').replace('trades:', 'trade:'))).toEqual([]);
});
