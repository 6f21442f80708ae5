import fc from 'fast-check';
import { expect } from 'vitest';
import type { LinkConfig, Policy } from '../../../src/shared/engineConfig.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { type Preset, PresetSchema } from '../../../src/shared/preset.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

const COMMANDS = [
  'graceful',
  'hard',
  'rotate',
  'wake',
  'networkChanged',
  'tick',
  'openBreaker',
  'closeBreaker',
  'acknowledge',
  'stall',
] as const;

/**
 * What can happen to a link: by the network, the clock, a person, or the settings. `serve`: the venue does its duty on every
 * socket; `count`: every socket that ever was brings a message.
 */
export type Happening =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'open' | 'ack' | 'data' | 'pong' | 'notice' | 'heartbeat'; readonly which: number }
  | { readonly kind: 'end'; readonly which: number; readonly reason: DownReason }
  | { readonly kind: (typeof COMMANDS)[number] | 'count' | 'serve' }
  | { readonly kind: 'settings'; readonly change: number };

const REASONS: readonly DownReason[] = [
  { kind: 'cut', code: 'ECONNRESET' },
  { kind: 'refused', address: 'x', code: 'ECONNREFUSED' },
  { kind: 'resolve', host: 'x', code: 'EAI_AGAIN' },
  { kind: 'http', status: 503, retryAfterMs: null },
  { kind: 'http', status: 429, retryAfterMs: 2_000 },
  { kind: 'http', status: 401, retryAfterMs: null },
  { kind: 'closed', code: 1008, text: 'Too many requests' },
  { kind: 'closed', code: 1012, text: '' },
  { kind: 'protocol', code: 1002, message: 'bad frame' },
];

const BASE = PresetSchema.parse({ ...JSON_PRESET, notices: [{ match: '"op":"bye"', text: 'bye' }] });
const limited = (limits: Partial<Preset['limits']>): Preset => ({ ...BASE, limits: { ...BASE.limits, ...limits } });
const [MAIN, OTHER, THIRD] = ['ws://127.0.0.1:1/', 'ws://127.0.0.2:1/', 'ws://127.0.0.2:1/third'] as const;
const at = (...urls: readonly string[]) => ({
  url: urls[0] as string,
  dialUrl: urls[0] as string,
  routes: urls.map((url) => ({ url, dialUrl: url })),
});

/** What a settings event may change. The first is none: the settings that the link began with. */
const VARIANTS: readonly Partial<Parameters<typeof linkConfig>[0]>[] = [
  {},
  { subscriptions: [subscription('BTC')] },
  { dialUrl: 'ws://other/', url: 'ws://other/' },
  { enabled: false },
  { policy: { standby: false } },
  { policy: { standby: true } },
  { policy: { pingIntervalMs: 3_000, rotateAfterMs: 30_000 } },
  at(MAIN, OTHER),
  at(OTHER),
  at(MAIN, OTHER, THIRD),
  { ...at(THIRD, OTHER), policy: { standby: true } },
  { ...at(MAIN), policy: { dataTimeoutMs: 1_000 } },
  { ...at(OTHER), policy: { dataTimeoutMs: 1_500, standby: true } },
  { preset: limited({ sockets: 1 }) },
  { ...at(MAIN, OTHER), preset: limited({ sockets: 2 }), policy: { standby: true } },
  { preset: limited({ dials: 1, dials_window_secs: 4 }) },
  { preset: limited({ max_age_secs: 60 }), timeZone: 'Asia/Tokyo' },
  { policy: { maxAttempts: 2 } },
];

const which = fc.nat(3);
const oneOf = (kind: Happening['kind'], more: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ kind: fc.constant(kind), ...more });

