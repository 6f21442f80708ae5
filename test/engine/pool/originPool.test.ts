import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobEnd } from '../../../src/main/engine/pool/job.ts';
import type { PoolPolicy } from '../../../src/shared/pool.ts';
import type { FakeVenue } from '../../support/fakeHttp.ts';
import { GET, POST, PoolRig } from '../../support/poolRig.ts';

let rig: PoolRig;
const start = (...parts: ConstructorParameters<typeof PoolRig>): PoolRig => {
  rig = new PoolRig(...parts);
  return rig;
};
const venue = (): FakeVenue => {
  if (rig.http.venue === null) throw new Error('the venue is played by hand');
  return rig.http.venue;
};
/** Asks, and keeps what came of it. */
function ask(request = GET): { end: JobEnd | null } {
  const asked: { end: JobEnd | null } = { end: null };
  void rig.pool.request(request).then((end) => {
    asked.end = end;
  });
  return asked;
}

/** The same numbers in every run. */
let seed = 1;
const chance = (): number => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
};

afterEach(() => rig.end());

describe('warm', () => {
  beforeEach(() => {
    start();
  });

  it('P2: at start the wanted sockets are opened side by side, asked once, and are ready', async () => {
    expect(rig.view).toMatchObject({ state: { kind: 'warming' }, ready: 0, wanted: 2, connecting: 2 });
    await rig.clock.advance(40);
    expect(rig.view).toMatchObject({ state: { kind: 'warm' }, ready: 2, protocol: 'h1', address: '192.0.2.1:443' });
    expect(rig.http.sockets.map(({ carried }) => carried)).toEqual([1, 1]);
    expect(rig.counters).toMatchObject({ connects: 2, tlsHandshakes: 2, requests: 2, reused: 0, failures: 0 });
  });

  it('P2: kept warm for an hour at 90 s with no new handshake but those of age', async () => {
    rig.configure({ policy: { maxSocketAgeMs: 1e9 } });
    await rig.clock.advance(3_600_000);
    expect(rig.counters).toMatchObject({ connects: 2, closedByPeer: 0 });
    expect(rig.counters.reused).toBeGreaterThan(80);
    expect(rig.counters.reused).toBeLessThan(110);
  });

  it('P5: the freshest ready socket and the next refresh are told', async () => {
    await rig.clock.advance(40);
    const since = rig.clock.now();
    expect(rig.view.idleSince).toEqual([since, since]);
    expect(rig.view.nextRefreshAt).toBe(since + 81_000);
    expect(rig.view.idleLimit).toEqual({ ms: 90_000, source: 'setting', closes: 0 });
    expect(rig.view.lastColdMs).toBe(40);
    await rig.clock.advance(82_000);
    expect(rig.view.lastWarmMs).toBe(10);
  });

  it('P3: a warm request takes a ready socket at once and opens nothing', async () => {
    await rig.clock.advance(100);
    const asked = ask();
    await rig.clock.advance(10);
    expect(asked.end).toMatchObject({ kind: 'answer', reused: true, retried: false });
    expect(asked.end).toMatchObject({ timings: { queueMs: 0, dnsMs: null, tcpMs: null, tlsMs: null, totalMs: 10 } });
    expect(rig.http.sockets).toHaveLength(2);
    expect(rig.book.view()).toMatchObject({ cold: { p50Ms: 40, count: 2 }, warm: { p50Ms: 10, count: 1 } });
    expect(rig.book.view().saving).toEqual({ ms: 30, percent: 75 });
  });

  it('P3: of the ready sockets the one that was most recently proven alive is taken', async () => {
    await rig.clock.advance(100);
    for (let number = 0; number < 5; number += 1) {
      ask();
      await rig.clock.advance(1_000);
    }
    expect(rig.http.sockets.map(({ carried }) => carried).sort()).toEqual([1, 6]);
  });

  it('P5: the venue’s idle limit is learned, and from then on no idle socket is closed under the pool', async () => {
    venue().idleMs = 20_000;
    await rig.clock.advance(60_000);
    expect(rig.view.idleLimit).toMatchObject({ source: 'learned', ms: 20_000 });
    const before = rig.counters.closedByPeer;
    await rig.clock.advance(300_000);
    expect(rig.counters.closedByPeer).toBe(before);
    expect(rig.view.state.kind).toBe('warm');
  });

  const FLOODS: readonly (readonly [string, Partial<FakeVenue>])[] = [
    ['announces 0', { answer: () => ({ headers: { 'keep-alive': 'timeout=0' } }) }],
    ['announces 1', { answer: () => ({ headers: { 'keep-alive': 'timeout=1' } }) }],
    ['announces 1 and does it', { idleMs: 1_000, answer: () => ({ headers: { 'keep-alive': 'timeout=1' } }) }],
    ['announces 2 and does it', { idleMs: 2_000, answer: () => ({ headers: { 'keep-alive': 'timeout=2' } }) }],
    ['closes after 1.5 s', { idleMs: 1_500 }],
    ['closes after 0.2 s', { idleMs: 200 }],
    ['ends all at 1.3 s', { ageMs: () => 1_300 }],
    ['ends all at 5 s', { ageMs: () => 5_000 }],
    ['ends all at 20 s', { ageMs: () => 20_000 }],
    ['ends all at 60 s', { ageMs: () => 60_000 }],
    ['ends all at any age', { ageMs: () => chance() * 30_000 }],
  ];

  it.each(FLOODS)(
    'P2: whatever a venue does, no minute brings more of our own requests than thirty a socket: it %s',
    async (_what, does) => {
      Object.assign(venue(), does);
      let most = 0;
      for (let minute = 0; minute < 30; minute += 1) {
        const before = rig.http.carried;
        await rig.clock.advance(60_000);
        most = Math.max(most, rig.http.carried - before);
      }
      expect(most).toBeLessThanOrEqual(60);
      // What lives for seconds is worth no more than a look now and then.
      const before = rig.http.carried;
      await rig.clock.advance(600_000);
      if (/announces|1.5|0.2|1.3/.test(_what)) expect(rig.http.carried - before).toBeLessThanOrEqual(12);
      else expect(rig.view.state.kind).toBe('warm');
    },
  );

  it('P5: a venue that ends each socket at its age teaches no idle time, and its sockets are ready in between', async () => {
    Object.assign(venue(), { ageMs: () => 20_000 } satisfies Partial<FakeVenue>);
    await rig.clock.advance(600_000);
    expect(rig.view.idleLimit).toMatchObject({ source: 'setting' });
    let ready = 0;
    for (let second = 0; second < 100; second += 1) {
      await rig.clock.advance(1_000);
      if (rig.view.ready === 2) ready += 1;
    }
    expect(ready).toBeGreaterThan(90);
  });

  it('P5: a venue that announces that it keeps no socket is left alone, and said to; one that says so no more is kept warm', async () => {
    venue().answer = () => ({ headers: { 'keep-alive': 'timeout=1' } });
    await rig.clock.advance(30_000);
    const { state } = rig.view;
    expect(state).toMatchObject({
      kind: 'failing',
      why: 'the venue keeps an idle socket for 1 s only: none can be kept ready',
    });
    venue().answer = () => ({});
    await rig.clock.advance(400_000);
    expect(rig.view).toMatchObject({ ready: 2, state: { kind: 'warm' } });
  });

  it('P2: a refresh is at most every 2 s, however short the setting is', async () => {
    rig.configure({ policy: { idleTimeoutMs: 100 } });
    const before = rig.http.carried;
    await rig.clock.advance(60_000);
    expect(rig.http.carried - before).toBeLessThanOrEqual(60);
  });

  it('P5: an announced limit is obeyed at once', async () => {
    venue().answer = () => ({ headers: { 'keep-alive': 'timeout=5' } });
    venue().idleMs = 5_000;
    await rig.clock.advance(120_000);
    expect(rig.view.idleLimit).toMatchObject({ source: 'announced', ms: 5_000 });
    expect(rig.counters).toMatchObject({ closedByPeer: 0, connects: 2 });
  });

  it('P2: a flush closes what is idle, lets what is busy end, and warms again', async () => {
    await rig.clock.advance(100);
    const asked = ask();
    const [first, second] = rig.http.sockets;
    rig.pool.flush();
    expect([first?.isOver, second?.isOver].filter(Boolean)).toHaveLength(1);
    await rig.clock.advance(40);
    expect(asked.end).toMatchObject({ kind: 'answer' });
    expect([first?.isOver, second?.isOver]).toEqual([true, true]);
    expect(rig.view).toMatchObject({ state: { kind: 'warm' }, ready: 2 });
  });

  it('P4: destroyed it is cold, until the next request', async () => {
    await rig.clock.advance(100);
    expect(rig.pool.destroy()).toBe(2);
    await rig.clock.advance(600_000);
    expect(rig.view).toMatchObject({ state: { kind: 'cold' }, ready: 0, wanted: 0 });
    expect(rig.http.live).toEqual([]);
    const asked = ask();
    await rig.clock.advance(40);
    expect(asked.end).toMatchObject({ kind: 'answer', reused: false });
    await rig.clock.advance(40);
    expect(rig.view).toMatchObject({ state: { kind: 'warm' }, ready: 2 });
  });
});

