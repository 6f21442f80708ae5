import { expect, it } from 'vitest';
import { eventText } from '../../src/shared/events.ts';
import { type LinkState, stateText } from '../../src/shared/linkState.ts';
import { monoMs } from '../../src/shared/units.ts';
import { verdictText } from '../../src/shared/verdict/verdict.ts';

it('[L19] a socket has one name for people: its number', () => {
  const text = eventText({ kind: 'replaced', oldGeneration: 12, because: { kind: 'asked', by: 'user' } });
  expect(text).toBe('Took over from socket 12 without a gap: you asked for a reconnect');
});

it('[H6] a verdict says in words what it does not know', () => {
  const verdict = { cause: 'half-open', certainty: 'likely', evidence: ['3 pings unanswered'] } as const;
  expect(verdictText({ ...verdict, blame: 'unknown' })).toBe(
    'half-open (likely, who is to blame is not known): 3 pings unanswered',
  );
  expect(verdictText({ ...verdict, blame: 'venue' })).toBe('half-open (likely, by the venue): 3 pings unanswered');
});

it('[S2] one of a thing is not told as several', () => {
  const reason = { kind: 'dead', missed: 1, silentMs: 3_000 } as const;
  const failed: LinkState = { kind: 'failed', attempts: 1, reason, acknowledged: false };
  expect([
    eventText({ kind: 'restored', tookMs: 12, subscriptions: 1 }),
    eventText({ kind: 'handover', missed: 0, duplicates: 1 }),
    stateText(failed),
    stateText({ kind: 'restoring', acked: 0, wanted: 1, since: monoMs(0) }),
  ]).toEqual([
    expect.stringMatching(/^1 subscription restored /),
    'Overlap done: 0 missed, 1 duplicate dropped',
    'Gave up after 1 attempt: 1 ping unanswered, nothing received for 3.0 s',
    '0 of 1 subscription restored',
  ]);
});
