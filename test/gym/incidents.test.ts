import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../src/shared/engineConfig.ts';
import type { Preset } from '../../src/shared/preset.ts';
import { RestartHabits } from '../../src/shared/restartHabit.ts';
import { engineConfig, JSON_PRESET, linkConfig, subscription } from '../support/linkConfig.ts';
import { Relay } from './relay.ts';
import { GymRig } from './rig.ts';
import {
  asked,
  dialLimiter,
  GZIP,
  gzipPinger,
  JsonTalk,
  newestWins,
  oneSlot,
  rawFrame,
  STAMPED,
  sendBudget,
  strictPinger,
  tokenBucket,
  watched,
} from './scripts.ts';
import { type Door, GYM_CA, GymVenue } from './venue.ts';

/** Every incident of `incidents.md` on real loopback sockets, with the default policy unless a test says otherwise. */
let rig: GymRig;
let venue: GymVenue;
let talk: JsonTalk;
const closing: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  rig = new GymRig();
  venue = await opened(GymVenue.open());
  talk = new JsonTalk(rig, venue);
});
afterEach(async () => {
  await rig.stop();
  for (const one of closing.splice(0)) await one.close();
});

async function opened<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
  const one = await opening;
  closing.push(one);
  return one;
}

type Change = NonNullable<Parameters<typeof linkConfig>[0]>;

/** A link to the venue that speaks JSON and wants BTC. */
const jsonLink = (change: Change = {}): LinkConfig =>
  linkConfig({
    url: venue.url,
    dialUrl: venue.url,
    preset: JSON_PRESET,
    subscriptions: [subscription('BTC')],
    expectsData: true,
    ...change,
  });

/** One that speaks plain WebSocket, and that nobody sends data. */
const plainLink = (change: Change = {}): LinkConfig => linkConfig({ url: venue.url, dialUrl: venue.url, ...change });

const elsewhere = (preset: Preset): Preset => ({ ...preset, venue: `Not ${preset.venue}` });

/** Waits the link has begun. */
const waits = (name = 'venue') =>
  rig.happenings('state', name).flatMap(({ to }) => (to.kind === 'waiting' || to.kind === 'blocked' ? [to] : []));

/** It lost one socket, waited once, and is up again on the second with each subscription asked for once. */
async function cameBackOnce(): Promise<void> {
  await rig.up('venue', 2);
  expect(waits()).toHaveLength(1);
  expect(venue.guests).toHaveLength(2);
  for (const guest of venue.guests) expect(asked(guest)).toEqual({ BTC: 1 });
}

const SETTLED_MS = 4_000;

describe('1. Socket open, ping answered, no data', () => {
  async function two(): Promise<void> {
    await rig.run(jsonLink(), jsonLink({ name: 'sibling' }));
    await rig.up();
    await rig.up('sibling');
    await rig.pass(3_000);
  }

  it('[L20] 1. feed stalled: the sibling gets data, so it is the venue for sure; pongs do not clear it', async () => {
    await two();
    const [first] = venue.guests;
    if (first !== undefined) talk.muted.add(first);
    const verdict = await rig.verdict('feed stalled', 'venue', 65_000);
    expect(verdict).toMatchObject({ blame: 'venue', certainty: 'sure' });
    expect(verdict.evidence.join()).toMatch(/no data for .*pings answered,1 of 1 other links/);
    await rig.shown('feed stalled');
    const { pongs } = rig.link().counters;
    await rig.pass(20_000);
    expect(rig.link().counters.pongs).toBeGreaterThan(pongs);
    await rig.shown('feed stalled');
    expect(rig.link().health.level).toBe('degraded');
    expect(venue.guests).toHaveLength(2);
    expect(rig.verdicts('sibling')).toEqual([]);
  });

  it('[L20] 1. the forced reconnect at the data timeout says the same, and subscribes once', async () => {
    await rig.run(
      jsonLink({ policy: { dataTimeoutMs: 20_000, dataNoticeMs: 5_000 } }),
      jsonLink({ name: 'sibling', policy: { dataTimeoutMs: 20_000, dataNoticeMs: 5_000 } }),
    );
    await rig.up();
    await rig.up('sibling');
    const [first] = venue.guests;
    if (first !== undefined) talk.muted.add(first);
    expect(await rig.happened('socket-ended')).toMatchObject({ reason: { kind: 'stale' } });
    expect(rig.verdicts().at(-1)).toMatchObject({ cause: 'feed stalled', blame: 'venue', certainty: 'sure' });
    await rig.up();
    await rig.pass(SETTLED_MS);
    expect(waits()).toHaveLength(1);
    expect(venue.guests.map(asked)).toEqual([{ BTC: 1 }, { BTC: 1 }, { BTC: 1 }]);
    expect(rig.link().verdicts).toEqual([]);
  });

  it('[L20] 1. near miss: the sibling is silent, too: possible, not sure', async () => {
    await two();
    talk.manners = { ack: 'yes', data: false };
    expect(await rig.verdict('feed stalled', 'venue', 65_000)).toMatchObject({ certainty: 'possible' });
    await rig.pass(5_000);
    expect(rig.verdicts().filter(({ certainty }) => certainty === 'sure')).toEqual([]);
  });

  it('[L20] 1. near miss: a quiet market, with gaps below the notice, says nothing', async () => {
    talk.everyMs = 40_000;
    await rig.run(jsonLink({ policy: { firstDataMs: 60_000 } }));
    await rig.up();
    await rig.pass(120_000);
    expect(rig.verdicts()).toEqual([]);
    expect(venue.guests).toHaveLength(1);
  });

  it('[L20] 1. one topic mute: it alone is subscribed anew, once, and the link is degraded', async () => {
    await rig.run(
      jsonLink({
        subscriptions: [watched('BTC'), watched('ETH')],
        policy: { dataTimeoutMs: 10_000, dataNoticeMs: 5_000 },
      }),
    );
    await rig.up();
    await rig.pass(2_000);
    talk.mutedSymbols.add('ETH');
    await rig.until(
      () => rig.happenings('subscription').some(({ what }) => what === 'stale-resubscribed'),
      'resubscribed',
    );
    await rig.pass(SETTLED_MS);
    expect(asked(venue.newest)).toEqual({ BTC: 1, ETH: 2 });
    expect(venue.newest.received.filter((text) => text.includes('unsub'))).toHaveLength(1);
    expect(rig.link().health.level).toBe('degraded');
    expect(venue.guests).toHaveLength(1);
  });

  it('[L20] 1. one topic mute, the others flow: a verdict says so', async () => {
    await rig.run(
      jsonLink({
        subscriptions: [watched('BTC'), watched('ETH')],
        policy: { dataTimeoutMs: 10_000, dataNoticeMs: 5_000 },
      }),
    );
    await rig.up();
    await rig.pass(2_000);
    talk.mutedSymbols.add('ETH');
    await rig.pass(25_000);
    expect(rig.causes()).toContain('feed stalled');
  });
});

describe('2. The same last message again and again', () => {
  it('[L20] 2. stale replay: frames come, their own time stands still', async () => {
    await rig.run(jsonLink({ preset: STAMPED }));
    await rig.up();
    await rig.pass(2_000);
    talk.replays = true;
    const verdict = await rig.verdict('stale replay', 'venue', 65_000);
    expect(verdict).toMatchObject({ blame: 'venue' });
    expect(verdict.evidence.join()).toContain('stood still');
    await rig.shown('stale replay');
    expect(rig.link().health.level).toBe('degraded');
    expect(rig.states().at(-1)).toBe('up');
    expect(venue.guests).toHaveLength(1);
  });

  it('[L20] 2. a replay is no slow consumer: only frames whose time advances say how old they are', async () => {
    await rig.run(jsonLink({ preset: STAMPED }));
    await rig.up();
    await rig.pass(2_000);
    talk.replays = true;
    await rig.verdict('stale replay', 'venue', 65_000);
    expect(rig.causes()).toEqual(['stale replay']);
  });

  it('[L20] 2. near miss: the same content with a time of its own says nothing', async () => {
    talk.sameContent = true;
    await rig.run(jsonLink({ preset: STAMPED }));
    await rig.up();
    await rig.pass(80_000);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 2. near miss: legal repeats, every other frame the one before, say nothing', async () => {
    let last = '';
    const fresh = talk.frame.bind(talk);
    talk.frame = (symbol) => {
      last = last === '' ? fresh(symbol) : '';
      return last === '' ? fresh(symbol) : last;
    };
    talk.copies = 2;
    await rig.run(jsonLink({ preset: STAMPED }));
    await rig.up();
    await rig.pass(80_000);
    expect(rig.verdicts()).toEqual([]);
  });
});

/** The replay is found on a machine whose clock is not what the venue's is. */
describe('2. The same last message, and this machine’s clock', () => {
  async function replayed(): Promise<void> {
    talk.replays = true;
    await rig.verdict('stale replay', 'venue', 70_000);
    expect(rig.causes()).toEqual(['stale replay']);
  }

  it('[L20] 2. stale replay where the venue’s stamps are 5 s behind this clock', () => skewed(5_000));

  it('[L20] 2. the same where they are 5 s ahead of it', () => skewed(-5_000));

  async function skewed(ageMs: number): Promise<void> {
    talk.ageMs = ageMs;
    await rig.run(jsonLink({ preset: STAMPED }));
    await rig.up();
    await rig.pass(2_000);
    await replayed();
  }

  it('[L20] 2. stale replay after a sleep that the connection outlived', async () => {
    await rig.run(jsonLink({ preset: STAMPED }));
    await rig.up();
    await rig.pass(2_000);
    rig.clock.suspend(3_600_000);
    await rig.pass(10_000);
    await replayed();
  });

  it('[L20] 2. near miss: one message from the future does not make those after it a replay', async () => {
    await rig.run(jsonLink({ preset: STAMPED }));
    await rig.up();
    await rig.pass(2_000);
    talk.ageMs = -3_600_000;
    talk.send(venue.newest, 'BTC');
    talk.ageMs = 0;
    await rig.pass(80_000);
    expect(rig.verdicts()).toEqual([]);
  });
});

