import { afterEach, describe, expect, it } from 'vitest';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

const REFUSED: DownReason = { kind: 'resolve', host: 'x', code: 'EAI_AGAIN' };

let rig: LinkRig;
let met: number;
afterEach(() => rig.end());

/** Every dial fails at once, from now on for so long; `eachMs` is done every so often. */
async function failing(forMs: number, eachMs = Number.POSITIVE_INFINITY, each: () => void = () => undefined) {
  for (let passed = 0; passed < forMs; passed += 50) {
    for (; met < rig.net.sockets.length; met += 1) rig.net.sockets[met]?.end(REFUSED);
    if (passed % eachMs === 0) each();
    await rig.clock.advance(50);
  }
}

function link(policy: Parameters<typeof linkConfig>[0] = {}): LinkRig {
  met = 0;
  return new LinkRig(linkConfig(policy));
}

const state = () => rig.link.figures.view().state;

describe.each(['wake', 'networkChanged'] as const)('%s', (kind) => {
  it.each([0, 3])(
    '[L16] a link that has been down for long is dialled within a second, its breaker at %i',
    async (breakerFailures) => {
      rig = link({ policy: { breakerFailures } });
      await failing(100_000);
      const dials = rig.net.sockets.length;
      expect(state()).toMatchObject({ kind: breakerFailures === 0 ? 'waiting' : 'blocked' });
      rig.link[kind]();
      await rig.clock.advance(1_000);
      expect(rig.net.sockets.length).toBe(dials + 1);
    },
  );

  it.each([0, 3])('[L16] the next dial is where the state says, its breaker at %i', async (breakerFailures) => {
    rig = link({ policy: { breakerFailures } });
    await failing(100_000);
    rig.link[kind]();
    const told = state();
    const until = 'until' in told && told.until !== null ? told.until : Number.NaN;
    expect(until - rig.clock.now()).toBe(500);
    const dials = rig.net.sockets.length;
    await rig.clock.advance(499);
    expect(rig.net.sockets.length).toBe(dials);
    await rig.clock.advance(1);
    expect(rig.net.sockets.length).toBe(dials + 1);
  });
});

describe('a wait that is cut short', () => {
  it('[L16] [G3] is counted for as long as it lasted', async () => {
    rig = link({ policy: { initialReconnectDelayMs: 20_000 } });
    rig.net.newest.end(REFUSED);
    await rig.clock.advance(2_000);
    rig.link.wake();
    expect(rig.link.figures.scrape().backoff.maxUs).toBe(0);
    await rig.clock.advance(500);
    expect(rig.link.figures.scrape().backoff).toMatchObject({ minUs: 2_500_000, maxUs: 2_500_000 });
  });

  it.each([0, 3])(
    '[L16] comes once in ten seconds at a network that comes and goes, the breaker at %i',
    async (breakerFailures) => {
      rig = link({ policy: { breakerFailures } });
      await failing(100_000);
      const dials = rig.net.sockets.length;
      await failing(600_000, 2_000, () => rig.link.networkChanged());
      const flapped = rig.net.sockets.length - dials;
      expect(flapped).toBeGreaterThan(40);
      expect(flapped).toBeLessThanOrEqual(61);
    },
  );

  it('[L8] [L16] is neither one in the queue of dials nor a breaker that a person holds open', async () => {
    rig = link({
      preset: { ...linkConfig().preset, limits: { ...linkConfig().preset.limits, dials: 1, dials_window_secs: 60 } },
    });
    rig.net.newest.end(REFUSED);
    await rig.clock.advance(200);
    const queued = state();
    expect(queued).toMatchObject({ kind: 'waiting', reason: { kind: 'queued' } });
    rig.link.wake();
    expect(state()).toEqual(queued);
    rig.link.setBreaker(true);
    rig.link.wake();
    await rig.clock.advance(5_000);
    expect(state()).toMatchObject({ kind: 'blocked', until: null });
    expect(rig.net.sockets.length).toBe(1);
  });
});
