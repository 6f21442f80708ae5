import { expect, it } from 'vitest';
import type { EndEvidence } from '../../../src/shared/verdict/endEvidence.ts';
import { verdictOfEnd } from '../../../src/shared/verdict/endVerdict.ts';
import { END } from '../../support/endEvidence.ts';

it('[H6] a venue that gave up a silent client is not to blame when this machine stood still, or slept', () => {
  expect(verdictOfEnd({ ...END, stalledMs: 35_000 })).toMatchObject({ cause: 'local stall', blame: 'this machine' });
  expect(verdictOfEnd({ ...END, wokeMs: 1_000 })).toMatchObject({ cause: 'sleep', blame: 'this machine' });
});

it('[H6] a stall explains no close that speaks of something else', () => {
  const restart: EndEvidence = { ...END, reason: { kind: 'closed', code: 1012, text: 'service restart' } };
  expect(verdictOfEnd({ ...restart, stalledMs: 35_000 })).toMatchObject({ cause: 'venue restart', blame: 'venue' });
  expect(verdictOfEnd(END)?.blame).not.toBe('this machine');
});

it('[H6] [L20] 21. a cut after a stall of the 2 s at which venues give up, seen a little late, is this machine’s; after a second it is not', () => {
  const cut: EndEvidence = { ...END, reason: { kind: 'cut', code: 'ECONNRESET' } };
  expect(verdictOfEnd({ ...cut, stalledMs: 1_950 })).toMatchObject({ cause: 'local stall', blame: 'this machine' });
  expect(verdictOfEnd({ ...cut, stalledMs: 1_000 })).toMatchObject({ cause: 'abnormal close', blame: 'unknown' });
});

const CUT: EndEvidence = { ...END, reason: { kind: 'cut', code: 'ECONNRESET' } };
const with1001: EndEvidence = { ...END, reason: { kind: 'closed', code: 1001, text: '' } };

it.each([
  [1001, '', 'venue restart', 'venue', 'sure'],
  [1000, 'Scheduled maintenance', 'venue restart', 'venue', 'sure'],
  [1011, 'internal error', 'venue restart', 'venue', 'likely'],
  [1013, 'try again later', 'venue restart', 'venue', 'likely'],
  [4999, 'bye', 'venue restart', 'venue', 'possible'],
  [4001, 'Invalid API key', 'credentials refused', 'our settings', 'likely'],
  [1008, 'token expired', 'credentials refused', 'our settings', 'likely'],
  [1010, '', 'protocol fault', 'our settings', 'sure'],
  [1008, 'Pong timeout', 'pong payload mismatch', 'our settings', 'likely'],
  [1008, 'no pong received', 'pong payload mismatch', 'our settings', 'likely'],
  [1008, 'heartbeat channel not permitted for your account', 'policy close', 'our settings', 'sure'],
  [1008, 'too many ping requests', 'message rate limit', 'our settings', 'sure'],
] as const)('[H6] [L18] a close %i "%s" is called %s no surer than it says', (code, text, cause, blame, certainty) => {
  const end: EndEvidence = { ...END, reason: { kind: 'closed', code, text } };
  expect(verdictOfEnd(end)).toMatchObject({ cause, blame, certainty });
});

it.each([
  [1012, 'Service restart', 1, 'venue restart', 'sure'],
  [1012, '', 3, 'venue restart', 'sure'],
  [1001, '', 1, 'venue restart', 'sure'],
  [1001, '', 2, 'server ping misanswered', 'likely'],
  [1001, 'maintenance', 2, 'venue restart', 'sure'],
  [1000, '', 1, 'server ping misanswered', 'likely'],
  [4000, 'restart', 2, 'venue restart', 'sure'],
] as const)(
  '[H6] [L20] 9. a close %i "%s" after %i unanswered pings is a %s',
  (code, text, unansweredPings, cause, certainty) => {
    const end: EndEvidence = { ...END, reason: { kind: 'closed', code, text }, unansweredPings };
    expect(verdictOfEnd(end)).toMatchObject({ cause, certainty });
  },
);