describe('3. Half-open TCP after sleep or a change of path', () => {
  let relay: Relay;
  beforeEach(async () => {
    relay = await opened(Relay.open(venue.port, rig.clock));
  });
  const overRelay = (change: Change = {}): LinkConfig =>
    jsonLink({ dialUrl: relay.url, routes: [{ url: relay.url, dialUrl: relay.url }], ...change });

  it('[L20] 3. half-open: nothing comes and writes succeed; suspect, dead, and back on a new socket', async () => {
    await rig.run(overRelay(), jsonLink({ name: 'sibling' }));
    await rig.up();
    await rig.up('sibling');
    await rig.pass(5_000);
    relay.freeze();
    expect(await rig.happened('socket-ended')).toMatchObject({ reason: { kind: 'dead' } });
    expect(rig.states()).toContain('suspect');
    const verdict = await rig.verdict('half-open');
    expect(verdict).toMatchObject({ blame: 'path' });
    expect(verdict.evidence.join()).toContain('writes still succeeded');
    await rig.up('venue', 2);
    expect(waits()).toHaveLength(1);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
    expect(rig.verdicts('sibling')).toEqual([]);
  });

  it('[L20] 3. after a sleep it is this machine; the probe goes out at once', async () => {
    await overslept(() => rig.clock.suspend(3_600_000));
  });

  it('[L20] 3. the same where the monotonic clock runs on asleep, for a sleep below the data notice', async () => {
    await overslept(() => rig.clock.sleep(50_000));
  });

  it('[L20] 3. the same for a sleep above the data timeout', async () => {
    await overslept(() => rig.clock.sleep(3_600_000));
  });

  async function overslept(sleep: () => void): Promise<void> {
    await rig.run(overRelay());
    await rig.up();
    await rig.pass(5_000);
    relay.freeze();
    sleep();
    await rig.until(() => rig.states().includes('suspect'), 'suspect', 1_100);
    expect(await rig.verdict('sleep')).toMatchObject({ blame: 'this machine', certainty: 'sure' });
    expect(rig.causes()).toEqual(['sleep']);
    await rig.up('venue', 2);
    expect(waits()).toHaveLength(1);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
  }

  it('[L20] 3. after another network it is the local network', async () => {
    await rig.run(overRelay());
    await rig.up();
    await rig.pass(5_000);
    relay.freeze();
    rig.addresses = '10.0.0.7';
    expect(await rig.verdict('route change')).toMatchObject({ blame: 'local network', certainty: 'sure' });
  });

  const SLEEPS: readonly [kind: string, sleep: () => void][] = [
    ['of an hour, the monotonic clock standing still', () => rig.clock.suspend(3_600_000)],
    ['of 50 s, the monotonic clock running on', () => rig.clock.sleep(50_000)],
  ];
  const AWAKE = '[L20] 3. near miss: the connection outlived a sleep';

  it.each(SLEEPS)(`${AWAKE} %s: asked at once, no alarm, no verdict`, (_kind, sleep) => outlived(sleep));

  it(`${AWAKE} of 2 min, above the data notice`, () => outlived(() => rig.clock.sleep(120_000)));

  it(`${AWAKE} of an hour, above the data timeout`, () => outlived(() => rig.clock.sleep(3_600_000)));

  async function outlived(sleep: () => void): Promise<void> {
    await rig.run(overRelay());
    await rig.up();
    await rig.pass(5_000);
    sleep();
    await rig.pass(10_000);
    expect(rig.states().slice(-2)).toEqual(['suspect', 'up']);
    expect(rig.verdicts()).toEqual([]);
    expect(venue.guests).toHaveLength(1);
  }

  it('[L20] 3. the burst after the thaw is not fresh data', async () => {
    await rig.run(overRelay());
    await rig.up();
    await rig.pass(5_000);
    relay.freeze();
    for (let i = 0; i < 50; i += 1) talk.send(venue.newest, 'BTC');
    rig.clock.suspend(3_600_000);
    await rig.until(() => rig.states().includes('suspect'), 'suspect', 1_100);
    talk.muted.add(venue.newest);
    const { dataMessages, messages } = rig.link().counters;
    const { dataAt } = rig.link().clocks;
    relay.thaw();
    await rig.until(() => rig.link().state.kind === 'up', 'answered', 5_000);
    expect(rig.link().counters.messages - messages).toBeGreaterThanOrEqual(50);
    expect(rig.link().counters.dataMessages).toBe(dataMessages);
    expect(rig.link().clocks.dataAt).toBe(dataAt);
  });

  it('[L20] 3. near miss: a path that stands still for 2 s and thaws loses nothing and says nothing', async () => {
    await rig.run(overRelay({ preset: STAMPED }));
    await rig.up();
    await rig.pass(5_000);
    relay.freeze();
    await rig.pass(2_000);
    relay.thaw();
    await rig.pass(10_000);
    expect(venue.guests).toHaveLength(1);
    expect(rig.states().at(-1)).toBe('up');
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 3. an RST on the thaw is a cut', async () => {
    await rig.run(overRelay());
    await rig.up();
    await rig.pass(5_000);
    relay.freeze();
    await rig.pass(500);
    relay.reset();
    expect(await rig.happened('socket-ended')).toMatchObject({ reason: { kind: 'cut', code: 'ECONNRESET' } });
    expect(await rig.verdict('abnormal close')).toMatchObject({ certainty: 'likely' });
    await rig.up('venue', 2);
  });
});

describe('4. A half-closed socket still answers pings', () => {
  it('[L20] 4. half-closed: a FIN without a close frame ends the link at once, whatever pongs were seen', async () => {
    await rig.run(jsonLink(), jsonLink({ name: 'sibling' }));
    await rig.up();
    await rig.up('sibling');
    await rig.pass(3_000);
    const first = venue.guests[0];
    if (first !== undefined) talk.send(first, 'BTC');
    first?.socket.end();
    await rig.until(() => waits().length === 1, 'the end is noticed', 10);
    expect(waits()[0]?.reason).toMatchObject({ kind: 'cut' });
    const verdict = await rig.verdict('half-closed');
    expect(verdict).toMatchObject({ blame: 'path' });
    expect(verdict.evidence.join()).toMatch(/1006.*still answered/);
    await rig.up('venue', 2);
    expect(waits()).toHaveLength(1);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
  });

  it('[L20] 4. near miss: the same FIN on a socket that never answered is an abnormal close', async () => {
    talk.answersPings = false;
    await rig.run(jsonLink());
    await rig.up();
    await rig.pass(300);
    venue.newest.socket.end();
    expect(await rig.verdict('abnormal close')).toMatchObject({ blame: 'unknown' });
    expect(rig.causes()).not.toContain('half-closed');
  });

  it('[L20] 4. reverse: our half ends on the way and the venue hangs up for it: at once, without a close frame', async () => {
    const relay = await halfUp();
    relay.endUpward();
    await rig.until(() => waits().length === 1, 'the end is noticed', 20);
    expect(waits()[0]?.reason).toMatchObject({ kind: 'cut' });
    await rig.verdict('half-closed');
    await cameBackOnce();
  });

  it('[L20] 4. reverse: our half ends on the way, and data go on: they do not keep the link up', async () => {
    const relay = await halfUp();
    // The venue does not mind.
    venue.newest.socket.removeAllListeners('end');
    relay.endUpward();
    const sent = venue.newest.received.length;
    expect(await rig.happened('socket-ended')).toMatchObject({ reason: { kind: 'dead' } });
    expect(venue.guests[0]?.received).toHaveLength(sent);
    const verdict = await rig.verdict('pings unanswered');
    expect(verdict.evidence.join()).toContain('messages still came');
    await cameBackOnce();
    expect(rig.causes()).toEqual(['pings unanswered']);
  });

  async function halfUp(): Promise<Relay> {
    const relay = await opened(Relay.open(venue.port, rig.clock));
    await rig.run(jsonLink({ dialUrl: relay.url, routes: [{ url: relay.url, dialUrl: relay.url }] }));
    await rig.up();
    await rig.pass(3_000);
    return relay;
  }

  it('[L20] 4. near miss: FIN after a close frame is a clean close', async () => {
    await rig.run(jsonLink());
    await rig.up();
    await rig.pass(2_000);
    venue.newest.ws.close(1001, '');
    expect(await rig.verdict('venue restart')).toMatchObject({ blame: 'venue' });
    await cameBackOnce();
    expect(rig.causes()).toEqual(['venue restart']);
  });
});

