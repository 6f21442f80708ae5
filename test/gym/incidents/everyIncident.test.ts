import { describe, expect, it } from 'vitest';
import { asked } from '../scripts.ts';
import type { Door } from '../venue.ts';
import { jsonLink, rig, SETTLED_MS, setStage, venue, waits } from './stage.ts';

setStage();

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
