import { describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { watched } from '../scripts.ts';
import { type Change, cameBackOnce, jsonLink, reordered, rig, setStage, talk, venue } from './stage.ts';

setStage();

describe('17. Sequence gaps', () => {
  const numbered = (change: Change = {}): LinkConfig => jsonLink({ subscriptions: [watched('BTC')], ...change });
  const skip = (by: number): void => void talk.next.set('BTC', (talk.next.get('BTC') ?? 1) + by);

  it('[L20] 17. sequence gap: resync needed, and the connection is as healthy as before', async () => {
    await rig.run(numbered());
    await rig.up();
    await rig.pass(2_000);
    skip(1);
    const verdict = await rig.verdict('sequence gap');
    expect(verdict).toMatchObject({ blame: 'venue', certainty: 'likely' });
    expect(verdict.evidence.join()).toContain('1 message number is missing; resync needed');
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
