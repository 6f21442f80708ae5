import { describe, expect, it } from 'vitest';
import type { Preset } from '../../../src/shared/preset.ts';
import { JSON_PRESET } from '../../support/linkConfig.ts';
import { Relay } from '../relay.ts';
import { asked, newestWins, oneSlot } from '../scripts.ts';
import { jsonLink, opened, rig, SETTLED_MS, setStage, talk, venue, waits } from './stage.ts';

setStage();

describe('a session that the venue ends, and leaves the connection open', () => {
  const left = (ends: boolean): Preset => ({
    ...JSON_PRESET,
    farewells: [{ match: '"authenticated":false', class: 'credentials', text: 'the session is over', ends }],
  });
  const over = '{"topic":"sts","args":{"authenticated":false}}';

  it('[L18] [C3] it is closed from here, and the link stops for want of credentials', async () => {
    await rig.run(jsonLink({ preset: left(true) }));
    await rig.up();
    venue.newest.ws.send(over);
    await rig.until(() => rig.link().state.kind === 'failed', 'the link stops');
    expect(rig.link().state).toMatchObject({ reason: { kind: 'told', class: 'credentials' } });
    await rig.until(() => venue.present.length === 0, 'its socket is closed');
    expect(rig.causes()).toEqual(['credentials refused']);
  });

  it('[L18] where the preset does not say that it ends the connection, only a close that follows is explained', async () => {
    await rig.run(jsonLink({ preset: left(false) }));
    await rig.up();
    venue.newest.ws.send(over);
    await rig.pass(10_000);
    expect(rig.link().state.kind).toBe('up');
  });
});

describe('18. A ghost session holds the only slot', () => {
  const ghost = (cls: 'slot' | 'credentials'): Preset => ({
    ...JSON_PRESET,
    farewells: [{ match: '"code":406', class: cls, text: 'connection limit exceeded' }],
  });
  const FULL = { code: 4001, match: '', class: 'slot', text: 'the slot is taken' } as const;

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

  it.each([
    ['words', ghost('slot'), 1000],
    ['a close code that the preset knows', { ...JSON_PRESET, closes: [FULL] }, FULL.code],
  ])(
    '[L20] 18. near miss: somebody else holds the slot, says the venue with %s: never our ghost, however often it is tried',
    async (_how, preset, code) => {
      const { refused } = oneSlot(rig, venue, 90_000, code);
      await rig.run(jsonLink({ preset }), jsonLink({ name: 'second', preset }));
      await rig.until(() => refused.length === 5, 'refused five times');
      await rig.pass(SETTLED_MS);
      expect(rig.causes('second')).toEqual(Array(5).fill('credential used twice'));
      expect(rig.verdicts('second').at(-1)).toMatchObject({ blame: 'our settings', certainty: 'possible' });
      expect(rig.verdicts()).toEqual([]);
    },
  );

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
