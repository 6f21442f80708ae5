import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisFor, heightOf, linearAxis, logAxis } from '../../src/renderer/charts/axis.ts';
import { csvCell, csvOf } from '../../src/renderer/charts/csv.ts';
import { drawnLinks, MOST_LINES, unseenOf } from '../../src/renderer/charts/drawnLinks.ts';
import { bandBoundsMs, bandCounts, bandOf, heatSteps, stepOf, stepTexts } from '../../src/renderer/charts/heat.ts';
import {
  commonLimits,
  edgeLines,
  labelSides,
  limitsOf,
  limitText,
  p99LimitsOf,
} from '../../src/renderer/charts/limits.ts';
import { groupMarks, marksOf } from '../../src/renderer/charts/marks.ts';
import { awayOf } from '../../src/renderer/charts/outages.ts';
import { momentText, spanText } from '../../src/renderer/charts/pictureText.ts';
import { looksOf, seriesColor, seriesDash } from '../../src/renderer/charts/seriesColor.ts';
import type { LinkEvent, LinkHappening } from '../../src/shared/events.ts';
import { Histogram } from '../../src/shared/histogram.ts';
import type { LinkState } from '../../src/shared/linkState.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import { monoMs, wallMs } from '../../src/shared/units.ts';

const up = { kind: 'up', since: monoMs(0) } as const;
const reason = { kind: 'closed', code: 1012, text: '' } as const;
const away = { kind: 'waiting', attempt: 1, delayMs: 100, until: monoMs(0), reason } as const;
const verdict = { cause: 'venue restart', blame: 'venue', certainty: 'likely', evidence: ['close code 1012'] } as const;

function history(...entries: readonly (readonly [number, LinkHappening, string?])[]): LinkEvent[] {
  return entries.map(([wall, happening, link = 'a'], i) => ({
    seq: i + 1,
    at: monoMs(wall),
    wall: wallMs(wall),
    link,
    generation: 3,
    happening,
  }));
}

interface Drawable {
  readonly p99Ms?: number;
  readonly state?: LinkState;
  readonly gate?: 'open' | 'closed';
  readonly ping?: 'frame' | 'none';
}

function drawable(name: string, { p99Ms, state = up, gate = 'open', ping = 'frame' }: Drawable): LinkView {
  const minute = p99Ms === undefined ? null : { p99Ms };
  return {
    name,
    state,
    gate: { kind: gate },
    about: { ping },
    rtt: { windows: { '1m': minute } },
  } as unknown as LinkView;
}

const byName = (links: readonly LinkView[]) => Object.fromEntries(links.map((link) => [link.name, link]));

const LOSS: readonly (readonly [number, LinkHappening, string?])[] = [
  [10_000, { kind: 'socket-ended', reason, livedMs: 5000 }],
  [10_001, { kind: 'state', from: up, to: away, because: '' }],
  [12_000, { kind: 'verdict', verdict: { ...verdict, cause: 'sleep' } }, 'b'],
  [13_000, { kind: 'verdict', verdict }],
  [22_400, { kind: 'opened', timings: { dnsMs: 1, tcpMs: 1, tlsMs: 1, upgradeMs: 1, totalMs: 4 }, address: 'x:1' }],
  [22_400, { kind: 'state', from: away, to: up, because: '' }],
];
const SPAN = { fromMs: 0, toMs: 60_000 };

test('[D2] a mark says when, which socket, what, how long it was away, and the verdict on it', () => {
  const events = history(...LOSS);
  const [lost, connected] = marksOf(events, new Set(['a']), SPAN);
  expect(lost).toMatchObject({ t: 10_000, kind: 'lost', generation: 3, away: 'away 12 s' });
  expect(lost?.text).toMatch(/^Socket ended after 5.0 s: closed by the venue with 1012/);
  expect(lost?.verdict).toMatch(/venue restart/);
  expect(connected).toMatchObject({ t: 22_400, kind: 'connected', away: 'had been away 12 s', verdict: null });
  const still = marksOf(history(...LOSS.slice(0, 2)), new Set(['a']), SPAN);
  expect(still[0]?.away).toBe('still away');
  const replaced = marksOf(history(LOSS[0] as (typeof LOSS)[number]), new Set(['a']), SPAN);
  expect(replaced[0]?.away).toMatch(/without a gap/);
  expect(awayOf(events, 'a')).toEqual([{ fromMs: 10_001, toMs: 22_400, paused: false }]);
});

