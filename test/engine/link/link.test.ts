import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const CUT = { kind: 'cut', code: 'ECONNRESET' } as const;
const view = () => rig.link.figures.view();
const jsonLink = (change: Parameters<typeof linkConfig>[0] = {}): LinkConfig =>
  linkConfig({
    preset: JSON_PRESET,
    subscriptions: [subscription('BTC'), subscription('ETH')],
    expectsData: true,
    ...change,
  });

/** Acks every subscribe message the newest socket has been sent. */
function ackAll(): void {
  for (const text of rig.net.newest.sent) {
    const message = JSON.parse(text);
    if (message.op === 'sub') rig.net.newest.text(`{"op":"subscribed","id":${message.id}}`);
  }
}

const data = () => rig.net.newest.text('{"s":"BTC","p":1}');

it('[L1] a link goes connecting, restoring n of m, up; each change is told with its reason', () => {
  rig = new LinkRig(jsonLink());
  expect(rig.state).toBe('connecting');
  rig.net.newest.open();
  expect(view().state).toMatchObject({ kind: 'restoring', acked: 0, wanted: 2 });
  ackAll();
  expect(view().state).toMatchObject({ kind: 'restoring', acked: 2 });
  data();
  expect(rig.state).toBe('up');
  rig.net.newest.end(CUT);
  expect(view().state).toMatchObject({ kind: 'waiting', delayMs: 100, reason: CUT });
  const told = rig.happenings.flatMap(({ happening }) => (happening.kind === 'state' ? [happening] : []));
  expect(told.at(-1)?.because).toContain('cut without a close frame');
});

it('[H2] a paused link draws no point from its first second on', async () => {
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  await rig.answering(5000);
  expect(rig.tick().samples).toBeGreaterThan(0);
  rig.link.configure(linkConfig({ enabled: false }));
  rig.net.newest.end({ kind: 'closed', code: 1000, text: '' });
  expect(rig.tick()).toEqual({ p50Ms: null, p99Ms: null, samples: 0 });
});

it('[L9] an ack that never comes is retried once, then reported, and the link is up but degraded', async () => {
  rig = new LinkRig(jsonLink());
  rig.net.newest.open();
  data();
  await rig.answering(11_000);
  expect(rig.net.newest.sent.filter((text) => text.includes('"sub"')).length).toBe(4);
  expect(view().subscriptions.map(({ status }) => status)).toEqual(['never-acked', 'never-acked']);
  expect(view()).toMatchObject({
    state: { kind: 'up' },
    health: { level: 'degraded', reasons: [{ kind: 'not-in-force', count: 2, wanted: 2 }] },
  });
});

it('[L9] subscriptions come back exactly once after every reconnect', async () => {
  rig = new LinkRig(jsonLink({ policy: { breakerFailures: 0 } }));
  for (let i = 0; i < 6; i += 1) {
    rig.net.newest.open();
    ackAll();
    data();
    expect(rig.net.newest.sent.filter((text) => text.includes('"sub"')).length).toBe(2);
    rig.net.newest.end(CUT);
    while (rig.net.sockets.length === i + 1) await rig.clock.advance(50);
  }
});

it('[L5] heartbeats, acks and pongs are not data: only data moves the data clock', async () => {
  rig = new LinkRig(jsonLink());
  rig.net.newest.open();
  ackAll();
  rig.net.newest.text('{"op":"heartbeat"}');
  expect(view().clocks).toMatchObject({ dataAt: null });
  expect(view().clocks.heartbeatAt).not.toBeNull();
  data();
  expect(view().clocks.dataAt).not.toBeNull();
});

it('[L5] no data for 300 s forces a reconnect with reason stale, though every ping is answered; then patience doubles', async () => {
  const config = linkConfig({ expectsData: true });
  rig = new LinkRig(config);
  await rig.openAndAnswer();
  rig.net.newest.text('tick');
  await rig.answering(61_000);
  expect(view().health).toMatchObject({ level: 'degraded', reasons: [{ kind: 'stale', why: 'silent' }] });
  expect(rig.kinds()).toContain('quiet');
  await rig.answering(240_000);
  expect(rig.kinds()).toContain('waiting');
  expect(view().about.dataTimeoutMs).toBe(600_000);
  rig.net.newest.open();
  await rig.answering(500_000);
  expect(rig.state).toBe('up');
  rig.net.newest.text('tick');
  expect(view().about.dataTimeoutMs).toBe(300_000);
});

