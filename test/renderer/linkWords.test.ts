import { expect, it } from 'vitest';
import { exactMs } from '../../src/renderer/format.ts';
import {
  endText,
  headline,
  incidentsCsv,
  incidentsJson,
  inOrder,
  leadingVerdict,
  lengthMs,
} from '../../src/renderer/incidents/incidentText.ts';
import { routeText, routeTone, routeWord } from '../../src/renderer/views/link/routeText.ts';
import type { LinkState } from '../../src/shared/linkState.ts';
import type { LinkAbout } from '../../src/shared/linkView.ts';
import { type MonoMs, monoMs, wallMs } from '../../src/shared/units.ts';
import type { Cause, Verdict } from '../../src/shared/verdict/verdict.ts';
import { watchPromise } from '../../src/shared/watchPromise.ts';
import { incident } from './fakeIncidents.ts';

const NOW = monoMs(1_000_000);

it('[H1] round trips of nothing, a microsecond and 90 seconds are all of one form', () => {
  expect([0, 0.001, 4.2, 90_000, null, undefined].map(exactMs)).toEqual([
    '0.000',
    '0.001',
    '4.200',
    '90,000.000',
    '–',
    '–',
  ]);
});

it('[L4] the promise is the sooner of silence and pings, and none where no ping is answered', () => {
  const of = (silenceLimitMs: number | null, pongLimitMs: number | null, ping: LinkAbout['ping'] = 'protocol') =>
    watchPromise({ silenceLimitMs, pongLimitMs, ping, pingIntervalMs: 15_000, pongTimeoutMs: 5_000, probesMs: 1_000 });
  expect(of(1_200, 1_000)).toEqual({ by: 'silence', suspectMs: 1_200, deadMs: 3_200 });
  expect(of(null, 1_000)).toEqual({ by: 'pings', suspectMs: 16_000, deadMs: 18_000 });
  expect(of(60_000, 5_000)).toEqual({ by: 'pings', suspectMs: 20_000, deadMs: 26_000 });
  expect(of(2_000, null, 'none')).toEqual({ by: 'second connection', comparedMs: 2_000 });
  // Of a link that is down: the next socket is watched no later than that.
  expect(of(null, null)).toEqual({ by: 'pings', suspectMs: 20_000, deadMs: 26_000 });
});

type Routing = NonNullable<LinkAbout['routing']>;

function words(
  own: number | null,
  other: number | null,
  change: Partial<Routing> = {},
  now: MonoMs = NOW,
  isConnected = true,
): string | null {
  const routes = [
    { url: 'a', p50Ms: own, inUse: true, alive: true },
    { url: 'b', p50Ms: other, inUse: false, alive: true },
    { url: 'c', p50Ms: 1, inUse: false, alive: false },
  ];
  const routing = {
    betterMs: 10,
    betterPercent: 20,
    betterForMs: 60_000,
    dwellMs: 300_000,
    candidate: null,
    switchedAt: null,
  };
  return routeText({ routes, routing: { ...routing, ...change } }, isConnected, now);
}

it('[L13] the page says what a switch of address waits for, and for how long', () => {
  const needed = 'a switch needs 10 ms and 20 % for 1 m 00 s';
  expect(words(null, 4)).toBe(`The address in use is being measured; ${needed}`);
  expect(words(30, null)).toBe(`No other address is measured yet; ${needed}`);
  expect(words(30, 31)).toBe(`The address in use is the fastest; ${needed}`);
  expect(words(30, 24)).toBe(`The best other one is 6.000 ms (20.0 %) faster; ${needed}`);
  const candidate = { url: 'b', since: monoMs(NOW - 48_000) };
  expect(words(30, 15, { candidate })).toBe(
    'The best other one is 15.000 ms (50.0 %) faster; the switch is due in 12 s if it stays so',
  );
  expect(words(30, 15, { candidate, switchedAt: monoMs(NOW - 240_000) })).toBe(
    'The best other one is 15.000 ms (50.0 %) faster; the switch is due in 1 m 00 s if it stays so, when the last switch has stood for its dwell time',
  );
  expect(words(30, 15, { candidate }, monoMs(NOW + 60_000))).toMatch(/; the switch is due$/);
  expect(words(30, 31, {}, NOW, false)).toBe(
    `No address is in use now: the next dial chooses one; once connected ${needed}`,
  );
  expect(routeText({ routes: [], routing: null }, true, NOW)).toBeNull();
});