test('[D2] a pause is away, and no outage: but for what failed before it or after it', () => {
  const paused: LinkState = { kind: 'paused' };
  const connecting = { kind: 'connecting', attempt: 1, phase: 'tcp', since: monoMs(0) } as const;
  const step = (from: LinkState, to: LinkState, i: number) =>
    [i * 1000, { kind: 'state', from, to, because: '' }] as const;
  const through = (...states: readonly LinkState[]) =>
    awayOf(history(...states.slice(1).map((to, i) => step(states[i] as LinkState, to, i + 1))), 'a').map(
      (one) => one.paused,
    );
  expect(through(up, paused)).toEqual([true]);
  expect(through(up, { kind: 'closing', deadline: monoMs(0), next: 'paused' }, paused, connecting, up)).toEqual([true]);
  expect(through(up, paused, connecting, away)).toEqual([false]);
  expect(through(up, away, paused)).toEqual([false]);
});

test('[D2] [L11] what a person cut leaves a mark and says for how long; what left no gap is no cut', () => {
  const asked = 'you asked for a reconnect';
  const connecting = { kind: 'connecting', attempt: 1, phase: 'tcp', since: monoMs(0) } as const;
  const held = { kind: 'blocked', attempt: 1, until: null, reason: { kind: 'asked', by: 'breaker' } } as const;
  const marks = (...entries: readonly (readonly [number, LinkHappening])[]) =>
    marksOf(history(...entries), new Set(['a']), SPAN).map(({ kind, text, away }) => [kind, text, away]);
  expect(
    marks(
      [10_000, { kind: 'state', from: up, to: connecting, because: asked }],
      [11_500, { kind: 'state', from: connecting, to: up, because: '' }],
    ),
  ).toEqual([['by-hand', `up → connecting: ${asked}`, 'away 1.5 s']]);
  expect(
    marks(
      [10_000, { kind: 'breaker', open: true }],
      [10_000, { kind: 'state', from: up, to: held, because: 'you opened its breaker' }],
      [15_000, { kind: 'breaker', open: false }],
      [15_000, { kind: 'state', from: held, to: connecting, because: 'you closed its breaker' }],
      [16_000, { kind: 'state', from: connecting, to: up, because: '' }],
    ),
  ).toEqual([
    ['by-hand', 'Breaker opened by you', 'away 6.0 s'],
    ['by-hand', 'Breaker closed by you', null],
  ]);
  // Nothing was open that could be cut; a successor that is ready takes over.
  expect(marks([10_000, { kind: 'state', from: away, to: connecting, because: asked }])).toEqual([]);
  const graceful = { kind: 'replaced', oldGeneration: 2, because: { kind: 'asked', by: 'user' } } as const;
  expect(marks([10_000, graceful]).map(([kind]) => kind)).toEqual(['connected']);
});

test('[D2] a picture names the day, both of them over midnight, and how far its clock is ahead of UTC', () => {
  const at = (day: number, hour: number): number => new Date(2026, 10, day, hour, 3, 7).getTime();
  expect(spanText({ fromMs: at(22, 14), toMs: at(22, 15) })).toMatch(
    /^2026-11-22 14:03:07 to 15:03:07, UTC[+−]\d\d:\d\d$/,
  );
  expect(spanText({ fromMs: at(22, 23), toMs: at(23, 0) })).toContain('2026-11-22 23:03:07 to 2026-11-23 00:03:07, ');
  expect(momentText(at(2, 9))).toMatch(/^2026-11-02 09:03:07, UTC/);
});

