import { expect, it } from 'vitest';
import { loudProblem } from '../../src/renderer/store/loudEvents.ts';
import type { LinkEvent, LinkHappening } from '../../src/shared/events.ts';
import { monoMs, wallMs } from '../../src/shared/units.ts';

const event = (happening: LinkHappening): LinkEvent => ({
  seq: 1,
  at: monoMs(0),
  wall: wallMs(0),
  link: 'okx',
  generation: 1,
  happening,
});
const reason = { kind: 'refused', address: 'okx:443', code: 'ECONNREFUSED' } as const;
const failed = { kind: 'failed', attempts: 10, reason, acknowledged: false } as const;

it('[L7] a link that gives up is told loudly, with its reason and what to do, and again while it stays down', () => {
  const told = loudProblem(event({ kind: 'state', from: { kind: 'paused' }, to: failed, because: '' }));
  expect(told).toMatchObject({
    where: 'okx',
    message: 'okx gave up after 10 attempts: okx:443 cannot be reached (ECONNREFUSED)',
  });
  expect(told?.hint).toContain('Reconnect');
  expect(loudProblem(event({ kind: 'still-failed', hours: 2 }))?.message).toContain('2 h');
});

it('[L7] an ordinary reconnect is not', () => {
  const waiting = { kind: 'waiting', attempt: 2, delayMs: 100, until: monoMs(1), reason } as const;
  expect(loudProblem(event({ kind: 'state', from: failed, to: waiting, because: '' }))).toBeNull();
  expect(loudProblem(event({ kind: 'pong-missed', waitedMs: 1000, inARow: 1 }))).toBeNull();
});
