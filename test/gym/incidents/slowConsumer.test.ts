import { beforeEach, describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import type { Preset } from '../../../src/shared/preset.ts';
import { Relay } from '../relay.ts';
import { STAMPED, sendBudget } from '../scripts.ts';
import { type Change, elsewhere, jsonLink, opened, rig, SETTLED_MS, setStage, talk, venue, waits } from './stage.ts';

setStage();

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
    expect(rig.verdicts().concat(rig.verdicts('other')).at(-1)?.evidence.join()).toContain('1 other link lags alike');
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