describe('5. The server’s heartbeat stops first', () => {
  const beats = (ms: number) => {
    let delayMs = ms;
    let stop = (): void => undefined;
    const next = (): void => {
      stop = rig.later(delayMs, () => {
        delayMs = ms;
        for (const { ws } of venue.present) ws.send('{"op":"heartbeat"}');
        next();
      });
    };
    next();
    return {
      stop: () => stop(),
      late: (byMs: number) => {
        stop();
        delayMs = byMs;
        next();
      },
    };
  };

  it('[L20] 5. heartbeat stopped: told at the first missed one plus tolerance, long before anything else', async () => {
    await rig.run(jsonLink());
    await rig.up();
    const heart = beats(10_000);
    await rig.pass(45_000);
    expect(rig.verdicts()).toEqual([]);
    heart.stop();
    const from = rig.clock.now();
    const verdict = await rig.verdict('heartbeat stopped');
    expect(rig.clock.now() - from).toBeLessThan(17_000);
    expect(verdict).toMatchObject({ blame: 'venue' });
    expect(verdict.evidence.join()).toContain('overdue');
    await rig.shown('heartbeat stopped');
    expect(rig.link().state.kind).toBe('up');
  });

  it('[L20] 5. it stops, then everything does, without a FIN: the heartbeat is named as what stopped first', async () => {
    const relay = await opened(Relay.open(venue.port, rig.clock));
    await rig.run(jsonLink({ dialUrl: relay.url, routes: [{ url: relay.url, dialUrl: relay.url }] }));
    await rig.up();
    const heart = beats(1_000);
    await rig.pass(10_000);
    heart.stop();
    await rig.verdict('heartbeat stopped');
    relay.freeze();
    expect(await rig.happened('socket-ended')).toMatchObject({ reason: { kind: 'dead' } });
    await rig.pass(SETTLED_MS);
    expect(rig.causes()).not.toContain('half-open');
    expect(rig.verdicts().at(-1)).toMatchObject({ cause: 'heartbeat stopped' });
  });

  it('[L20] 5. it stops, then a FIN without reason: the same', async () => {
    await rig.run(jsonLink());
    await rig.up();
    const heart = beats(1_000);
    await rig.pass(10_000);
    heart.stop();
    await rig.pass(4_000);
    venue.newest.socket.end();
    await rig.pass(SETTLED_MS);
    expect(rig.verdicts().at(-1)).toMatchObject({ cause: 'heartbeat stopped', blame: 'venue' });
    await rig.up('venue', 2);
  });

  /** Finnhub's: a ping of its own, for which no answer is defined. */
  const finnhub: Preset = { ...JSON_PRESET, answer: [{ match: '{"type":"ping"}' }] };

  function pingsLikeFinnhub(): void {
    rig.every(600, () => {
      for (const { ws } of venue.present) ws.send('{"type":"ping"}');
    });
  }

  it('[L20] 5. killed 200 ms after whatever we answer: answering is no cure, and the verdict does not say so', async () => {
    const { onText } = venue;
    venue.onText = (guest, text) => {
      onText(guest, text);
      if (text === '{"type":"pong"}') rig.later(200, () => guest.socket.destroy());
    };
    const answering: Preset = { ...finnhub, answer: [{ match: '{"type":"ping"}', send: '{"type":"pong"}' }] };
    await rig.run(jsonLink({ preset: answering }));
    pingsLikeFinnhub();
    await rig.until(() => rig.verdicts().length >= 2, 'two verdicts', 120_000);
    expect(rig.causes()).not.toContain('server ping misanswered');
    expect(rig.verdicts().at(-1)).toMatchObject({ cause: 'abnormal close' });
    expect(rig.verdicts().at(-1)?.evidence.join()).toMatch(/cut \d+ times/);
    for (const guest of venue.guests) expect(asked(guest)).toEqual({ BTC: 1 });
  });

  it('[L20] 5. near miss: a preset that answers nothing lives on at that venue, and hears its pings', async () => {
    await rig.run(jsonLink({ preset: finnhub }));
    await rig.up();
    pingsLikeFinnhub();
    await rig.pass(60_000);
    expect(rig.verdicts()).toEqual([]);
    expect(venue.guests).toHaveLength(1);
    expect(rig.link().counters.venuePings).toBeGreaterThan(95);
    expect(venue.newest.received.filter((text) => text.includes('pong'))).toEqual([]);
  });

  it('[L20] 5. near miss: a heartbeat that is late within the tolerance says nothing', async () => {
    await rig.run(jsonLink());
    await rig.up();
    const heart = beats(10_000);
    await rig.pass(45_000);
    heart.late(10_500);
    await rig.pass(40_000);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 5. near miss: a heartbeat of each of ten channels at once, every 15 s, as Bitfinex does', async () => {
    await rig.run(jsonLink());
    await rig.up();
    rig.every(15_000, () => {
      for (let i = 0; i < 10; i += 1) venue.newest.ws.send('{"op":"heartbeat"}');
    });
    await rig.pass(60_000);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 5. at the same second of the next day it is a scheduled restart', async () => {
    await stopsOnTwoDays(86_400_000);
    expect(rig.causes().filter((cause) => cause !== 'sleep')).toEqual(['heartbeat stopped', 'scheduled restart']);
  });

  it('[L20] 5. near miss: at another time of the next day it is not', async () => {
    await stopsOnTwoDays(86_400_000 - 600_000);
    expect(rig.causes().filter((cause) => cause !== 'sleep')).toEqual(['heartbeat stopped', 'heartbeat stopped']);
  });

  it('[L20] [H6] 5. the same after a restart of Warmwire that was told of it, and not of one that was not', async () => {
    expect(await stopsAfterRestart(true)).toEqual(['heartbeat stopped', 'scheduled restart']);
    expect(await stopsAfterRestart(false)).toEqual(['heartbeat stopped', 'heartbeat stopped']);
  });

  /** The heartbeat stops, Warmwire is started anew, and it stops again a day later. */
  async function stopsAfterRestart(isTold: boolean): Promise<string[]> {
    const habits = new RestartHabits();
    const causes: string[] = [];
    let startedAt = 0;
    for (const day of [0, 1]) {
      await rig.stop();
      rig = new GymRig();
      talk = new JsonTalk(rig, venue);
      if (day === 1) rig.clock.suspend(startedAt + 86_400_000 - rig.clock.wall());
      startedAt = rig.clock.wall();
      const restarts = isTold ? habits.times : {};
      await rig.engine.configure({ ...engineConfig([jsonLink()]), restarts });
      await rig.up();
      const heart = beats(2_000);
      await rig.until(() => rig.clock.wall() - startedAt >= 30_000, 'half a minute');
      heart.stop();
      await rig.until(() => rig.verdicts().length > 0, 'a verdict');
      for (const event of rig.events) habits.note(event);
      causes.push(...rig.causes());
    }
    return causes;
  }

  it('[L20] [H6] 5. a socket that ran and is cut at the same second of two days: a scheduled restart', async () => {
    expect(await cutOnTwoDays(86_400_000)).toEqual(['half-closed', 'scheduled restart']);
  });

  it('[L20] [H6] 5. near miss: cut on two days ten minutes apart', async () => {
    expect(await cutOnTwoDays(86_400_000 - 600_000)).toEqual(['half-closed', 'half-closed']);
  });

  /** The machine sleeps in between; half a minute after it woke up, that explains nothing any more. */
  async function cutOnTwoDays(apartMs: number): Promise<string[]> {
    await rig.run(jsonLink());
    await rig.up();
    let cutAt: number = rig.clock.wall();
    for (const asleepMs of [3_600_000, apartMs]) {
      rig.clock.sleep(asleepMs - 40_000 - (rig.clock.wall() - cutAt));
      await rig.pass(40_000);
      cutAt = rig.clock.wall();
      venue.present[0]?.socket.end();
      await rig.pass(SETTLED_MS);
    }
    return rig.causes().filter((cause) => cause !== 'sleep');
  }

  /** The heartbeat stops, comes back, and stops again so much later; the machine sleeps in between. */
  async function stopsOnTwoDays(apartMs: number): Promise<void> {
    await rig.run(jsonLink());
    await rig.up();
    const first = beats(2_000);
    await rig.pass(20_000);
    first.stop();
    const stoppedAt = rig.clock.now();
    await rig.verdict('heartbeat stopped');
    const second = beats(2_000);
    await rig.pass(20_000);
    rig.clock.suspend(apartMs - (rig.clock.now() - stoppedAt) - 30_000);
    await rig.pass(30_000);
    expect(rig.link().verdicts).toEqual([]);
    second.stop();
    await rig.until(() => rig.verdicts().length > 1, 'a second verdict');
  }
});

describe('6. 1006 in bursts, one of several sockets', () => {
  const message = JSON.stringify({ s: 'BTC', x: 'y'.repeat(200) });
  const CUTS: readonly [where: string, bytes: Buffer][] = [
    ['in a header', rawFrame(1, message).subarray(0, 3)],
    ['in a payload', rawFrame(1, message).subarray(0, 100)],
    ['between two fragments', rawFrame(1, message.slice(0, 100), false)],
  ];

  it.each(CUTS)('[L20] 6. abnormal close %s: a cut, no fault of the data', async (_where, bytes) => {
    await rig.run(jsonLink(), jsonLink({ name: 'sibling' }));
    await rig.up();
    await rig.up('sibling');
    await rig.pass(2_000);
    const socket = venue.guests[0]?.socket;
    socket?.write(bytes);
    await rig.pass(5);
    socket?.resetAndDestroy();
    const verdict = await rig.verdict('abnormal close');
    expect(verdict).toMatchObject({ blame: 'path', certainty: 'likely' });
    expect(verdict.evidence.join()).toMatch(/1006.*0 of 1 other links/);
    expect(rig.causes()).not.toContain('protocol fault');
    await rig.up();
    expect(waits()).toHaveLength(1);
    expect(rig.verdicts('sibling')).toEqual([]);
  });

  it('[L20] 6. a storm on one socket is counted, and is not the venue’s', async () => {
    await storm((socket) => socket?.resetAndDestroy());
    expect(rig.causes()).toEqual(['abnormal close', 'abnormal close', 'abnormal close', 'abnormal close']);
  });

  it('[L20] 6. the same where each cut is a FIN', async () => {
    await storm((socket) => socket?.destroy());
  });

  async function storm(cut: (socket: (typeof venue.newest)['socket'] | undefined) => void): Promise<void> {
    const sibling = jsonLink({ name: 'sibling', subscriptions: [subscription('ETH')] });
    await rig.run(jsonLink({ policy: { breakerFailures: 0 } }), sibling);
    await rig.up('sibling');
    for (let generation = 1; generation <= 4; generation += 1) {
      await rig.up('venue', generation);
      await rig.pass(4_000);
      cut(venue.present.find((guest) => asked(guest)['BTC'] === 1)?.socket);
      await rig.until(() => rig.happenings('socket-ended').length === generation, 'noticed');
    }
    await rig.until(() => rig.verdicts().length === 4, 'four verdicts');
    expect(rig.verdicts().at(-1)?.evidence.join()).toContain('cut 4 times');
    expect(rig.verdicts().at(-1)).toMatchObject({ cause: 'abnormal close', blame: 'path' });
    expect(rig.verdicts('sibling')).toEqual([]);
  }

  it.each(['destroy', 'end'] as const)('[L20] 6. over TLS the same: %s is a cut', async (cut) => {
    const secure = await opened(GymVenue.open('good'));
    await rig.run(plainLink({ dialUrl: secure.url, ca: GYM_CA }));
    await rig.until(() => rig.link().state.kind === 'up', 'up', 1_000_000);
    secure.newest.socket[cut]();
    expect(await rig.happened('socket-ended', 'venue', 1_000_000)).toMatchObject({ reason: { kind: 'cut' } });
  });

  it('[L20] 6. cuts less than 3 s apart without end are judged while they go on', async () => {
    await rig.run(jsonLink({ policy: { breakerFailures: 0, maxReconnectDelayMs: 1_000 } }));
    rig.every(1_500, () => venue.present[0]?.socket.resetAndDestroy());
    await rig.pass(30_000);
    expect(rig.happenings('socket-ended').length).toBeGreaterThan(5);
    expect(rig.causes()).toContain('abnormal close');
  });

  it('[L20] 6. near miss: all sockets of the venue are cut together: the venue', async () => {
    await rig.run(jsonLink(), jsonLink({ name: 'sibling' }));
    await rig.up();
    await rig.up('sibling');
    await rig.pass(2_000);
    for (const { socket } of venue.guests) socket.resetAndDestroy();
    expect(await rig.verdict('abnormal close')).toMatchObject({ blame: 'venue' });
  });

  it('[L20] 6. near miss: two venues are cut together: the local network', async () => {
    await rig.run(jsonLink(), jsonLink({ name: 'other', preset: elsewhere(JSON_PRESET) }));
    await rig.up();
    await rig.up('other');
    await rig.pass(2_000);
    for (const { socket } of venue.guests) socket.resetAndDestroy();
    expect(await rig.verdict('abnormal close')).toMatchObject({ blame: 'local network' });
  });
});

describe('7. 1008 because of the burst of subscriptions', () => {
  const many = Array.from({ length: 40 }, (_, i) => subscription(`S${i}`));

  it('[L20] 7. message rate limit: ours; the next socket is slower and restores all 40 once', async () => {
    tokenBucket(rig, venue, 20);
    await rig.run(jsonLink({ subscriptions: many }));
    const verdict = await rig.verdict('message rate limit');
    expect(verdict).toMatchObject({ blame: 'our settings', certainty: 'sure' });
    expect(verdict.evidence.join()).toMatch(/1008 "Too many requests".*\d\d messages of ours in the last second/);
    await rig.up('venue', 2);
    expect(waits()).toHaveLength(1);
    expect(venue.guests).toHaveLength(2);
    expect(Object.values(asked(venue.newest))).toEqual(many.map(() => 1));
    expect(rig.happenings('alarm')).toEqual([]);
    await rig.pass(30_000);
    expect(venue.guests).toHaveLength(2);
  });

  const limited: Preset = {
    ...JSON_PRESET,
    limits: { ...JSON_PRESET.limits, messages: 5, messages_window_secs: 1, pings_count: true },
  };

  it('[L20] 7. near miss: a preset that names the limit never meets it, pings counted', async () => {
    tokenBucket(rig, venue, 5);
    await rig.run(jsonLink({ preset: limited, subscriptions: many }));
    await rig.up();
    await rig.pass(10_000);
    expect(rig.verdicts()).toEqual([]);
    expect(Object.values(asked(venue.newest))).toEqual(many.map(() => 1));
    expect(venue.guests).toHaveLength(1);
  });

  it('[L20] 7. near miss: the same where the venue pings while subscriptions go out: pongs count, too', async () => {
    tokenBucket(rig, venue, 5);
    await rig.run(jsonLink({ preset: limited, subscriptions: many }));
    rig.every(700, () => venue.present[0]?.ws.ping());
    await rig.pass(30_000);
    expect(rig.verdicts()).toEqual([]);
    expect(venue.guests).toHaveLength(1);
  });

  it('[L20] 7. near miss: 1008 without a word about rates is a policy close, told at once', async () => {
    await rig.run(jsonLink());
    await rig.up();
    venue.newest.ws.close(1008, 'go away');
    expect(await rig.verdict('policy close')).toMatchObject({ blame: 'our settings' });
    expect(rig.happenings('alarm')).toHaveLength(1);
    await cameBackOnce();
    expect(rig.causes()).toEqual(['policy close']);
  });
});

