import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LinkHappening } from '../../src/shared/events.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import { isOpenNotice, NOTICES_KEPT, type Notice } from '../../src/shared/notice.ts';
import { monoMs, wallMs } from '../../src/shared/units.ts';
import { aPool } from '../api/fakeEngine.ts';
import { FakeLink } from '../renderer/fakeLinks.ts';
import { down, NoticeRig, noticeSettings, REFUSED, WELL } from './rig.ts';

const FAILED = { kind: 'failed', attempts: 10, reason: REFUSED, acknowledged: false } as const;
const FLAP: LinkHappening = {
  kind: 'state',
  from: { kind: 'up', since: monoMs(0) },
  to: { kind: 'waiting', attempt: 1, delayMs: 100, until: monoMs(0), reason: REFUSED },
  because: '',
};

it('[D4] a calm day has no notice', () => {
  const rig = new NoticeRig();
  rig.pools = [aPool()];
  rig.run(60_000);
  rig.set('kraken', {
    state: { kind: 'paused' },
    clocks: { bytesAt: null, pongAt: null, heartbeatAt: null, dataAt: null },
  });
  rig.run(600_000);
  expect(rig.all).toEqual([]);
});

it('[D4] a link that is down is told after its time, with the reason, and resolves by itself', () => {
  const rig = new NoticeRig();
  rig.run(10_000);
  rig.set('okx', down(rig.now));
  rig.run(14_900);
  expect(rig.all).toEqual([]);
  rig.run(500);
  expect(rig.open).toEqual(['okx: down for over 15 s: 127.0.0.1:9 cannot be reached (ECONNREFUSED)']);
  rig.set('okx', {});
  rig.run(250);
  expect(rig.open).toEqual([]);
  expect(rig.all[0]).toMatchObject({ severity: 'bad', muted: false, resolvedWall: rig.wall, acknowledged: null });
  rig.set('okx', down(rig.now));
  rig.run(59_000);
  expect(rig.open).toEqual([]);
  rig.run(2000);
  expect(rig.open).toHaveLength(1);
});

it('[D4] a figure is told with its threshold and for how long', () => {
  const rig = new NoticeRig(
    noticeSettings({ slow: { what: 'p99-over', enter_ms: 200, for_secs: 45, links: ['okx'] } }),
  );
  rig.run(6000);
  const rtt = (p99Ms: number): Partial<LinkView> => {
    const figures = { count: 100, minMs: 1, avgMs: 2, maxMs: 900, p50Ms: 2, p95Ms: 3, p99Ms, p999Ms: 800 };
    return { rtt: { lastMs: 1, stalledSamples: 0, windows: { '1m': null, '5m': figures, '1h': null, start: null } } };
  };
  for (const name of ['okx', 'kraken']) rig.set(name, rtt(312));
  rig.run(46_000);
  expect(rig.open).toEqual(['okx: p99 over 5 min 312 ms when raised, over 200 ms for 45 s']);
  rig.set('okx', rtt(161));
  rig.run(5000);
  expect(rig.open).toHaveLength(1);
  rig.set('okx', rtt(160));
  rig.run(250);
  expect(rig.open).toEqual([]);
});

it('[L7] a link that gave up is told at once and again every hour until acknowledged; nothing is told twice', () => {
  const rig = new NoticeRig(noticeSettings({ 'link-down': { for_secs: 1 } }));
  rig.run(6000);
  rig.set('okx', { state: FAILED });
  rig.run(20_000);
  expect(rig.open).toEqual([
    'okx gave up after 10 attempts: 127.0.0.1:9 cannot be reached (ECONNREFUSED); press Reconnect to start it again',
  ]);
  const [first] = rig.all;
  rig.run(1000);
  rig.event('okx', { kind: 'still-failed', hours: 1 });
  expect(rig.open).toEqual(['okx is still down after 1 h; press Reconnect to try again']);
  expect(rig.all[0]).toMatchObject({ id: first?.id, toldWall: rig.wall, openedWall: first?.openedWall });
  void rig.notices.acknowledge({ id: first?.id ?? 0 });
  expect(rig.silenced).toEqual(['okx']);
  const told = rig.all[0]?.toldWall;
  rig.run(1000);
  rig.event('okx', { kind: 'still-failed', hours: 2 });
  expect(rig.all[0]).toMatchObject({ toldWall: told, acknowledged: { by: 'notices' } });
});