it('[L5] patience doubles up to the limit of the settings, is cut short by another, and is none where that is below the timeout', async () => {
  const limitedTo = (quietLimitMs: number) => linkConfig({ expectsData: true, policy: { quietLimitMs } });
  rig = new LinkRig(limitedTo(450_000));
  await rig.openAndAnswer();
  await rig.answering(301_000);
  expect(view().about.dataTimeoutMs).toBe(450_000);
  rig.net.newest.open();
  rig.link.configure(limitedTo(350_000));
  expect(view().about.dataTimeoutMs).toBe(350_000);
  await rig.answering(349_000);
  expect(rig.state).toBe('up');
  await rig.answering(2_000);
  expect(rig.kinds().filter((kind) => kind === 'socket-ended')).toHaveLength(2);
  rig.net.newest.open();
  rig.link.configure(limitedTo(60_000));
  expect(view().about.dataTimeoutMs).toBe(300_000);
  await rig.answering(301_000);
  expect(view().about.dataTimeoutMs).toBe(300_000);
});

it('[L5] patience ends with the first data on the running socket too: the limit that is shown is the one that is kept', async () => {
  rig = new LinkRig(linkConfig({ expectsData: true }));
  await rig.openAndAnswer();
  await rig.answering(301_000);
  expect(view().about.dataTimeoutMs).toBe(600_000);
  rig.net.newest.open();
  // Long after the notice: the next look would be at the doubled limit.
  await rig.answering(100_000);
  rig.net.newest.text('tick');
  expect(view().about.dataTimeoutMs).toBe(300_000);
  await rig.answering(299_000);
  expect(rig.state).toBe('up');
  await rig.answering(2_000);
  expect(rig.kinds().filter((kind) => kind === 'socket-ended').length).toBe(2);
});

it('[L5] the first data of a patient socket do not end it, though they come after the limit that holds from then on', async () => {
  const told = { ...subscription('BTC'), data: ['"s":"BTC"'] };
  rig = new LinkRig(jsonLink({ subscriptions: [told] }));
  rig.net.newest.open();
  ackAll();
  data();
  await rig.answering(301_000);
  rig.net.newest.open();
  ackAll();
  await rig.answering(400_000);
  data();
  await rig.answering(250_000);
  expect(rig.state).toBe('up');
  expect(rig.kinds().filter((kind) => kind === 'socket-ended').length).toBe(1);
});

it('[L5] patience ends with the first data, also with those that make a successor ready', async () => {
  rig = new LinkRig(jsonLink());
  rig.net.newest.open();
  ackAll();
  data();
  await rig.answering(301_000);
  expect(view().about.dataTimeoutMs).toBe(600_000);
  rig.net.newest.open();
  ackAll();
  await rig.answering(10_000);
  expect(view()).toMatchObject({ state: { kind: 'up' }, about: { dataTimeoutMs: 600_000 } });
  rig.link.reconnect('graceful');
  rig.net.newest.open();
  ackAll();
  data();
  expect(view().about).toMatchObject({ replacing: null, dataTimeoutMs: 300_000 });
});

it('[H2] connected to a venue with channels and subscribed to nothing is never healthy, and is not reconnected for it', async () => {
  rig = new LinkRig(jsonLink({ subscriptions: [] }));
  rig.net.newest.open();
  rig.net.newest.text('{"op":"heartbeat"}');
  await rig.answering(400_000);
  expect(view().health).toEqual({
    level: 'degraded',
    reasons: [{ kind: 'stale', why: 'none yet', subscribed: false }],
  });
  expect(rig.net.sockets.length).toBe(1);
});

/** A link that is up, and was told to take another socket gracefully; answers the one it had. */
function upAndReplaced(): LinkRig['net']['newest'] {
  rig = new LinkRig(jsonLink());
  rig.net.newest.open();
  ackAll();
  data();
  const old = rig.net.newest;
  rig.link.reconnect('graceful');
  return old;
}

it('[L11] a graceful reconnect brings the new socket up and subscribed before the old one is closed with 1000', async () => {
  const old = upAndReplaced();
  expect(rig.state).toBe('up');
  expect(view().about.replacing).toEqual({ kind: 'asked', by: 'user' });
  rig.net.newest.open();
  ackAll();
  expect(old.closedWith).toBeNull();
  data();
  expect(old.closedWith).toBe(1000);
  expect(view()).toMatchObject({ state: { kind: 'up' }, about: { generation: 2, replacing: null } });
  const { counters } = view();
  old.text('{"late":"news"}');
  old.answer();
  expect(view().counters).toEqual(counters);
  expect(old.isCut).toBe(false);
  await rig.clock.advance(1000);
  expect(old.isCut).toBe(true);
});

