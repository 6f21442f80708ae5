import { describe, expect, it } from 'vitest';
import { JSON_PRESET } from '../../support/linkConfig.ts';
import { asked, STAMPED, watched } from '../scripts.ts';
import { jsonLink, rig, SETTLED_MS, setStage, talk, venue, waits } from './stage.ts';

setStage();

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
    expect(verdict.evidence.join()).toMatch(/no data for .*pings answered,1 of 1 other link to this venue gets data/);
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

  it('[L20] [H6] 1. near miss: a sibling that was just reconnected, and got nothing either, bears no witness', async () => {
    await two();
    talk.manners = { ack: 'yes', data: false };
    await rig.pass(30_000);
    await rig.engine.reconnectLink({ link: 'sibling', manner: 'hard' });
    const verdict = await rig.verdict('feed stalled', 'venue', 65_000);
    expect(verdict).toMatchObject({ certainty: 'possible' });
    expect(verdict.evidence.join()).not.toContain('get data');
  });

  it('[L20] 1. near miss: a quiet market, with gaps below the notice, says nothing', async () => {
    talk.everyMs = 40_000;
    await rig.run(jsonLink({ policy: { firstDataMs: 60_000 } }));
    await rig.up();
    await rig.pass(120_000);
    expect(rig.verdicts()).toEqual([]);
    expect(venue.guests).toHaveLength(1);
  });

  async function ethMuted(): Promise<void> {
    await rig.run(
      jsonLink({
        subscriptions: [watched('BTC'), watched('ETH')],
        policy: { dataTimeoutMs: 10_000, dataNoticeMs: 5_000 },
      }),
    );
    await rig.up();
    await rig.pass(2_000);
    talk.mutedSymbols.add('ETH');
  }

  it('[L20] 1. one topic mute: it alone is subscribed anew, once, and the link is degraded', async () => {
    await ethMuted();
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

  it('[L20] [G1] 1. the feed is mute under frames of no subscription: stalled, degraded and not fit, though they come', async () => {
    await rig.run(jsonLink({ subscriptions: [watched('BTC')], policy: { dataNoticeMs: 5_000 } }));
    await rig.until(() => rig.link().gate.kind === 'open', 'the gate', 60_000);
    talk.mutedSymbols.add('BTC');
    rig.every(500, () => venue.newest.ws.send('{"event":"maintenance planned"}'));
    await rig.verdict('feed stalled', 'venue', 10_000);
    expect(rig.link().gate).toMatchObject({ kind: 'closed', reasons: [{ kind: 'stale', why: 'silent' }] });
    expect(rig.link().health).toMatchObject({ level: 'degraded' });
    expect(rig.states()).toEqual(['connecting', 'restoring', 'up']);
  });

  it('[L20] 1. one topic mute, the others flow: a verdict says so', async () => {
    await ethMuted();
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

  it('[H5] [H3] 2. nobody trades on a replay: the link is not fit, and its time counts as unreliable', async () => {
    await rig.run(jsonLink({ preset: STAMPED }));
    await rig.up();
    await rig.until(() => rig.link().fit.fit, 'fit', 60_000);
    talk.replays = true;
    await rig.until(() => !rig.link().fit.fit, 'unfit', 90_000);
    expect(rig.link().fit).toMatchObject({ reasons: [{ kind: 'stale', why: 'frozen' }] });
    const { freshMs, observedMs } = rig.link().uptime.day;
    await rig.pass(20_000);
    expect(rig.link().uptime.day.freshMs).toBe(freshMs);
    expect(rig.link().uptime.day.observedMs).toBeGreaterThan(observedMs + 15_000);
    talk.replays = false;
    await rig.until(() => rig.link().fit.fit, 'fit again', 60_000);
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

describe('2. The same last message, at a venue that stamps none', () => {
  const unstamped = (repeats = false) =>
    jsonLink({
      preset: { ...JSON_PRESET, repeats },
      subscriptions: [watchedAs('BTC'), watchedAs('ETH')],
      policy: { dataNoticeMs: 20_000 },
    });
  const watchedAs = (symbol: string) => ({ ...watched(symbol), sequence: null });

  it('[L20] [H5] 2. stale replay, less sure than by a stamp: the frames of each are the same byte for byte', async () => {
    await rig.run(unstamped());
    await rig.until(() => rig.link().gate.kind === 'open', 'the gate', 60_000);
    expect(rig.verdicts()).toEqual([]);
    talk.replays = true;
    const verdict = await rig.verdict('stale replay', 'venue', 30_000);
    expect(verdict).toMatchObject({ blame: 'venue', certainty: 'possible' });
    expect(rig.link().fit).toMatchObject({ reasons: [{ kind: 'stale', why: 'same' }] });
    expect(rig.link().health.level).toBe('degraded');
    expect(rig.causes()).toEqual(['stale replay']);
    talk.replays = false;
    await rig.until(() => rig.link().fit.fit && rig.link().verdicts.length === 0, 'fit again', 60_000);
  });

  it('[L20] 2. near miss: a feed that sends unchanged state again, as its preset says', async () => {
    await rig.run(unstamped(true));
    await rig.up();
    talk.replays = true;
    await rig.pass(40_000);
    expect(rig.verdicts()).toEqual([]);
    expect(rig.link().fit.fit).toBe(true);
  });

  it('[L20] 2. near miss: legal repeats, every frame many times and then a new one, say nothing', async () => {
    talk.copies = 6;
    talk.everyMs = 600;
    await rig.run(unstamped());
    await rig.up();
    await rig.pass(40_000);
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
