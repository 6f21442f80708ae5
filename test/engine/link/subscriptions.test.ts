import { afterEach, expect, it, vi } from 'vitest';
import { Served } from '../../../src/main/engine/link/served.ts';
import type { LinkConfig, LinkSubscription } from '../../../src/shared/engineConfig.ts';
import type { Preset } from '../../../src/shared/preset.ts';
import { monoMs } from '../../../src/shared/units.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const PAD = 'y'.repeat(80);
const told = (symbol: string): LinkSubscription => ({ ...subscription(symbol), data: [`"s":"${symbol}"`] });
const link = (preset: Partial<Preset>, change: Parameters<typeof linkConfig>[0] = {}): LinkConfig =>
  linkConfig({
    preset: { ...JSON_PRESET, ...preset },
    subscriptions: [told('BTC'), told('ETH')],
    expectsData: true,
    ...change,
  });

const view = () => rig.link.figures.view();
const data = (symbol: string) => rig.net.newest.text(`{"s":"${symbol}","x":"${PAD}"}`);
const statuses = () => view().subscriptions.map(({ status }) => status);
const subscribes = (symbol: string) =>
  rig.net.newest.sent.filter((text) => text.includes('"op":"sub"') && text.includes(`"${symbol}"`));
const news = (what: string) =>
  rig.happenings.filter(({ happening }) => happening.kind === 'subscription' && happening.what === what).length;

/** Lets time pass at a venue that answers every ping and, by `ack`, every subscribe message that it was not asked before. */
async function served(ms: number, each: () => void, ack: (id: number) => string | null, stepMs = 50): Promise<void> {
  const socket = rig.net.newest;
  let [heard, pings] = [socket.sent.length, socket.pingCount];
  for (let passed = 0; passed < ms; passed += stepMs) {
    await rig.clock.advance(stepMs);
    if (socket.pingCount > pings) socket.answer();
    pings = socket.pingCount;
    each();
    for (const text of socket.sent.slice(heard)) {
      const { op, id } = JSON.parse(text);
      const answer = op === 'sub' ? ack(id) : null;
      if (answer !== null) socket.text(answer);
    }
    heard = socket.sent.length;
  }
}

const acked = (id: number) => `{"op":"subscribed","id":${id},"channels":"${PAD}"}`;

function ackAll(): void {
  for (const text of [...rig.net.newest.sent]) {
    const { op, id } = JSON.parse(text);
    if (op === 'sub') rig.net.newest.text(acked(id));
  }
}

it('[L9] [L5] a subscription that was silent is confirmed again by its data where the venue never acks', async () => {
  rig = new LinkRig(link({ ack: { kind: 'data' } }, { policy: { dataTimeoutMs: 60_000 } }));
  rig.net.newest.open();
  data('BTC');
  data('ETH');
  await served(62_000, () => data('BTC'), acked);
  expect(subscribes('ETH').length).toBe(2);
  const both = () => {
    data('BTC');
    data('ETH');
  };
  await served(5_000, both, acked);
  expect(statuses()).toEqual(['acked', 'acked']);
  expect(view().health).toEqual({ level: 'healthy' });
});

it.each(['no data expected', 'no first-data time'])(
  '[L9] where data are the acks and none are awaited (%s) a link is up an ack timeout after all was sent',
  async (why) => {
    const change = why === 'no data expected' ? { expectsData: false } : { policy: { firstDataMs: 0 } };
    const limits = { ...JSON_PRESET.limits, messages: 1, messages_window_secs: 4 };
    rig = new LinkRig(link({ ack: { kind: 'data' }, ping: { kind: 'protocol' }, limits }, change));
    rig.net.newest.open();
    await rig.answering(4_500);
    expect(subscribes('ETH').length).toBe(1);
    await rig.answering(4_500);
    expect(rig.state).toBe('restoring');
    await rig.answering(500);
    expect(rig.state).toBe('up');
    expect(rig.happenings.map(({ happening }) => happening.kind)).not.toContain('subscription');
    if (why === 'no data expected') expect(view().health).toEqual({ level: 'healthy' });
    // Late data confirm all the same.
    data('BTC');
    expect(statuses()).toEqual(['acked', 'acked']);
  },
);

