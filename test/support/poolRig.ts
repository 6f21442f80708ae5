import { OriginPool } from '../../src/main/engine/pool/originPool.ts';
import { PoolBook } from '../../src/main/engine/pool/poolBook.ts';
import type { HttpRequest } from '../../src/main/engine/ports.ts';
import { poolPolicyOf } from '../../src/main/settings/poolPolicy.ts';
import type { OriginView, PoolConfig, PoolPolicy } from '../../src/shared/pool.ts';
import { POOL_BUILT_IN } from '../../src/shared/poolKnobs.ts';
import { FakeClock } from './fakeClock.ts';
import { FakeHttp } from './fakeHttp.ts';

/** The built-in values, without cold probes, so that every socket is one of the pool. */
export const POOL_POLICY: PoolPolicy = { ...poolPolicyOf(POOL_BUILT_IN), coldProbeMs: 0 };

const ORIGIN = {
  url: 'https://venue.test',
  dialUrl: 'https://venue.test',
  warmMethod: 'HEAD',
  warmPath: '/time',
} as const;

/** A pool of one origin and the default policy. */
export function poolConfig(
  change: Partial<Omit<PoolConfig, 'policy'>> & { readonly policy?: Partial<PoolPolicy> } = {},
): PoolConfig {
  return {
    name: 'venue',
    enabled: true,
    demo: false,
    presetName: null,
    origins: [ORIGIN],
    ca: null,
    ...change,
    policy: { ...POOL_POLICY, ...change.policy },
  };
}

export const GET: HttpRequest = { method: 'GET', path: '/price', headers: {}, body: null };
export const POST: HttpRequest = { method: 'POST', path: '/order', headers: {}, body: '{"buy":1}' };

/** One real origin pool on a fake clock and a fake network. */
export class PoolRig {
  readonly clock = new FakeClock();
  readonly http = new FakeHttp(this.clock);
  readonly book = new PoolBook(this.clock.now());
  readonly pool: OriginPool;
  gone = false;
  config: PoolConfig;

  constructor(policy: Partial<PoolPolicy> = {}, random: () => number = () => 0) {
    this.config = poolConfig({ policy });
    this.pool = new OriginPool(
      {
        ports: { clock: this.clock, random, openHttp: this.http.open },
        book: this.book,
        gone: () => {
          this.gone = true;
        },
      },
      this.config,
      ORIGIN,
    );
  }

  get view(): OriginView {
    return this.pool.view();
  }

  get counters() {
    return this.book.view().counters;
  }

  configure(change: Partial<Omit<PoolConfig, 'policy'>> & { readonly policy?: Partial<PoolPolicy> }): void {
    this.config = { ...this.config, ...change, policy: { ...this.config.policy, ...change.policy } };
    this.pool.configure(this.config, this.config.origins[0] ?? ORIGIN);
  }

  /** Ends it: nothing is open and nothing waits any more. */
  async end(): Promise<void> {
    this.http.quiet();
    this.pool.stop();
    await this.clock.advance(120_000);
  }
}