const FIN: EndEvidence = {
  ...CUT,
  reason: { kind: 'cut', code: 'the venue ended the TCP connection' },
  lastAnswerMs: 14_900,
};

it('[H6] [L20] 4. a FIN after a pong is possibly half a socket, no more: a killed one looks the same', () => {
  expect(verdictOfEnd(FIN)).toMatchObject({ cause: 'half-closed', certainty: 'possible', blame: 'unknown' });
  const one = { ...FIN, sameVenue: { links: 5, lost: 0, flowing: 5, lagging: 0 } };
  expect(verdictOfEnd(one)).toMatchObject({ cause: 'half-closed', certainty: 'possible', blame: 'path' });
});

it('[H6] [L20] 6. near miss: links of a venue that end together are cut, by the venue, and not half of anything', () => {
  const all = { ...FIN, sameVenue: { links: 39, lost: 39, flowing: 0, lagging: 0 } };
  expect(verdictOfEnd(all)).toMatchObject({ cause: 'abnormal close', certainty: 'likely', blame: 'venue' });
  const some = { ...FIN, sameVenue: { links: 5, lost: 1, flowing: 4, lagging: 0 } };
  expect(verdictOfEnd(some)).toMatchObject({ cause: 'abnormal close', blame: 'path' });
});

it('[H6] 8. pongs that answered none of our pings make a close over a pong sure', () => {
  const end: EndEvidence = { ...END, reason: { kind: 'closed', code: 1008, text: 'invalid pong' }, foreignPongs: 2 };
  expect(verdictOfEnd(end)).toMatchObject({ cause: 'pong payload mismatch', certainty: 'sure' });
});

it('[H6] [L16] 3. what ends just after a wake or a change of network ends because of it', () => {
  expect(verdictOfEnd({ ...CUT, wokeMs: 900 })).toMatchObject({ cause: 'sleep', blame: 'this machine' });
  expect(verdictOfEnd({ ...CUT, movedMs: 900 })).toMatchObject({ cause: 'route change', blame: 'local network' });
  expect(verdictOfEnd({ ...with1001, wokeMs: 900 })).toMatchObject({ cause: 'sleep', blame: 'this machine' });
  expect(verdictOfEnd(CUT)).toMatchObject({ cause: 'abnormal close' });
  expect(verdictOfEnd(with1001)).toMatchObject({ cause: 'venue restart', evidence: ['close 1001'] });
});

it('[H6] a dial that this machine had no time for is not the venue’s fault', () => {
  const slow: EndEvidence = { ...END, reason: { kind: 'dial-timeout', phase: 'upgrade', limitMs: 5_000 } };
  expect(verdictOfEnd({ ...slow, stalledMs: 6_000 })).toMatchObject({ cause: 'local stall', blame: 'this machine' });
  expect(verdictOfEnd({ ...slow, wokeMs: 900 })).toMatchObject({ cause: 'sleep' });
  expect(verdictOfEnd(slow)).toMatchObject({ cause: 'unreachable', blame: 'venue' });
});

it('[H6] 11. an upgrade that nobody answered was not refused; where no other venue answers either, it is not this one’s doing', () => {
  const hung: EndEvidence = { ...END, reason: { kind: 'dial-timeout', phase: 'upgrade', limitMs: 5_000 } };
  const among = (lost: number) =>
    verdictOfEnd({ ...hung, otherVenues: { links: 2, lost, flowing: 2 - lost, lagging: 0 } });
  expect(among(0)).toMatchObject({ cause: 'unreachable', blame: 'venue', certainty: 'likely' });
  expect(among(0)?.evidence.join()).toMatch(/stuck at WebSocket upgrade.*neither granted nor refused/);
  expect(among(2)).toMatchObject({ cause: 'unreachable', blame: 'local network' });
});

