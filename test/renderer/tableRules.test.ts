import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareValues, nextSorting } from '../../src/renderer/views/overview/arrange.ts';
import { planOf, runPlan, summary } from '../../src/renderer/views/overview/bulk.ts';
import {
  defaultChoice,
  moved,
  readChoice,
  shownColumns,
  toggled,
} from '../../src/renderer/views/overview/columnChoice.ts';
import { COLUMNS } from '../../src/renderer/views/overview/columns.ts';
import { isFiltering, NO_FILTER, passing } from '../../src/renderer/views/overview/filter.ts';
import { groupSum } from '../../src/renderer/views/overview/groupSum.ts';
import { extend, NO_SELECTION, toggle, toggleAll } from '../../src/renderer/views/overview/selection.ts';
import { readHabits } from '../../src/renderer/views/overview/tableMemory.ts';
import { keepPlaces } from '../../src/renderer/views/overview/useLinksNow.ts';
import { monoMs } from '../../src/shared/units.ts';
import { FakeApp } from './fakeApp.ts';
import { FakeLink, HOSTILE_LINKS, TEN_LINKS } from './fakeLinks.ts';
import { seeded } from './seeded.ts';

test('[D2] rows keep their places under a pointer that moves, and no longer than 10 s', () => {
  const kept = (nowMs: number, pointedAtMs: number) => keepPlaces({ nowMs, pointedAtMs, placedAtMs: 0 });
  expect([kept(2_999, 0), kept(3_000, 0), kept(9_999, 9_900), kept(10_000, 9_900)]).toEqual([true, false, true, false]);
  expect(kept(5, Number.NEGATIVE_INFINITY)).toBe(false);
});

const now = monoMs(5_000_000);
const views = TEN_LINKS.map((spec) => new FakeLink(spec, seeded(1), now).view(now));
const named = (...names: string[]) => views.filter(({ name }) => names.includes(name));
const shown = (filter: Partial<typeof NO_FILTER>) =>
  passing(views, { ...NO_FILTER, ...filter }).map(({ name }) => name);

test('[D2] a text narrows by name, venue, state and cause, every word of it; hostile text is only text', () => {
  expect(shown({ text: 'DEMO tok' })).toEqual(['demo-tokyo']);
  expect(shown({ text: 'bybit' })).toEqual(['bybit-linear']);
  expect(shown({ text: 'breaker open' })).toEqual(['kraken-v2']);
  expect(shown({ text: 'econnrefused' })).toEqual(['okx-spot']);
  expect(shown({ text: 'measuring' })).toEqual(['demo-frankfurt']);
  const hostile = HOSTILE_LINKS.map((spec) => new FakeLink(spec, seeded(1), now).view(now));
  for (const view of hostile) expect(passing([view], { ...NO_FILTER, text: view.name })).toEqual([view]);
});

test('[H5] quick filters widen each other, a venue narrows', () => {
  expect(shown({ quick: ['paused'] })).toEqual(['coinbase-advanced']);
  expect(shown({ quick: ['unfit'] })).not.toContain('coinbase-advanced');
  expect(shown({ quick: ['unfit', 'paused'] }).length).toBe(7);
  expect(shown({ quick: ['down', 'paused'] })).not.toContain('polymarket-rtds');
  expect(shown({ quick: ['demo'], venue: 'OKX' })).toEqual([]);
  expect(isFiltering(NO_FILTER)).toBe(false);
});

test('[D2] a third press on a column goes back to the order of the settings; numbers in names count as numbers', () => {
  const first = nextSorting(null, 'p99', true);
  const second = nextSorting(first, 'p99', true);
  expect([first, second, nextSorting(second, 'p99', true)]).toEqual([
    { key: 'p99', desc: true },
    { key: 'p99', desc: false },
    null,
  ]);
  expect(nextSorting(second, 'name', false)).toEqual({ key: 'name', desc: false });
  expect(['link-10', 'link-9', 'Link-1'].sort(compareValues)).toEqual(['Link-1', 'link-9', 'link-10']);
});

test('[D2] a group sums what adds up and shows the worst of what does not; paused links are only counted', () => {
  const sum = groupSum(named('demo-tokyo', 'kraken-v2', 'coinbase-advanced'));
  expect(sum).toMatchObject({ links: 3, active: 2, fit: 1, gatesOpen: 1, tone: 'bad' });
  expect(sum.p99Ms).toBe(
    Math.max(...named('demo-tokyo', 'kraken-v2').map((view) => view.rtt.windows['1m']?.p99Ms ?? 0)),
  );
  const [well] = named('demo-tokyo');
  if (well === undefined) throw new Error('there is a demo link');
  const measuring = { ...well, fit: { fit: false, reasons: [{ kind: 'measuring', pings: 3, of: 20 }] } as const };
  expect([groupSum([well]), groupSum([well, measuring])].map(({ tone, fit }) => [tone, fit])).toEqual([
    ['good', 1],
    ['warn', 1],
  ]);
  expect(groupSum(named('coinbase-advanced'))).toMatchObject({ links: 1, active: 0 });
  expect(groupSum([])).toMatchObject({ links: 0, tone: 'idle', p99Ms: null });
});

test('[D2] a choice of columns is kept with its order; columns of a later version are ignored, new ones come to their place', () => {
  const own = toggled(moved(defaultChoice(1920), 'p99', -1), 'ratio');
  expect(readChoice(JSON.stringify(own))).toEqual(own);
  const later = JSON.stringify({ order: ['name', 'mood', 'age', 'p99', 'act'], hidden: ['mood', 'p99'] });
  const read = readChoice(later);
  if (read === null) throw new Error('it must be read');
  expect(read.order.filter((key) => ['age', 'p99', 'act'].includes(key))).toEqual(['age', 'p99', 'act']);
  expect(new Set(read.order).size).toBe(COLUMNS.length);
  expect(shownColumns(read)).not.toContain('p99');
  expect(shownColumns(read)[0]).toBe('name');
  for (const broken of ['', '{', '[]', '{"order":1,"hidden":[]}', '{"order":[],"hidden":[]}'])
    expect(readChoice(broken)).toBeNull();
});