it('[L9] [L12] such a link builds its standby, and new settings take over', async () => {
  const at = (url: string) =>
    link(
      { ack: { kind: 'data' }, ping: { kind: 'none' } },
      { expectsData: false, policy: { standby: true }, url, dialUrl: url },
    );
  rig = new LinkRig(at('ws://127.0.0.1:1/'));
  rig.net.newest.open();
  await rig.clock.advance(6_000);
  rig.net.newest.open();
  await rig.clock.advance(6_000);
  expect(view().about).toMatchObject({ generation: 1, standby: 'ready' });
  rig.link.configure(at('ws://127.0.0.1:2/'));
  rig.net.newest.open();
  await rig.clock.advance(6_000);
  expect(view().about.generation).toBeGreaterThan(2);
});

it('[L9] [L5] the ack of a silent subscription that was sent anew is heard in a flood of another', async () => {
  rig = new LinkRig(link({}, { policy: { dataTimeoutMs: 60_000 } }));
  rig.net.newest.open();
  ackAll();
  data('BTC');
  data('ETH');
  const flood = () => {
    for (let i = 0; i < 20; i += 1) data('BTC');
  };
  await served(85_000, flood, acked, 20);
  expect(news('stale-resubscribed')).toBe(1);
  expect(news('ack-late-retried')).toBe(0);
  expect(news('never-acked')).toBe(0);
  expect(subscribes('ETH').length).toBe(2);
});

/** Node's timers come up to a millisecond before their time, and no wait is shorter than one. */
function timersComeEarly(): void {
  const at = rig.clock.at.bind(rig.clock);
  rig.clock.at = (due, run) => {
    const now = rig.clock.now();
    return at(monoMs(now + Math.max(1, due - now - 0.4)), run);
  };
}

it('[L9] [L21] an ack is awaited 5 s and no longer, also on a clock whose timers come a moment early', async () => {
  rig = new LinkRig(link({}));
  timersComeEarly();
  rig.net.newest.open();
  await served(4_900, () => data('BTC'), acked);
  expect(news('ack-late-retried')).toBe(0);
  await served(
    200,
    () => data('BTC'),
    () => null,
  );
  expect(news('ack-late-retried')).toBe(2);
  await served(
    4_700,
    () => data('BTC'),
    () => null,
  );
  expect(news('never-acked')).toBe(0);
  await served(
    400,
    () => data('BTC'),
    () => null,
  );
  expect(news('never-acked')).toBe(2);
});

it('[L9] a second try counts its 5 s from when it was sent, and is not sent if the ack comes while it waits its turn', async () => {
  const limits = { ...JSON_PRESET.limits, messages: 1, messages_window_secs: 4 };
  rig = new LinkRig(link({ limits, ping: { kind: 'protocol' } }));
  rig.net.newest.open();
  const first = rig.net.newest.sent.map((text) => JSON.parse(text).id as number);
  await served(
    9_500,
    () => data('BTC'),
    () => null,
  );
  expect([subscribes('BTC').length, subscribes('ETH').length]).toEqual([2, 1]);
  // The second try of ETH waits behind that of BTC; its first one is acknowledged meanwhile.
  await served(
    1_000,
    () => data('BTC'),
    () => null,
  );
  const eth = JSON.parse(subscribes('ETH')[0] as string).id;
  rig.net.newest.text(acked(eth));
  await served(
    3_000,
    () => data('BTC'),
    () => null,
  );
  expect(subscribes('ETH').length).toBe(1);
  expect(first.length).toBe(1);
  expect(news('never-acked')).toBe(1);
});

it.each<[string, Preset['ack'], string]>([
  [
    'one that holds its pieces',
    { kind: 'contains', pieces: ['"op":"ok"', '"{symbol}"'] },
    '{"op":"ok","for":["BTC","ETH"]}',
  ],
  ['one that is its text', { kind: 'text', text: '{"op":"ok"}' }, '{"op":"ok"}'],
  ['one with its id', JSON_PRESET.ack, `{"op":"subscribed","id":1,"pad":"${PAD}"}`],
])('[L9] an ack that comes after it was given up is an ack, in a flood too: %s', async (_, ack, text) => {
  rig = new LinkRig(link({ ack, ping: { kind: 'protocol' } }));
  rig.net.newest.open();
  const flood = () => {
    for (let i = 0; i < 20; i += 1) data('BTC');
  };
  await served(15_000, flood, () => null, 20);
  expect(statuses()).toEqual(['never-acked', 'never-acked']);
  flood();
  rig.net.newest.text(text);
  expect(statuses()[0]).toBe('acked');
});