test('[D2] marks of links that are not drawn, or outside of the axis, are not shown', () => {
  expect(marksOf(history(...LOSS), new Set(['b']), SPAN)).toEqual([]);
  expect(marksOf(history(...LOSS), new Set(['a']), { fromMs: 10_000, toMs: 20_000 })).toEqual([]);
});

test('[D2] marks at one place are one group that shows the gravest and loses none', () => {
  const times = fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.constantFrom(0, 4)), { maxLength: 60 });
  fc.assert(
    fc.property(times, (entries) => {
      const events = history(
        ...entries.map(
          ([t, which]) => [t, (LOSS[which] as (typeof LOSS)[number])[1], t % 3 === 0 ? 'b' : 'a'] as const,
        ),
      );
      const marks = marksOf(events, new Set(['a', 'b']), { fromMs: -1, toMs: 1000 });
      const width = (stands: number): number => 13 + 6 * String(stands).length;
      const groups = groupMarks(marks, (t) => t, width);
      expect(groups.flatMap((group) => group.marks)).toHaveLength(entries.length);
      for (const [i, group] of groups.entries()) {
        const before = groups[i - 1];
        if (before !== undefined) expect(group.x - before.x).toBeGreaterThan(width(before.marks.length));
        const isLost = group.marks.some(({ kind }) => kind === 'lost');
        expect(group.kind).toBe(isLost ? 'lost' : 'connected');
        const links = [...new Set(group.marks.map(({ link }) => link))];
        expect(group.link).toBe(links.length === 1 ? links[0] : null);
      }
    }),
  );
});

test('[H2] the lines of the limits are those that the rules use, and one that is off is no line', () => {
  const about = { degradedP95Ms: 100, fitP99Ms: 100, reconnectAboveP99Ms: 1000 };
  expect(limitsOf(about)).toEqual([
    { ms: 100, text: 'p95 degraded, p99 fit for trading' },
    { ms: 1000, text: 'p99 reconnect' },
  ]);
  expect(limitsOf({ ...about, degradedP95Ms: 20 })[0]).toEqual({ ms: 20, text: 'p95 degraded' });
  expect(p99LimitsOf({ fitP99Ms: 40, reconnectAboveP99Ms: 0 })).toEqual([{ ms: 40, text: 'p99 fit for trading' }]);
  const mixed = commonLimits([
    { fitP99Ms: 100, reconnectAboveP99Ms: 1000 },
    { fitP99Ms: 50, reconnectAboveP99Ms: 1000 },
  ]);
  expect(mixed).toEqual({ limits: [{ ms: 1000, text: 'p99 reconnect' }], differ: true });
});

test('[H2] labels of near limits take sides, and limits off the axis have a line each where the plot is narrow', () => {
  expect(labelSides([180, 100, 92, 88, 20])).toEqual(['end', 'end', 'start', 'end', 'end']);
  expect(labelSides([])).toEqual([]);
  const limits = limitsOf({ degradedP95Ms: 100, fitP99Ms: 100, reconnectAboveP99Ms: 1000 });
  const [first = '', second = ''] = limits.map(limitText);
  expect(edgeLines('↑', limits, 800)).toEqual([`↑ ${first} · ${second}`]);
  expect(edgeLines('↑', limits, 240)).toEqual([`↑ ${first}`, `↑ ${second}`]);
  expect(edgeLines('↓', [], 800)).toEqual([]);
});

test('[D2] heights on either axis: the ends are 0 and 1, and a round trip of 0 is under every logarithm', () => {
  const log = logAxis(0.001, 90_000);
  expect([heightOf(log, 'log', log.domain[0]), heightOf(log, 'log', log.domain[1])]).toEqual([0, 1]);
  expect(heightOf(log, 'log', 0)).toBeLessThan(0);
  expect(heightOf(linearAxis(80), 'linear', 160)).toBe(2);
});