export const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: oneOf('time', { ms: fc.integer({ min: 1, max: 1_000 }) }) },
    { weight: 3, arbitrary: oneOf('time', { ms: fc.integer({ min: 1_000, max: 20_000 }) }) },
    { weight: 10, arbitrary: fc.record({ kind: fc.constantFrom('serve', 'count') }) },
    {
      weight: 12,
      arbitrary: fc.record({ kind: fc.constantFrom('open', 'ack', 'data', 'pong', 'notice', 'heartbeat'), which }),
    },
    { weight: 3, arbitrary: oneOf('end', { which, reason: fc.constantFrom(...REASONS) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom(...COMMANDS) }) },
    { weight: 3, arbitrary: oneOf('settings', { change: fc.nat(VARIANTS.length - 1) }) },
  ) as fc.Arbitrary<Happening>,
  // Longer than fast-check would make them: most of what goes wrong needs a link that is up.
  { minLength: 1, maxLength: 60, size: 'max' },
);

export const policies: fc.Arbitrary<Partial<Policy>> = fc.record({
  standby: fc.boolean(),
  breakerFailures: fc.constantFrom(0, 3),
  stableAfterMs: fc.constantFrom(0, 30_000),
  faultRetryMs: fc.constantFrom(0, 5_000),
  slowRetryMs: fc.constant(3_000),
  standbyOverlapMs: fc.constantFrom(0, 5_000),
});

export function configOf(change: number, policy: Partial<Policy>): LinkConfig {
  const variant = VARIANTS[change] ?? {};
  return linkConfig({
    preset: BASE,
    subscriptions: [subscription('BTC'), subscription('ETH')],
    expectsData: true,
    ...variant,
    policy: { ...policy, ...variant.policy },
  });
}

/** One link, a venue that does what the history says, and the rules that must hold all the time. */
export class LinkPlay {
  readonly rig: LinkRig;
  readonly #policy: Partial<Policy>;
  #config: LinkConfig;
  /** Sockets that have been let in. */
  readonly #opened = new Set<FakeSocket>();
  readonly #ended = new Set<FakeSocket>();

  constructor(policy: Partial<Policy>, random: number) {
    this.#policy = policy;
    this.#config = configOf(0, policy);
    this.rig = new LinkRig(this.#config, () => random);
  }

  async do(event: Happening): Promise<void> {
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
      case 'wake':
      case 'networkChanged':
      case 'acknowledge':
        rig.link[event.kind]();
        return;
      case 'tick':
        rig.tick();
        return;
      case 'openBreaker':
      case 'closeBreaker':
        return rig.link.setBreaker(event.kind === 'openBreaker');
      case 'settings':
        return this.#configure(event.change);
      case 'serve':
        return this.#serve();
      case 'count':
        return this.#count();
      default:
        this.#onSocket(event);
    }
  }

  /** The venue works and nobody keeps the link from it: it must come up. */
  async comesBack(): Promise<void> {
    const { rig } = this;
    rig.stalled = false;
    this.#configure(0);
    rig.link.setBreaker(false);
    if (rig.state === 'failed') rig.link.reconnect('hard');
    for (let i = 0; i < 400 && rig.state !== 'up'; i += 1) {
      this.#serve();
      await rig.clock.advance(250);
      this.#serve();
      this.check();
    }
    expect(rig.state).toBe('up');
  }

  /** It ends within its close deadline, whatever is open, and leaves nothing armed and nothing open. */
  async ends(): Promise<void> {
    const { rig } = this;
    rig.link.remove('shutdown');
    await rig.clock.advance(1_000);
    expect(rig.gone).toBe(true);
    rig.gate.stop();
    expect(rig.net.open).toEqual([]);
    expect(rig.clock.pending).toBe(0);
  }

