import { afterEach, describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { healthReasons } from '../../../src/shared/health.ts';
import { healthText } from '../../../src/shared/healthReason.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

type Change = NonNullable<Parameters<typeof linkConfig>[0]>;
const REFUSED: DownReason = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' };
const ASKED: DownReason = { kind: 'http', status: 429, retryAfterMs: 60_000 };
const COMPRESSED: Change = { policy: { compression: true } };
const [A, B, C] = ['ws://a.example/', 'ws://b.example/', 'ws://c.example/'] as const;
const NOT_IN_FORCE = 'new settings not in force';

/** A venue with messages of its own beside pings and subscriptions. */
const ALIVE = PresetSchema.parse({ ...JSON_PRESET, keepalive: { send: '{"op":"alive"}', every_secs: 20 } });
/** Another one, which says all of it in other words. */
const OTHER = PresetSchema.parse({ ...JSON_PRESET, venue: 'Other', ping: { kind: 'none' } });
const inOtherWords = (symbol: string): LinkConfig['subscriptions'][number] => ({
  ...subscription(symbol),
  subscribe: `{"method":"SUBSCRIBE","params":["${symbol}"],"id":{id}}`,
  unsubscribe: `{"method":"UNSUBSCRIBE","params":["${symbol}"],"id":{id}}`,
});
const ELSEWHERE: Change = {
  preset: OTHER,
  presetName: 'other',
  url: B,
  dialUrl: B,
  subscriptions: [inOtherWords('BTC')],
};

const settings = (change: Change = {}): LinkConfig =>
  linkConfig({ preset: ALIVE, subscriptions: [subscription('BTC')], expectsData: true, ...change });
const over = (urls: readonly string[]): LinkConfig =>
  settings({ url: A, dialUrl: A, routes: urls.map((url) => ({ url, dialUrl: url })) });

const first = (): FakeSocket => rig.net.sockets[0] as FakeSocket;
const dials = () => rig.net.sockets.length;
const health = () => healthText(healthReasons(rig.view().health));
const roles = () => rig.view().about.sockets.map(({ role }) => role);
const sentOf = (word: string) => first().sent.filter((text) => text.includes(word));

/** The venue of the first socket is well; every other dial ends so. */
async function pass(ms: number, end: DownReason = REFUSED): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    await rig.clock.advance(250);
    for (const socket of rig.net.open) {
      socket.answer();
      if (socket === first()) socket.text('{"s":"BTC"}');
      else socket.end(end);
    }
    if (passed % 1_000 === 0) rig.tick();
  }
}

async function up(config: LinkConfig = settings()): Promise<void> {
  rig = new LinkRig(config);
  rig.bringUp(0);
  await pass(2_000);
}

/** New settings whose socket cannot be had: the first one stays. */
async function pending(config: LinkConfig, end: DownReason = REFUSED): Promise<void> {
  rig.link.configure(config);
  rig.net.newest.end(end);
  await pass(1_000, end);
  expect(health()).toContain(NOT_IN_FORCE);
  expect(rig.view().about.pendingSettings).toBe(true);
}