it('[L7] who silences it on the link’s page has acknowledged its notice', () => {
  const rig = new NoticeRig();
  rig.run(6000);
  rig.set('okx', { state: FAILED });
  rig.run(250);
  rig.set('okx', { state: { ...FAILED, acknowledged: true } });
  rig.run(250);
  expect(rig.all).toHaveLength(1);
  expect(rig.all[0]).toMatchObject({ acknowledged: { by: 'link page', wall: rig.wall } });
  expect(rig.silenced).toEqual([]);
});

it('[D4] [L22] the time in the queue of its first dial is no time that a link was down; in that of a later one it is', () => {
  const rig = new NoticeRig();
  rig.run(6000);
  const { counters } = new FakeLink({ name: '', venue: '', url: '', rttMs: 5, state: 'up' }, () => 0.5, rig.now).view(
    rig.now,
  );
  const queued = (attempt: number, connects: number): Partial<LinkView> => {
    const reason = { kind: 'queued', place: 90, origin: 'v.example' } as const;
    const state = { kind: 'waiting', attempt, delayMs: 18_000, until: rig.now, reason } as const;
    return { state, counters: { ...counters, connects } };
  };
  rig.set('okx', queued(1, 0));
  rig.run(30_000);
  expect(rig.open).toEqual([]);
  rig.set('okx', down(rig.now));
  rig.run(14_000);
  expect(rig.open).toEqual([]);
  rig.run(2_000);
  expect(rig.open).toEqual([expect.stringMatching(/^okx: down for over 15 s/)]);
  for (const again of [queued(2, 0), queued(1, 3)]) {
    rig.set('okx', {});
    rig.run(90_000);
    rig.set('okx', again);
    rig.run(16_000);
    expect(rig.open).toEqual([expect.stringMatching(/^okx: down for over 15 s: number 90/)]);
  }
});

it('[L18] an alarm stands until the link is open again', () => {
  const rig = new NoticeRig();
  rig.run(6000);
  rig.set('okx', down(rig.now));
  rig.event('okx', {
    kind: 'alarm',
    reason: { kind: 'tls', code: 'CERT_HAS_EXPIRED', message: 'certificate has expired' },
  });
  rig.run(30_000);
  expect(rig.open).toEqual([expect.stringMatching(/^okx needs you: TLS failed: certificate has expired/)]);
  rig.set('okx', {});
  rig.run(250);
  expect(rig.open).toEqual([]);
  rig.set('okx', down(rig.now));
  rig.run(16_000);
  expect(rig.open).toEqual([expect.stringMatching(/^okx: down for over 15 s/)]);
});

it('[H8] own lateness and memory are told of this machine, with enter and leave thresholds', () => {
  const rig = new NoticeRig();
  rig.run(6000);
  rig.machine = { ...rig.machine, loopP99Ms: 140, rssBytes: 3000 * 1024 * 1024 };
  rig.run(61_000);
  expect(rig.open).toEqual([
    'this machine: own lateness p99 140 ms when raised, over 100 ms for 30 s',
    'this machine: memory of this program 3000 MiB when raised, over 2048 MiB for 60 s',
  ]);
  rig.machine = { ...rig.machine, loopP99Ms: 51, rssBytes: 1536 * 1024 * 1024 };
  rig.run(1000);
  expect(rig.open).toEqual(['this machine: own lateness p99 140 ms when raised, over 100 ms for 30 s']);
});

it('[P5] a pool with fewer sockets ready than wanted is told, one that is off or cold is not', () => {
  const rig = new NoticeRig();
  rig.run(6000);
  const [origin] = aPool().origins;
  const failing = { kind: 'failing', why: 'refused', attempts: 3, retryAt: monoMs(0) } as const;
  const short = { ...origin, ready: 0, active: 0, state: failing } as ReturnType<typeof aPool>['origins'][number];
  rig.pools = [aPool({ name: 'rest', origins: [short] })];
  rig.run(61_000);
  expect(rig.open).toEqual([
    'rest: fewer sockets ready than wanted for over 60 s: 0 of 2 at https://api.kraken.com: refused',
  ]);
  rig.pools = [aPool({ name: 'rest', origins: [{ ...short, state: { kind: 'cold' } }] })];
  rig.run(250);
  expect(rig.open).toEqual([]);
});

