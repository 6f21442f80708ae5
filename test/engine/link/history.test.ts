import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LinkConfig, Policy } from '../../../src/shared/engineConfig.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

/** What can happen to a link: by the network, the clock, a person, or the settings. */
type Happening =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'open' | 'ack' | 'data' | 'pong' | 'notice' | 'heartbeat'; readonly which: number }
  | { readonly kind: 'end'; readonly which: number; readonly reason: DownReason }
  | { readonly kind: 'graceful' | 'hard' | 'rotate' | 'wake' | 'tick' | 'openBreaker' | 'closeBreaker' | 'stall' }
  | { readonly kind: 'settings'; readonly change: number };

const REASONS: readonly DownReason[] = [
  { kind: 'cut', code: 'ECONNRESET' },
  { kind: 'refused', address: 'x', code: 'ECONNREFUSED' },
  { kind: 'resolve', host: 'x', code: 'EAI_AGAIN' },
  { kind: 'http', status: 503, retryAfterMs: null },
  { kind: 'http', status: 429, retryAfterMs: 2_000 },
  { kind: 'closed', code: 1008, text: 'Too many requests' },
  { kind: 'closed', code: 1012, text: '' },
  { kind: 'protocol', code: 1002, message: 'bad frame' },
];

const which = fc.nat(3);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 20_000 }) }) },
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constantFrom('open', 'ack', 'data', 'pong', 'notice', 'heartbeat'), which }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('end' as const), which, reason: fc.constantFrom(...REASONS) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('graceful', 'hard', 'rotate', 'wake', 'tick', 'openBreaker', 'closeBreaker', 'stall'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('settings' as const), change: fc.nat(5) }) },
) as fc.Arbitrary<Happening>;

const PRESET = PresetSchema.parse({ ...JSON_PRESET, notices: [{ match: '"op":"bye"', text: 'bye' }] });
const SUBSCRIPTIONS = [subscription('BTC'), subscription('ETH')];
const VARIANTS: readonly Partial<Parameters<typeof linkConfig>[0]>[] = [
  {},
  { subscriptions: [subscription('BTC')] },
  { dialUrl: 'ws://other/', url: 'ws://other/' },
  { enabled: false },
  { policy: { standby: false } },
  { policy: { pingIntervalMs: 3_000, rotateAfterMs: 30_000 } },
];

function configOf(change: number, policy: Partial<Policy>): LinkConfig {
  const variant = VARIANTS[change] ?? {};
  return linkConfig({
    preset: PRESET,
    subscriptions: SUBSCRIPTIONS,
    expectsData: true,
    ...variant,
    policy: { ...policy, ...variant.policy },
  });
}

/** Sockets that are neither cut nor told to end, newest last; `opened` remembers which have been let in. */
class Play {
  readonly rig: LinkRig;
  readonly opened = new Set<FakeSocket>();
  readonly ended = new Set<FakeSocket>();

  constructor(config: LinkConfig, random: () => number) {
    this.rig = new LinkRig(config, random);
  }

  get alive(): FakeSocket[] {
    return this.rig.net.open.filter((socket) => !this.ended.has(socket));
  }

  /** The venue works: lets in, acks, sends data and answers, on every socket. */
  serve(): void {
    for (const socket of this.alive) {
      if (!this.opened.has(socket)) {
        this.opened.add(socket);
        socket.open();
      }
      this.ack(socket);
      if (!socket.isCut) socket.text('{"s":"BTC"}');
      if (!socket.isCut) socket.answer();
    }
  }

  ack(socket: FakeSocket): void {
    for (const text of [...socket.sent]) {
      const message = JSON.parse(text);
      if (message.op === 'sub' && !socket.isCut) socket.text(`{"op":"subscribed","id":${message.id}}`);
    }
  }

