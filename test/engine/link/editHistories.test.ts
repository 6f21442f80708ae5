import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const [A, B, C] = ['ws://h/1', 'ws://h/2', 'ws://h/3'] as const;
const ENDS: readonly DownReason[] = [
  { kind: 'refused', address: 'x', code: 'ECONNREFUSED' },
  { kind: 'http', status: 429, retryAfterMs: 20_000 },
  { kind: 'http', status: 401, retryAfterMs: null },
];
const PRESETS = [JSON_PRESET, PresetSchema.parse({ ...JSON_PRESET, venue: 'Other' })] as const;

interface Edit {
  readonly preset: 0 | 1;
  readonly symbols: readonly string[];
  readonly urls: readonly string[];
  readonly compression: boolean;
  readonly standby: boolean;
}

/** No message ends ETH; each preset says its name in what it subscribes. */
const settings = ({ preset, symbols, urls, compression, standby }: Edit): LinkConfig =>
  linkConfig({
    url: A,
    dialUrl: A,
    routes: urls.map((url) => ({ url, dialUrl: url })),
    preset: PRESETS[preset],
    presetName: String(preset),
    subscriptions: symbols.map((symbol) => ({
      ...subscription(symbol),
      subscribe: `{"op":"sub","by":"${preset}","s":"${symbol}","id":{id}}`,
      unsubscribe: symbol === 'ETH' ? null : subscription(symbol).unsubscribe,
    })),
    policy: { compression, standby, firstDataMs: 0, breakerFailures: 0 },
  });

const edit: fc.Arbitrary<Edit> = fc.record({
  preset: fc.constantFrom(0, 0, 1),
  symbols: fc.constantFrom(['BTC'], ['BTC', 'ETH'], ['ETH'], []),
  urls: fc.constantFrom([A], [A, B], [B, C], [C]),
  compression: fc.boolean(),
  standby: fc.boolean(),
});

type Move = Edit | 'back' | 'open' | 'cut' | { readonly failsBy: number } | { readonly passMs: number };
const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: edit },
  fc.constantFrom('back', 'open', 'cut'),
  fc.record({ failsBy: fc.nat(ENDS.length - 1) }),
  fc.record({ passMs: fc.constantFrom(10, 200, 3_000) }),
);

const subscribed = ({ sent }: FakeSocket) => sent.map((text) => JSON.parse(text)).filter(({ op }) => op === 'sub');
const inUse = () => rig.net.sockets[rig.link.generation - 1] as FakeSocket;

/** It could be one that the link makes now. */
function isAsMadeBy(socket: FakeSocket, madeBy: LinkConfig, config: LinkConfig): boolean {
  const { url, compression } = socket.target;
  const wantsEth = config.subscriptions.some(({ symbol }) => symbol === 'ETH');
  return (
    compression === config.policy.compression &&
    config.routes.some(({ dialUrl }) => dialUrl === url) &&
    madeBy.presetName === config.presetName &&
    (wantsEth || subscribed(socket).every(({ s }) => s !== 'ETH'))
  );
}

it('[D3] over random edits another socket is wanted for them exactly where the one in use is not as they want it', () => {
  fc.assert(
    fc.property(edit, fc.array(moves, { maxLength: 30 }), (first, history) => {
      let config = settings(first);
      rig = new LinkRig(config);
      const madeBy = new Map<FakeSocket, LinkConfig>();
      const look = (): void => {
        for (const socket of rig.net.sockets) if (!madeBy.has(socket)) madeBy.set(socket, config);
        for (const socket of rig.net.open) {
          socket.answer();
          for (const { id } of subscribed(socket)) socket.text(`{"op":"subscribed","id":${id}}`);
        }
      };
      const configure = (to: LinkConfig): void => {
        look();
        config = to;
        rig.link.configure(config);
      };
      rig.net.newest.open();
      for (const move of history) {
        const spare = rig.net.open.find((socket) => socket !== inUse());
        if (move === 'back') configure(madeBy.get(inUse()) ?? config);
        else if (move === 'open') rig.net.open.find(({ sent }) => sent.length === 0)?.open();
        else if (move === 'cut') inUse().end({ kind: 'cut', code: 'ECONNRESET' });
        else if ('passMs' in move) rig.clock.advanceSync(move.passMs);
        else if ('failsBy' in move) spare?.end(ENDS[move.failsBy] as DownReason);
        else configure(settings(move));
        look();
        rig.clock.advanceSync(1);
        look();
        if (rig.state !== 'up') continue;
        const { about, subscriptions } = rig.view();
        const made = (socket: FakeSocket): LinkConfig => madeBy.get(socket) ?? config;
        expect(subscribed(inUse()).every(({ by }) => by === made(inUse()).presetName)).toBe(true);
        for (const { role, generation } of about.sockets) {
          const socket = rig.net.sockets[generation - 1] as FakeSocket;
          if (role === 'standby' || role === 'successor') expect(isAsMadeBy(socket, made(socket), config)).toBe(true);
        }
        const isRight = isAsMadeBy(inUse(), made(inUse()), config);
        const because = about.replacing?.kind === 'asked' ? about.replacing.by : null;
        expect(about.pendingSettings || because === 'settings').toBe(!isRight);
        const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();
        if (isRight) expect(names(subscriptions)).toEqual(names(config.subscriptions));
      }
      rig.end();
    }),
    { numRuns: 300 },
  );
});
