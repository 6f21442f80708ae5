import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHART_FORMS, LINK_TABS, parseRoute, type Route, routeHash } from '../../src/renderer/route.ts';
import { RTT_WINDOWS } from '../../src/shared/rttView.ts';
import { SLICE_RANGES } from '../../src/shared/slices.ts';

const chart = fc.record({
  range: fc.constantFrom(...SLICE_RANGES),
  scale: fc.constantFrom('linear', 'log'),
  form: fc.constantFrom(...CHART_FORMS),
});
const route: fc.Arbitrary<Route> = fc.oneof(
  fc.record({
    view: fc.constant('settings' as const),
    at: fc.option(
      fc.oneof(
        fc.record({ pool: fc.string({ unit: 'grapheme' }), key: fc.string() }),
        fc.record({
          table: fc.oneof(fc.tuple(fc.string()), fc.tuple(fc.string(), fc.string({ unit: 'grapheme' }))),
          key: fc.option(fc.string()),
        }),
      ),
    ),
  }),
  fc.record({ view: fc.constant('notices' as const) }),
  fc.record({
    view: fc.constant('pools' as const),
    name: fc.option(fc.string({ minLength: 1, unit: 'grapheme' })),
  }),
  fc.record({ view: fc.constant('overview' as const), chart }),
  fc.record({
    view: fc.constant('link' as const),
    name: fc.string({ minLength: 1, unit: 'grapheme' }),
    tab: fc.constantFrom(...LINK_TABS),
    window: fc.constantFrom(...RTT_WINDOWS),
    chart,
  }),
) as fc.Arbitrary<Route>;

test('[D2] any place, with a link of any name, comes back from its address', () => {
  fc.assert(
    fc.property(route, (place) => {
      expect(parseRoute(routeHash(place))).toEqual(place);
    }),
  );
});

test('[D2] names with slashes, marks and markup stay one name', () => {
  const name = 'a/b?c#d%20"e"<script>';
  const hash = routeHash({
    view: 'link',
    name,
    tab: 'now',
    window: '5m',
    chart: { range: '5m', scale: 'linear', form: 'lines' },
  });
  expect(hash).toBe(`#/link/${encodeURIComponent(name)}`);
  expect(parseRoute(hash)).toMatchObject({ view: 'link', name });
});

test('[D2] an address that makes no sense leads to the overview', () => {
  for (const hash of ['', '#', '#/nowhere', '#/link/', '#/link/%E0%A4%A', '#/?range=7&scale=odd&form=x']) {
    expect(parseRoute(hash)).toEqual({ view: 'overview', chart: { range: '5m', scale: 'log', form: 'lines' } });
  }
});