it('[L9] [D3] a subscription that no message ends goes with its socket: another is made gracefully, and it is said', async () => {
  const endless = { ...told('ETH'), unsubscribe: null };
  rig = new LinkRig(link({}, { subscriptions: [told('BTC'), endless] }));
  rig.net.newest.open();
  ackAll();
  data('BTC');
  rig.link.configure(link({}, { subscriptions: [told('BTC')] }));
  expect(news('ends-with-socket')).toBe(1);
  expect(rig.net.sockets.length).toBe(2);
  expect(rig.state).toBe('up');
  rig.net.newest.open();
  ackAll();
  data('BTC');
  expect(view().about.generation).toBe(2);
  expect(subscribes('ETH')).toEqual([]);
  await rig.clock.advance(2_000);
  expect(rig.net.sockets[0]?.isCut).toBe(true);
});

it('[L9] [D3] nothing is replaced for a subscription that a message ends, nor is a wait cut short', async () => {
  const endless = { ...told('ETH'), unsubscribe: null };
  rig = new LinkRig(link({}, { subscriptions: [told('BTC'), told('SOL'), endless] }));
  rig.net.newest.open();
  ackAll();
  data('BTC');
  rig.link.configure(link({}, { subscriptions: [told('BTC'), endless] }));
  expect(rig.net.sockets.length).toBe(1);
  rig.net.newest.end({ kind: 'http', status: 429, retryAfterMs: 9_000 });
  rig.link.configure(link({}, { subscriptions: [told('BTC')] }));
  expect(rig.state).toBe('waiting');
  expect(news('ends-with-socket')).toBe(0);
});

it('[L9] where all go in one message, what is added or taken away later is said by itself if the venue has messages for it', async () => {
  const preset: Partial<Preset> = {
    ack: { kind: 'data' },
    whole: '{"op":"all","ids":[{all}]}',
    later: { add: '{"op":"add","ids":[{all}]}', remove: '{"op":"remove","ids":[{all}]}' },
    ping: { kind: 'protocol' },
  };
  const listed = (symbol: string) => ({ ...told(symbol), subscribe: `"${symbol}"`, unsubscribe: null });
  const with_ = (...symbols: string[]) => link(preset, { subscriptions: symbols.map(listed) });
  rig = new LinkRig(with_());
  rig.net.newest.open();
  rig.link.configure(with_('BTC', 'ETH'));
  rig.link.configure(with_('ETH', 'SOL', 'XRP'));
  expect(rig.net.newest.sent).toEqual([
    '{"op":"all","ids":["BTC","ETH"]}',
    '{"op":"remove","ids":["BTC"]}',
    '{"op":"add","ids":["SOL","XRP"]}',
  ]);
  expect(rig.net.sockets.length).toBe(1);
});

it('[L9] while acks are awaited a frame looks at all subscriptions only if it is the first of one of them', async () => {
  const looks = vi.spyOn(Served.prototype, 'progress', 'get');
  const symbols = ['BTC', 'ETH', 'SOL', 'XRP', 'ADA'];
  rig = new LinkRig(link({}, { subscriptions: symbols.map(told) }));
  rig.net.newest.open();
  const cost = (symbol: string, frames: number): number => {
    const before = looks.mock.calls.length;
    for (let i = 0; i < frames; i += 1) data(symbol);
    return looks.mock.calls.length - before;
  };
  data('BTC');
  expect(cost('BTC', 500)).toBe(0);
  for (const symbol of ['ETH', 'SOL', 'XRP']) expect(cost(symbol, 500)).toBeGreaterThan(0);
  expect(view().state).toMatchObject({ kind: 'restoring', acked: 4, wanted: 5 });
  data('ADA');
  expect(rig.state).toBe('up');
  // So it is for as long as one that was added later has no answer.
  rig.link.configure(link({}, { subscriptions: [...symbols, 'DOT'].map(told) }));
  for (const symbol of symbols) data(symbol);
  expect(cost('BTC', 500)).toBe(0);
  expect(statuses().at(-1)).toBe('sent');
  looks.mockRestore();
});
