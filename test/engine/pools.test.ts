import type { ServerHttp2Stream } from 'node:http2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOpenHttp } from '../../src/main/engine/pool/httpSocket.ts';
import { Pools } from '../../src/main/engine/pool/pools.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import type { PoolConfig, PoolsFrame, PoolView } from '../../src/shared/pool.ts';
import { EngineRig } from '../support/engineRig.ts';
import { freePort } from '../support/freePort.ts';
import { HttpVenue, VENUE_CA } from '../support/httpVenue.ts';
import { mustBeClosed } from '../support/leaks.ts';
import { engineConfig } from '../support/linkConfig.ts';
import { GET, POST, poolConfig } from '../support/poolRig.ts';

let venue: HttpVenue;

const toVenue = (change: Parameters<typeof poolConfig>[0] = {}): PoolConfig =>
  poolConfig({
    origins: [{ url: venue.url, dialUrl: venue.url, warmMethod: 'HEAD', warmPath: '/time' }],
    ca: VENUE_CA,
    ...change,
  });

afterEach(() => venue.close());

describe('in the engine', () => {
  let rig: EngineRig;
  let frames: PoolsFrame[];
  let look: () => void;

  beforeEach(async () => {
    venue = await HttpVenue.open('https');
    rig = new EngineRig();
    frames = [];
    look = () => undefined;
    rig.engine.pools(null, (frame) => {
      frames.push(frame);
      look();
    });
  });
  afterEach(() => rig.stop());

  const pool = (): PoolView | undefined => frames.at(-1)?.pools[0];
  const until = (isSo: (view: PoolView) => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        const view = pool();
        if (view !== undefined && isSo(view)) resolve();
      };
      look();
    });
  const run = (...pools: PoolConfig[]) => rig.engine.configure(engineConfig([], { pools }));
  const warm = () => until((view) => view.origins[0]?.state.kind === 'warm' && view.origins[0].ready === 2);

  it('P2: a pool of the configuration is warm by itself, and every reader is told', async () => {
    await run(toVenue());
    await warm();
    expect(venue.heard.map(({ method, path }) => [method, path])).toEqual([
      ['HEAD', '/time'],
      ['HEAD', '/time'],
    ]);
    expect(pool()).toMatchObject({ name: 'venue', idle: 2, active: 0, pending: 0, maxConnections: 50, alerts: [] });
    expect(pool()?.counters).toMatchObject({ connects: 2, tlsHandshakes: 2, requests: 2 });
    expect(pool()?.cold?.count).toBe(2);
    expect(venue.handshakes).toBe(2);
  });

  it('P4: destroyed by a click it closes all, by protocol only those; warmed by a click it is ready again', async () => {
    await run(toVenue());
    await warm();
    expect(await rig.engine.destroyPool({ pool: 'venue', protocol: 'http' })).toEqual({
      ok: true,
      value: { closed: 0 },
    });
    expect(await rig.engine.destroyPool({ pool: 'venue', protocol: null })).toEqual({ ok: true, value: { closed: 2 } });
    await until((view) => view.origins[0]?.state.kind === 'cold' && view.idle === 0);
    await venue.until(() => venue.sockets.size === 0);
    expect(await rig.engine.warmPool({ pool: 'venue' })).toMatchObject({ ok: true });
    await warm();
    expect(await rig.engine.warmPool({ pool: 'nowhere' })).toMatchObject({
      ok: false,
      problem: { kind: 'unknown-pool' },
    });
  });

  it('P5: woken, or at another address, it is flushed and warm again on new sockets', async () => {
    await run(toVenue());
    await warm();
    await rig.engine.wake({ kind: 'sleep' });
    await until((view) => view.counters.flushes === 1 && view.origins[0]?.ready === 2);
    expect(venue.connections).toBe(4);
    rig.addresses = '10.0.0.7';
    await until((view) => view.counters.flushes === 2 && view.origins[0]?.ready === 2);
    expect(venue.connections).toBe(6);
  });

  it('P1: a pool that leaves the configuration, or is turned off, has nothing open', async () => {
    await run(toVenue(), toVenue({ name: 'second', policy: { warmSockets: 1 } }));
    await venue.until(() => venue.heard.length === 3);
    await run(toVenue({ enabled: false }));
    await venue.until(() => venue.sockets.size === 0);
    await until((view) => view.origins[0]?.state.kind === 'off');
    expect(frames.at(-1)?.pools.map(({ name }) => name)).toEqual(['venue']);
  });

  it('P2: what cannot be warmed is a warning with its reason, and fails nothing else', async () => {
    const url = `https://127.0.0.1:${await freePort()}`;
    const origins = [{ url, dialUrl: url, warmMethod: 'HEAD', warmPath: '/' }] as const;
    await run(toVenue({ origins: [...origins], policy: { warmUpLimitMs: 100 } }), toVenue({ name: 'second' }));
    await until((view) => view.warnings.length > 0);
    expect(pool()?.warnings[0]).toMatch(/0 of 2 sockets to https:.* were ready after 0\.1 s: .*ECONNREFUSED/);
    await until(() => frames.at(-1)?.pools[1]?.origins[0]?.state.kind === 'warm');
  });

  it('L17: a shutdown does not wait for the grace where nobody waits for an answer', async () => {
    await rig.engine.configure(engineConfig([], { pools: [toVenue()], shutdownGraceMs: 3_600_000 }));
    await warm();
    await rig.stop();
    await venue.until(() => venue.sockets.size === 0);
  });
});

