import { expect, it } from 'vitest';
import { eventText } from '../../src/shared/events.ts';
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