describe('limits', () => {
  it('P5: a socket that was idle for longer than is trusted is given to no request', async () => {
    start({ warmSockets: 0 });
    venue().answer = () => ({ headers: { 'keep-alive': 'timeout=5' } });
    ask();
    await rig.clock.advance(4_400);
    expect(rig.view.ready).toBe(1);
    await rig.clock.advance(200);
    expect(rig.view.ready).toBe(0);
    const asked = ask();
    await rig.clock.advance(100);
    expect(asked.end).toMatchObject({ kind: 'answer', reused: false });
  });

  it('P1: no more sockets than allowed; further requests wait, first come, first served', async () => {
    start({ maxConnections: 2, warmSockets: 0 });
    const order: number[] = [];
    for (let number = 0; number < 6; number += 1) void rig.pool.request(GET).then(() => order.push(number));
    expect(rig.view).toMatchObject({ pending: 6, connecting: 2 });
    expect(rig.pool.isFull).toBe(true);
    await rig.clock.advance(60);
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
    expect(rig.http.sockets).toHaveLength(2);
  });

  it('P1: a queue that is too long for the request timeout fails what has waited too long, unsent', async () => {
    start({ maxConnections: 1, warmSockets: 0, requestTimeoutMs: 1_000 });
    venue().answerMs = 700;
    const asked = [ask(), ask(), ask()];
    await rig.clock.advance(2_000);
    expect(asked.map(({ end }) => end?.kind)).toEqual(['answer', 'failed', 'failed']);
    expect(asked[2]?.end).toMatchObject({ reason: 'timeout', sent: false });
    expect(asked[1]?.end).toMatchObject({ reason: 'timeout', sent: true });
  });

  it('P1: idle sockets above the limit are closed at once, those that nobody uses at the clean-up', async () => {
    start({ maxIdle: 3, warmSockets: 1, idleTimeoutMs: 30_000 });
    for (let number = 0; number < 8; number += 1) ask();
    await rig.clock.advance(100);
    expect(rig.http.live).toHaveLength(3);
    await rig.clock.advance(60_000);
    expect(rig.http.live).toHaveLength(1);
  });

  it('P1: a socket of the maximum age ends after its request, never during one, and is replaced', async () => {
    start({ maxSocketAgeMs: 60_000, warmSockets: 1 });
    await rig.clock.advance(59_900);
    venue().answerMs = 5_000;
    const asked = ask();
    venue().answerMs = 10;
    const [first] = rig.http.sockets;
    await rig.clock.advance(4_000);
    expect(first?.isOver).toBe(false);
    await rig.clock.advance(1_100);
    expect(asked.end).toMatchObject({ kind: 'answer' });
    expect(first?.isOver).toBe(true);
    await rig.clock.advance(100);
    expect(rig.view).toMatchObject({ ready: 1 });
  });

  it('P1: a connect that takes too long is given up', async () => {
    start({ connectTimeoutMs: 500, warmSockets: 0 });
    venue().connectMs = 10_000;
    const asked = ask();
    await rig.clock.advance(500);
    expect(asked.end).toMatchObject({ kind: 'failed', reason: 'connect', why: 'no connection within 0.5 s' });
    expect(rig.http.live).toEqual([]);
  });

  it('P1: HTTP/2 carries many requests on one socket', async () => {
    start({ warmSockets: 1 });
    venue().protocol = 'h2';
    await rig.clock.advance(100);
    const asked = Array.from({ length: 30 }, () => ask());
    await rig.clock.advance(10);
    expect(asked.every(({ end }) => end?.kind === 'answer')).toBe(true);
    expect(rig.http.sockets).toHaveLength(1);
  });
});