describe('a socket whose preset is to be another one', () => {
  it('[D3] is told nothing in the words of that by a change of subscriptions', async () => {
    await up();
    await pending(settings(ELSEWHERE));
    rig.link.configure(settings({ ...ELSEWHERE, subscriptions: [inOtherWords('BTC'), inOtherWords('ETH')] }));
    await pass(1_000);
    expect(sentOf('unsub')).toEqual([]);
    expect(sentOf('SUBSCRIBE')).toEqual([]);
    expect(rig.view().subscriptions).toMatchObject([{ name: 'ticker:BTC', status: 'acked' }]);
  });

  it('[D3] [L3] says what its own wants it to say, whatever else is changed', async () => {
    await up();
    await pending(settings(ELSEWHERE));
    rig.link.configure(settings({ ...ELSEWHERE, policy: { pingIntervalMs: 10_000 } }));
    const before = sentOf('alive').length;
    await pass(100_000);
    expect(sentOf('alive').length - before).toBe(5);
    expect(rig.link.generation).toBe(1);
  });

  it('[D3] [H2] goes by its own values until then, and is judged by them', async () => {
    await up(settings({ policy: { pingIntervalMs: 1_000 } }));
    await pending(settings({ ...ELSEWHERE, policy: { pingIntervalMs: 60_000 } }));
    rig.link.configure(settings({ ...ELSEWHERE, policy: { pingIntervalMs: 60_000, missedPongs: 5 } }));
    const before = first().pingCount;
    await pass(10_000);
    expect(first().pingCount - before).toBe(10);
    expect(rig.view().about).toMatchObject({ ping: 'json', pingIntervalMs: 1_000 });
    expect(rig.link.witness().venue).toBe(ALIVE.venue);
  });
});

describe('the end of a socket that new settings are to replace', () => {
  const close = (code: number): DownReason => ({ kind: 'closed', code, text: '' });
  const closes = (cls: string) => [{ code: 4000, match: '', class: cls, text: 'said so' }];
  const venue = (cls: string) => PresetSchema.parse({ ...ALIVE, closes: closes(cls) });
  const other = (cls: string): Change => ({ preset: PresetSchema.parse({ ...OTHER, closes: closes(cls) }) });

  it.each<[string, string, Change, DownReason]>([
    ['a close that only the next venue means so', 'retry', other('credentials'), close(4000)],
    ['credentials that the next venue is not shown', 'credentials', other('retry'), close(4000)],
    ['a place that the next venue does not keep', 'slot', other('retry'), close(4000)],
    [
      'a message too large for its own limit',
      'retry',
      { policy: { maxFrameBytes: 1e9, faultRetryMs: 0 } },
      close(1009),
    ],
  ])(
    '[L18] [D3] is judged by what that was made with, and keeps nothing from them: %s',
    async (_what, cls, change, end) => {
      const preset = venue(cls);
      await up(settings({ preset, policy: { faultRetryMs: 0 } }));
      await pending(settings({ preset, ...change }));
      first().end(end);
      expect(rig.state).not.toBe('failed');
      await rig.clock.advance(1_000);
      expect(rig.state).toBe('connecting');
    },
  );

  it('[L18] [D3] stops the link for credentials that they do not name', async () => {
    const preset = venue('credentials');
    await up(settings({ preset }));
    await pending(settings({ preset, ...COMPRESSED }));
    first().end(close(4000));
    expect(rig.state).toBe('failed');
  });
});