it('[D4] reconnects are counted over 10 minutes, and planned changes of sockets are none', () => {
  const rig = new NoticeRig();
  rig.run(6000);
  for (let i = 0; i < 6; i += 1) {
    rig.event('okx', FLAP);
    rig.event('kraken', { kind: 'replaced', oldGeneration: i, because: { kind: 'asked', by: 'rotation' } });
    rig.run(1000);
  }
  expect(rig.open).toEqual(['okx: 6 reconnects in 10 min when raised, over 5']);
  rig.run(605_000);
  expect(rig.open).toEqual([]);
});

it('[H4] [H8] a reconnect that did not help, and a link far slower than it was, are told as long as the engine says so', () => {
  const rig = new NoticeRig();
  rig.run(6000);
  const what = '85.0 % of the last 100 pings answered, below 90 %';
  rig.event('okx', { kind: 'still-bad', what, pauseMs: 300_000 });
  rig.event('kraken', { kind: 'degradation', turn: 'slower', p99Ms: 31, baselineMs: 12 });
  rig.run(60_000);
  expect(rig.open).toEqual([
    `okx: as bad as before its reconnect by the policy: ${what}`,
    'kraken: far slower than its own baseline: p99 over 5 min 31 ms when raised, baseline 12 ms',
  ]);
  rig.event('okx', { kind: 'still-bad', what: null });
  rig.event('kraken', { kind: 'degradation', turn: 'usual', p99Ms: 31, baselineMs: 12 });
  rig.run(500);
  expect(rig.open).toEqual([]);
});

it('[H4] what was said of a socket that is gone, or by an engine that is, does not stand', () => {
  const rig = new NoticeRig();
  rig.event('okx', { kind: 'still-bad', what: '3 pings missed in a row', pauseMs: 300_000 });
  rig.event('kraken', { kind: 'degradation', turn: 'slower', p99Ms: 31, baselineMs: 12 });
  rig.run(6000);
  rig.set('okx', down(rig.now));
  rig.run(250);
  rig.set('okx', {});
  rig.now = monoMs(0);
  rig.run(20_000);
  expect(rig.open).toEqual([]);
  expect(rig.all).toHaveLength(2);
});

it('[D4] a pause, a removal and a switched-off rule each resolve what is open', () => {
  for (const end of [
    (rig: NoticeRig) => rig.set('okx', { state: { kind: 'paused' } }),
    (rig: NoticeRig) => rig.remove('okx'),
    (rig: NoticeRig) => rig.notices.configure(noticeSettings({ 'link-down': { enabled: false } })),
    (rig: NoticeRig) => rig.notices.configure(noticeSettings({ 'link-down': { links: ['kraken'] } })),
    (rig: NoticeRig) => rig.notices.configure(noticeSettings({ 'link-down': { what: 'suspect' } })),
  ]) {
    const rig = new NoticeRig();
    rig.run(6000);
    rig.set('okx', down(rig.now));
    rig.run(20_000);
    expect(rig.open).toHaveLength(1);
    end(rig);
    rig.run(250);
    expect(rig.open).toEqual([]);
  }
});

it('[L16] a sleep, an engine that starts anew and a wall clock that is set raise nothing', () => {
  const rig = new NoticeRig(noticeSettings({ 'link-down': { for_secs: 3 } }));
  rig.run(6000);
  rig.set('okx', down(rig.now));
  rig.run(2500);
  rig.sleep(3_600_000);
  rig.run(2500);
  rig.now = monoMs(100);
  rig.run(2500);
  rig.wall = wallMs(rig.wall - 86_400_000);
  expect(rig.all).toEqual([]);
  rig.set('okx', { clocks: { bytesAt: null, pongAt: null, heartbeatAt: null, dataAt: monoMs(rig.now - 100_000) } });
  rig.sleep(600_000);
  rig.run(4000);
  expect(rig.all).toEqual([]);
});

it('[L5] [D4] a link that never had data is told of, for as long as its socket is open', () => {
  const rig = new NoticeRig();
  const upSince = rig.now;
  const bare = { bytesAt: null, pongAt: null, heartbeatAt: null, dataAt: null };
  const uptime = { ...WELL.uptime, upSince };
  rig.set('okx', { clocks: bare, uptime });
  rig.run(50_000);
  expect(rig.of('okx')).toBeUndefined();
  rig.run(30_000);
  expect(rig.of('okx')).toMatchObject({ text: expect.stringContaining('no data'), resolvedWall: null });
  rig.set('okx', { uptime });
  rig.run(30_000);
  expect(rig.open).toEqual([]);
});

