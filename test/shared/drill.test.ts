import fc from 'fast-check';
import { expect, it } from 'vitest';
import { falseAlarm, follow, newTrack, type Track } from '../../src/shared/drill.ts';
import { reportCsv, resultText } from '../../src/shared/drillText.ts';
import type { LinkEvent, LinkHappening } from '../../src/shared/events.ts';
import type { DownReason } from '../../src/shared/linkState.ts';
import { promisesOf } from '../../src/shared/promise.ts';
import { termsOf } from '../../src/shared/promiseTerms.ts';
import { isSettled, timeline, wasCutShort } from '../../src/shared/timeline.ts';
import { monoMs, wallMs } from '../../src/shared/units.ts';
import { resolved } from '../settings/fixtures.ts';
import { drillLink } from '../support/drillLink.ts';

const START = monoMs(1_000_000);
const UP = { kind: 'up', since: START } as const;
const CUT: DownReason = { kind: 'cut', code: 'ECONNRESET' };
const DEAD: DownReason = { kind: 'dead', missed: 7, silentMs: 3_000 };
const TIMINGS = { dnsMs: null, tcpMs: 1, tlsMs: null, upgradeMs: 2, totalMs: 3 };

const SUSPECT: LinkHappening = {
  kind: 'state',
  from: UP,
  to: { kind: 'suspect', since: START, upSince: START, probes: 1, why: 'silence' },
  because: '',
};
const CONNECTING: LinkHappening = {
  kind: 'state',
  from: UP,
  to: { kind: 'connecting', attempt: 1, phase: 'resolving', since: START },
  because: '',
};
const ended = (reason: DownReason): LinkHappening => ({ kind: 'socket-ended', reason, livedMs: 1 });
const OPENED: LinkHappening = { kind: 'opened', timings: TIMINGS, address: '127.0.0.1:1' };
const RESTORED: LinkHappening = { kind: 'restored', tookMs: 5, subscriptions: 1 };
const GATE_SHUT: LinkHappening = {
  kind: 'gate',
  gate: { kind: 'closed', since: START, reasons: [{ kind: 'not-started' }], cleanSince: null, opensAt: null },
};
const GATE_OPEN: LinkHappening = { kind: 'gate', gate: { kind: 'open', since: START } };
const HEALTHY: LinkHappening = { kind: 'health', from: 'degraded', to: 'healthy', reasons: [] };
const VERDICT: LinkHappening = {
  kind: 'verdict',
  verdict: { cause: 'half-open', blame: 'unknown', certainty: 'likely', evidence: ['7 pings in a row unanswered'] },
};
const PROMOTED: LinkHappening = { kind: 'promoted', reason: CUT };

const event = (ms: number, happening: LinkHappening, generation = 4, link = 'venue'): LinkEvent => ({
  seq: 1,
  at: monoMs(START + ms),
  wall: wallMs(0),
  link,
  generation,
  happening,
});

const track = (...events: readonly LinkEvent[]): Track =>
  events.reduce(follow, newTrack({ link: 'venue', generation: 4, startAt: START }));
const times = ({ marks }: Track) => Object.fromEntries(Object.entries(marks).map(([name, { ms }]) => [name, ms]));

/** A freeze as the engine tells it. */
const FREEZE: readonly LinkEvent[] = [
  event(1_011, SUSPECT),
  event(1_012, GATE_SHUT),
  event(3_011, ended(DEAD)),
  event(3_114, CONNECTING),
  event(5_004, OPENED, 5),
  event(5_214, RESTORED, 5),
  event(5_462, HEALTHY, 5),
  event(6_011, VERDICT, 5),
  event(15_191, GATE_OPEN, 5),
];

it('[D6] a freeze becomes its milestones, each with its ms since the fault', () => {
  expect(times(track(...FREEZE))).toEqual({
    suspect: 1_011,
    'gate-closed': 1_012,
    ended: 3_011,
    dead: 3_011,
    dial: 3_114,
    opened: 5_004,
    restored: 5_214,
    healthy: 5_462,
    verdict: 6_011,
    'gate-open': 15_191,
  });
});