it('[L13] an address is dialled next only where something will be dialled by itself', () => {
  const reason = { kind: 'asked', by: 'breaker' } as const;
  const own = { inUse: true, alive: true };
  const word = (state: LinkState) => routeWord(own, state);
  expect(word({ kind: 'up', since: NOW })).toBe('in use');
  expect(word({ kind: 'connecting', attempt: 1, phase: 'tcp', since: NOW })).toBe('being dialled');
  expect(word({ kind: 'waiting', attempt: 1, delayMs: 1, until: NOW, reason })).toBe('dialled next');
  expect(word({ kind: 'blocked', attempt: 1, until: NOW, reason })).toBe('dialled next');
  expect(word({ kind: 'blocked', attempt: 1, until: null, reason })).toBe('next in line');
  expect(word({ kind: 'paused' })).toBe('next in line');
  expect(word({ kind: 'failed', attempts: 10, reason, acknowledged: false })).toBe('next in line');
  expect(routeWord({ inUse: false, alive: false }, { kind: 'paused' })).toBe('not reachable');
});

it('[L13] the mark of an address is bad only where its word says that it cannot be reached', () => {
  const dialling = { kind: 'connecting', attempt: 1, phase: 'tcp', since: NOW } as const;
  const tone = (inUse: boolean, alive: boolean, state: LinkState) => routeTone({ inUse, alive }, state);
  expect([tone(true, false, dialling), tone(true, true, dialling)]).toEqual(['idle', 'idle']);
  expect(tone(true, true, { kind: 'up', since: NOW })).toBe('good');
  expect([tone(false, true, dialling), tone(false, false, dialling)]).toEqual(['idle', 'bad']);
});

const verdict = (cause: Cause, certainty: Verdict['certainty']): Verdict => ({
  cause,
  certainty,
  blame: 'path',
  evidence: ['x'],
});
const leading = (...verdicts: Verdict[]) => leadingVerdict(incident(NOW, 0, { verdicts }))?.cause;

it('[H6] an incident is known by its surest verdict', () => {
  expect(leading(verdict('half-open', 'likely'), verdict('tls', 'possible'))).toBe('half-open');
  const two = [verdict('half-open', 'likely'), verdict('tls', 'likely')];
  expect(leading(...two, verdict('sleep', 'possible'))).toBe('half-open');
  expect(leading(verdict('half-open', 'likely'), verdict('tls', 'sure'))).toBe('tls');
  expect(leading()).toBeUndefined();
  expect(leading(verdict('abnormal close', 'likely'), verdict('slow consumer', 'possible'))).toBe('abnormal close');
});

it.each(['abnormal close', 'half-closed'] as const)(
  '[H6] an incident whose dials are refused after %s is known by what refuses them',
  (how) => {
    const cut = verdict(how, 'likely');
    const unreachable = verdict('unreachable', 'possible');
    expect(leading(cut, unreachable)).toBe('unreachable');
    expect(leading(cut, verdict('name resolution', 'likely'), unreachable)).toBe('name resolution');
    expect(leading(unreachable, cut)).toBe('unreachable');
    expect(leading(cut, verdict('sleep', 'sure'), unreachable)).toBe('sleep');
  },
);