it('[H6] 12. without any network it is the local one, whatever others still hold open', () => {
  const none: EndEvidence = { ...END, reason: { kind: 'refused', address: 'x', code: 'ENETUNREACH' } };
  const others = { links: 2, lost: 0, flowing: 2, lagging: 0 };
  expect(verdictOfEnd({ ...none, otherVenues: others })).toMatchObject({ blame: 'local network', certainty: 'likely' });
});

it('[H6] [L18] 10. a 403 where no credentials were sent is no word about credentials', () => {
  const refused: EndEvidence = { ...END, reason: { kind: 'http', status: 403, retryAfterMs: null } };
  expect(verdictOfEnd(refused)).toMatchObject({ cause: 'credentials refused' });
  const blocked: EndEvidence = { ...refused, refused403: 'block' };
  expect(verdictOfEnd(blocked)).toMatchObject({ cause: 'upgrade refused', blame: 'venue' });
  const before = [
    { reason: { kind: 'http', status: 418, retryAfterMs: 1_000 }, livedMs: null, closeClass: null, agoMs: 1_000 },
  ] as const;
  expect(verdictOfEnd({ ...blocked, before })).toMatchObject({ cause: 'dial rate limit', blame: 'our settings' });
});

it('[L10] [H6] a credential that is not there is no word of the venue’s', () => {
  const text = 'there is no credential called ACME_KEY';
  const lacking: EndEvidence = { ...END, reason: { kind: 'no-credential', text } };
  expect(verdictOfEnd(lacking)).toEqual({
    cause: 'settings fault',
    blame: 'our settings',
    certainty: 'sure',
    evidence: [text],
  });
});

it('[H6] 18. a slot that no connection of ours can hold is held by somebody else', () => {
  const slot: EndEvidence = { ...END, reason: { kind: 'told', class: 'slot', text: 'connection limit exceeded' } };
  expect(verdictOfEnd(slot)).toMatchObject({ cause: 'credential used twice', certainty: 'possible' });
  const ours = { reason: CUT.reason, livedMs: 60_000, closeClass: null, agoMs: 90_000 };
  expect(verdictOfEnd({ ...slot, before: [ours] })).toMatchObject({ cause: 'ghost session', blame: 'path' });
  const refused = { reason: slot.reason, livedMs: 40, closeClass: 'slot', agoMs: 10_000 } as const;
  expect(verdictOfEnd({ ...slot, before: [refused] })).toMatchObject({ cause: 'credential used twice' });
  expect(verdictOfEnd({ ...slot, before: [ours, refused] })).toMatchObject({ cause: 'ghost session' });
  const longAgo = { ...ours, agoMs: 3_600_000 };
  expect(verdictOfEnd({ ...slot, before: [longAgo, refused] })).toMatchObject({
    cause: 'credential used twice',
    certainty: 'possible',
    evidence: expect.arrayContaining([expect.stringContaining('holds it no more')]),
  });
});

it('[H6] 18. a close code that the preset knows is judged by what it says there', () => {
  const full: EndEvidence = { ...END, reason: { kind: 'closed', code: 4001, text: '' } };
  expect(verdictOfEnd(full)).toMatchObject({ cause: 'venue restart' });
  const evidence = ['close 4001', 'this link had no connection before that could hold the slot'];
  expect(verdictOfEnd({ ...full, closeClass: 'slot' })).toMatchObject({ cause: 'credential used twice', evidence });
  expect(verdictOfEnd({ ...full, closeClass: 'credentials' })).toMatchObject({ cause: 'credentials refused' });
  expect(verdictOfEnd({ ...full, closeClass: 'retry' })).toMatchObject({ cause: 'venue restart' });
  expect(verdictOfEnd({ ...full, closeClass: 'slow', sentLastSec: 9 })).toMatchObject({
    cause: 'message rate limit',
    evidence: ['close 4001', '9 messages of ours in the last second'],
  });
});

