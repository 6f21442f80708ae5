import { describe, expect, it } from 'vitest';
import { notInForce } from '../../../src/shared/subscriptionView.ts';
import { JSON_PRESET, subscription } from '../../support/linkConfig.ts';
import { asked, watched } from '../scripts.ts';
import { cameBackOnce, jsonLink, reordered, rig, SETTLED_MS, setStage, talk, venue, waits } from './stage.ts';

setStage();

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
    expect(verdict.evidence.join()).toMatch(/\d+ message numbers? came twice/);
    await rig.shown('duplicate delivery');
    expect(venue.guests).toHaveLength(1);
    expect(rig.causes()).toEqual(['duplicate delivery']);
  });

  const identified = (symbol: string) => ({ ...watched(symbol), sequence: null, identity: 'n' });

  it('[L20] 13. duplicate delivery, though nobody asked for a watch: every message twice, told by its identity', async () => {
    await rig.run(jsonLink({ subscriptions: [identified('BTC'), identified('ETH')] }));
    await rig.up();
    await rig.pass(8_000);
    expect(rig.verdicts()).toEqual([]);
    talk.copies = 2;
    const verdict = await rig.verdict('duplicate delivery');
    expect(verdict).toMatchObject({ blame: 'venue', certainty: 'likely' });
    expect(verdict.evidence.join()).toMatch(/^\d+ messages? came twice$/);
    expect(rig.causes()).toEqual(['duplicate delivery']);
  });

  it('[L20] 13. near miss: after a reconnect the same messages on another connection are no duplicates', async () => {
    await rig.run(jsonLink({ subscriptions: [identified('BTC')] }));
    await rig.up();
    await rig.pass(8_000);
    talk.next.set('BTC', 1);
    venue.newest.socket.resetAndDestroy();
    await cameBackOnce();
    await rig.pass(10_000);
    expect(rig.causes()).toEqual(['abnormal close']);
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

  it('[L20] [L9] 15. data decide, the ack is a hint: up at the first data of each, the ack asked for once more, no verdict', async () => {
    talk.manners = { ack: 'no', data: true };
    await rig.run(jsonLink({ subscriptions: [watched('BTC'), watched('ETH')] }));
    const from = rig.clock.now();
    await rig.up();
    expect(rig.clock.now() - from).toBeLessThan(500);
    expect(rig.happenings('restored')).toMatchObject([{ subscriptions: 2 }]);
    await rig.pass(30_000);
    expect(asked(venue.newest)).toEqual({ BTC: 2, ETH: 2 });
    expect(rig.link().subscriptions.map(({ status }) => status)).toEqual(['never-acked', 'never-acked']);
    expect(rig.causes()).toEqual([]);
    expect(rig.link().health).toEqual({ level: 'healthy' });
    expect(rig.link().gate.kind).toBe('open');
    expect(rig.states()).toEqual(['connecting', 'restoring', 'up']);
  });

  it('[L20] [G1] 15. no ack and no data of one, while another flows: ack missing, and the gate stays closed', async () => {
    talk.onSubscribe = (guest, symbol) => void (symbol === 'ETH' && talk.topics.get(guest)?.delete(symbol));
    talk.mutedSymbols.add('ETH');
    talk.manners = { ack: 'no', data: true };
    await rig.run(jsonLink({ subscriptions: [watched('BTC'), watched('ETH')] }));
    const verdict = await rig.verdict('ack missing');
    expect(verdict.evidence.join()).toContain('1 subscription never acknowledged');
    await rig.pass(30_000);
    expect(rig.link().gate).toMatchObject({ reasons: [notInForce(['ticker:ETH'], 2)] });
    expect(rig.link().health).toMatchObject({ level: 'degraded' });
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
    expect(verdict.evidence.join()).toContain('1 subscription acknowledged, and no data of it');
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
    expect(verdict.evidence.join()).toContain('1 subscription acknowledged, and no data of it');
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

  it('[L20] 16. near miss: data for ever before an ack that never comes is a missing ack, where nobody can say whose they are', async () => {
    talk.manners = { ack: 'no', data: true };
    await rig.run(jsonLink());
    await rig.verdict('ack missing');
  });
});
