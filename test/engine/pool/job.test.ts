import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timingsOf } from '../../../src/main/engine/pool/job.ts';
import { monoMs } from '../../../src/shared/units.ts';

const ms = fc.integer({ min: 0, max: 500 });

it('[P6] whenever the connect began, the phases never exceed the whole, and the whole is never less than the wait', () => {
  fc.assert(
    fc.property(ms, ms, ms, ms, ms, fc.boolean(), (dialled, connect, asked, queued, answered, first) => {
      const openedAt = dialled + connect;
      const givenAt = Math.max(openedAt, asked) + queued;
      const endedAt = givenAt + answered;
      const moments = {
        askedAt: monoMs(asked),
        givenAt: monoMs(givenAt),
        dialledAt: monoMs(dialled),
        openedAt: monoMs(openedAt),
      };
      const opened = { protocol: 'h1', address: '', dnsMs: null, tcpMs: connect / 2, tlsMs: connect / 2 } as const;
      const answer = {
        kind: 'answer',
        status: 200,
        headers: {},
        body: new Uint8Array(),
        sentAt: monoMs(givenAt),
        firstByteAt: monoMs(endedAt),
        endedAt: monoMs(endedAt),
        reusable: true,
      } as const;
      const { queueMs, tcpMs, tlsMs, firstByteMs, totalMs } = timingsOf(moments, first ? opened : null, answer);
      expect(queueMs).toBeGreaterThanOrEqual(0);
      expect(queueMs + (tcpMs ?? 0) + (tlsMs ?? 0) + firstByteMs).toBeCloseTo(totalMs, 6);
      if (first) expect(totalMs).toBeGreaterThanOrEqual(endedAt - Math.max(asked, dialled));
      else expect(totalMs).toBe(endedAt - asked);
    }),
  );
});
