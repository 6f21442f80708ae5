import { expect, test } from 'vitest';
import {
  bytes,
  countdown,
  duration,
  feedMs,
  fixedMs,
  latency,
  percent,
  rate,
  shortCountdown,
} from '../../src/renderer/format.ts';

test('[H1] latencies in a column always have two decimals, so that they align', () => {
  expect([0.3, 4.2, 12.345, 1250, null].map(fixedMs)).toEqual(['0.30', '4.20', '12.35', '1250.00', '–']);
});

test('[H1] a latency with its unit has three figures and the unit that fits', () => {
  expect([0.0004, 0.35, 0.9996, 1.239, 12.44, 99.96, 163, 1250].map(latency)).toEqual([
    '0 µs',
    '350 µs',
    '1.00 ms',
    '1.24 ms',
    '12.4 ms',
    '100 ms',
    '163 ms',
    '1.25 s',
  ]);
});

test('[L5] ages count up without ever going over what has passed, and are never negative', () => {
  const ages = [-5, 0, 999, 9999, 10_000, 59_999, 60_000, 3_599_999, 3_600_000, 86_399_999, 90_000_000_0];
  expect(ages.map(duration)).toEqual([
    '0.0 s',
    '0.0 s',
    '0.9 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 m 00 s',
    '59 m 59 s',
    '1 h 00 m',
    '23 h 59 m',
    '10 d 10 h',
  ]);
});

test('[D4] a countdown in a row is short however long it is, and ends at zero, too', () => {
  expect([0, 9_901, 12_001, 59_001, 60_000, 167_500, 3_599_500, 36_061_000].map(shortCountdown)).toEqual([
    '0.0 s',
    '10 s',
    '13 s',
    '1:00',
    '1:00',
    '2:48',
    '1:00:00',
    '10:01:01',
  ]);
});

test('[L1] a countdown ends at zero, not before', () => {
  expect([12_001, 10_000, 9901, 1, 0, -20].map(countdown)).toEqual(['13 s', '10 s', '10 s', '0.1 s', '0.0 s', '0.0 s']);
});

test('[H3] a share is rounded down: 100.00 means all of it, and 0 of 0 is no share', () => {
  expect([percent(99_999, 100_000), percent(1, 1), percent(29, 29), percent(0, 5), percent(0, 0)]).toEqual([
    '99.99',
    '100.00',
    '100.00',
    '0.00',
    null,
  ]);
});

test('[H3] rates and bytes keep their width', () => {
  expect([0, 12.34, 1840, 12_345].map(rate)).toEqual(['0.0', '12.3', '1840.0', '12,345']);
  expect([0, 1023, 1024, 310_000_000, 2 ** 41].map(bytes)).toEqual([
    '0 B',
    '1023 B',
    '1.00 KiB',
    '296 MiB',
    '2.00 TiB',
  ]);
});

test('[H7] a feed latency is no finer than its stamps, says where its error is unknown, and is never minus nothing', () => {
  const texts = [14.04, 0, -0.04, -2.16].map((medianMs) => feedMs({ medianMs, errorMs: null }));
  expect(texts).toEqual(['~14.0', '~0.0', '~0.0', '~-2.2']);
  expect(feedMs({ medianMs: 14, errorMs: 3 })).toBe('14.0');
});
