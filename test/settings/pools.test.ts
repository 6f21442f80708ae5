import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS_TEXT } from '../../src/main/settings/defaultText.ts';
import { diffSettings } from '../../src/main/settings/diff.ts';
import { loadSettings } from '../../src/main/settings/load.ts';
import { POOL_KNOB_NAMES, POOL_POLICY_FIELDS, poolPolicyOf } from '../../src/main/settings/poolPolicy.ts';
import { builtInPresets } from '../../src/main/settings/presets.ts';
import { EngineConfigSchema } from '../../src/shared/engineConfig.ts';
import { PoolPolicySchema } from '../../src/shared/pool.ts';
import { POOL_BUILT_IN, poolKnobs } from '../../src/shared/poolKnobs.ts';
import { isPoolUrl } from '../../src/shared/settings.ts';
import { resolved, shown } from './fixtures.ts';

/** The file that the presets were written from: not part of the product, so it may be missing. */
const FACTS = ['../../..', '../../../..']
  .map((up) => join(import.meta.dirname, up, 'shared/venues/dialects.json'))
  .find(existsSync);

const ORIGIN = 'origins = ["https://a.test"]\n';
const pools = (text: string) => {
  const { config, poolEffective, problems } = resolved(text);
  const value = (name: string, key: string) => poolEffective.get(name)?.find((one) => one.key === key);
  return { pools: config.pools, first: config.pools[0], value, problems: problems.map(shown) };
};

describe('values', () => {
  it('P1: every knob has its field in the policy, none is forgotten', () => {
    expect(new Set(POOL_KNOB_NAMES)).toEqual(new Set(Object.keys(poolKnobs)));
    expect(new Set(POOL_KNOB_NAMES.map((name) => POOL_POLICY_FIELDS[name].field))).toEqual(
      new Set(Object.keys(PoolPolicySchema.shape)),
    );
    const policy: Record<string, unknown> = pools(`[pool.a]\n${ORIGIN}`).first?.policy ?? {};
    for (const name of POOL_KNOB_NAMES) {
      const { field, scale } = POOL_POLICY_FIELDS[name];
      const built = POOL_BUILT_IN[name];
      expect(policy[field], name).toBe(typeof built === 'number' ? built * scale : built);
    }
  });

  it('C1: precedence is pool, profile, [connection], http_profile, built in, and each value says which', () => {
    const text = [
      '[connection]\nhttp_idle_timeout_secs = 44\nhttp_profile = "batch"',
      `[pool.a]\n${ORIGIN}profile = "frugal"\nidle_timeout_secs = 11`,
    ].join('\n');
    const { first, value } = pools(text);
    expect(first?.policy).toMatchObject({ idleTimeoutMs: 11_000, maxIdle: 2, requestTimeoutMs: 120_000 });
    expect(value('a', 'idle_timeout_secs')).toMatchObject({ value: '11', unit: 's', source: 'pool' });
    expect(value('a', 'max_idle_per_host')).toMatchObject({ value: '2', source: 'profile', note: 'profile "frugal"' });
    expect(value('a', 'request_timeout_secs')).toMatchObject({ source: 'connection', note: 'http_profile = "batch"' });
    expect(value('a', 'connect_timeout_secs')).toMatchObject({ value: '5', source: 'built in' });
    const common = pools(`[connection]\nhttp_idle_timeout_secs = 44\n[pool.a]\n${ORIGIN}`);
    expect(common.value('a', 'idle_timeout_secs')).toMatchObject({ value: '44', source: 'connection' });
  });

  it('C1: the flat keys of [connection] work as the requirement writes them', () => {
    const text = `[connection]\nhttp_max_idle_per_host = 3\nhttp_idle_timeout_secs = 30\nhttp_connect_timeout_secs = 2\nhttp_tcp_keepalive_secs = 0\n[pool.a]\n${ORIGIN}`;
    expect(pools(text).first?.policy).toMatchObject({
      maxIdle: 3,
      idleTimeoutMs: 30_000,
      connectTimeoutMs: 2_000,
      tcpKeepAliveMs: 0,
    });
  });
});