  async do(event: Happening, policy: Partial<Policy>): Promise<void> {
    const { rig } = this;
    switch (event.kind) {
      case 'time':
        return rig.clock.advance(event.ms);
      case 'stall':
        rig.stalled = !rig.stalled;
        return;
      case 'graceful':
      case 'hard':
        if (!rig.link.isPaused) rig.link.reconnect(event.kind);
        return;
      case 'rotate':
        return rig.link.rotate();
      case 'wake':
        return rig.link.wake();
      case 'tick':
        rig.link.tick();
        return;
      case 'openBreaker':
      case 'closeBreaker':
        return rig.link.setBreaker(event.kind === 'openBreaker');
      case 'settings':
        return rig.link.configure(configOf(event.change, policy));
      default:
        this.onSocket(event);
    }
  }

  onSocket(event: Extract<Happening, { which: number }>): void {
    const socket = this.alive[event.which];
    if (socket === undefined) return;
    if (event.kind === 'end') {
      this.ended.add(socket);
      socket.end(event.reason);
      return;
    }
    if (event.kind === 'open') {
      if (!this.opened.has(socket)) socket.open();
      this.opened.add(socket);
      return;
    }
    if (!this.opened.has(socket)) return;
    if (event.kind === 'ack') this.ack(socket);
    if (event.kind === 'data') socket.text('{"s":"BTC"}');
    if (event.kind === 'pong') socket.answer();
    if (event.kind === 'notice') socket.text('{"op":"bye"}');
    if (event.kind === 'heartbeat') socket.text('{"op":"heartbeat"}');
  }

  /** What must hold after whatever happened. */
  check(): void {
    const { state, counters } = this.rig.link.figures.view();
    const usesSocket = ['connecting', 'restoring', 'up', 'suspect'].includes(state.kind);
    // The one in use, its successor, its standby, and those that close or overlap with their own deadline.
    if (usesSocket) expect(this.rig.net.open.length).toBeGreaterThan(0);
    if (state.kind === 'paused')
      expect(this.rig.net.open.filter((socket) => socket.closedWith === null).length).toBe(0);
    if (state.kind === 'waiting' || (state.kind === 'blocked' && state.until !== null)) {
      expect(this.rig.clock.pending).toBeGreaterThan(0);
    }
    expect(counters.connects).toBeLessThanOrEqual(this.rig.net.sockets.length);
    for (const socket of this.rig.net.sockets) {
      const asked = socket.sent.filter((text) => text.includes('"op":"sub"') && text.includes('"ETH"'));
      // Once, and once more if its ack does not come; a settings change may unsubscribe and subscribe it again.
      const dropped = socket.sent.filter((text) => text.includes('"op":"unsub"') && text.includes('"ETH"'));
      expect(asked.length).toBeLessThanOrEqual(2 * (dropped.length + 1));
    }
  }
}

const policies: fc.Arbitrary<Partial<Policy>> = fc.record({
  standby: fc.boolean(),
  breakerFailures: fc.constantFrom(0, 3),
  stableAfterMs: fc.constantFrom(0, 30_000),
  faultRetryMs: fc.constant(5_000),
  slowRetryMs: fc.constant(3_000),
  standbyOverlapMs: fc.constantFrom(0, 5_000),
});

it('[L19] over random histories of network, clock, person and settings every rule of a link holds, it comes back, and it ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 1, maxLength: 60 }),
      policies,
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      async (history, policy, random) => {
        const play = new Play(configOf(0, policy), () => random);
        const { rig } = play;
        for (const event of history) {
          await play.do(event, policy);
          play.check();
        }
        // The venue is back, and nobody keeps the link from it.
        rig.stalled = false;
        rig.link.configure(configOf(0, policy));
        rig.link.setBreaker(false);
        for (let i = 0; i < 400 && rig.state !== 'up'; i += 1) {
          play.serve();
          await rig.clock.advance(250);
          play.serve();
        }
        expect(rig.state).toBe('up');
        // It ends within its close deadline, whatever is open beside it, and leaves nothing armed and nothing open.
        rig.link.remove('shutdown');
        await rig.clock.advance(1_000);
        expect(rig.gone).toBe(true);
        rig.gate.stop();
        expect(rig.net.open).toEqual([]);
        expect(rig.clock.pending).toBe(0);
      },
    ),
    { numRuns: 4_000 },
  );
});