it('[L11] if the new socket cannot be made ready the old one stays in use and it is said', () => {
  const old = upAndReplaced();
  rig.net.newest.end({ kind: 'refused', address: 'x', code: 'ECONNREFUSED' });
  expect(rig.kinds()).toContain('replacement-failed');
  expect(view()).toMatchObject({ state: { kind: 'up' }, about: { generation: 1, replacing: null } });
  expect(old.isCut).toBe(false);
});

it('[L11] a hard reconnect cuts at once and dials at once', () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  const old = rig.net.newest;
  rig.link.reconnect('hard');
  expect(old.isCut).toBe(true);
  expect(rig.state).toBe('connecting');
  expect(rig.net.sockets.length).toBe(2);
});

it('[L19] when the socket in use dies while its successor is being dialled, that dial becomes the link’s own', () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  const old = rig.net.newest;
  rig.link.reconnect('graceful');
  old.end(CUT);
  expect(rig.state).toBe('connecting');
  rig.net.newest.open();
  expect(rig.state).toBe('up');
  expect(rig.net.sockets.length).toBe(2);
});

it('[L19] a pong, a message or an end of an old socket does nothing', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  const old = rig.net.newest;
  rig.link.reconnect('hard');
  rig.net.newest.open();
  const before = view();
  old.answer();
  old.text('late');
  old.end(CUT);
  expect(view()).toMatchObject({ state: before.state, counters: before.counters });
});

it('[L7] a link that gave up reminds every hour until it is acknowledged', async () => {
  rig = new LinkRig(linkConfig({ policy: { maxAttempts: 1 } }));
  rig.net.newest.end({ kind: 'refused', address: 'x', code: 'ECONNREFUSED' });
  expect(rig.state).toBe('failed');
  await rig.clock.advance(2 * 3_600_000);
  expect(rig.kinds().filter((kind) => kind === 'still-failed').length).toBe(2);
  rig.link.acknowledge();
  await rig.clock.advance(5 * 3_600_000);
  expect(rig.kinds().filter((kind) => kind === 'still-failed').length).toBe(2);
  rig.link.reconnect('graceful');
  expect(rig.state).toBe('connecting');
});

it('[L17] removing closes 1000, cuts after the close deadline, and then nothing is left', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  rig.link.remove('shutdown');
  expect(rig.net.newest.closedWith).toBe(1000);
  expect(rig.gone).toBe(false);
  await rig.clock.advance(1000);
  expect(rig.gone).toBe(true);
  expect(rig.net.open).toEqual([]);
  expect(rig.clock.pending).toBe(0);
});

it('[L21] a dial that hangs is given up after 5 s, and the phase it hung in is named', async () => {
  rig = new LinkRig(linkConfig());
  await rig.clock.advance(5_000);
  expect(view().state).toMatchObject({ kind: 'waiting', reason: { kind: 'dial-timeout', phase: 'resolving' } });
});

it('[H2] pongs that the last socket missed are not held against the new one', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  await rig.clock.advance(20_000);
  expect(view().counters.missed).toBeGreaterThan(3);
  const { missed } = view().counters;
  while (rig.net.sockets.length === 1) await rig.clock.advance(100);
  rig.net.newest.open();
  expect(view().counters).toMatchObject({ missed, missedInARow: 0 });
});

it('[D3] live values are taken over by the open socket; only what a socket is made with makes a new one, gracefully', async () => {
  rig = new LinkRig(jsonLink());
  rig.net.newest.open();
  ackAll();
  data();
  rig.link.configure(jsonLink({ policy: { pingIntervalMs: 2000, dataTimeoutMs: 20_000, maxAttempts: 4 } }));
  rig.link.configure(jsonLink({ subscriptions: [subscription('BTC'), subscription('SOL')] }));
  expect(rig.net.sockets.length).toBe(1);
  expect(rig.net.newest.sent.slice(-2).map((text) => JSON.parse(text).op)).toEqual(['unsub', 'sub']);
  rig.link.configure(jsonLink({ subscriptions: [subscription('BTC')], dialUrl: 'ws://127.0.0.1:2/' }));
  expect(rig.net.sockets.length).toBe(2);
  expect(rig.net.newest.target.url).toBe('ws://127.0.0.1:2/');
  expect(rig.net.sockets[0]?.closedWith).toBeNull();
});

it('[D3] a re-dial that fails keeps the old socket, says so in the health, and is tried again', async () => {
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  rig.link.configure(linkConfig({ dialUrl: 'ws://127.0.0.1:2/' }));
  rig.net.newest.end({ kind: 'refused', address: '127.0.0.1:2', code: 'ECONNREFUSED' });
  expect(view().health).toMatchObject({ level: 'degraded', reasons: [{ kind: 'settings-pending' }] });
  await rig.clock.advance(100);
  expect(rig.net.sockets.length).toBe(3);
  rig.net.newest.open();
  expect(view()).toMatchObject({ state: { kind: 'up' }, health: { level: 'healthy' } });
});