describe('trouble', () => {
  it('P2: a refused origin is tried again ever more slowly, and a failed warm-up is a warning', async () => {
    start();
    venue().refuses = true;
    await rig.clock.advance(5_000);
    expect(rig.view.state).toMatchObject({ kind: 'failing', why: 'connect ECONNREFUSED' });
    expect(rig.pool.warnings[0]).toMatch(/0 of 2 sockets to https:\/\/venue\.test were ready after 5 s: connect ECONN/);
    const tries = rig.http.sockets.length;
    expect(tries).toBeLessThan(20);
    await rig.clock.advance(300_000);
    expect(rig.http.sockets.length - tries).toBeLessThan(40);
    venue().refuses = false;
    await rig.clock.advance(40_000);
    expect(rig.view.state.kind).toBe('warm');
    expect(rig.pool.warnings).toEqual([]);
  });

  it('P2: 429 is left alone for as long as it asks, and the sockets stay', async () => {
    start();
    venue().answer = () => ({ status: 429, headers: { 'retry-after': '60' } });
    await rig.clock.advance(100);
    const asked = rig.http.carried;
    expect(rig.view.state).toMatchObject({ kind: 'failing', why: 'HTTP 429' });
    rig.pool.warm();
    await rig.clock.advance(59_000);
    expect(rig.http.carried).toBe(asked);
    expect(rig.http.live).toHaveLength(2);
    venue().answer = () => ({});
    await rig.clock.advance(60_000);
    expect(rig.view.state.kind).toBe('warm');
  });

  it('P5: a socket on which nothing was ever answered is not counted as ready', async () => {
    start();
    rig.http.fails = true;
    for (let second = 0; second < 60; second += 1) {
      await rig.clock.advance(1_000);
      expect(rig.view.ready).toBe(0);
    }
    rig.http.fails = false;
    await rig.clock.advance(300_000);
    expect(rig.view.ready).toBe(2);
  });

  it('P2: nor does a click on Warm shorten that, with nothing open', async () => {
    start();
    venue().answer = () => ({ status: 503, headers: { 'retry-after': '60' } });
    await rig.clock.advance(100);
    rig.pool.destroy();
    const opened = rig.http.sockets.length;
    rig.pool.warm();
    await rig.clock.advance(59_000);
    expect(rig.http.sockets).toHaveLength(opened);
    await rig.clock.advance(10_000);
    expect(rig.http.sockets.length).toBeGreaterThan(opened);
  });

  it('P2: a warm request without an answer costs its socket, and is tried ever more slowly', async () => {
    start();
    venue().answerMs = 100_000;
    await rig.clock.advance(5_030);
    expect(rig.http.sockets.slice(0, 2).map(({ isOver }) => isOver)).toEqual([true, true]);
    expect(rig.view.state).toMatchObject({ kind: 'failing', why: 'no answer within 5 s' });
    await rig.clock.advance(600_000);
    expect(rig.http.sockets.length).toBeLessThan(30);
  });

  it('P2: a venue that closes every socket after its answer is not hammered', async () => {
    start();
    venue().answer = () => ({ reusable: false, headers: { connection: 'close' } });
    await rig.clock.advance(600_000);
    expect(rig.view.state).toMatchObject({ kind: 'failing' });
    expect(rig.http.sockets.length).toBeLessThan(30);
  });

  it('P2: a HEAD that costs the socket, or is not allowed, becomes a GET', async () => {
    start();
    venue().answer = ({ method }) => ({ reusable: method !== 'HEAD' });
    await rig.clock.advance(200);
    expect(rig.view).toMatchObject({ state: { kind: 'warm' }, ready: 2 });
    expect(rig.http.sockets.length).toBeLessThanOrEqual(4);
  });

  it('P2: a safe request whose used socket was closed under it goes out once more, on a fresh socket', async () => {
    start();
    await rig.clock.advance(100);
    rig.http.quiet();
    const asked = ask();
    const dying = rig.http.sockets.find((socket) => socket.asked.length > 0);
    dying?.end();
    expect(rig.counters.retries).toBe(1);
    expect(rig.http.live.filter((socket) => socket.asked.length > 0)).toEqual([]);
    const fresh = rig.http.sockets.find((socket) => !socket.isOpen && !socket.isOver);
    fresh?.open();
    fresh?.answer();
    await rig.clock.advance(0);
    expect(asked.end).toMatchObject({ kind: 'answer', retried: true });
  });

  it('P2: but only once, and never a POST', async () => {
    start();
    await rig.clock.advance(100);
    rig.http.quiet();
    const [get, post] = [ask(), ask(POST)];
    for (const socket of rig.http.live) if (socket.asked.length > 0) socket.end();
    await rig.clock.advance(0);
    expect(post.end).toMatchObject({ kind: 'failed', reason: 'broken', sent: true });
    const fresh = rig.http.sockets.filter((socket) => !socket.isOpen && !socket.isOver);
    for (const socket of fresh) socket.open();
    for (const socket of rig.http.live) if (socket.asked[0]?.request.path === '/price') socket.end();
    await rig.clock.advance(0);
    expect(get.end).toMatchObject({ kind: 'failed', reason: 'broken' });
    expect(rig.counters.retries).toBe(1);
  });

  it('P2: also where the second try is on a used socket', async () => {
    start();
    await rig.clock.advance(100);
    rig.http.quiet();
    const [first, second] = [ask(), ask()];
    const [a, b] = rig.http.sockets;
    a?.end();
    await rig.clock.advance(5);
    b?.answer();
    b?.end();
    await rig.clock.advance(0);
    expect([first.end?.kind, second.end?.kind].sort()).toEqual(['answer', 'failed']);
    expect(rig.counters.retries).toBe(1);
  });

  it('P2: a socket on which a request failed at once is replaced, on HTTP/2 too, and not asked again', async () => {
    start();
    venue().protocol = 'h2';
    await rig.clock.advance(70_000);
    rig.http.quiet();
    const before = rig.http.carried;
    await rig.clock.advance(12_000);
    const asked = rig.http.live.find((socket) => socket.asked.length > 0);
    asked?.fail();
    await rig.clock.advance(1_000);
    expect(asked?.isOver).toBe(true);
    expect(rig.http.carried - before).toBeLessThanOrEqual(2);
    expect(rig.http.live.filter((socket) => !socket.isOpen)).toHaveLength(1);
  });

  it('P1: with nothing open and nothing to be opened, requests that wait fail at once', async () => {
    start({ warmSockets: 0 });
    venue().refuses = true;
    const asked = Array.from({ length: 20 }, () => ask());
    await rig.clock.advance(30);
    expect(asked.every(({ end }) => end?.kind === 'failed' && end.reason === 'connect' && !end.sent)).toBe(true);
    expect(rig.http.sockets.length).toBeLessThanOrEqual(9);
  });

  it('P1: leaving, requests under way end; then it is gone', async () => {
    start();
    await rig.clock.advance(100);
    const asked = ask();
    rig.pool.leave();
    expect(rig.gone).toBe(false);
    expect(rig.http.live).toHaveLength(1);
    await rig.clock.advance(10);
    expect(asked.end).toMatchObject({ kind: 'answer' });
    expect(rig.gone).toBe(true);
    expect(rig.http.live).toEqual([]);
  });
});

