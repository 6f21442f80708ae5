import { describe, expect, it } from 'vitest';
import { JSON_PRESET, subscription } from '../../support/linkConfig.ts';
import { Relay } from '../relay.ts';
import { asked, rawFrame } from '../scripts.ts';
import { GYM_CA, GymVenue } from '../venue.ts';
import { cameBackOnce, elsewhere, jsonLink, opened, plainLink, rig, setStage, talk, venue, waits } from './stage.ts';

setStage();

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
    expect(verdict.evidence.join()).toMatch(/1006.*0 of 1 other link /);
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