it('[D3] a reconnect by hand that fails does not forget the settings that still wait for their socket', async () => {
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  const refused = { kind: 'refused', address: '127.0.0.1:2', code: 'ECONNREFUSED' } as const;
  rig.link.configure(linkConfig({ dialUrl: 'ws://127.0.0.1:2/' }));
  rig.net.newest.end(refused);
  rig.link.reconnect('graceful');
  rig.net.newest.end(refused);
  const dialled = rig.net.sockets.length;
  await rig.clock.advance(200);
  expect(rig.net.sockets.length).toBe(dialled + 1);
  rig.net.newest.open();
  expect(view().health).toMatchObject({ level: 'healthy' });
});

it('[L9] an ack of the first try counts, even after the second was sent and refused', async () => {
  rig = new LinkRig(jsonLink({ subscriptions: [subscription('BTC')] }));
  rig.net.newest.open();
  data();
  await rig.answering(5_100);
  const ids = rig.net.newest.sent.map((text) => JSON.parse(text)).filter(({ op }) => op === 'sub');
  expect(ids.length).toBe(2);
  rig.net.newest.text(`{"op":"subscribed","id":${ids[0].id}}`);
  rig.net.newest.text(`{"op":"error","id":${ids[1].id}}`);
  expect(view().subscriptions).toMatchObject([{ name: 'ticker:BTC', status: 'acked' }]);
});

it('[D3] two raw messages whose names are alike are told apart', () => {
  const raw = (text: string) => ({
    name: 'the same start',
    channel: 'raw',
    symbol: '',
    subscribe: text,
    unsubscribe: null,
    data: [],
    sequence: null,
    identity: null,
  });
  rig = new LinkRig(linkConfig({ subscriptions: [raw('{"s":"BTC"}')] }));
  rig.net.newest.open();
  rig.link.configure(linkConfig({ subscriptions: [raw('{"s":"BTC"}'), raw('{"s":"ETH"}')] }));
  expect(rig.net.newest.sent).toEqual(['{"s":"BTC"}', '{"s":"ETH"}']);
  // Nothing takes a raw message back but another socket.
  rig.link.configure(linkConfig({ subscriptions: [raw('{"s":"ETH"}')] }));
  rig.net.newest.open();
  expect(rig.net.newest.sent).toEqual(['{"s":"ETH"}']);
});

it('[D3] a hard reconnect puts waiting settings in force: nothing waits any more', async () => {
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  rig.link.configure(linkConfig({ dialUrl: 'ws://127.0.0.1:2/' }));
  rig.net.newest.end({ kind: 'refused', address: '127.0.0.1:2', code: 'ECONNREFUSED' });
  rig.link.reconnect('hard');
  await rig.openAndAnswer();
  expect(view().health).toMatchObject({ level: 'healthy' });
  const dialled = rig.net.sockets.length;
  await rig.answering(10_000);
  expect(rig.net.sockets.length).toBe(dialled);
});

it('[L7] a failed link that is paused does not nag, and one whose cap is raised is dialled again', async () => {
  const refused = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' } as const;
  rig = new LinkRig(linkConfig({ policy: { maxAttempts: 1 } }));
  rig.net.newest.end(refused);
  expect(rig.state).toBe('failed');
  rig.link.configure(linkConfig({ policy: { maxAttempts: 0 } }));
  expect(rig.state).toBe('connecting');
  rig.link.configure(linkConfig({ policy: { maxAttempts: 1 } }));
  rig.net.newest.end(refused);
  expect(rig.state).toBe('failed');
  rig.link.configure(linkConfig({ enabled: false, policy: { maxAttempts: 1 } }));
  await rig.clock.advance(3 * 3_600_000);
  expect(rig.kinds()).not.toContain('still-failed');
});

it('[L19] nothing is pinged on a socket that is closing, whatever settings change meanwhile', async () => {
  const config = linkConfig({ enabled: false, policy: { closeTimeoutMs: 5000, pingIntervalMs: 200 } });
  rig = new LinkRig(linkConfig({ policy: { closeTimeoutMs: 5000, pingIntervalMs: 200 } }));
  await rig.openAndAnswer();
  rig.link.configure(config);
  expect(rig.state).toBe('closing');
  const { pings } = view().counters;
  rig.link.configure({ ...config, policy: { ...config.policy, pingIntervalMs: 300 } });
  await rig.clock.advance(4000);
  expect(view().counters.pings).toBe(pings);
});