  /** What must hold after whatever happened. */
  check(): void {
    const { rig } = this;
    const { state, about, counters } = rig.link.figures.view();
    // Every open socket has one owner, which knows what it is for; at most one of a kind but those that close or measure.
    const owned = about.sockets.map(({ generation }) => generation).sort((a, b) => a - b);
    const open = rig.net.sockets.flatMap((socket, i) => (socket.isCut ? [] : [i + 1]));
    expect(owned).toEqual(open);
    const count = (role: string): number => about.sockets.filter((socket) => socket.role === role).length;
    const uses = ['connecting', 'restoring', 'up', 'suspect'].includes(state.kind);
    expect(count('in use')).toBe(uses || state.kind === 'closing' ? 1 : 0);
    expect(count('successor')).toBeLessThanOrEqual(1);
    expect(count('standby')).toBeLessThanOrEqual(1);
    if (state.kind === 'paused') expect(count('retiring')).toBe(owned.length);
    expect(owned.length - count('retiring')).toBeLessThanOrEqual(this.#config.preset.limits.sockets ?? Infinity);
    // One next step: at a moment that is still to come.
    if (state.kind === 'waiting' || state.kind === 'blocked') {
      if (state.until !== null) {
        expect(state.until).toBeGreaterThanOrEqual(rig.clock.now());
        expect(rig.clock.pending).toBeGreaterThan(0);
      }
    }
    // A link at rest has nothing armed.
    if (state.kind === 'paused' && owned.length === 0) expect(rig.clock.pending).toBe(0);
    expect(counters.connects).toBeLessThanOrEqual(rig.net.sockets.length);
    for (const socket of rig.net.sockets) {
      const asked = socket.sent.filter((text) => text.includes('"op":"sub"') && text.includes('"ETH"'));
      // Once, and once more if its ack does not come; a settings change may unsubscribe and subscribe it again.
      const dropped = socket.sent.filter((text) => text.includes('"op":"unsub"') && text.includes('"ETH"'));
      expect(asked.length).toBeLessThanOrEqual(2 * (dropped.length + 1));
    }
  }

  #configure(change: number): void {
    this.#config = configOf(change, this.#policy);
    this.rig.link.configure(this.#config);
  }

  get #alive(): FakeSocket[] {
    return this.rig.net.open.filter((socket) => !this.#ended.has(socket));
  }

  /** Every socket that ever was brings one message: that of the socket in use counts, and no other. */
  #count(): void {
    const { rig } = this;
    const replaced = (): number => rig.kinds().filter((kind) => kind === 'replaced').length;
    const before = { ...rig.link.figures.view().counters, replaced: replaced() };
    const inUse = rig.net.sockets[rig.link.generation - 1];
    const { kind } = rig.link.figures.view().state;
    const counts = ['restoring', 'up', 'suspect'].includes(kind) && inUse !== undefined && !inUse.isCut;
    for (const socket of [...rig.net.sockets]) if (this.#opened.has(socket)) socket.text('{"s":"BTC"}');
    const told = rig.link.figures.view().counters.messages - before.messages;
    expect(told).toBeGreaterThanOrEqual(counts ? 1 : 0);
    // A successor that its first data made ready takes over, and that message is then its first one.
    expect(told).toBeLessThanOrEqual(1 + replaced() - before.replaced);
  }

  /** The venue works: lets in, acks, sends data and answers, on every socket. */
  #serve(): void {
    for (const socket of this.#alive) {
      if (!this.#opened.has(socket)) {
        this.#opened.add(socket);
        socket.open();
      }
      this.#ack(socket);
      if (!socket.isCut) socket.text('{"s":"BTC"}');
      if (!socket.isCut) socket.answer();
    }
  }

  #ack(socket: FakeSocket): void {
    for (const text of [...socket.sent]) {
      const message = JSON.parse(text);
      if (message.op === 'sub' && !socket.isCut) socket.text(`{"op":"subscribed","id":${message.id}}`);
    }
  }

  #onSocket(event: Extract<Happening, { which: number }>): void {
    const alive = this.#alive;
    const socket = alive[event.which % alive.length];
    if (socket === undefined) return;
    if (event.kind === 'end') {
      this.#ended.add(socket);
      socket.end(event.reason);
      return;
    }
    if (event.kind === 'open') {
      if (!this.#opened.has(socket)) socket.open();
      this.#opened.add(socket);
      return;
    }
    if (!this.#opened.has(socket)) return;
    if (event.kind === 'ack') this.#ack(socket);
    if (event.kind === 'data') socket.text('{"s":"BTC"}');
    if (event.kind === 'pong') socket.answer();
    if (event.kind === 'notice') socket.text('{"op":"bye"}');
    if (event.kind === 'heartbeat') socket.text('{"op":"heartbeat"}');
  }
}
