import { beforeEach, describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { JSON_PRESET } from '../../support/linkConfig.ts';
import { Relay } from '../relay.ts';
import { asked, STAMPED } from '../scripts.ts';
import { type Change, elsewhere, jsonLink, opened, rig, SETTLED_MS, setStage, talk, venue, waits } from './stage.ts';

setStage();

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
    expect(verdict.evidence.join()).toContain('nothing received for');
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
    expect(await rig.verdict('route change')).toMatchObject({ blame: 'local network', certainty: 'likely' });
  });

  it('[L20] 3. near miss: a container’s network comes up, and one venue cuts its links while another flows: the venue', async () => {
    const two = [jsonLink(), jsonLink({ name: 'sibling' })];
    await rig.run(...two);
    for (const name of ['venue', 'sibling']) await rig.up(name);
    const theirs = [...venue.guests];
    await rig.run(...two, jsonLink({ name: 'other', preset: elsewhere(JSON_PRESET) }));
    await rig.up('other');
    await rig.pass(5_000);
    rig.addresses = '172.17.0.1';
    await rig.pass(5_000);
    for (const { socket } of theirs) socket.resetAndDestroy();
    expect(await rig.verdict('abnormal close')).toMatchObject({ blame: 'venue' });
    await rig.pass(SETTLED_MS);
    expect([...rig.causes(), ...rig.causes('sibling')]).toEqual(['abnormal close', 'abnormal close']);
    expect(rig.verdicts('other')).toEqual([]);
  });

  it('[L20] 3. near miss: a socket that was dialled after the wake, and ends soon, does not end because of the sleep', async () => {
    await rig.run(overRelay());
    await rig.up();
    await rig.pass(5_000);
    relay.freeze();
    rig.clock.suspend(3_600_000);
    await rig.up('venue', 2);
    relay.thaw();
    await rig.pass(10_000);
    venue.newest.ws.close(1001, '');
    await rig.up('venue', 3);
    await rig.pass(5_000);
    relay.reset();
    await rig.pass(SETTLED_MS);
    expect(rig.causes()).toEqual(['sleep', 'venue restart', 'abnormal close']);
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