it('[D4] in a quiet time notices are recorded and silent: by a press, a window, or a moment in the settings', async () => {
  const raised = async (rig: NoticeRig): Promise<Notice | undefined> => {
    rig.run(6000);
    rig.set('okx', down(rig.now));
    rig.run(20_000);
    return rig.all[0];
  };
  const pressed = new NoticeRig();
  await pressed.notices.mute({ forSecs: 900 });
  expect(await raised(pressed)).toMatchObject({ muted: true });
  expect(pressed.saved.at(-1)?.quietUntil).toBe(Date.UTC(2026, 10, 18, 12, 15));
  await pressed.notices.mute({ forSecs: null });
  expect(pressed.saved.at(-1)?.quietUntil).toBeNull();
  const noon = { mute_windows: ['Wed 12:00-13:00'], time_zone: 'UTC' };
  expect(await raised(new NoticeRig(noticeSettings({}, noon)))).toMatchObject({ muted: true });
  expect(await raised(new NoticeRig(noticeSettings({ 'link-down': noon })))).toMatchObject({ muted: true });
  expect(await raised(new NoticeRig(noticeSettings({ memory: noon })))).toMatchObject({ muted: false });
  const until = noticeSettings({}, { quiet_until: '2026-11-18T12:05:00Z' });
  expect(await raised(new NoticeRig(until))).toMatchObject({ muted: true });
  const over = noticeSettings({}, { quiet_until: '2026-11-18T11:05:00Z' });
  expect(await raised(new NoticeRig(over))).toMatchObject({ muted: false });
});

it('[D4] what goes on when the quiet time is over is told then, once; what was acknowledged or is over is not', async () => {
  const rig = new NoticeRig(noticeSettings({}, { quiet_until: '2026-11-18T12:05:00Z' }));
  rig.run(6000);
  rig.set('okx', down(rig.now));
  rig.set('kraken', down(rig.now));
  rig.run(20_000);
  const [okx, kraken] = [rig.of('okx'), rig.of('kraken')];
  expect([okx?.muted, kraken?.muted]).toEqual([true, true]);
  await rig.notices.acknowledge({ id: kraken?.id ?? 0 });
  rig.run(5 * 60_000);
  const over = Date.UTC(2026, 10, 18, 12, 5);
  expect(rig.of('okx')).toMatchObject({ id: okx?.id, muted: false, resolvedWall: null });
  expect(rig.of('okx')?.toldWall).toBeGreaterThanOrEqual(over);
  expect(rig.of('okx')?.toldWall).toBeLessThan(over + 1000);
  expect(rig.of('kraken')).toMatchObject({ muted: true, toldWall: kraken?.toldWall });
  const told = rig.of('okx')?.toldWall;
  rig.run(60_000);
  expect(rig.of('okx')?.toldWall).toBe(told);

  const pressed = new NoticeRig();
  await pressed.notices.mute({ forSecs: 900 });
  pressed.run(6000);
  pressed.set('okx', down(pressed.now));
  pressed.run(20_000);
  await pressed.notices.mute({ forSecs: null });
  pressed.run(250);
  expect(pressed.of('okx')).toMatchObject({ muted: false, toldWall: pressed.wall });
});

it('[D4] a clock that is set back makes a press last no longer, while it runs and over a restart', async () => {
  const YEAR_MS = 365 * 86_400_000;
  const rig = new NoticeRig();
  rig.run(6000);
  await rig.notices.mute({ forSecs: 900 });
  rig.run(60_000);
  rig.wall = wallMs(rig.wall - YEAR_MS);
  rig.look();
  expect(rig.saved.at(-1)?.quietUntil).toBe(rig.wall + 840_000);
  rig.run(800_000);
  rig.set('okx', down(rig.now));
  rig.run(20_000);
  expect(rig.of('okx')).toMatchObject({ muted: true });
  rig.run(20_000);
  expect(rig.of('okx')).toMatchObject({ muted: false });

  rig.wall = wallMs(rig.wall - YEAR_MS);
  await rig.notices.mute({ forSecs: 900 });
  rig.look();
  expect(rig.saved.at(-1)?.quietUntil, 'by the clock as it is at the press').toBe(rig.wall + 900_000);

  const kept = { notices: [], quietUntil: Date.UTC(2027, 10, 18, 12) };
  let until: number | null = null;
  new NoticeRig(noticeSettings(), kept).notices.subscribe((frame) => {
    until = frame.rules?.pressedQuietUntil ?? null;
  });
  expect(until).toBe(Date.UTC(2026, 10, 25, 12));
});