test('[D2] a narrower window shows fewer columns by itself: the reasons have the room of figures that are on the link’s page', () => {
  const shown = (width: number): readonly string[] => shownColumns(defaultChoice(width));
  expect(shown(1800)).toEqual(COLUMNS.map(({ key }) => key));
  expect(shown(1799)).not.toContain('standby');
  expect(shown(1440)).toContain('ratio');
  expect(shown(1439)).toEqual(shown(1440).filter((key) => !['up', 'ratio', 'again'].includes(key)));
  expect(shown(0)).toEqual(shown(1439));
});

test('[D2] whatever is chosen and moved, every column is there once and the name stays first', () => {
  const keys = COLUMNS.map(({ key }) => key);
  const step = fc.record({ key: fc.constantFrom(...keys), what: fc.constantFrom('left', 'right', 'toggle') });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let choice = defaultChoice(1920);
      for (const { key, what } of steps) {
        choice =
          what === 'toggle' && key !== 'name' ? toggled(choice, key) : moved(choice, key, what === 'left' ? -1 : 1);
      }
      expect([...choice.order].sort()).toEqual([...keys].sort());
      expect(choice.order[0]).toBe('name');
      expect(readChoice(JSON.stringify(choice))).toEqual(choice);
    }),
  );
});

test('[D2] what an earlier run kept of the table is read with care', () => {
  expect(readHabits('{"sorting":{"key":"p99","desc":true},"grouped":true}')).toEqual({
    sorting: { key: 'p99', desc: true },
    grouped: true,
  });
  for (const text of [
    null,
    '',
    '{',
    '3',
    '{"sorting":{"key":"spark","desc":true}}',
    '{"sorting":{"key":"__proto__"}}',
  ]) {
    expect(readHabits(text)).toEqual({ sorting: null, grouped: false });
  }
});

test('[D4] a range grows and shrinks from where Shift began and keeps what was chosen before', () => {
  const shown = ['a', 'b', '__proto__', 'd', 'e'];
  const one = toggle(NO_SELECTION, 'e');
  const fromB = extend({ ...one, anchor: null }, shown, 'a', 'b');
  expect([...fromB.names].sort()).toEqual(['a', 'b', 'e']);
  const more = extend(fromB, shown, 'b', '__proto__');
  expect([...more.names].sort()).toEqual(['__proto__', 'a', 'b', 'e']);
  expect([...extend(more, shown, '__proto__', 'b').names].sort()).toEqual(['a', 'b', 'e']);
  expect(toggleAll(more, shown).names.size).toBe(5);
  expect(toggleAll(toggleAll(more, shown), shown).names.size).toBe(0);
});

test('[L11] a plan names what each link will do, leaves alone what it cannot, and asks before it cuts', () => {
  const all = named('demo-tokyo', 'demo-frankfurt', 'okx-spot', 'coinbase-advanced');
  expect(planOf('reconnect', all)).toMatchObject({
    asks: true,
    gates: ['demo-tokyo'],
    skips: [{ name: 'coinbase-advanced', why: 'paused' }],
  });
  for (const action of ['reconnect', 'rotate'] as const) {
    expect(planOf(action, named('demo-tokyo', 'demo-frankfurt')).asks).toBe(true);
    expect(planOf(action, named('demo-tokyo', 'coinbase-advanced'))).toMatchObject({
      asks: false,
      gates: ['demo-tokyo'],
    });
  }
  expect(planOf('reconnect', named('okx-spot', 'kraken-v2'))).toMatchObject({ asks: false, gates: [] });
  expect(planOf('pause', all).gates).toEqual([]);
  expect(planOf('reconnect hard', all)).toMatchObject({
    asks: true,
    acts: [
      { name: 'demo-tokyo', does: 'is cut now, then dialled again' },
      { name: 'demo-frankfurt' },
      { name: 'okx-spot', does: 'is dialled now' },
    ],
  });
  expect(planOf('pause', all).asks).toBe(true);
  expect(planOf('pause', named('demo-tokyo', 'okx-spot')).asks).toBe(true);
  expect(planOf('pause', named('okx-spot')).asks).toBe(false);
  expect(planOf('resume', named('demo-tokyo'))).toMatchObject({ acts: [], asks: false });
  expect(planOf('close breaker', views).acts.map(({ name }) => name)).toEqual(['kraken-v2']);
});

test('[L11] what came of a plan is summed up, with the problem of each that failed', async () => {
  const app = new FakeApp();
  const steps: number[] = [];
  const plan = planOf('reconnect', named('demo-tokyo', 'demo-frankfurt', 'deribit-options', 'coinbase-advanced'));
  const said = await runPlan(
    (ask) => ask(app.client),
    plan,
    (done) => steps.push(done),
  );
  app.stop();
  expect(steps).toEqual([1, 2, 3]);
  expect(said).toBe(
    'Reconnect: 2 of 3 done; deribit-options: the venue cannot be reached right now; 1 link left alone',
  );
  const five = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, message: 'no' }));
  expect(summary({ ...plan, acts: five.map(({ name }) => ({ name, does: '' })), skips: [] }, five)).toBe(
    'Reconnect: 0 of 5 done; a: no; b: no; c: no; and 2 more',
  );
});