describe('requests over real sockets', () => {
  let pools: Pools;
  let isOpen: boolean;

  beforeEach(async () => {
    venue = await HttpVenue.open('https');
    isOpen = true;
    pools = new Pools({ clock: systemClock, random: Math.random, openHttp: createOpenHttp(systemClock) });
    mustBeClosed('pools', () => isOpen, stop);
  });
  afterEach(() => stop());
  const stop = (): void => {
    isOpen = false;
    pools.stop();
  };
  const view = (): PoolView => {
    const seen: PoolView[] = [];
    pools.follow((frame) => seen.push(...frame.pools))();
    return seen[0] as PoolView;
  };
  const warm = async (): Promise<void> => {
    await venue.until(() => venue.heard.length >= 2);
    while ((view().origins[0]?.ready ?? 0) < 2) await new Promise((resolve) => setImmediate(resolve));
  };

  it('P6: the phases of a cold request are its connect’s, those of a warm one are not there', async () => {
    pools.configure([toVenue({ policy: { warmSockets: 0 } })]);
    const cold = await pools.request('venue', GET);
    const next = await pools.request('venue', POST);
    expect([cold.ok && cold.value.reused, next.ok && next.value.reused]).toEqual([false, true]);
    expect(cold.ok && cold.value.timings).toMatchObject({
      dnsMs: null,
      tcpMs: expect.any(Number),
      tlsMs: expect.any(Number),
    });
    expect(next.ok && next.value.timings).toMatchObject({ dnsMs: null, tcpMs: null, tlsMs: null });
    if (!cold.ok) return;
    const { queueMs, tcpMs, tlsMs, firstByteMs, totalMs } = cold.value.timings;
    expect(queueMs + (tcpMs ?? 0) + (tlsMs ?? 0) + firstByteMs).toBeLessThanOrEqual(totalMs + 0.001);
    expect(venue.heard.at(-1)).toMatchObject({ method: 'POST', body: POST.body });
    expect(view().counters).toMatchObject({ requests: 2, reused: 1, tlsHandshakes: 1 });
  });

  it('P2: a GET on a socket that the venue closes under it is answered all the same, a POST is not sent twice', async () => {
    pools.configure([toVenue()]);
    await warm();
    let cuts = 1;
    venue.behaviour = (answer, { method }, socket) => {
      if (method === 'HEAD' || cuts === 0) return void answer.end('{}');
      cuts -= 1;
      socket.destroy();
    };
    expect(await pools.request('venue', GET)).toMatchObject({ ok: true, value: { status: 200, retried: true } });
    expect(view().counters.retries).toBe(1);
    cuts = 1;
    const post = await pools.request('venue', POST);
    expect(post).toMatchObject({ ok: false, problem: { kind: 'pool-broken' } });
    expect(venue.heard.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('P1: an answer with an error status is an answer', async () => {
    venue.behaviour = (answer) => void answer.writeHead(418).end('teapot');
    pools.configure([toVenue({ policy: { warmSockets: 0 } })]);
    expect(await pools.request('venue', GET)).toMatchObject({ ok: true, value: { status: 418 } });
    expect(await pools.request('other', GET)).toMatchObject({ ok: false, problem: { kind: 'unknown-pool' } });
  });

  it('P1: fifty at once share the allowed sockets, and every one is answered', async () => {
    pools.configure([toVenue({ policy: { warmSockets: 0, maxConnections: 5, http2: false } })]);
    const answers = await Promise.all(Array.from({ length: 50 }, () => pools.request('venue', GET)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(venue.connections).toBe(5);
    expect(venue.heard).toHaveLength(50);
  });

  it('P1: an HTTP/2 venue that goes away answers what it has, and the next request goes elsewhere', async () => {
    await venue.close();
    venue = await HttpVenue.open('h2');
    let release = (): void => undefined;
    venue.behaviour = (answer, { connection }) => {
      if (connection > 1) return void answer.end('second');
      const { stream } = answer as unknown as ServerHttp2Stream & { readonly stream: ServerHttp2Stream };
      release = () => void answer.end('first');
      stream.session?.close();
    };
    pools.configure([toVenue({ policy: { warmSockets: 0 } })]);
    const first = pools.request('venue', GET);
    await venue.until(() => venue.heard.length === 1);
    while (view().counters.closedByPeer === 0) await new Promise((resolve) => setImmediate(resolve));
    const second = await pools.request('venue', GET);
    release();
    const texts = [await first, second].map((answer) => answer.ok && Buffer.from(answer.value.body).toString());
    expect(texts).toEqual(['first', 'second']);
    expect(venue.connections).toBe(2);
  });

  it('P1: a request that the venue does not answer ends at its timeout', async () => {
    venue.behaviour = () => undefined;
    pools.configure([toVenue({ policy: { warmSockets: 0, requestTimeoutMs: 50 } })]);
    expect(await pools.request('venue', GET)).toMatchObject({ ok: false, problem: { kind: 'pool-timeout' } });
    await venue.until(() => venue.sockets.size === 0);
  });

  it('L17: a request under way at a shutdown’s end has failed, and nothing is left open', async () => {
    venue.behaviour = () => undefined;
    pools.configure([toVenue({ policy: { warmSockets: 0 } })]);
    const asked = pools.request('venue', GET);
    await venue.until(() => venue.heard.length === 1);
    stop();
    expect(await asked).toMatchObject({ ok: false, problem: { kind: 'pool-stopped' } });
    await venue.until(() => venue.sockets.size === 0);
  });

  it('P1: leaving waits for the request under way', async () => {
    let release = (): void => undefined;
    venue.behaviour = (answer) => {
      release = () => void answer.end('late');
    };
    pools.configure([toVenue({ policy: { warmSockets: 0 } })]);
    const asked = pools.request('venue', GET);
    await venue.until(() => venue.heard.length === 1);
    const gone = new Promise<void>((resolve) => pools.leave(resolve));
    expect(pools.isGone).toBe(false);
    release();
    expect(await asked).toMatchObject({ ok: true });
    await gone;
  });
});