describe('origins', () => {
  it('C3: a preset gives the address and the cheapest request; an own path is asked for by GET', () => {
    expect(pools('[pool.k]\npreset = "kraken_v2"\n').first).toMatchObject({
      presetName: 'kraken_v2',
      origins: [{ dialUrl: 'https://api.kraken.com', warmMethod: 'GET', warmPath: '/0/public/Time' }],
    });
    expect(pools('[pool.k]\npreset = "kraken_v2"\nwarm_path = "/x"\nwarm_method = "HEAD"\n').first?.origins).toEqual([
      { url: 'https://api.kraken.com', dialUrl: 'https://api.kraken.com', warmMethod: 'HEAD', warmPath: '/x' },
    ]);
    // A venue's path means nothing at another address.
    expect(pools(`[pool.k]\npreset = "kraken_v2"\n${ORIGIN}`).first?.origins[0]).toMatchObject({
      warmMethod: 'HEAD',
      warmPath: '/',
    });
  });

  it('D5: demo://rest is the demo’s HTTPS exchange, with its own authority', () => {
    expect(pools('[pool.d]\norigins = ["demo://rest"]\n').first).toMatchObject({
      demo: true,
      ca: 'DEMO PEM',
      origins: [{ url: 'demo://rest', dialUrl: 'https://127.0.0.1:43215', warmMethod: 'GET', warmPath: '/time' }],
    });
    expect(pools('[pool.d]\norigins = ["demo://tokyo"]\n').problems).toEqual([
      '2:12 pool.d.origins.0: there is no demo HTTP exchange called tokyo (one of rest)',
    ]);
    expect(resolved('[link.d]\nurl = "demo://rest"\n').problems[0]?.message).toBe(
      'there is no demo exchange called rest',
    );
  });

  it('C1: each origin of warmup_urls without a pool of its own becomes one, named by its host', () => {
    const urls = '["https://a.test/ping", "https://b.test/0/time?x=1", "https://b.test/other", "http://b.test:81/"]';
    const { pools: all } = pools(`[connection]\nwarmup_urls = ${urls}\n[pool.mine]\n${ORIGIN}`);
    expect(all.map(({ name, origins }) => [name, origins[0]?.dialUrl, origins[0]?.warmPath])).toEqual([
      ['mine', 'https://a.test', '/'],
      ['b.test', 'https://b.test', '/0/time?x=1'],
      ['b.test:81', 'http://b.test:81', '/'],
    ]);
    expect(all.map(({ origins }) => origins[0]?.warmMethod)).toEqual(['HEAD', 'GET', 'HEAD']);
  });

  it('C2: what is wrong is told at its line and column, with what would be right', () => {
    expect(pools('[pool.a]\nenabled = true\n').problems).toEqual([
      '1:7 pool.a: the pool a has no origin (origins, or a preset with one)',
    ]);
    expect(pools('[pool.a]\npreset = "bithumb"\n').problems[0]).toContain('the preset "bithumb" has no HTTP address');
    expect(pools('[pool.a]\norigins = ["https://a.test", "https://A.test/"]\n').problems[0]).toMatch(
      /^2:30 pool\.a\.origins\.1: https:\/\/a\.test stands twice/,
    );
    expect(pools(`[pool.a]\n${ORIGIN}ca_file = "none.pem"\n`).problems[0]).toMatch(/^3:11 pool\.a\.ca_file/);
    expect(pools('[pool.a]\npreset = "kraken_v3"\n').problems[0]).toMatch(/no preset called "kraken_v3"/);
    expect(pools('[pool.a]\norigins = ["demo://rest", "https://a.test"]\n').problems[0]).toMatch(
      /demo origins and real/,
    );
    const spelt = loadSettings(`[pool.a]\n${ORIGIN}idle_timeout_sec = 5\n[pols.b]\n`).problems;
    expect(spelt.map(({ nearest }) => nearest)).toEqual(['idle_timeout_secs', 'pool']);
    expect(spelt[0]?.expected).toBe('a key of [pool.NAME]');
    expect(spelt[1]?.expected).toContain('[pool.NAME]');
    expect(loadSettings('[pool.a]\norigins = ["https://a.test/path"]\n').problems[0]?.line).toBe(2);
    expect(loadSettings('[pool.""]\n').problems[0]?.message).toBe('a pool has an empty name');
  });

  it('C2: a broken pool leaves the others and every link running', () => {
    const { config } = resolved(`[link.l]\nurl = "wss://l"\n[pool.bad]\n[pool.good]\n${ORIGIN}`);
    expect([config.links.length, config.pools.map(({ name }) => name)]).toEqual([1, ['good']]);
  });
});