describe('8. A pong with another payload', () => {
  it('[L20] 8. a strict pinger gets every payload back, and nothing is said', async () => {
    let strict = { answered: () => 0 };
    venue.onGuest = (guest) => {
      strict = strictPinger(rig, guest, 400);
    };
    await rig.run(plainLink());
    await rig.up();
    await rig.pass(20_000);
    expect(strict.answered()).toBeGreaterThan(45);
    expect(venue.guests).toHaveLength(1);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 8. pong payload mismatch: closed for its pongs, the fault is named and not the venue’s', async () => {
    venue.answersPings = false;
    venue.onGuest = (guest) => {
      guest.ws.on('ping', () => guest.ws.pong('undefined'));
      if (guest.id === 1) rig.later(3_000, () => guest.ws.close(1008, 'Pong timeout'));
    };
    await rig.run(plainLink({ policy: { pongTimeoutMs: 60_000 } }));
    const verdict = await rig.verdict('pong payload mismatch');
    expect(verdict).toMatchObject({ blame: 'our settings', certainty: 'sure' });
    expect(verdict.evidence.join()).toMatch(/1008 "Pong timeout",\d+ pongs that answered none of ours/);
    expect(rig.happenings('alarm')).toHaveLength(1);
    await rig.up('venue', 2);
    expect(waits()).toHaveLength(1);
  });

  it('[L20] 8. near miss: foreign pongs alone close nothing and say nothing', async () => {
    venue.onGuest = (guest) => void rig.every(1_000, () => guest.ws.pong('unsolicited'));
    await rig.run(plainLink());
    await rig.up();
    await rig.pass(20_000);
    expect(rig.link().counters.foreignPongs).toBeGreaterThan(10);
    expect(rig.verdicts()).toEqual([]);
    expect(venue.guests).toHaveLength(1);
  });
});

describe('9. An application pong that changes the echoed value', () => {
  const PAIRS: readonly [kind: string, (n: number) => readonly [string, string]][] = [
    ['a number', (n) => [`{"ping":${1618678072504 + n}}`, `{"pong":${1618678072504 + n}}`]],
    ['a string', (n) => [`{"op":"ping","ts":"${1645202800015 + n}"}`, `{"op":"pong","ts":"${1645202800015 + n}"}`]],
    ['beyond 2^53', (n) => [`{"ping":900719925474099${n % 10}}`, `{"pong":900719925474099${n % 10}}`]],
    ['a number with a fraction', () => ['{"ping":1645202800.10}', '{"pong":1645202800.10}']],
  ];

  it.each(PAIRS)('[L20] 9. %s comes back as it came, as plain text, and nothing is said', async (_kind, pair) => {
    let pinger: ReturnType<typeof gzipPinger> | null = null;
    venue.onGuest = (guest) => {
      pinger = gzipPinger(rig, guest, 250, pair);
    };
    await rig.run(plainLink({ preset: GZIP }));
    await rig.up();
    await rig.pass(5_000);
    expect(pinger).toMatchObject({ wrong: [] });
    expect((pinger as unknown as ReturnType<typeof gzipPinger>).answered()).toBeGreaterThan(15);
    expect(rig.verdicts()).toEqual([]);
    expect(venue.guests).toHaveLength(1);
  });

  it('[L20] 9. server ping misanswered: the preset does not know the venue’s ping', async () => {
    venue.onGuest = (guest) => {
      if (guest.id === 1)
        gzipPinger(rig, guest, 2_000, (n) => [`{"op":"ping","ts":${n}}`, `{"op":"pong","ts":${n}}`], false);
    };
    await rig.run(plainLink());
    const verdict = await rig.verdict('server ping misanswered');
    expect(verdict).toMatchObject({ blame: 'our settings' });
    expect(verdict.evidence.join()).toContain('2 pings of the venue that its preset has no answer for');
    await rig.up('venue', 2);
    expect(waits()).toHaveLength(1);
  });

  it('[L20] 9. near miss: pings that are answered, then a close, are a restart of the venue', async () => {
    venue.onGuest = (guest) => {
      const [, pair] = PAIRS[0] ?? [];
      if (pair !== undefined && guest.id === 1) gzipPinger(rig, guest, 500, pair);
      if (guest.id === 1) rig.later(5_000, () => guest.ws.close(1001, ''));
    };
    await rig.run(plainLink({ preset: GZIP }));
    expect(await rig.verdict('venue restart')).toMatchObject({ blame: 'venue' });
    expect(rig.causes()).toEqual(['venue restart']);
  });

  it('[L20] 9. near miss: a coin called PING is no ping', async () => {
    venue.onGuest = (guest) => {
      rig.every(500, () => guest.ws.send('{"s":"PING","p":1.5}'));
      if (guest.id === 1) rig.later(5_000, () => guest.ws.close(1001, ''));
    };
    await rig.run(plainLink());
    await rig.pass(6_000);
    expect(rig.causes()).toEqual(['venue restart']);
  });
});

describe('10. 429 and 418 during a reconnect storm', () => {
  it('[L20] 10. dial rate limit: not before Retry-After, and the subscriptions outlive the refused dials', async () => {
    const attempts = dialLimiter(rig, venue, 1, 2);
    await rig.run(jsonLink());
    await rig.up();
    await rig.pass(1_000);
    venue.newest.socket.resetAndDestroy();
    const verdict = await rig.verdict('dial rate limit');
    expect(verdict).toMatchObject({ blame: 'our settings', certainty: 'sure' });
    expect(verdict.evidence.join()).toContain('HTTP 429');
    await rig.up('venue', 3);
    expect(attempts.map(({ status }) => status)).toEqual([101, 429, 101]);
    expect((attempts[2]?.at ?? 0) - (attempts[1]?.at ?? 0)).toBeGreaterThanOrEqual(2_000);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
    expect(rig.states()).not.toContain('failed');
  });

  it('[L20] 10. 418 is the same; each retry waits for what it asks', async () => {
    const asks = [2, 4, 8];
    const at: number[] = [];
    venue.doorFor = (): Door => {
      at.push(rig.clock.now());
      const secs = asks[at.length - 1];
      if (secs === undefined) return { kind: 'open' };
      return { kind: 'status', status: 418, headers: { 'retry-after': String(secs) } };
    };
    await rig.run(jsonLink());
    expect(await rig.verdict('dial rate limit')).toMatchObject({ blame: 'our settings' });
    await rig.up();
    const gaps = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    expect(gaps).toHaveLength(3);
    for (const [i, gap] of gaps.entries()) expect(gap).toBeGreaterThanOrEqual((asks[i] ?? 0) * 1000);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
  });

  it('[L20] 10. near miss: 503 is refused by the venue, not for our rate', async () => {
    venue.door = { kind: 'status', status: 503 };
    await rig.run(jsonLink());
    expect(await rig.verdict('upgrade refused')).toMatchObject({ blame: 'venue' });
    expect(rig.causes()).not.toContain('dial rate limit');
  });
});

