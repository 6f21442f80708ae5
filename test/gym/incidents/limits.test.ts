import { describe, expect, it } from 'vitest';
import type { Preset } from '../../../src/shared/preset.ts';
import { JSON_PRESET, subscription } from '../../support/linkConfig.ts';
import { asked, dialLimiter, tokenBucket } from '../scripts.ts';
import type { Door } from '../venue.ts';
import { cameBackOnce, jsonLink, rig, setStage, venue, waits } from './stage.ts';

setStage();

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