describe('the preview', () => {
  const change = (from: string, to: string) => diffSettings(resolved(from).config, resolved(to).config);

  it('D3: says what happens to each pool, and that no key cuts anything', () => {
    const a = `[pool.a]\n${ORIGIN}`;
    expect(change('', a)).toEqual([{ link: 'pool a', pool: true, effect: 'added', keys: [] }]);
    expect(change(a, '')).toEqual([{ link: 'pool a', pool: true, effect: 'removed', keys: [] }]);
    expect(change(a, a)).toEqual([]);
    expect(change(a, `${a}idle_timeout_secs = 30\nwarm_path = "/t"\n`)).toEqual([
      {
        link: 'pool a',
        pool: true,
        effect: 'live',
        keys: [
          { key: 'warm_path', from: '/', to: '/t', effect: 'live' },
          { key: 'warm_method', from: 'HEAD', to: 'GET', effect: 'live' },
          { key: 'idle_timeout_secs', from: '90 s', to: '30 s', effect: 'live' },
        ],
      },
    ]);
    expect(change(a, `${a}enabled = false\n`)[0]).toMatchObject({ effect: 'paused' });
    expect(change(`${a}enabled = false\n`, a)[0]).toMatchObject({ effect: 'resumed' });
  });

  it('D3: every key of a pool that changes its configuration is in the preview', () => {
    const other = { max_connections: 7, http2: false, tcp_nodelay: false } as const;
    for (const knob of POOL_KNOB_NAMES) {
      const built = POOL_BUILT_IN[knob];
      const value = knob in other ? other[knob as keyof typeof other] : Number(built) + 1;
      const [changed] = change(`[pool.a]\n${ORIGIN}`, `[pool.a]\n${ORIGIN}${knob} = ${value}\n`);
      expect(
        changed?.keys.map(({ key }) => key),
        knob,
      ).toEqual([knob]);
    }
  });
});

describe('files', () => {
  it('P1: the first settings have a demo pool that runs and a real one that does not', () => {
    const { config, problems } = resolved(DEFAULT_SETTINGS_TEXT);
    expect(problems).toEqual([]);
    expect(config.pools.map(({ name, enabled, demo }) => [name, enabled, demo])).toEqual([
      ['demo-rest', true, true],
      ['kraken-rest', false, false],
    ]);
    expect(config.pools[0]?.policy).toEqual({ ...poolPolicyOf(POOL_BUILT_IN), coldProbeMs: 60_000 });
    expect(EngineConfigSchema.safeParse(config).success).toBe(true);
  });

  it('P1: without a demo its pool is a notice and refused, not an error', () => {
    const { config, problems } = resolved('[pool.d]\norigins = ["demo://rest"]\n', {
      demoAddresses: new Map(),
      demoCa: null,
    });
    expect(problems.map(({ severity }) => severity)).toEqual(['notice']);
    expect(config.pools[0]?.origins[0]?.dialUrl).toBe('https://127.0.0.1:9');
  });

  it('C3: HTTP addresses of presets are origins that a pool takes', () => {
    const urls = [...builtInPresets().values()].flatMap(({ rest_url }) => rest_url ?? []);
    expect(urls).toHaveLength(32);
    expect(urls.filter((url) => !isPoolUrl(url))).toEqual([]);
  });

  it.skipIf(FACTS === undefined)('C3: HTTP addresses of presets say only what the facts say', () => {
    const facts = JSON.parse(readFileSync(FACTS ?? '', 'utf8')) as readonly {
      readonly id: string;
      readonly rest_base: string | null;
      readonly rest_warmup_path: string | null;
    }[];
    const known = new Map(facts.map((fact) => [fact.id, fact]));
    for (const [name, preset] of builtInPresets()) {
      const fact = known.get(name);
      if (preset.rest_url === undefined) continue;
      expect(`${fact?.rest_base}/`.startsWith(`${preset.rest_url}/`), name).toBe(true);
      if (preset.rest_warm_path === undefined) continue;
      const base = new URL(fact?.rest_base ?? '').pathname.replace(/\/$/, '');
      const own = preset.rest_warm_path.replace(base, '');
      expect(fact?.rest_warmup_path?.startsWith(own), `${name}: ${own}`).toBe(true);
    }
  });
});