test('[D2] the highest value stays under the names of limits that lie off the axis, on either scale', () => {
  const values = fc.tuple(
    fc.double({ min: 0.01, max: 90_000, noNaN: true }),
    fc.double({ min: 1, max: 1000, noNaN: true }),
  );
  fc.assert(
    fc.property(values, fc.constantFrom('linear', 'log'), ([min, times], scale) => {
      const max = min * times;
      const axis = axisFor(scale, { min, max }, [{ ms: 1e12 }]);
      expect(heightOf(axis, scale, max)).toBeLessThanOrEqual(0.92);
      expect(heightOf(axis, scale, min)).toBeGreaterThanOrEqual(0);
      expect(axis.ticks.length).toBeGreaterThan(2);
    }),
  );
  const topOf = (max: number, ...limits: readonly number[]): number =>
    axisFor(
      'linear',
      { min: 1, max },
      limits.map((ms) => ({ ms })),
    ).domain[1];
  expect([topOf(100), topOf(100, 1000), topOf(100, 100), topOf(90, 1000)]).toEqual([100, 150, 100, 100]);
});

test('[D2] a heatmap loses no sample that lies on its axis, and tells none from not measured', () => {
  const samples = fc.array(fc.integer({ min: 100, max: 90_000_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(samples, (micros) => {
      const rtt = new Histogram();
      for (const us of micros) rtt.add(us);
      const { domain } = logAxis(Math.min(...micros) / 1000, Math.max(...micros) / 1000);
      const bands = { lowMs: domain[0] * 0.98, highMs: domain[1] * 1.02, count: 24 };
      const counts = bandCounts({ fromMs: 0, rtt, stalledSamples: 0, lag: null, loopMaxMs: 0 }, bands) ?? [];
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(micros.length);
      for (let band = 0; band < bands.count; band += 1) {
        const [from, to] = bandBoundsMs(bands, band);
        expect(bandOf(bands, Math.sqrt(from * to))).toBe(band);
      }
    }),
  );
  const nothing = { fromMs: 0, rtt: null, stalledSamples: 0, lag: null, loopMaxMs: 0 };
  expect(bandCounts(nothing, { lowMs: 1, highMs: 10, count: 4 })).toBeNull();
});

test('[D2] steps of lightness begin at one sample, rise, and say which counts they stand for', () => {
  expect(heatSteps(0)).toEqual([]);
  expect(heatSteps(1)).toEqual([1]);
  expect(stepTexts(heatSteps(40))).toEqual(['1–2', '3–4', '5–9', '10–19', '20+']);
  expect(stepTexts(heatSteps(16))).toEqual(['1', '2–3', '4–5', '6–9', '10+']);
  expect(stepTexts(heatSteps(3))).toEqual(['1', '2', '3+']);
  for (const most of [1, 2, 3, 7, 40, 5000]) {
    const steps = heatSteps(most);
    expect(steps[0]).toBe(1);
    expect(stepOf(steps, most)).toBe(steps.length - 1);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  }
});

test('[D2] no cell of a file is a formula, and every text comes back as it was', () => {
  expect(
    csvOf(
      ['time', '=HYPERLINK("x") p99 ms'],
      [
        ['2026-11-21T15:43:10.000Z', -1.5],
        ['\t1', null],
      ],
    ),
  ).toBe(`time,"'=HYPERLINK(""x"") p99 ms"\r\n2026-11-21T15:43:10.000Z,-1.5\r\n'\t1,\r\n`);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const cell = csvCell(text);
      expect(/^"?[=+\-@\t\r]/.test(cell)).toBe(false);
      const bare = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
      expect(bare === text || bare === `'${text}`).toBe(true);
      expect(cell.startsWith('"') || !/[",\r\n]/.test(cell)).toBe(true);
    }),
  );
});

test('[D2] of many links the worst are drawn, those asked for first, and each keeps its place in the order', () => {
  const names = Array.from({ length: 40 }, (_, i) => `link-${i}`);
  const known = {
    links: byName(names.map((name, i) => drawable(name, { p99Ms: i }))),
    wasAway: () => false,
    isMeasured: () => true,
    drawn: [],
  };
  expect(drawnLinks(names, known, new Map())).toEqual(names.slice(40 - MOST_LINES));
  const choice = new Map([
    ['link-3', true],
    ['link-39', false],
  ]);
  expect(drawnLinks(names, known, choice)).toEqual(['link-3', ...names.slice(39 - MOST_LINES + 1, 39)]);
  expect(drawnLinks(names.slice(0, 5), known, new Map())).toEqual(names.slice(0, 5));
});

test('[D2] a link that is down is drawn before any that is slow, then one not to be traded over, then one that was down', () => {
  const names = Array.from({ length: 40 }, (_, i) => `link-${i}`);
  const links = byName([
    ...names.map((name, i) => drawable(name, { p99Ms: 100 + i })),
    drawable('link-3', { state: away }),
    drawable('link-5', { p99Ms: 1, gate: 'closed' }),
    drawable('link-9', { gate: 'closed', ping: 'none' }),
    drawable('link-11', { state: { kind: 'paused' } }),
  ]);
  const wasAway = (name: string) => name === 'link-7';
  const drawn = drawnLinks(names, { links, wasAway, isMeasured: () => true, drawn: [] }, new Map());
  expect(drawn).toEqual(['link-3', 'link-5', 'link-7', ...names.slice(31)]);
});

test('[D2] one that is down and was never up takes no line, and those that are down leave some to what is up', () => {
  const names = Array.from({ length: 40 }, (_, i) => `link-${i}`);
  const links = byName(names.map((name, i) => drawable(name, i < 20 ? { state: away } : { p99Ms: i })));
  const known = (measured: number) => ({
    links,
    wasAway: () => false,
    isMeasured: (name: string) => Number(name.slice(5)) >= measured,
    drawn: [],
  });
  expect(drawnLinks(names, known(20), new Map())).toEqual(names.slice(28));
  expect(unseenOf(names, known(20))).toBe(20);
  expect(drawnLinks(names, known(0), new Map())).toEqual([...names.slice(0, 9), ...names.slice(37)]);
  expect(unseenOf(names, known(0))).toBe(0);
  // Nobody else wants its line
  expect(drawnLinks(names.slice(0, 25), known(20), new Map())).toEqual([...names.slice(0, 7), ...names.slice(20, 25)]);
  expect(drawnLinks(names.slice(0, 20), known(0), new Map())).toEqual(names.slice(0, 12));
  expect(drawnLinks(names, known(20), new Map([['link-0', true]]))).toEqual(['link-0', ...names.slice(29)]);
});

test('[D2] a line is not exchanged for one that is hardly slower', () => {
  const names = Array.from({ length: 13 }, (_, i) => `link-${i}`);
  const at = (p99Ms: number) => ({
    links: byName(names.map((name, i) => drawable(name, { p99Ms: i === 0 ? p99Ms : 100 + i }))),
    wasAway: () => false,
    isMeasured: () => true,
    drawn: names.slice(1),
  });
  expect(drawnLinks(names, at(115), new Map())).toEqual(names.slice(1));
  expect(drawnLinks(names, at(130), new Map())).toEqual(['link-0', ...names.slice(2)]);
});

test('[D2] no two lines that are drawn look alike, however many links there are, and each has the colour of its row', () => {
  const drawn = fc.uniqueArray(fc.nat(199), { maxLength: MOST_LINES });
  fc.assert(
    fc.property(drawn, (indices) => {
      const looks = looksOf(indices);
      expect(new Set(looks.map((look) => `${seriesColor(look)} ${seriesDash(look)}`)).size).toBe(indices.length);
      const sharing = Math.max(
        0,
        ...[...Map.groupBy(indices, (index) => index % 10).values()].map(({ length }) => length),
      );
      if (sharing <= 4) expect(looks.map(seriesColor)).toEqual(indices.map(seriesColor));
    }),
    { examples: [[[5, 45, 85]], [[3, 13, 23, 33, 43]]] },
  );
  expect(looksOf([0, 7, 12, 39])).toEqual([0, 7, 12, 39]);
});