it('[S2] what is open stands first, then the newest; lengths run until now', () => {
  const over = (agoMs: number) =>
    incident(NOW, agoMs, { closedAt: wallMs(Date.now()), openedAt: wallMs(Date.now() - agoMs) });
  const open = incident(NOW, 50_000);
  expect(inOrder([over(90_000), open, over(10_000)]).map(({ id }) => id)).toEqual([
    'past-50000',
    'past-10000',
    'past-90000',
  ]);
  expect(lengthMs(open, monoMs(NOW + 5_000))).toBe(55_000);
});

it('[S2] incidents are exported as CSV and JSON with cause, evidence and duration', () => {
  const openedAt = wallMs(Date.UTC(2026, 10, 21, 9, 30, 0, 250));
  const over = incident(NOW, 60_000, {
    link: 'a "b", <script>',
    openedAt,
    closedAt: wallMs(openedAt + 1_500),
    down: { ms: 1_200.4, since: null },
    gateClosed: { ms: 10_000, since: monoMs(NOW - 2_000) },
  });
  const [head, row] = incidentsCsv([over], NOW).split('\r\n');
  expect(head).toBe(
    'link,opened,closed,seconds,what,cause,blame,certainty,evidence,worst,seconds_without_socket,seconds_gate_closed,gate_still_closed,first_socket,last_socket,relapses,ended',
  );
  expect(row).toBe(
    '"a ""b"", <script>",2026-11-21T09:30:00.250Z,2026-11-21T09:30:01.750Z,1.5,the connection was cut,venue restart,venue,sure,"close 1012 ""service restart""",degraded,1.2,12,yes,1,2,0,connected on attempt 1',
  );
  expect(JSON.parse(incidentsJson([over], NOW))).toEqual([
    {
      id: 'past-60000',
      link: 'a "b", <script>',
      openedAt: '2026-11-21T09:30:00.250Z',
      closedAt: '2026-11-21T09:30:01.750Z',
      generations: { from: 1, to: 2 },
      what: 'the connection was cut',
      worst: 'degraded',
      verdicts: over.verdicts,
      relapses: 0,
      end: { kind: 'reconnected', attempt: 1 },
      downMs: 1_200,
      gateClosedMs: 12_000,
      gateStillClosed: true,
    },
  ]);
});

it('[S2] an incident is headed by the time without trading, and by its length only where the gate stayed open', () => {
  const frozen = incident(NOW, 60_000, { gateClosed: { ms: 12_000, since: null } });
  expect(headline(frozen, NOW)).toBe('no trading 12 s');
  expect(headline({ ...frozen, gateClosed: { ms: 0, since: monoMs(NOW - 20_000) } }, NOW)).toBe('no trading 20 s');
  expect(
    headline({ ...frozen, closedAt: wallMs(frozen.openedAt + 2_200), gateClosed: { ms: 0, since: null } }, NOW),
  ).toBe('2.2 s');
});

it('[S2] an incident that is over says so where its gate is still closed', () => {
  const over = incident(NOW, 60_000, { closedAt: wallMs(Date.now()) });
  const goesOn = { ...over, gateClosed: { ms: 3_000, since: monoMs(NOW - 1_700) } };
  expect(headline(goesOn, NOW)).toBe('no trading 4.7 s, goes on');
  expect(headline({ ...goesOn, closedAt: null }, NOW)).toBe('no trading 4.7 s');
  expect(headline({ ...over, gateClosed: { ms: 4_700, since: null } }, NOW)).toBe('no trading 4.7 s');
});

it('[S2] each way to end has its words', () => {
  expect(
    [
      null,
      { kind: 'recovered' as const },
      { kind: 'replaced' as const },
      { kind: 'promoted' as const },
      { kind: 'reconnected' as const, attempt: 3 },
      { kind: 'paused' as const },
      { kind: 'removed' as const, by: 'settings' as const },
      { kind: 'removed' as const, by: 'shutdown' as const },
    ].map(endText),
  ).toEqual([
    'not over',
    'recovered on the same socket',
    'a new socket took over',
    'a socket that stood by took over',
    'connected on attempt 3',
    'paused by you',
    'taken out of the settings',
    'Warmwire was stopped',
  ]);
});