describe('an edit that comes back to what the socket in use was made with', () => {
  it('[D3] [H2] makes it right again: nothing is dialled for it, and it stays', async () => {
    await up();
    await pending(settings(COMPRESSED), ASKED);
    rig.link.configure(settings());
    expect(health()).not.toContain(NOT_IN_FORCE);
    await pass(120_000);
    expect(dials()).toBe(2);
    expect(first().closedWith).toBeNull();
    expect(rig.view()).toMatchObject({ state: { kind: 'up' }, health: { level: 'healthy' } });
    expect(rig.view().about.pendingSettings).toBe(false);
  });

  it('[D3] cuts the successor that is being made ready', async () => {
    await up();
    rig.link.configure(settings(COMPRESSED));
    rig.link.configure(settings());
    expect(rig.net.newest.isCut).toBe(true);
    await pass(120_000);
    expect(dials()).toBe(2);
    expect(rig.link.generation).toBe(1);
  });

  it.each<[string, readonly Change[]]>([
    ['another preset', [ELSEWHERE]],
    ['several edits, of which none could be put in force', [COMPRESSED, ELSEWHERE, { ca: 'pem' }]],
    ['another preset, and values by it', [ELSEWHERE, { ...ELSEWHERE, policy: { pingIntervalMs: 60_000 } }]],
  ])('[D3] does so after %s', async (_what, edits) => {
    await up();
    for (const edit of edits) await pending(settings(edit));
    const dialled = dials();
    const sent = first().sent.length;
    rig.link.configure(settings());
    expect(health()).not.toContain(NOT_IN_FORCE);
    expect(first().sent).toHaveLength(sent);
    await pass(60_000);
    expect(dials()).toBe(dialled);
    expect(rig.view().about.pingIntervalMs).toBe(settings().policy.pingIntervalMs);
  });

  it('[L13] [D3] is one whose address comes back', async () => {
    await up(over([A, B]));
    await pending(over([B]));
    await pending(over([C]));
    const dialled = dials();
    rig.link.configure(over([A]));
    expect(health()).not.toContain(NOT_IN_FORCE);
    await pass(60_000);
    expect(dials()).toBe(dialled);
    expect(first().closedWith).toBeNull();
  });

  it('[D3] does not where it comes back in part: it takes over the rest, and the other is tried on', async () => {
    const subscriptions = [subscription('BTC'), subscription('ETH')];
    await up();
    await pending(settings({ ...COMPRESSED, ca: 'pem', subscriptions }));
    await pending(settings({ ...COMPRESSED, subscriptions }));
    rig.link.configure(settings({ policy: { compression: true, missedPongs: 5 }, subscriptions }));
    expect(sentOf('ETH')).toEqual([]);
    rig.link.configure(settings({ subscriptions }));
    expect(health()).not.toContain(NOT_IN_FORCE);
    expect(sentOf('ETH')).toHaveLength(1);
  });

  it('[D3] is one that wants again what no message ends', async () => {
    const endless = { ...subscription('BTC'), unsubscribe: null };
    const eth = subscription('ETH');
    await up(settings({ subscriptions: [endless] }));
    await pending(settings({ subscriptions: [] }));
    const dialled = dials();
    rig.link.configure(settings({ subscriptions: [eth] }));
    expect(sentOf('ETH')).toHaveLength(1);
    expect(health()).toContain(NOT_IN_FORCE);
    rig.link.configure(settings({ subscriptions: [endless, eth] }));
    expect(health()).not.toContain(NOT_IN_FORCE);
    await pass(60_000);
    expect(sentOf('"op":"sub","s":"BTC"')).toHaveLength(1);
    expect(dials()).toBe(dialled);
  });

  it('[D3] [L12] leaves what else another socket is wanted for, and has the standby made anew', async () => {
    const notices = [{ match: 'going down', text: 'server shutdown' }];
    const preset = PresetSchema.parse({ ...ALIVE, notices });
    const standby = (compression: boolean) => settings({ preset, policy: { standby: true, compression } });
    await up(standby(false));
    first().text('going down');
    await pending(standby(true));
    rig.link.configure(standby(false));
    expect(health()).not.toContain(NOT_IN_FORCE);
    await rig.clock.advance(2_000);
    expect(roles()).toEqual(['in use', 'successor', 'standby']);
    expect(rig.view().about.replacing).toEqual({ kind: 'asked', by: 'venue' });
    expect(rig.net.open.map(({ target }) => target.compression)).toEqual([false, false, false]);
  });

  it('[D3] while the link is paused, or is being paused, leaves nothing to be put in force', async () => {
    await up();
    await pending(settings(COMPRESSED));
    const dialled = dials();
    rig.link.configure(settings({ ...COMPRESSED, enabled: false }));
    rig.link.configure(settings({ enabled: false }));
    await rig.clock.advance(2_000);
    expect(rig.state).toBe('paused');
    rig.link.configure(settings());
    expect(rig.net.newest.target.compression).toBe(false);
    expect(dials()).toBe(dialled + 1);
    rig.net.newest.open();
    await rig.clock.advance(60);
    expect(health()).not.toContain(NOT_IN_FORCE);
    expect(roles()).toEqual(['in use']);
  });
});