describe('11. 503 and other wrong answers to the upgrade', () => {
  const body = 'Service Unavailable\n';
  const endless = (head: string, piece: string): Door => ({
    kind: 'script',
    play: (socket) => {
      socket.write(head);
      const stop = rig.every(5, () => socket.write(piece));
      socket.on('close', stop);
    },
  });
  const DOORS: readonly [
    name: string,
    door: () => Door,
    cause: 'upgrade refused' | 'settings fault',
    evidence: RegExp,
  ][] = [
    [
      '503, a body, kept alive',
      () => ({
        kind: 'raw',
        bytes: `HTTP/1.1 503 No\r\ncontent-length: ${body.length}\r\nconnection: keep-alive\r\n\r\n${body}`,
      }),
      'upgrade refused',
      /HTTP 503/,
    ],
    ['503, closed', () => ({ kind: 'status', status: 503 }), 'upgrade refused', /HTTP 503/],
    ['502, closed', () => ({ kind: 'status', status: 502 }), 'upgrade refused', /HTTP 502/],
    ['no answer at all', () => ({ kind: 'hang' }), 'upgrade refused', /WebSocket upgrade/],
    ['101 with a wrong key', () => ({ kind: 'wrong-accept' }), 'upgrade refused', /Sec-WebSocket-Accept/],
    [
      'a redirect',
      () => ({ kind: 'status', status: 302, headers: { location: 'ws://127.0.0.1:1/' } }),
      'settings fault',
      /HTTP 302/,
    ],
    [
      'headers without end',
      () => endless('HTTP/1.1 101 Switching Protocols\r\n', `x-more: ${'x'.repeat(2000)}\r\n`),
      'upgrade refused',
      /./,
    ],
    ['one byte at a time', () => endless('HTTP/1.1 101 Swit', 'c'), 'upgrade refused', /./],
    ['a body without end', () => endless('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(50_000)), 'settings fault', /HTTP 200/],
  ];

  it.each(DOORS)('[L20] 11. %s: named, one retry, and served at the next try', async (_name, door, cause, evidence) => {
    venue.doorFor = (): Door => (venue.upgrades === 1 ? door() : { kind: 'open' });
    await rig.run(jsonLink({ policy: { connectTimeoutMs: 2_000, slowRetryMs: 1_000 } }));
    await rig.up('venue', 2);
    const verdict = await rig.verdict(cause);
    expect(verdict.blame).toBe(cause === 'upgrade refused' ? 'venue' : 'our settings');
    expect(verdict.evidence.join()).toMatch(evidence);
    expect(verdict.evidence.join()).not.toContain('1006');
    expect(venue.upgrades).toBe(2);
    expect(waits()).toHaveLength(1);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
  });

  it('[L20] 11. several in a row are counted', async () => {
    venue.doorFor = (): Door => (venue.upgrades <= 3 ? { kind: 'status', status: 503 } : { kind: 'open' });
    await rig.run(jsonLink());
    await rig.until(() => waits().length === 3, 'three refusals');
    await rig.pass(300);
    expect(rig.link().verdicts[0]?.evidence.join()).toContain('3 times in a row');
    await rig.up('venue', 4);
    expect(rig.causes()).toEqual(['upgrade refused']);
  });

  it('[L20] 11. near miss: 401 is about credentials, and stops', async () => {
    venue.door = { kind: 'status', status: 401 };
    await rig.run(jsonLink());
    expect(await rig.verdict('credentials refused')).toMatchObject({ blame: 'our settings' });
    expect(rig.states().at(-1)).toBe('failed');
  });

  it('[L20] 11. a certificate for another name is TLS, and the venue’s', async () => {
    const secure = await opened(GymVenue.open('other'));
    await rig.run(jsonLink({ dialUrl: secure.url, ca: GYM_CA }));
    await rig.soon(() => true);
    const verdict = await rig.verdict('tls', 'venue', 10_000_000);
    expect(verdict).toMatchObject({ blame: 'venue', certainty: 'sure' });
    expect(verdict.evidence.join()).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(rig.happenings('alarm')).toHaveLength(1);
    expect(waits()[0]?.reason).toMatchObject({ kind: 'tls' });
  });
});

describe('12. A DNS flap', () => {
  type Answer = 'EAI_AGAIN' | 'ENOTFOUND' | string[];

  /** Engine of its own whose resolver answers these, the last one for good. */
  async function resolving(...answers: Answer[]): Promise<{ readonly asked: () => number }> {
    await rig.stop();
    let count = 0;
    rig = new GymRig((host, _options, callback) => {
      const answer = answers[Math.min(count, answers.length - 1)] ?? 'ENOTFOUND';
      count += 1;
      if (Array.isArray(answer))
        return callback(
          null,
          answer.map((address) => ({ address, family: 4 })),
        );
      callback(Object.assign(new Error(`getaddrinfo ${answer} ${host}`), { code: answer }), '', 0);
    });
    talk = new JsonTalk(rig, venue);
    return { asked: () => count };
  }
  const byName = (change: Change = {}): LinkConfig => {
    const url = `ws://venue.example:${venue.port}/`;
    return jsonLink({ url, dialUrl: url, routes: [{ url, dialUrl: url }], ...change });
  };

  it('[L20] 12. name resolution: each answer leads to one dial, and the fourth is up', async () => {
    const resolver = await resolving('EAI_AGAIN', 'EAI_AGAIN', 'ENOTFOUND', ['127.0.0.1']);
    await rig.run(byName({ policy: { breakerFailures: 0 } }));
    await rig.up('venue', 4);
    const verdict = await rig.verdict('name resolution');
    expect(verdict).toMatchObject({ blame: 'local network', certainty: 'possible' });
    expect(verdict.evidence.join()).toContain('ENOTFOUND');
    expect(resolver.asked()).toBe(4);
    expect(waits()).toHaveLength(3);
    expect(venue.guests).toHaveLength(1);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
  });

  it('[L20] 12. near miss: another venue is fine, so it is not the local network', async () => {
    await resolving('ENOTFOUND');
    await rig.run(byName(), jsonLink({ name: 'other', preset: elsewhere(JSON_PRESET) }));
    await rig.up('other');
    expect(await rig.verdict('name resolution')).toMatchObject({ blame: 'path', certainty: 'likely' });
    expect(rig.verdicts('other')).toEqual([]);
  });

  it('[L20] 12. two addresses, of which the first refuses: the second is used, and nothing is said', async () => {
    await resolving(['127.0.0.2', '127.0.0.1']);
    await rig.run(byName());
    await rig.up('venue', 1);
    await rig.pass(SETTLED_MS);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 12. near miss: the name leads to a port that nobody listens on: unreachable', async () => {
    await resolving(['127.0.0.1']);
    const { port } = venue;
    await venue.close();
    const url = `ws://venue.example:${port}/`;
    await rig.run(jsonLink({ dialUrl: url, routes: [{ url, dialUrl: url }] }));
    expect(await rig.verdict('unreachable')).toMatchObject({ blame: 'venue' });
    expect(rig.causes()).not.toContain('name resolution');
  });

  it('[L20] 12. a name that never resolves is judged though it is tried again every second', async () => {
    await resolving('ENOTFOUND');
    await rig.run(byName({ policy: { breakerFailures: 0, maxReconnectDelayMs: 1_000 } }));
    await rig.pass(30_000);
    expect(rig.causes()).toContain('name resolution');
  });
});

describe('13. Subscriptions multiply on every reconnect', () => {
  it('[L20] 13. six cuts in a row: each topic is asked for once on each connection', async () => {
    const two = [subscription('BTC'), subscription('ETH')];
    await rig.run(jsonLink({ subscriptions: two, policy: { breakerFailures: 0, maxReconnectDelayMs: 200 } }));
    for (let generation = 1; generation <= 6; generation += 1) {
      await rig.up('venue', generation);
      venue.newest.socket.resetAndDestroy();
      await rig.until(() => rig.happenings('socket-ended').length === generation, 'noticed');
    }
    await rig.up('venue', 7);
    await rig.pass(10_000);
    expect(venue.guests.map(asked)).toEqual(Array(7).fill({ BTC: 1, ETH: 1 }));
    expect(waits()).toHaveLength(6);
  });

  it('[L20] 13. duplicate delivery: the same number twice on one connection', async () => {
    await rig.run(jsonLink({ subscriptions: [watched('BTC')] }));
    await rig.up();
    await rig.pass(2_000);
    expect(rig.verdicts()).toEqual([]);
    talk.copies = 2;
    const verdict = await rig.verdict('duplicate delivery');
    expect(verdict).toMatchObject({ blame: 'venue' });
    expect(verdict.evidence.join()).toMatch(/\d+ message numbers came twice/);
    await rig.shown('duplicate delivery');
    expect(venue.guests).toHaveLength(1);
    expect(rig.causes()).toEqual(['duplicate delivery']);
  });

  it('[L20] 13. near miss: the first message once more is a duplicate, and no new count', async () => {
    await rig.run(jsonLink({ subscriptions: [watched('BTC')] }));
    await rig.up();
    talk.muted.add(venue.newest);
    await rig.pass(1_000);
    venue.newest.ws.send('{"s":"BTC","n":1}');
    await rig.pass(1_000);
    talk.muted.clear();
    await rig.pass(5_000);
    expect(rig.causes()).not.toContain('sequence gap');
  });

  it('[L20] 13. near miss: three acks of one topic are no duplicates', async () => {
    talk.onSubscribe = (guest, _symbol, id) => {
      for (let i = 0; i < 2; i += 1) guest.ws.send(`{"op":"subscribed","id":${id}}`);
    };
    await rig.run(jsonLink({ subscriptions: [watched('BTC')] }));
    await rig.up();
    await rig.pass(10_000);
    expect(rig.verdicts()).toEqual([]);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
  });

  it('[L20] 13. near miss: messages out of order are no duplicates', async () => {
    await reordered(20);
    expect(rig.verdicts()).toEqual([]);
    expect(rig.link().subscriptions[0]?.sequence).toMatchObject({ duplicates: 0, missing: 0 });
    expect(rig.link().subscriptions[0]?.sequence?.reordered).toBeGreaterThan(5);
  });
});

/** So many pairs of messages whose second comes first. */
async function reordered(pairs: number): Promise<void> {
  await rig.run(jsonLink({ subscriptions: [watched('BTC')] }));
  await rig.up();
  talk.muted.add(venue.newest);
  const from = talk.next.get('BTC') ?? 1;
  for (let i = 0; i < pairs; i += 1) {
    venue.newest.ws.send(`{"s":"BTC","n":${from + 2 * i + 1}}`);
    await rig.pass(200);
    venue.newest.ws.send(`{"s":"BTC","n":${from + 2 * i}}`);
    await rig.pass(200);
  }
}

describe('14. Subscriptions are not restored', () => {
  /** Heartbeats, and a close 5 s after the upgrade for whoever has not subscribed. */
  function deadline(): void {
    const { onGuest } = venue;
    venue.onGuest = (guest) => {
      const stop = rig.every(1_000, () => guest.ws.send('{"op":"heartbeat"}'));
      guest.ws.on('close', stop);
      rig.later(5_000, () => {
        if (!guest.received.some((text) => text.includes('"sub"'))) guest.ws.close(1000, '');
      });
      onGuest(guest);
    };
  }

  it('[L20] 14. not subscribed: connected and nothing wanted is its own verdict, and heartbeats do not clear it', async () => {
    rig.every(1_000, () => venue.present[0]?.ws.send('{"op":"heartbeat"}'));
    await rig.run(jsonLink({ subscriptions: [] }));
    await rig.up();
    expect(await rig.verdict('not subscribed')).toMatchObject({ blame: 'our settings', certainty: 'sure' });
    await rig.pass(20_000);
    await rig.shown('not subscribed');
    expect(rig.link().health.level).not.toBe('healthy');
    expect(rig.causes()).toEqual(['not subscribed']);
  });

  it('[L20] 14. near miss: what is wanted is restored on every connection, so the deadline never strikes', async () => {
    deadline();
    await rig.run(jsonLink());
    await rig.up();
    venue.newest.socket.resetAndDestroy();
    await cameBackOnce();
    await rig.pass(20_000);
    expect(venue.guests).toHaveLength(2);
    expect(rig.causes()).not.toContain('not subscribed');
  });

  it('[L20] 14. near miss: a link that expects no data need not subscribe', async () => {
    await rig.run(jsonLink({ subscriptions: [], expectsData: false }));
    await rig.up();
    await rig.pass(5_000);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 14. closed at the deadline again and again: still that, and not a credential used twice', async () => {
    deadline();
    await rig.run(jsonLink({ subscriptions: [] }));
    await rig.until(() => venue.guests.length === 6, 'six cycles', 120_000);
    expect(rig.causes()).toContain('not subscribed');
    expect(rig.causes()).not.toContain('credential used twice');
  });
});

describe('15. The ack never comes', () => {
  it('[L20] 15. ack missing, data flow: asked once more, then reported; the data count', async () => {
    talk.manners = { ack: 'no', data: true };
    await rig.run(jsonLink());
    expect(await rig.verdict('ack missing')).toMatchObject({ blame: 'venue' });
    expect(asked(venue.newest)).toEqual({ BTC: 2 });
    await rig.pass(20_000);
    await rig.shown('ack missing');
    expect(rig.states().at(-1)).toBe('up');
    expect(asked(venue.newest)).toEqual({ BTC: 2 });
    expect(rig.causes()).toEqual(['ack missing']);
  });

  it('[L20] [L9] 15. data decide, the ack is a hint: up at the first data after one ack timeout, and the ack still reported', async () => {
    talk.manners = { ack: 'no', data: true };
    await rig.run(jsonLink({ subscriptions: [watched('BTC'), watched('ETH')] }));
    const from = rig.clock.now();
    await rig.up();
    expect(rig.clock.now() - from).toBeGreaterThan(5_000);
    expect(rig.clock.now() - from).toBeLessThan(5_500);
    expect(asked(venue.newest)).toEqual({ BTC: 2, ETH: 2 });
    expect(rig.causes()).toEqual([]);
    await rig.verdict('ack missing');
    expect(rig.link().subscriptions.map(({ status }) => status)).toEqual(['never-acked', 'never-acked']);
    expect(rig.states()).toEqual(['connecting', 'restoring', 'up']);
  });

  it('[L20] [L9] 15. near miss: data of one subscription say nothing of another that has neither', async () => {
    talk.manners = { ack: 'no', data: true };
    talk.mutedSymbols.add('ETH');
    await rig.run(jsonLink({ subscriptions: [watched('BTC'), watched('ETH')] }));
    await rig.pass(9_500);
    expect(rig.link().state.kind).toBe('restoring');
    await rig.up();
  });

  it('[L20] 15. no ack and no data: ack missing, with one retry', async () => {
    talk.manners = { ack: 'no', data: false };
    await rig.run(jsonLink());
    await rig.verdict('ack missing');
    await rig.pass(20_000);
    expect(asked(venue.newest)).toEqual({ BTC: 2 });
    expect(venue.guests).toHaveLength(1);
    expect(rig.link().health.level).not.toBe('healthy');
  });

  it('[L20] 15. acknowledged but silent: an ack, and no data', async () => {
    talk.manners = { ack: 'yes', data: false };
    await rig.run(jsonLink());
    const verdict = await rig.verdict('acknowledged but silent');
    expect(verdict).toMatchObject({ blame: 'venue' });
    expect(verdict.evidence.join()).toContain('1 subscriptions acknowledged');
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
    expect(rig.causes()).not.toContain('ack missing');
    talk.manners = { ack: 'yes', data: true };
    await rig.pass(3_000);
    expect(rig.link().verdicts).toEqual([]);
  });

  it('[L20] 15. one of two acknowledged but silent, as Binance does with names it does not know', async () => {
    talk.mutedSymbols.add('NOPE');
    await rig.run(jsonLink({ subscriptions: [watched('BTC'), watched('NOPE')] }));
    const verdict = await rig.verdict('acknowledged but silent', 'venue', 90_000);
    expect(verdict.evidence.join()).toContain('1 subscriptions acknowledged');
    expect(rig.states().at(-1)).toBe('up');
    expect(asked(venue.newest)['BTC']).toBe(1);
  });

  it('[L20] 15. near miss: lost because it was sent right after the upgrade: asked again, acked, nothing said', async () => {
    talk.deafForMs = 100;
    await rig.run(jsonLink());
    await rig.up();
    await rig.pass(SETTLED_MS);
    expect(asked(venue.newest)).toEqual({ BTC: 2 });
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 15. near miss: a late ack is an ack', async () => {
    talk.manners = { ack: 'late', data: true };
    await rig.run(jsonLink());
    await rig.up();
    await rig.pass(20_000);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 15. near miss: a venue that never acks is confirmed by its data', async () => {
    talk.manners = { ack: 'no', data: true };
    await rig.run(jsonLink({ preset: { ...JSON_PRESET, ack: { kind: 'data' } } }));
    await rig.up();
    await rig.pass(20_000);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
    expect(rig.verdicts()).toEqual([]);
  });
});

describe('16. Data or a heartbeat before the ack', () => {
  it('[L20] 16. a heartbeat and 100 messages before the ack are no error and no verdict', async () => {
    talk.manners = { ack: 'after-data', data: true };
    await rig.run(jsonLink({ subscriptions: [watched('BTC')] }));
    await rig.up();
    await rig.pass(20_000);
    expect(rig.states()).toEqual(['connecting', 'restoring', 'up']);
    expect(rig.verdicts()).toEqual([]);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
    expect(rig.link().subscriptions[0]).toMatchObject({ status: 'acked', sequence: { missing: 0, duplicates: 0 } });
    expect(rig.link().counters.dataMessages).toBeGreaterThan(100);
  });

  it('[L20] 16. near miss: data for ever before an ack that never comes is a missing ack', async () => {
    talk.manners = { ack: 'no', data: true };
    await rig.run(jsonLink({ subscriptions: [watched('BTC')] }));
    await rig.verdict('ack missing');
  });
});

describe('17. Sequence gaps', () => {
  const numbered = (change: Change = {}): LinkConfig => jsonLink({ subscriptions: [watched('BTC')], ...change });
  const skip = (by: number): void => void talk.next.set('BTC', (talk.next.get('BTC') ?? 1) + by);

  it('[L20] 17. sequence gap: resync needed, and the connection is as healthy as before', async () => {
    await rig.run(numbered());
    await rig.up();
    await rig.pass(2_000);
    skip(1);
    const verdict = await rig.verdict('sequence gap');
    expect(verdict).toMatchObject({ blame: 'venue', certainty: 'sure' });
    expect(verdict.evidence.join()).toContain('1 message numbers are missing; resync needed');
    expect(await rig.happened('gap')).toMatchObject({ name: 'ticker:BTC', missing: 1 });
    await rig.shown('sequence gap');
    expect(rig.states()).toEqual(['connecting', 'restoring', 'up']);
    expect(rig.causes()).toEqual(['sequence gap']);
  });

  it('[L20] 17. near miss: reordering is no gap', async () => {
    await reordered(20);
    expect(rig.verdicts()).toEqual([]);
    expect(rig.happenings('gap')).toEqual([]);
  });

  it('[L20] 17. near miss: lower numbers after a reconnect are no gap', async () => {
    talk.next.set('BTC', 5_000);
    await rig.run(numbered());
    await rig.up();
    await rig.pass(1_000);
    venue.newest.socket.resetAndDestroy();
    talk.next.set('BTC', 1);
    await cameBackOnce();
    await rig.pass(5_000);
    expect(rig.causes()).toEqual(['abnormal close']);
    expect(rig.link().verdicts).toEqual([]);
  });

  it('[L20] 17. near miss: what the venue sent while there was no connection is no gap', async () => {
    await rig.run(numbered());
    await rig.up();
    await rig.pass(1_000);
    venue.newest.socket.resetAndDestroy();
    skip(300);
    await cameBackOnce();
    await rig.pass(5_000);
    expect(rig.causes()).toEqual(['abnormal close']);
  });

  it('[L20] 17. near miss: a new count far below the last on the same connection is a reset', async () => {
    talk.next.set('BTC', 50_000);
    await rig.run(numbered());
    await rig.up();
    talk.next.set('BTC', 1);
    await rig.pass(5_000);
    expect(rig.verdicts()).toEqual([]);
    expect(rig.link().subscriptions[0]?.sequence).toMatchObject({ resets: 1 });
  });

  it('[L20] 17. near miss: the same from 600 to 1: no gap, and no duplicates', async () => {
    talk.next.set('BTC', 600);
    await rig.run(numbered());
    await rig.up();
    talk.next.set('BTC', 1);
    await rig.pass(5_000);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 17. near miss: messages that came in the burst after a sleep are not missing', async () => {
    await rig.run(numbered());
    await rig.up();
    await rig.pass(2_000);
    const { socket } = venue.newest;
    socket.cork();
    for (let i = 0; i < 20; i += 1) talk.send(venue.newest, 'BTC');
    rig.clock.suspend(3_600_000);
    await rig.until(() => rig.states().includes('suspect'), 'suspect', 1_100);
    socket.uncork();
    await rig.pass(5_000);
    expect(rig.states().at(-1)).toBe('up');
    expect(rig.verdicts()).toEqual([]);
  });
});

describe('18. A ghost session holds the only slot', () => {
  const ghost = (cls: 'slot' | 'credentials'): Preset => ({
    ...JSON_PRESET,
    farewells: [{ match: '"code":406', class: cls, text: 'connection limit exceeded' }],
  });

  it('[L20] 18. ghost session: retried at a fixed pace until the slot is free, and never an auth failure', async () => {
    const { refused } = oneSlot(rig, venue, 90_000);
    const relay = await opened(Relay.open(venue.port, rig.clock));
    const url = relay.url;
    await rig.run(jsonLink({ dialUrl: url, routes: [{ url, dialUrl: url }], preset: ghost('slot') }));
    await rig.up();
    await rig.pass(5_000);
    relay.freeze();
    const verdict = await rig.verdict('ghost session');
    expect(verdict).toMatchObject({ blame: 'path', certainty: 'sure' });
    expect(verdict.evidence.join()).toMatch(/406.*slot is still held/);
    await rig.shown('ghost session');
    await rig.until(() => rig.link().state.kind === 'up', 'the slot is free', 120_000);
    expect(refused.length).toBeGreaterThan(6);
    const gaps = refused.slice(1).map((at, i) => at - (refused[i] ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(10_000);
    for (const gap of gaps) expect(gap).toBeLessThan(10_100);
    expect(rig.states()).not.toContain('failed');
    expect(rig.states()).not.toContain('blocked');
    expect(rig.happenings('alarm')).toEqual([]);
    expect(new Set(rig.causes())).toEqual(new Set(['half-open', 'ghost session']));
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
  });

  it('[L20] 18. near miss: the same words about credentials stop the link', async () => {
    oneSlot(rig, venue, 90_000);
    await rig.run(
      jsonLink({ preset: ghost('credentials') }),
      jsonLink({ name: 'second', preset: ghost('credentials') }),
    );
    await rig.until(() => rig.states('second').includes('failed'), 'failed');
    expect(rig.verdicts('second')).toMatchObject([{ cause: 'credentials refused', blame: 'our settings' }]);
    expect(rig.verdicts()).toEqual([]);
  });
});

describe('19. Two instances evict each other', () => {
  const paced = { breakerFailures: 0, initialReconnectDelayMs: 2_000, backoffMultiplier: 1 };

  it('[L20] 19. credential used twice: the venue says so', async () => {
    newestWins(venue, 'Kicked from server due to newer API connection. This connection was the oldest');
    await rig.run(jsonLink({ policy: paced }), jsonLink({ name: 'rival', policy: paced }));
    const verdict = await rig.verdict('credential used twice');
    expect(verdict).toMatchObject({ blame: 'our settings', certainty: 'sure' });
    expect(verdict.evidence.join()).toContain('newer API connection');
  });

  it('[L20] 19. the venue says nothing: told by short lives of one length that end cleanly', async () => {
    newestWins(venue, '');
    await rig.run(jsonLink({ policy: paced }), jsonLink({ name: 'rival', policy: paced }));
    const verdict = await rig.verdict('credential used twice');
    expect(verdict).toMatchObject({ blame: 'our settings', certainty: 'likely' });
    expect(verdict.evidence.join()).toMatch(/the last 4 connections lived 2\.\d s each/);
    await rig.verdict('credential used twice', 'rival');
  });

  it('[L20] 19. a status message before the close, named by the preset, slows the duel down', async () => {
    const preset: Preset = {
      ...JSON_PRESET,
      farewells: [{ match: '"kicked"', class: 'evicted', text: 'another connection logged in' }],
    };
    newestWins(venue, '', '{"status":"kicked"}');
    await rig.run(jsonLink({ preset, policy: paced }), jsonLink({ name: 'rival', preset, policy: paced }));
    expect(await rig.verdict('credential used twice')).toMatchObject({ certainty: 'sure' });
    expect(waits()[0]?.kind).toBe('waiting');
    expect(waits()[0]).toMatchObject({ delayMs: 30_000 });
    expect(rig.happenings('alarm')).toHaveLength(1);
  });

  async function closedAfter(...livesMs: number[]): Promise<void> {
    await rig.run(jsonLink({ policy: paced }));
    for (const [index, livedMs] of livesMs.entries()) {
      await rig.up('venue', index + 1);
      await rig.pass(livedMs);
      venue.newest.ws.close(1001, '');
      await rig.until(() => rig.happenings('socket-ended').length === index + 1, 'noticed');
    }
  }

  it('[L20] 19. near miss: irregular lives are restarts of the venue', async () => {
    await closedAfter(1_000, 9_000, 3_000, 20_000, 2_000, 7_000);
    expect(rig.causes()).toEqual(Array(6).fill('venue restart'));
  });

  it('[L20] 19. near miss: lives of one length, but long ones, are a habit of the venue', async () => {
    talk.everyMs = 1_000;
    await closedAfter(130_000, 130_000, 130_000, 130_000, 130_000);
    expect(rig.causes()).toEqual(Array(5).fill('venue restart'));
  });

  it('[L20] 19. near miss: cuts without a close frame are no eviction, however regular', async () => {
    await rig.run(jsonLink({ policy: { ...paced, initialReconnectDelayMs: 4_000 } }));
    for (let generation = 1; generation <= 5; generation += 1) {
      await rig.up('venue', generation);
      await rig.pass(2_000);
      venue.newest.socket.resetAndDestroy();
      await rig.until(() => rig.happenings('socket-ended').length === generation, 'noticed');
    }
    expect(rig.causes()).not.toContain('credential used twice');
  });
});

describe('20. The first message is larger than the client accepts', () => {
  const MIB = 1024 * 1024;
  const limited = { maxFrameBytes: 4 * MIB, maxInflatedBytes: 4 * MIB };

  /** What the venue sends first on each connection. */
  function first(send: (guest: (typeof venue)['newest']) => void): void {
    const { onGuest } = venue;
    venue.onGuest = (guest) => {
      onGuest(guest);
      send(guest);
    };
  }

  function fragments(bytes: number): Buffer {
    const piece = Buffer.alloc(65_536, 0x78);
    const count = bytes / piece.length;
    return Buffer.concat(Array.from({ length: count }, (_, i) => rawFrame(i === 0 ? 1 : 0, piece, i === count - 1)));
  }

  async function tooBig(config: LinkConfig): Promise<void> {
    await rig.run(config);
    const verdict = await rig.verdict('message too big');
    expect(verdict).toMatchObject({ blame: 'our settings', certainty: 'sure' });
    expect(await rig.happened('socket-ended')).toMatchObject({ reason: { kind: 'protocol', code: 1009 } });
    expect(rig.happenings('alarm')).toHaveLength(1);
    expect(waits()).toMatchObject([{ delayMs: 300_000 }]);
    await rig.pass(30_000);
    expect(venue.upgrades).toBe(1);
  }

  it.each([5, 16])('[L20] 20. message too big: %i MiB whole, and not asked for again at once', async (mib) => {
    first(({ ws }) => ws.send('x'.repeat(mib * MIB)));
    await tooBig(plainLink({ policy: limited }));
  });

  it('[L20] 20. the same in fragments of 64 KiB', async () => {
    first(({ socket }) => socket.write(fragments(16 * MIB)));
    await tooBig(plainLink({ policy: limited }));
  });

  it('[L20] 20. a frame that claims 64 MiB ends the link before it has come', async () => {
    first(({ socket }) => socket.write(rawFrame(1, 'x', true, 64 * MIB)));
    await tooBig(plainLink({ policy: limited }));
  });

  it('[L20] 20. a small gzip message that inflates to too much, with both sizes named', async () => {
    first(({ ws }) => ws.send(gzipSync(Buffer.alloc(16 * MIB, 0x78))));
    await tooBig(plainLink({ preset: GZIP, policy: limited }));
    expect(rig.verdicts()[0]?.evidence.join()).toMatch(/\d+ bytes inflates to more than 4194304 bytes/);
  });

  it('[L20] 20. the same inside permessage-deflate', async () => {
    const packed = await opened(GymVenue.open(null, true));
    packed.onGuest = ({ ws }) => ws.send('x'.repeat(16 * MIB));
    await rig.run(plainLink({ dialUrl: packed.url, policy: { ...limited, compression: true } }));
    await rig.until(() => packed.guests.length === 1, 'a guest');
    const [guest] = packed.guests;
    await rig.soon(() => guest?.ws.readyState !== 1);
    expect(await rig.verdict('message too big')).toMatchObject({ blame: 'our settings' });
    expect(packed.upgrades).toBe(1);
  });

  it('[L20] 20. the size, or the limit, is in the evidence', async () => {
    first(({ ws }) => ws.send('x'.repeat(5 * MIB)));
    await rig.run(plainLink({ policy: limited }));
    expect((await rig.verdict('message too big')).evidence.join()).toMatch(/4 MiB|4194304|5242880/);
  });

  it('[L20] 20. the venue closes with 1009 for a message of ours', async () => {
    await rig.run(jsonLink());
    await rig.up();
    venue.newest.ws.close(1009, 'request over 32 kB');
    const verdict = await rig.verdict('message too big');
    expect(verdict.evidence.join()).toContain('1009 "request over 32 kB"');
    expect(rig.happenings('alarm')).toHaveLength(1);
  });

  it('[L20] 20. near miss: 3 MiB, whole and in fragments, are messages like others', async () => {
    first(({ ws, socket }) => {
      ws.send('x'.repeat(3 * MIB));
      socket.write(fragments(3 * MIB));
    });
    await rig.run(plainLink({ policy: limited }));
    await rig.until(() => rig.link().counters.dataMessages === 2, 'both messages');
    await rig.pass(SETTLED_MS);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 20. near miss: a 1006 in the middle of the snapshot is an abnormal close', async () => {
    first(({ socket, id }) => {
      if (id > 1) return;
      socket.write(fragments(MIB).subarray(0, 500_000));
      rig.later(50, () => socket.resetAndDestroy());
    });
    await rig.run(plainLink({ policy: limited }));
    await rig.verdict('abnormal close');
    expect(rig.causes()).not.toContain('message too big');
  });
});

describe('21. A slow consumer is cut off', () => {
  const unpinged: Preset = { ...STAMPED, ping: { kind: 'none' } };
  let relay: Relay;
  beforeEach(async () => {
    relay = await opened(Relay.open(venue.port, rig.clock));
    talk.filler = 'x'.repeat(50_000);
  });
  const overRelay = (change: Change = {}): LinkConfig =>
    jsonLink({ dialUrl: relay.url, routes: [{ url: relay.url, dialUrl: relay.url }], preset: unpinged, ...change });

  it('[L20] 21. slow consumer: the lag grows before the cut, and explains it', async () => {
    const { onGuest } = venue;
    let budget = { wasCut: () => false };
    venue.onGuest = (guest) => {
      onGuest(guest);
      if (guest.id === 1) budget = sendBudget(rig, guest, 256 * 1024);
    };
    await rig.run(overRelay());
    await rig.up();
    await rig.pass(3_000);
    expect(rig.verdicts()).toEqual([]);
    relay.slow(250);
    const early = await rig.verdict('slow consumer');
    expect(early).toMatchObject({ certainty: 'possible' });
    expect(early.evidence.join()).toMatch(/older than they usually are/);
    expect(budget.wasCut()).toBe(false);
    await rig.until(() => budget.wasCut(), 'cut', 300_000);
    relay.slow(Number.POSITIVE_INFINITY);
    await rig.happened('socket-ended');
    await rig.pass(SETTLED_MS);
    const verdict = rig.verdicts().at(-1);
    expect(verdict).toMatchObject({ cause: 'slow consumer', blame: 'our settings', certainty: 'likely' });
    expect(verdict?.evidence.join()).toMatch(/1006.*older before the cut/);
    await rig.up('venue', 2);
    expect(waits()).toHaveLength(1);
  });

  it('[L20] 21. two venues lag together: this machine', async () => {
    await rig.run(overRelay(), overRelay({ name: 'other', preset: elsewhere(unpinged) }));
    await rig.up();
    await rig.up('other');
    await rig.pass(3_000);
    relay.slow(250);
    await rig.until(
      () =>
        rig
          .verdicts()
          .concat(rig.verdicts('other'))
          .some(({ blame }) => blame === 'this machine'),
      'blamed',
    );
    expect(rig.verdicts().concat(rig.verdicts('other')).at(-1)?.evidence.join()).toContain('1 other links lag alike');
  });

  it('[L20] 21. pongs that wait behind old messages are the same, and no fault of the venue’s', async () => {
    await rig.run(overRelay({ preset: STAMPED }));
    await rig.up();
    await rig.pass(25_000);
    relay.slow(250);
    await rig.happened('socket-ended', 'venue', 120_000);
    await rig.pass(SETTLED_MS);
    expect(rig.verdicts().at(-1)).toMatchObject({ cause: 'slow consumer' });
  });

  it('[L20] 21. near miss: a clock that is 5 s off is no lag, and a cut then an abnormal close', async () => {
    talk.ageMs = 5_000;
    await rig.run(overRelay({ preset: STAMPED }));
    await rig.up();
    await rig.pass(20_000);
    expect(rig.verdicts()).toEqual([]);
    venue.newest.socket.resetAndDestroy();
    relay.reset();
    expect((await rig.verdict('abnormal close')).evidence.join()).not.toContain('older');
    expect(rig.causes()).not.toContain('slow consumer');
  });

  it('[L20] 21. near miss: one message from the future is no lag of all others', async () => {
    await rig.run(overRelay());
    await rig.up();
    await rig.pass(3_000);
    talk.ageMs = -5_000;
    talk.send(venue.newest, 'BTC');
    talk.ageMs = 0;
    await rig.pass(20_000);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 21. near miss: a clock of this machine that is set right by 2 s is no lag', async () => {
    await rig.run(overRelay());
    await rig.up();
    await rig.pass(3_000);
    rig.clock.suspend(2_000);
    talk.ageMs = 2_000;
    await rig.pass(20_000);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 21. near miss: one old message among others is no lag', async () => {
    await rig.run(overRelay());
    await rig.up();
    const stop = rig.every(2_000, () => {
      talk.ageMs = 60_000;
      talk.send(venue.newest, 'BTC');
      talk.ageMs = 0;
    });
    await rig.pass(20_000);
    stop();
    expect(rig.verdicts()).toEqual([]);
  });
});

describe('22. Memory grows with compression', () => {
  const MIB = 1024 * 1024;
  const rss = (): number => process.memoryUsage().rss / MIB;

  it('[L20] 22. 5,000 gzip messages in one go are read one at a time, and none is lost', async () => {
    const frame = gzipSync(JSON.stringify({ ch: 'market.btc', tick: 'y'.repeat(20_000) }));
    await rig.run(plainLink({ preset: GZIP }));
    await rig.up();
    const before = rss();
    venue.newest.socket.cork();
    for (let i = 0; i < 5_000; i += 1) venue.newest.ws.send(frame);
    venue.newest.socket.uncork();
    await rig.until(() => rig.link().counters.dataMessages === 5_000, 'all of them');
    expect(rss() - before).toBeLessThan(150);
    await rig.pass(SETTLED_MS);
    expect(rig.verdicts()).toEqual([]);
    expect(venue.guests).toHaveLength(1);
  });

  it('[L20] 22. a message of 200 kB that would inflate to 200 MiB does not', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB));
    await rig.run(plainLink({ preset: GZIP, policy: { maxInflatedBytes: MIB } }));
    await rig.up();
    const before = rss();
    venue.newest.ws.send(bomb);
    expect(await rig.verdict('message too big')).toMatchObject({ blame: 'our settings' });
    expect(rss() - before).toBeLessThan(100);
  });

  it('[L20] 22. the same inside permessage-deflate', async () => {
    const packed = await opened(GymVenue.open(null, true));
    await rig.run(plainLink({ dialUrl: packed.url, policy: { compression: true, maxInflatedBytes: MIB } }));
    await rig.up();
    await new Promise<void>((resolve) => packed.newest.ws.send(Buffer.alloc(200 * MIB), () => resolve()));
    const before = rss();
    await rig.soon(() => packed.newest.ws.readyState !== 1);
    expect(await rig.verdict('message too big')).toMatchObject({ blame: 'our settings' });
    expect(rss() - before).toBeLessThan(100);
  });

  it('[L20] 22. 200 connections with context takeover leave nothing behind', async () => {
    const packed = await opened(GymVenue.open(null, true));
    packed.onGuest = ({ ws }) => ws.send(JSON.stringify({ tick: 'y'.repeat(20_000) }));
    const policy = { compression: true, breakerFailures: 0, initialReconnectDelayMs: 250, maxReconnectDelayMs: 250 };
    await rig.run(plainLink({ dialUrl: packed.url, policy }));
    let after20 = 0;
    for (let generation = 1; generation <= 200; generation += 1) {
      await rig.until(() => packed.guests.length === generation, `guest ${generation}`);
      await rig.soon(() => packed.newest.ws.bufferedAmount === 0);
      await rig.up('venue', generation);
      packed.newest.socket.destroy();
      if (generation === 20) after20 = rss();
      await rig.until(() => rig.happenings('socket-ended').length === Math.min(generation, 500), 'noticed');
    }
    expect(rss() - after20).toBeLessThan(80);
  });

  it('[L20] 22. the monitor reports what its sockets have inflated, and its own memory', async () => {
    const packed = gzipSync(JSON.stringify({ tick: 'y'.repeat(100_000) }));
    await rig.run(plainLink({ preset: GZIP }));
    await rig.up();
    venue.newest.ws.send(packed);
    await rig.until(() => (rig.snapshot?.machine.inflatedBytes ?? 0) > 100_000, 'inflated bytes', 5_000);
    expect(rig.snapshot?.machine.inflatedBytes).toBeLessThan(101_000);
    expect(rig.snapshot?.machine.rssBytes).toBeGreaterThan(0);
    expect(rig.snapshot?.machine.heapBytes).toBeGreaterThan(0);
  });

  it('[L20] [H8] 22. a heap that is nearly full is this machine’s doing, told once, until it has room again', async () => {
    await rig.run(plainLink());
    await rig.up();
    const heap = (percent: number): void => {
      rig.memory = () => ({ rssBytes: 3e9, heapBytes: percent * 1e7, heapLimitBytes: 1e9 });
    };
    heap(84);
    await rig.pass(2_000);
    expect(rig.causes()).toEqual([]);
    heap(86);
    const evidence = [expect.stringContaining('heap is 86 % full (820 MiB of 954 MiB)')];
    expect(await rig.verdict('memory')).toEqual({
      cause: 'memory',
      blame: 'this machine',
      certainty: 'sure',
      evidence,
    });
    heap(80);
    await rig.pass(2_000);
    expect(rig.link().verdicts).toMatchObject([{ cause: 'memory' }]);
    expect(rig.causes()).toEqual(['memory']);
    heap(74);
    await rig.pass(2_000);
    expect(rig.link().verdicts).toEqual([]);
  });
});

describe('What breaks the protocol', () => {
  const FAULTS: readonly [what: string, bytes: Buffer, code: number][] = [
    ['a control frame in two parts', Buffer.concat([rawFrame(9, 'a', false), rawFrame(0, 'b')]), 1002],
    ['a control frame of more than 125 bytes', rawFrame(9, 'x'.repeat(126)), 1002],
    ['text that is not UTF-8', rawFrame(1, Buffer.from([0xc3, 0x28])), 1007],
    ['a close reason that is not UTF-8', rawFrame(8, Buffer.from([0x03, 0xe8, 0xc3, 0x28])), 1007],
    ['a continuation of nothing', rawFrame(0, 'x'), 1002],
    ['a message inside a message', Buffer.concat([rawFrame(1, 'a', false), rawFrame(1, 'b')]), 1002],
    ['an opcode that does not exist', rawFrame(3, 'x'), 1002],
    ['a close code that must not be sent', rawFrame(8, Buffer.from([0x03, 0xed])), 1002],
    ['a compressed frame that nobody agreed to', Buffer.concat([Buffer.from([0xc1, 1]), Buffer.from('x')]), 1002],
  ];

  it.each(FAULTS)(
    '[L20] %s: protocol fault of the venue, told at once and retried slowly',
    async (_what, bytes, code) => {
      await rig.run(plainLink());
      await rig.up();
      venue.newest.socket.write(bytes);
      const verdict = await rig.verdict('protocol fault');
      expect(verdict).toMatchObject({ blame: 'venue', certainty: 'sure' });
      expect(verdict.evidence.join()).toContain(String(code));
      expect(rig.happenings('alarm')).toHaveLength(1);
      expect(waits()).toMatchObject([{ delayMs: 300_000, reason: { kind: 'protocol', code } }]);
    },
  );

  it('[L20] a control frame between two fragments, and an empty message, are none', async () => {
    await rig.run(plainLink());
    await rig.up();
    const { socket } = venue.newest;
    socket.write(Buffer.concat([rawFrame(1, 'a', false), rawFrame(9, 'p'), rawFrame(0, 'b'), rawFrame(1, '')]));
    await rig.until(() => rig.link().counters.messages === 2, 'both messages');
    expect(rig.link().counters.venuePings).toBe(1);
    await rig.pass(SETTLED_MS);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] half a frame, and then nothing: no message, no pong, dead in the promised time, and one retry', async () => {
    await rig.run(jsonLink());
    await rig.up();
    await rig.pass(3_000);
    const { messages } = rig.link().counters;
    talk.muted.add(venue.newest);
    venue.newest.socket.write(rawFrame(1, '{"s":"BTC"', true, 1_000));
    const from = rig.clock.now();
    expect(await rig.happened('socket-ended')).toMatchObject({ reason: { kind: 'dead' } });
    expect(rig.clock.now() - from).toBeLessThan(3_300);
    expect(rig.link().counters.messages).toBe(messages);
    await rig.verdict('half-open');
    await cameBackOnce();
  });

  it('[L20] a message in fragments of one byte without end is a protocol fault; memory stays bounded', async () => {
    await rig.run(plainLink());
    await rig.up();
    const before = process.memoryUsage().rss;
    const pieces = Buffer.concat(Array.from({ length: 1_000 }, () => rawFrame(0, 'x', false)));
    venue.newest.socket.write(rawFrame(1, 'x', false));
    const stop = rig.every(1, () => venue.newest.socket.write(pieces));
    const verdict = await rig.verdict('protocol fault', 'venue', 1_000);
    stop();
    expect(verdict).toMatchObject({ blame: 'venue', certainty: 'sure' });
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(100);
    expect(waits()).toMatchObject([{ delayMs: 300_000, reason: { kind: 'protocol' } }]);
  });

  it('[L20] pings without end of a venue that takes no pong: told as what it is, and memory stays bounded', async () => {
    await rig.run(plainLink());
    await rig.up();
    const before = process.memoryUsage().rss;
    const { socket } = venue.newest;
    socket.pause();
    const pings = Buffer.concat(Array.from({ length: 10_000 }, () => rawFrame(9, 'x'.repeat(125))));
    const stop = rig.every(1, () => socket.write(pings));
    const verdict = await rig.verdict('protocol fault', 'venue', 10_000);
    stop();
    expect(verdict.evidence.join()).toContain('pings');
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(150);
    expect(waits()).toMatchObject([{ delayMs: 300_000 }]);
    expect(rig.happenings('alarm')).toHaveLength(1);
  });

  it('[L20] 100,000 pings of the venue are answered; CPU and memory stay bounded, the link stays up', async () => {
    await pinged(40, 2_500);
  });

  it('[L20] the same where 100 of them come in one piece', async () => {
    await pinged(100, 10);
  });

  /** So many pings in one piece, every millisecond. */
  async function pinged(inOnePiece: number, times: number): Promise<void> {
    await rig.run(jsonLink());
    await rig.up();
    const guest = venue.newest;
    const pings = Buffer.concat(Array.from({ length: inOnePiece }, () => rawFrame(9, '1618678072504')));
    let pongs = 0;
    guest.ws.on('pong', () => {
      pongs += 1;
    });
    const before = { rss: process.memoryUsage().rss, cpu: process.cpuUsage() };
    for (let i = 0; i < times; i += 1) {
      guest.socket.write(pings);
      await rig.pass(1);
    }
    await rig.until(() => pongs === inOnePiece * times, 'all answered', 5_000);
    await rig.pass(500);
    const { user, system } = process.cpuUsage(before.cpu);
    expect((user + system) / 1e6).toBeLessThan(10);
    expect((process.memoryUsage().rss - before.rss) / 2 ** 20).toBeLessThan(100);
    expect(rig.link().counters.venuePings).toBe(inOnePiece * times);
    expect(rig.states()).toEqual(['connecting', 'restoring', 'up']);
    expect(rig.causes()).toEqual([]);
    expect(venue.guests).toHaveLength(1);
  }
});