describe('settings', () => {
  const other: { readonly [K in keyof PoolPolicy]: PoolPolicy[K] } = {
    maxConnections: 1,
    maxIdle: 0,
    warmSockets: 0,
    connectTimeoutMs: 1,
    idleTimeoutMs: 1,
    tcpKeepAliveMs: 0,
    noDelay: false,
    maxSocketAgeMs: 1,
    requestTimeoutMs: 60_000,
    cleanUpMs: 1_000,
    warmUpLimitMs: 1,
    coldProbeMs: 1_000,
    alertReusePercent: 0,
    alertIdle: 1,
    alertFullMs: 1,
    alertAgeMs: 0,
    http2: false,
  };
  const changes = [
    { ca: 'PEM' },
    { enabled: false },
    {
      origins: [
        { url: 'https://venue.test', dialUrl: 'https://other.test', warmMethod: 'GET', warmPath: '/' },
      ] as const,
    },
    ...Object.entries(other).map(([key, value]) => ({ policy: { [key]: value } })),
  ];

  it.each(changes)('P1: no change of settings ends a request: %j', async (change) => {
    start();
    await rig.clock.advance(100);
    venue().answerMs = 3_000;
    const asked = ask();
    venue().answerMs = 10;
    const carrier = rig.http.sockets.find((socket) => socket.asked.length > 0);
    rig.configure('origins' in change ? { origins: [...change.origins] } : change);
    await rig.clock.advance(2_900);
    expect(carrier?.isOver).toBe(false);
    await rig.clock.advance(100);
    expect(asked.end).toMatchObject({ kind: 'answer' });
  });

  it.each([
    { ca: 'PEM' },
    { policy: { http2: false } },
    { policy: { noDelay: false } },
    { policy: { tcpKeepAliveMs: 0 } },
  ])('P1: what sockets are opened with replaces them: %j', async (change) => {
    start();
    await rig.clock.advance(100);
    const before = [...rig.http.sockets];
    rig.configure(change);
    await rig.clock.advance(100);
    expect(before.every(({ isOver }) => isOver)).toBe(true);
    expect(rig.view.ready).toBe(2);
  });
});