it('[D6] what shows a loss is timed by its first, what shows the recovery by its last', () => {
  const all = track(
    ...FREEZE,
    event(16_000, ended(CUT), 5),
    event(16_001, GATE_SHUT, 5),
    event(16_110, CONNECTING, 6),
    event(16_120, OPENED, 6),
  );
  expect(all.losses).toBe(2);
  expect(times(all)).toMatchObject({ ended: 3_011, dial: 3_114, 'gate-closed': 1_012, redial: 16_110, opened: 16_120 });
  expect(all.marks.restored ?? all.marks['gate-open'] ?? all.marks.healthy).toBeUndefined();
});

it('[L12] a standby may be older than the socket whose place it takes, and its link is restored with it', () => {
  const all = track(event(2, ended(CUT)), event(3, PROMOTED, 2), event(4, GATE_SHUT, 2), event(9, ended(CUT), 2));
  expect(times(all)).toEqual({ ended: 2, promoted: 3, 'gate-closed': 4 });
  expect(all.losses).toBe(2);
});

it('[D6] the opening of a standby or of a successor is no recovery of a link that is up', () => {
  expect(times(track(event(5, OPENED, 9), event(6, RESTORED, 9), event(7, GATE_OPEN, 9)))).toEqual({});
});

const anyHappening = fc.constantFrom(
  SUSPECT,
  CONNECTING,
  ended(CUT),
  ended(DEAD),
  OPENED,
  RESTORED,
  GATE_SHUT,
  GATE_OPEN,
  HEALTHY,
  PROMOTED,
);
const story = fc.array(fc.record({ happening: anyHappening, afterMs: fc.integer({ min: 0, max: 5_000 }) }), {
  maxLength: 40,
});
const told = (steps: readonly { readonly happening: LinkHappening; readonly afterMs: number }[]): LinkEvent[] => {
  let ms = 0;
  let generation = 4;
  return steps.map(({ happening, afterMs }) => {
    ms += afterMs;
    if (happening.kind === 'opened') generation += 1;
    return event(ms, happening, generation);
  });
};

it('[D6] events of another link, from before the fault, or of an older socket never count', () => {
  fc.assert(
    fc.property(story, story, fc.infiniteStream(fc.nat()), (own, foreign, where) => {
      const mine = told(own);
      const mixed = [...mine];
      for (const { happening, generation, at } of told(foreign)) {
        const place = (where.next().value ?? 0) % (mixed.length + 1);
        const ms = at - START;
        const strangers = [
          event(ms, happening, generation, 'other'),
          event(-ms - 10, happening, generation),
          ...(happening.kind === 'promoted' ? [] : [event(ms, happening, 3)]),
        ];
        mixed.splice(place, 0, ...strangers);
      }
      expect(track(...mixed)).toEqual(track(...mine));
    }),
  );
});

it('[D6] whatever is told, the milestones of a loss and of its recovery are in order', () => {
  fc.assert(
    fc.property(story, (steps) => {
      const { marks, down } = track(...told(steps));
      const after = (later: keyof typeof marks, earlier: keyof typeof marks): void => {
        const [a, b] = [marks[earlier]?.ms, marks[later]?.ms];
        if (b === undefined) return;
        expect(a).toBeDefined();
        expect(b).toBeGreaterThanOrEqual(a ?? Number.NaN);
      };
      after('dial', 'ended');
      after('redial', 'dial');
      after('opened', 'ended');
      after('restored', 'ended');
      after('gate-open', 'gate-closed');
      if (marks.dead !== undefined) expect(marks.ended).toBeDefined();
      if (down) expect(marks.restored).toBeUndefined();
    }),
  );
});

it('[D6] a false alarm is another link’s suspicion or loss, not what a person asked for', () => {
  const touched = new Set(['venue']);
  const alarm = (happening: LinkHappening, link = 'other', ms = 5): string | null =>
    falseAlarm(event(ms, happening, 1, link), START, touched);
  expect(alarm(SUSPECT)).toBe('other suspect');
  expect(alarm(ended(CUT))).toMatch(/^other lost: the connection was cut/);
  expect(alarm(ended({ kind: 'asked', by: 'user' }))).toBeNull();
  expect(alarm(SUSPECT, 'venue')).toBeNull();
  expect(alarm(SUSPECT, 'other', -50)).toBeNull();
  expect(alarm(GATE_SHUT)).toBeNull();
});