describe('Whatever the incident', () => {
  it('[L20] the verdict of a loss is shown while the link is down, and no longer once it is up', async () => {
    await rig.run(jsonLink({ policy: { initialReconnectDelayMs: 10_000 } }));
    await rig.up();
    await rig.pass(1_000);
    venue.newest.socket.resetAndDestroy();
    await rig.verdict('abnormal close');
    await rig.shown('abnormal close');
    expect(rig.link().state.kind).toBe('waiting');
    await rig.up('venue', 2);
    await rig.pass(300);
    expect(rig.link().verdicts).toEqual([]);
  });

  it('[L20] until a new loss is judged, the verdict of an earlier one is not shown for it', async () => {
    venue.doorFor = (): Door => (venue.upgrades === 1 ? { kind: 'status', status: 503 } : { kind: 'open' });
    await rig.run(jsonLink({ policy: { initialReconnectDelayMs: 10_000 } }));
    await rig.up('venue', 2);
    await rig.pass(40_000);
    venue.newest.socket.resetAndDestroy();
    await rig.pass(1_000);
    expect(rig.link().state.kind).toBe('waiting');
    expect(rig.link().verdicts).toEqual([]);
  });

  it('[L20] a link that a person paused shows no verdict of an earlier loss', async () => {
    await rig.run(jsonLink());
    await rig.up();
    venue.newest.socket.resetAndDestroy();
    await rig.verdict('abnormal close');
    await rig.up('venue', 2);
    await rig.run(jsonLink({ enabled: false }));
    await rig.until(() => rig.link().state.kind === 'paused', 'paused');
    expect(rig.link().verdicts).toEqual([]);
  });

  it('[L20] a link that was taken out of the settings is not judged any more', async () => {
    await rig.run(jsonLink());
    await rig.up();
    venue.newest.socket.resetAndDestroy();
    await rig.happened('socket-ended');
    await rig.run();
    await rig.pass(SETTLED_MS);
    expect(rig.causes()).toEqual([]);
  });

  it('[L20] what a person asked for is no incident: reconnect, rotation, pause', async () => {
    await rig.run(jsonLink());
    await rig.up();
    await rig.engine.reconnectLink({ link: 'venue', manner: 'graceful' });
    await rig.up('venue', 2);
    await rig.engine.reconnectLink({ link: 'venue', manner: 'hard' });
    await rig.up('venue', 3);
    await rig.engine.rotateLink({ link: 'venue' });
    await rig.up('venue', 4);
    await rig.run(jsonLink({ enabled: false }));
    await rig.pass(SETTLED_MS);
    expect(rig.verdicts()).toEqual([]);
    for (const guest of venue.guests) expect(asked(guest)).toEqual({ BTC: 1 });
  });

  it('[L20] a standby takes over at once, and the loss is judged all the same', async () => {
    await rig.run(jsonLink({ policy: { standby: true } }));
    await rig.until(() => rig.happenings('standby').some(({ ready }) => ready), 'standby ready');
    await rig.pass(300);
    venue.guests[0]?.socket.resetAndDestroy();
    await rig.happened('promoted');
    await rig.verdict('abnormal close');
    expect(waits()).toEqual([]);
    for (const guest of venue.guests) expect(asked(guest)).toEqual({ BTC: 1 });
  });
});
