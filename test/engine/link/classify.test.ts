import fc from 'fast-check';
import { expect, it } from 'vitest';
import { consequenceOf } from '../../../src/main/engine/link/classify.ts';
import { isRateClose } from '../../../src/shared/closeCodes.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PLAIN_PRESET, PresetSchema } from '../../../src/shared/preset.ts';
import { verdictOfEnd } from '../../../src/shared/verdict/endVerdict.ts';
import { END } from '../../support/endEvidence.ts';
import { POLICY } from '../../support/linkConfig.ts';

const http = (status: number, retryAfterMs: number | null = null): DownReason => ({
  kind: 'http',
  status,
  retryAfterMs,
});
const closed = (code: number, text = ''): DownReason => ({ kind: 'closed', code, text });
const RETRY = { kind: 'retry', loud: false };
const SHOUT = { kind: 'fixed', waitMs: 300_000, loud: true };

const CASES: readonly [string, DownReason, object][] = [
  ...[1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014].map((code): [string, DownReason, object] => [
    `close ${code}`,
    closed(code),
    RETRY,
  ]),
  ['a cut', { kind: 'cut', code: 'ECONNRESET' }, RETRY],
  ['a name that does not resolve', { kind: 'resolve', host: 'x', code: 'ENOTFOUND' }, RETRY],
  ['HTTP 503', http(503), RETRY],
  ['HTTP 503 that says when', http(503, 9_000), { kind: 'slow', atLeastMs: 9_000, loud: false }],
  ['HTTP 429', http(429), { kind: 'slow', atLeastMs: 30_000, loud: false }],
  ['HTTP 418 that says when', http(418, 120_000), { kind: 'slow', atLeastMs: 120_000, loud: false }],
  ['1008 about the rate', closed(1008, 'Too many requests'), { kind: 'slow', loud: false, paceDown: true }],
  ['1008 otherwise', closed(1008, 'Pong timeout'), { kind: 'retry', loud: true }],
  ['4xxx that the preset does not know', closed(4321, 'x'), RETRY],
  ['HTTP 400', http(400), { kind: 'slow', atLeastMs: 30_000, loud: true }],
  ['HTTP 404', http(404), { kind: 'slow', atLeastMs: 30_000, loud: true }],
  ['HTTP 302', http(302), { kind: 'slow', atLeastMs: 30_000, loud: true }],
  ['HTTP 401', http(401), { kind: 'stop', loud: true }],
  ['HTTP 403', http(403), { kind: 'stop', loud: true }],
  ...[1002, 1003, 1007, 1009, 1010, 1015].map((code): [string, DownReason, object] => [
    `close ${code}`,
    closed(code),
    SHOUT,
  ]),
  ['a bad certificate', { kind: 'tls', code: 'CERT_HAS_EXPIRED', message: 'expired' }, SHOUT],
  ['a frame that is none', { kind: 'protocol', code: 1002, message: 'x' }, SHOUT],
];

it.each(CASES)('[L18] %s', (_name, reason, expected) => {
  expect(consequenceOf(reason, PLAIN_PRESET, POLICY)).toMatchObject(expected);
});

it.each([
  ['Too many requests', true],
  ['Rate limit exceeded', true],
  ['RateLimited', true],
  ['request limit', true],
  ['please regenerate your API key', false],
  ['operated elsewhere', false],
  ['unlimited', false],
  ['Too many pings', true],
  ['ping rate limit exceeded', true],
  ['Heartbeat rate too high', true],
  ['please slow down', true],
  ['flood', true],
  ['throttled', true],
  ['Pong timeout', false],
  ['too many missed pongs', false],
  ['idle time limit exceeded', false],
])('[L18] [H6] a close 1008 with %j is about the rate: %s', (text, is) => {
  expect(isRateClose(1008, text)).toBe(is);
  expect(slowsDown(text)).toBe(is);
  expect(isCalledRate(text)).toBe(is);
});

const slowsDown = (text: string): boolean => {
  const consequence = consequenceOf(closed(1008, text), PLAIN_PRESET, POLICY);
  return consequence.kind === 'slow' && consequence.paceDown;
};
const isCalledRate = (text: string): boolean =>
  verdictOfEnd({ ...END, reason: closed(1008, text) })?.cause === 'message rate limit';

const RATE = [
  'too many',
  'rate',
  'Rates',
  'rate-limited',
  'limit exceeded',
  'frequent',
  'slow down',
  'flood',
  'throttled',
];
const OTHER = [
  'pings',
  'pong',
  'Heartbeats',
  'requests',
  'missed',
  'unanswered',
  'time out',
  'policy',
  'key',
  'unlimited',
];

it('[L18] [H6] a link sends slower after a close just where the verdict speaks of the rate', () => {
  const words = fc.array(fc.constantFrom(...RATE, ...OTHER), { maxLength: 4 });
  fc.assert(fc.property(words, (text) => void expect(isCalledRate(text.join(' '))).toBe(slowsDown(text.join(' ')))));
});

it('[L18] the preset’s table speaks first: its close codes, by their text, and what 403 means there', () => {
  const preset = PresetSchema.parse({
    ...PLAIN_PRESET,
    http_403: 'block',
    closes: [
      { code: 4001, match: 'slot', class: 'slot', text: 'slot taken' },
      { code: 4001, class: 'credentials', text: 'key refused' },
      { code: 1008, match: 'newer', class: 'evicted', text: 'newer connection' },
    ],
  });
  expect(consequenceOf(http(403), preset, POLICY)).toMatchObject({ kind: 'slow', loud: true });
  expect(consequenceOf(closed(4001, 'no slot'), preset, POLICY)).toMatchObject({ kind: 'slot', waitMs: 10_000 });
  expect(consequenceOf(closed(4001, 'bad key'), preset, POLICY)).toEqual({ kind: 'stop', loud: true });
  expect(consequenceOf(closed(1008, 'newer connection'), preset, POLICY)).toMatchObject({ kind: 'slow', loud: true });
});

it('[L18] a fault that would come again waits for a person if the setting is 0', () => {
  expect(consequenceOf(closed(1009), PLAIN_PRESET, { ...POLICY, faultRetryMs: 0 })).toEqual({
    kind: 'stop',
    loud: true,
  });
});