describe('cold probes', () => {
  it('P3: a cold connection is measured at its pace, never used, and shows how long the venue lets it live', async () => {
    start({ coldProbeMs: 100_000, warmSockets: 1, maxSocketAgeMs: 1e9 });
    venue().idleMs = 50_000;
    venue().answer = () => ({ headers: { 'keep-alive': 'timeout=40' } });
    await rig.clock.advance(320_000);
    // The one socket that was wanted: a probe, of which there were three, is in no count.
    expect(rig.counters).toMatchObject({ connects: 1, tlsHandshakes: 1, closedByPeer: 0 });
    expect(rig.book.view().cold?.count).toBe(4);
    venue().connectMs = 70;
    await rig.clock.advance(100_000);
    expect(rig.view.lastColdMs).toBe(80);
    expect(rig.view.idleLimit).toMatchObject({ source: 'announced', closes: 3 });
    expect(rig.http.live).toHaveLength(2);
  });
});

describe('any history', () => {
  it('P1: never more than the allowed sockets, one request a socket, every request ends, waiting ones in order', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('ask' as const), count: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30_000 }) }),
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat(20) }),
      fc.record({ kind: fc.constant('flush' as const) }),
      fc.record({ kind: fc.constant('refuse' as const), refuses: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.integer({ min: 1, max: 5 }), async (steps, most) => {
        start({ maxConnections: most, maxIdle: 3, warmSockets: 2, requestTimeoutMs: 5_000 }, () => 0.5);
        let [asked, ended] = [0, 0];
        const check = (): void => {
          // A socket that retires after a flush serves out its request beside its successor.
          const open = rig.http.live.filter((socket) => socket.asked.length > 0 || socket.isOpen);
          expect(open.filter((socket) => socket.asked.length > 1)).toEqual([]);
          expect(rig.view.ready).toBeLessThanOrEqual(Math.min(most, 3));
          expect(rig.pool.sockets.size).toBeLessThanOrEqual(most);
        };
        for (const one of steps) {
          if (one.kind === 'ask') {
            for (let number = 0; number < one.count; number += 1) {
              asked += 1;
              void rig.pool.request(GET).then(() => {
                ended += 1;
              });
            }
          } else if (one.kind === 'wait') await rig.clock.advance(one.ms);
          else if (one.kind === 'cut') rig.http.live[one.at]?.end();
          else if (one.kind === 'flush') rig.pool.flush();
          else venue().refuses = one.refuses;
          check();
        }
        await rig.clock.advance(5_000);
        expect(ended).toBe(asked);
        await rig.end();
      }),
      { numRuns: 200 },
    );
  });
});
