import { expect, it } from 'vitest';
import { retryAfterMs } from '../../src/main/engine/retryAfter.ts';
import { wallMs } from '../../src/shared/units.ts';

const NOW = wallMs(Date.parse('2026-11-20T12:00:00Z'));
const WEEK_MS = 7 * 86_400_000;

it.each([
  ['30', 30_000],
  [' 2.5 ', 2_500],
  ['Fri, 20 Nov 2026 12:01:00 GMT', 60_000],
  ['99999999999', WEEK_MS],
])('[L6] [L18] Retry-After %j is waited for', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});

it.each([undefined, '', '0', '-5', 'soon', 'Fri, 20 Nov 2026 11:59:00 GMT'])(
  '[L6] [L18] Retry-After %j asks for no time that is to come: as without it',
  (header) => {
    expect(retryAfterMs(header, NOW)).toBeNull();
  },
);