it('[D4] after a restart what is open stays the same notice, acknowledged or not, and resolves by itself', () => {
  const before = new NoticeRig();
  before.run(6000);
  before.set('okx', down(before.now));
  before.run(20_000);
  void before.notices.acknowledgeAll();
  const kept = before.saved.at(-1);
  if (kept === undefined) throw new Error('nothing was saved');
  const rig = new NoticeRig(noticeSettings(), kept);
  rig.set('okx', down(rig.now));
  rig.run(60_000);
  expect(rig.all).toEqual([expect.objectContaining({ id: 1, resolvedWall: null, acknowledged: expect.anything() })]);
  rig.set('okx', {});
  rig.run(250);
  expect(rig.all).toEqual([expect.objectContaining({ id: 1, resolvedWall: rig.wall })]);
  rig.run(61_000);
  rig.set('okx', down(rig.now));
  rig.run(20_000);
  expect(rig.all.map(({ id }) => id)).toEqual([1, 2]);
});

it('[D4] an id that is not kept is a problem; acknowledging twice changes nothing', async () => {
  const rig = new NoticeRig();
  expect(await rig.notices.acknowledge({ id: 7 })).toMatchObject({ ok: false, problem: { kind: 'unknown-notice' } });
  rig.run(6000);
  rig.set('okx', down(rig.now));
  rig.run(20_000);
  await rig.notices.acknowledge({ id: 1 });
  const first = rig.all[0]?.acknowledged;
  rig.run(1000);
  await rig.notices.acknowledgeAll();
  expect(rig.all[0]?.acknowledged).toEqual(first);
});

it('[D4] the last 500 are kept, and what is open is not dropped for what is over', () => {
  const rig = new NoticeRig(noticeSettings({ 'link-down': { for_secs: 0, cooldown_secs: 0, links: ['kraken'] } }));
  rig.run(6000);
  rig.set('okx', { state: FAILED });
  for (let i = 0; i < NOTICES_KEPT + 20; i += 1) {
    rig.set('kraken', down(rig.now));
    rig.run(250);
    rig.set('kraken', {});
    rig.run(250);
  }
  expect(rig.all).toHaveLength(NOTICES_KEPT);
  expect(rig.open).toHaveLength(1);
  expect(rig.all[0]).toMatchObject({ name: 'okx', what: 'gave-up' });
  expect(rig.all.at(-1)?.id).toBe(NOTICES_KEPT + 21);
});

it('[D4] whatever links do, no rule has two open notices of one link, and a page holds what the host holds', () => {
  const act = fc.oneof(
    fc.record({ do: fc.constant('down' as const), link: fc.constantFrom('okx', 'kraken') }),
    fc.record({
      do: fc.constantFrom('up' as const, 'pause' as const, 'fail' as const),
      link: fc.constantFrom('okx', 'kraken'),
    }),
    fc.record({ do: fc.constantFrom('run' as const, 'sleep' as const), ms: fc.constantFrom(250, 2000, 20_000) }),
    fc.record({ do: fc.constantFrom('acknowledge' as const, 'off' as const, 'on' as const) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const rig = new NoticeRig(noticeSettings({ 'link-down': { for_secs: 2, cooldown_secs: 1 } }));
      for (const one of acts) {
        if (one.do === 'down') rig.set(one.link, down(rig.now));
        else if (one.do === 'up') rig.set(one.link, {});
        else if (one.do === 'pause') rig.set(one.link, { state: { kind: 'paused' } });
        else if (one.do === 'fail') rig.set(one.link, { state: FAILED });
        else if (one.do === 'run') rig.run(one.ms);
        else if (one.do === 'sleep') rig.sleep(one.ms);
        else if (one.do === 'acknowledge') void rig.notices.acknowledgeAll();
        else rig.notices.configure(noticeSettings({ 'link-down': { enabled: one.do === 'on' } }));
        const open = rig.all.filter(isOpenNotice).map(({ rule, name }) => `${rule} ${name}`);
        expect(new Set(open).size).toBe(open.length);
        let held: readonly Notice[] = [];
        rig.notices.subscribe((frame) => {
          held = frame.notices;
        })();
        expect(rig.all).toEqual(held);
      }
    }),
    { numRuns: 150 },
  );
});