const terms = termsOf(resolved('[link.venue]\npreset = "demo_tokyo"\njitter_factor = 0').effective.get('venue') ?? []);
if (terms === null) throw new Error('the settings lack a value');
const promises = promisesOf(
  { kind: 'freeze', forSecs: 5 },
  { link: drillLink({ pingIntervalMs: 250 }), terms, exchange: 'tokyo', wire: 'WebSocket', gateReopenMs: 5_000 },
);
const at = (events: readonly LinkEvent[], nowMs: number, closed = false, alarms: readonly string[] = []) => {
  const moment = { nowMs, overMs: nowMs >= 5_000 ? 5_000 : null, closed };
  const rows = timeline(promises, { track: track(...events), alarms }, moment);
  const standing = Object.fromEntries(rows.map((row) => [row.milestone, row.standing]));
  return { rows, standing, settled: isSettled(rows, moment) };
};

it('[D6] a row is not yet, then kept or missed; one that cannot be said says why it does not apply', () => {
  expect(at([], 500).standing).toMatchObject({
    suspect: 'not yet',
    dead: 'not yet',
    dial: 'not yet',
    others: 'not yet',
  });
  expect(at([], 1_300).standing).toMatchObject({ suspect: 'missed', dead: 'not yet', dial: 'not yet' });
  expect(at(FREEZE.slice(0, 3), 3_200).standing).toMatchObject({ suspect: 'kept', dead: 'kept', dial: 'not yet' });
  expect(at(FREEZE.slice(0, 3), 3_500).standing).toMatchObject({ dial: 'missed' });
  expect(at([event(1_201, SUSPECT)], 1_300).standing).toMatchObject({ suspect: 'missed' });
  expect(at([event(1_199, SUSPECT)], 1_300).standing).toMatchObject({ suspect: 'kept' });
  const over = at(FREEZE, 16_000, true);
  expect(Object.values(over.standing).filter((standing) => standing === 'missed')).toEqual([]);
  expect(over.standing).toMatchObject({ others: 'kept', promoted: 'does not apply', redial: 'no promise' });
  // Restored while pongs were still wrong, it is well only when they are right.
  const early = at([...FREEZE.slice(0, 5), event(4_000, RESTORED, 5), event(6_400, HEALTHY, 5)], 6_600);
  expect(early.standing.healthy).toBe('kept');
  expect(at(FREEZE, 16_000, true, ['other suspect']).standing.others).toBe('missed');
  expect(at([], 600, true).standing).toMatchObject({ suspect: 'does not apply', dial: 'does not apply' });
});

it('[D6] a drill is over when the fault is, the verdict has had its time, and nothing that began is still out', () => {
  expect(at(FREEZE, 8_000).settled).toBe(false);
  expect(at(FREEZE.slice(0, -1), 12_000).settled).toBe(false);
  expect(at(FREEZE, 15_200).settled).toBe(true);
  expect(at([], 8_900).settled).toBe(false);
  expect(at([], 9_100).settled).toBe(true);
  expect(at(FREEZE.slice(0, -1), 126_000).settled).toBe(true);
  const injection = { number: 1, fault: { kind: 'freeze', forSecs: 5 } as const, at: wallMs(0), secsLeft: null };
  expect(wasCutShort({ ...injection, endedAt: wallMs(2_000) })).toBe(true);
  expect(wasCutShort({ ...injection, endedAt: wallMs(4_998) })).toBe(false);
  expect(wasCutShort({ ...injection, endedAt: null })).toBe(false);
});

it('[D6] the result is a sentence, and a cell of the CSV never begins a formula', () => {
  expect(resultText(at(FREEZE, 16_000, true).rows)).toBe(
    'suspect after 1.01 s (promised 1.20 s), trading stopped after 1.01 s (1.11 s), dead after 3.01 s (3.30 s), dialled after 3.11 s (3.21 s), restored after 5.21 s (6.50 s), trading again after 15.2 s (17.5 s)',
  );
  expect(resultText(at([event(400, GATE_SHUT)], 500).rows)).toBe('trading stopped after 400 ms');
  expect(resultText(at([], 1_300).rows)).toBe('missing: suspect');
  expect(resultText(at([], 500).rows)).toBe('nothing happened to the link');
  const csv = reportCsv([['link', '=cmd|"x",1']], at(FREEZE, 16_000, true).rows).split('\r\n');
  expect(csv[0]).toBe('link,milestone,measured_ms,promise,limit_ms,standing,why,said');
  expect(csv[1]).toMatch(/^"'=cmd\|""x"",1",suspect,1011,within,1200,kept,/);
});
