import { describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { JSON_PRESET } from '../../support/linkConfig.ts';
import { GymRig } from '../rig.ts';
import { asked } from '../scripts.ts';
import { type Door, GYM_CA, GymVenue } from '../venue.ts';
import { type Change, castRig, elsewhere, jsonLink, opened, rig, SETTLED_MS, setStage, venue, waits } from './stage.ts';

setStage();

describe('11. 503 and other wrong answers to the upgrade', () => {
  const body = 'Service Unavailable\n';
  const endless = (head: string, piece: string): Door => ({
    kind: 'script',
    play: (socket) => {
      socket.write(head);
      const stop = rig.every(5, () => socket.write(piece));
      socket.on('close', stop);
    },
  });
  const DOORS: readonly [
    name: string,
    door: () => Door,
    cause: 'upgrade refused' | 'unreachable' | 'settings fault',
    evidence: RegExp,
  ][] = [
    [
      '503, a body, kept alive',
      () => ({
        kind: 'raw',
        bytes: `HTTP/1.1 503 No\r\ncontent-length: ${body.length}\r\nconnection: keep-alive\r\n\r\n${body}`,
      }),
      'upgrade refused',
      /HTTP 503/,
    ],
    ['503, closed', () => ({ kind: 'status', status: 503 }), 'upgrade refused', /HTTP 503/],
    ['502, closed', () => ({ kind: 'status', status: 502 }), 'upgrade refused', /HTTP 502/],
    ['no answer at all', () => ({ kind: 'hang' }), 'unreachable', /WebSocket upgrade.*neither granted nor refused/],
    ['101 with a wrong key', () => ({ kind: 'wrong-accept' }), 'upgrade refused', /Sec-WebSocket-Accept/],
    [
      'a redirect',
      () => ({ kind: 'status', status: 302, headers: { location: 'ws://127.0.0.1:1/' } }),
      'settings fault',
      /HTTP 302/,
    ],
    [
      'headers without end',
      () => endless('HTTP/1.1 101 Switching Protocols\r\n', `x-more: ${'x'.repeat(2000)}\r\n`),
      'upgrade refused',
      /./,
    ],
    ['one byte at a time', () => endless('HTTP/1.1 101 Swit', 'c'), 'unreachable', /neither granted nor refused/],
    ['a body without end', () => endless('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(50_000)), 'settings fault', /HTTP 200/],
  ];

  it.each(DOORS)('[L20] 11. %s: named, one retry, and served at the next try', async (_name, door, cause, evidence) => {
    venue.doorFor = (): Door => (venue.upgrades === 1 ? door() : { kind: 'open' });
    await rig.run(jsonLink({ policy: { connectTimeoutMs: 2_000, slowRetryMs: 1_000 } }));
    await rig.up('venue', 2);
    const verdict = await rig.verdict(cause);
    expect(verdict.blame).toBe(cause === 'settings fault' ? 'our settings' : 'venue');
    expect(verdict.evidence.join()).toMatch(evidence);
    expect(verdict.evidence.join()).not.toContain('1006');
    expect(venue.upgrades).toBe(2);
    expect(waits()).toHaveLength(1);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
  });

  it('[L20] 11. several in a row are counted', async () => {
    venue.doorFor = (): Door => (venue.upgrades <= 3 ? { kind: 'status', status: 503 } : { kind: 'open' });
    await rig.run(jsonLink());
    await rig.until(() => waits().length === 3, 'three refusals');
    await rig.pass(300);
    expect(rig.link().verdicts[0]?.evidence.join()).toContain('3 times in a row');
    await rig.up('venue', 4);
    expect(rig.causes()).toEqual(['upgrade refused']);
  });

  it('[L20] 11. near miss: 401 is about credentials, and stops', async () => {
    venue.door = { kind: 'status', status: 401 };
    await rig.run(jsonLink());
    expect(await rig.verdict('credentials refused')).toMatchObject({ blame: 'our settings' });
    expect(rig.states().at(-1)).toBe('failed');
  });

  it('[L20] 11. a certificate for another name is TLS, and the venue’s', async () => {
    const secure = await opened(GymVenue.open('other'));
    await rig.run(jsonLink({ dialUrl: secure.url, ca: GYM_CA }));
    await rig.soon(() => true);
    const verdict = await rig.verdict('tls', 'venue', 10_000_000);
    expect(verdict).toMatchObject({ blame: 'venue', certainty: 'sure' });
    expect(verdict.evidence.join()).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(rig.happenings('alarm')).toHaveLength(1);
    expect(waits()[0]?.reason).toMatchObject({ kind: 'tls' });
  });
});

describe('12. A DNS flap', () => {
  type Answer = 'EAI_AGAIN' | 'ENOTFOUND' | string[];

  /** Engine of its own whose resolver answers these, the last one for good; another venue’s name it knows. */
  async function resolving(...answers: Answer[]): Promise<{ readonly asked: () => number }> {
    await rig.stop();
    let count = 0;
    castRig(
      new GymRig((host, _options, callback) => {
        if (host === 'other.example') return callback(null, [{ address: '127.0.0.1', family: 4 }]);
        const answer = answers[Math.min(count, answers.length - 1)] ?? 'ENOTFOUND';
        count += 1;
        if (Array.isArray(answer))
          return callback(
            null,
            answer.map((address) => ({ address, family: 4 })),
          );
        callback(Object.assign(new Error(`getaddrinfo ${answer} ${host}`), { code: answer }), '', 0);
      }),
    );
    return { asked: () => count };
  }
  const byName = (change: Change = {}): LinkConfig => {
    const url = `ws://venue.example:${venue.port}/`;
    return jsonLink({ url, dialUrl: url, routes: [{ url, dialUrl: url }], ...change });
  };

  it('[L20] 12. name resolution: each answer leads to one dial, and the fourth is up', async () => {
    const resolver = await resolving('EAI_AGAIN', 'EAI_AGAIN', 'ENOTFOUND', ['127.0.0.1']);
    await rig.run(byName({ policy: { breakerFailures: 0 } }));
    await rig.up('venue', 4);
    const verdict = await rig.verdict('name resolution');
    expect(verdict).toMatchObject({ blame: 'local network', certainty: 'possible' });
    expect(verdict.evidence.join()).toContain('ENOTFOUND');
    expect(resolver.asked()).toBe(4);
    expect(waits()).toHaveLength(3);
    expect(venue.guests).toHaveLength(1);
    expect(asked(venue.newest)).toEqual({ BTC: 1 });
  });

  it('[L20] 12. near miss: another venue is fine, so it is not the local network', async () => {
    await resolving('ENOTFOUND');
    const url = `ws://other.example:${venue.port}/`;
    const other = { name: 'other', url, dialUrl: url, routes: [{ url, dialUrl: url }], preset: elsewhere(JSON_PRESET) };
    await rig.run(byName(), jsonLink(other));
    await rig.up('other');
    expect(await rig.verdict('name resolution')).toMatchObject({ blame: 'path', certainty: 'likely' });
    expect(rig.verdicts('other')).toEqual([]);
  });

  it('[L20] 12. two addresses, of which the first refuses: the second is used, and nothing is said', async () => {
    await resolving(['127.0.0.2', '127.0.0.1']);
    await rig.run(byName());
    await rig.up('venue', 1);
    await rig.pass(SETTLED_MS);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 12. near miss: the name leads to a port that nobody listens on: unreachable', async () => {
    await resolving(['127.0.0.1']);
    const { port } = venue;
    await venue.close();
    const url = `ws://venue.example:${port}/`;
    await rig.run(jsonLink({ dialUrl: url, routes: [{ url, dialUrl: url }] }));
    expect(await rig.verdict('unreachable')).toMatchObject({ blame: 'venue' });
    expect(rig.causes()).not.toContain('name resolution');
  });

  it('[L20] 12. a name that never resolves is judged though it is tried again every second', async () => {
    await resolving('ENOTFOUND');
    await rig.run(byName({ policy: { breakerFailures: 0, maxReconnectDelayMs: 1_000 } }));
    await rig.pass(30_000);
    expect(rig.causes()).toContain('name resolution');
  });
});
