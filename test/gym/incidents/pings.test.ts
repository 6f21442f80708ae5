import { describe, expect, it } from 'vitest';
import type { Preset } from '../../../src/shared/preset.ts';
import { RestartHabits } from '../../../src/shared/restartHabit.ts';
import { engineConfig, JSON_PRESET } from '../../support/linkConfig.ts';
import { Relay } from '../relay.ts';
import { GymRig } from '../rig.ts';
import { asked, GZIP, gzipPinger, strictPinger } from '../scripts.ts';
import { castRig, jsonLink, opened, plainLink, rig, SETTLED_MS, setStage, venue, waits } from './stage.ts';

setStage();

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
      castRig(new GymRig());
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