it('[L1] the phase that a dial is born in is shown', () => {
  rig = new LinkRig(linkConfig());
  expect(view().state).toMatchObject({ kind: 'connecting', phase: 'resolving' });
});

it('[H3] uptime is the time up or suspect over the time not paused', async () => {
  rig = new LinkRig(linkConfig());
  await rig.clock.advance(1000);
  await rig.openAndAnswer();
  await rig.answering(3000);
  rig.link.configure(linkConfig({ enabled: false }));
  rig.net.newest.end({ kind: 'closed', code: 1000, text: '' });
  await rig.clock.advance(50_000);
  rig.tick();
  const { upMs, observedMs } = view().uptime;
  expect(upMs).toBeCloseTo(3003, -1);
  expect(observedMs).toBeCloseTo(4003, -1);
  expect(view().health).toEqual({ level: 'none' });
});

type Move =
  | {
      readonly do:
        | 'open'
        | 'answer'
        | 'data'
        | 'cut'
        | 'stale-end'
        | 'graceful'
        | 'hard'
        | 'pause'
        | 'resume'
        | 'retune'
        | 'redial';
    }
  | { readonly do: 'pass'; readonly ms: number };

const moves: fc.Arbitrary<Move> = fc.oneof(
  ...(
    ['open', 'answer', 'data', 'cut', 'stale-end', 'graceful', 'hard', 'pause', 'resume', 'retune', 'redial'] as const
  ).map((name) => fc.constant({ do: name })),
  fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
);

it('[L19] over random histories of network, clock, clicks and settings there is never a second primary, and shutdown ends', () => {
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 60 }), (history) => {
      rig = new LinkRig(linkConfig());
      let config = linkConfig();
      let port = 1;
      for (const move of history) {
        const { newest } = rig.net;
        if (move.do === 'open') {
          if (!newest.isCut) newest.open();
        } else if (move.do === 'answer') newest.answer();
        else if (move.do === 'data') newest.text('tick');
        else if (move.do === 'cut') {
          if (!newest.isCut) newest.end(CUT);
        } else if (move.do === 'stale-end') rig.net.sockets[0]?.end(CUT);
        else if (move.do === 'graceful' || move.do === 'hard') rig.link.reconnect(move.do);
        else if (move.do === 'pass') rig.clock.advanceSync(move.ms);
        else {
          if (move.do === 'pause') config = { ...config, enabled: false };
          if (move.do === 'resume') config = { ...config, enabled: true };
          if (move.do === 'retune')
            config = { ...config, policy: { ...config.policy, pingIntervalMs: config.policy.pingIntervalMs + 1 } };
          if (move.do === 'redial') config = { ...config, dialUrl: `ws://127.0.0.1:${++port}/` };
          rig.link.configure(config);
        }
        const state = rig.link.figures.view().state;
        const live = rig.net.open.filter((socket) => socket.closedWith === null);
        expect(live.length).toBeLessThanOrEqual(2);
        if (state.kind === 'paused' || state.kind === 'waiting' || state.kind === 'blocked')
          expect(live.length).toBe(0);
        if (state.kind === 'up' || state.kind === 'suspect') expect(live.length).toBeGreaterThanOrEqual(1);
      }
      rig.link.remove('shutdown');
      rig.clock.advanceSync(1_000);
      expect(rig.gone).toBe(true);
      expect(rig.net.open).toEqual([]);
      expect(rig.clock.pending).toBe(0);
    }),
    { numRuns: 2000 },
  );
});

it('[H3] the message rate is nothing the moment no socket is in use, and is told when it falls by itself', async () => {
  rig = new LinkRig(jsonLink());
  rig.net.newest.open();
  ackAll();
  for (let i = 0; i < 21; i += 1) data();
  await rig.clock.advance(1000);
  rig.tick();
  expect(view().counters.messagesPerSec).toBeGreaterThan(20);
  rig.link.configure(jsonLink({ enabled: false }));
  rig.net.newest.end({ kind: 'closed', code: 1000, text: '' });
  expect(rig.state).toBe('paused');
  expect(view().counters.messagesPerSec).toBe(0);

  rig.link.configure(jsonLink());
  rig.net.newest.open();
  ackAll();
  for (let i = 0; i < 21; i += 1) data();
  await rig.clock.advance(1000);
  rig.tick();
  await rig.clock.advance(1000);
  const before = rig.link.revision.number;
  rig.tick();
  expect(view().counters.messagesPerSec).toBe(0);
  expect(rig.link.revision.number).toBeGreaterThan(before);
});