it('[H6] 19. short lives that end cleanly are a duel over credentials only where there are some', () => {
  const reason = { kind: 'closed', code: 1000, text: '' } as const;
  const duel: EndEvidence = {
    ...END,
    reason,
    livedMs: 30_000,
    before: Array(3).fill({ ...END, reason, livedMs: 30_000 }),
  };
  expect(verdictOfEnd(duel)).toMatchObject({ cause: 'credential used twice' });
  expect(verdictOfEnd({ ...duel, refused403: 'block' })).toMatchObject({ cause: 'venue restart' });
});

it('[H6] 21. old messages before a cut: other venues lag, too: this machine; all links of this venue alone: the venue', () => {
  const late: EndEvidence = { ...CUT, lagGrowthMs: 2_000 };
  const lagging = { links: 1, lost: 0, flowing: 1, lagging: 1 };
  const blamed = (more: Partial<EndEvidence>) => verdictOfEnd({ ...late, ...more });
  expect(blamed({})).toMatchObject({ cause: 'slow consumer', blame: 'our settings', certainty: 'likely' });
  expect(blamed({ otherVenues: lagging })).toMatchObject({ blame: 'this machine', certainty: 'likely' });
  expect(blamed({ sameVenue: lagging })).toMatchObject({ blame: 'venue', certainty: 'likely' });
});

it('[H6] 3. all that there is fell silent together: nothing says whether the network was there', () => {
  const dead: EndEvidence = { ...END, reason: { kind: 'dead', missed: 3, silentMs: 20_000 } };
  const sameVenue = { links: 2, lost: 2, flowing: 0, lagging: 0 };
  expect(verdictOfEnd({ ...dead, sameVenue })).toMatchObject({ cause: 'half-open', blame: 'unknown' });
  const otherVenues = { links: 1, lost: 0, flowing: 1, lagging: 0 };
  expect(verdictOfEnd({ ...dead, sameVenue, otherVenues })).toMatchObject({ blame: 'venue' });
});

it('[H6] 6. of links that were lost with it, and may be up again, it is not said that they are down', () => {
  const sameVenue = { links: 2, lost: 1, flowing: 1, lagging: 0 };
  const otherVenues = { links: 3, lost: 2, flowing: 3, lagging: 0 };
  expect(verdictOfEnd({ ...CUT, sameVenue, otherVenues })?.evidence.slice(-2)).toEqual([
    '1 of 2 other links to this venue are down, or were lost with it',
    '2 of 3 links to other venues are down, or were lost with it',
  ]);
});

it('[H6] 1. a forced reconnect says of others only what they show, and of pings only where there are any', () => {
  const stale: EndEvidence = { ...END, reason: { kind: 'stale', ageMs: 300_000 } };
  const silent = { links: 1, lost: 0, flowing: 0, lagging: 0 };
  const alone = verdictOfEnd({ ...stale, sameVenue: silent, pongs: false });
  expect(alone).toMatchObject({ cause: 'feed stalled', certainty: 'possible' });
  expect(alone?.evidence).toEqual(['no data for 300.0 s', 'no other link to this venue gets data']);
  const flowing = verdictOfEnd({ ...stale, sameVenue: { ...silent, flowing: 1 } });
  expect(flowing).toMatchObject({ certainty: 'sure' });
  expect(flowing?.evidence).toContain('1 of 1 other link to this venue gets data');
});

it('[H6] 8. a policy close is about pongs only where it says so', () => {
  const close = (text: string): EndEvidence => ({ ...END, reason: { kind: 'closed', code: 1008, text } });
  expect(verdictOfEnd(close('Pong timeout'))).toMatchObject({ cause: 'pong payload mismatch' });
  expect(verdictOfEnd(close('stopping the service'))).toMatchObject({ cause: 'policy close' });
  expect(verdictOfEnd(close('regenerate your key'))).toMatchObject({ cause: 'policy close' });
});
