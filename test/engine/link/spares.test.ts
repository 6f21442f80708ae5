import { afterEach, describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { eventText } from '../../../src/shared/events.ts';
import { reconnectsOf } from '../../../src/shared/linkCounts.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { type Preset, PresetSchema } from '../../../src/shared/preset.ts';
import { after } from '../../../src/shared/units.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const CUT = { kind: 'cut', code: 'ECONNRESET' } as const;
const ONE = { ...subscription('BTC'), data: ['"s":"BTC"'], sequence: { field: 'n' }, identity: null };
const jsonLink = (change: Parameters<typeof linkConfig>[0] = {}): LinkConfig =>
  linkConfig({ preset: JSON_PRESET, subscriptions: [ONE], expectsData: true, ...change });

const bringUp = (index: number, n = 1): void => rig.bringUp(index, n);

const socket = (index: number) => rig.net.sockets[index] as (typeof rig.net.sockets)[number];
const happened = (kind: string) =>
  rig.happenings.flatMap(({ happening }) => (happening.kind === kind ? [happening] : []));
const withLimits = (limits: Partial<Preset['limits']>): Preset =>
  PresetSchema.parse({ ...JSON_PRESET, limits: { ...JSON_PRESET.limits, ...limits } });

describe('standby', () => {
  it('[L12] is built when the link is up, takes over the moment the socket in use is lost, and is built anew', async () => {
    rig = new LinkRig(jsonLink({ policy: { standby: true } }));
    bringUp(0);
    expect(rig.net.sockets.length).toBe(2);
    bringUp(1);
    expect(rig.link.figures.view().about.standby).toBe('ready');
    const before = rig.clock.now();
    socket(0).end(CUT);
    expect(rig.clock.now()).toBe(before);
    expect(rig.state).toBe('up');
    expect(rig.link.figures.view().about.generation).toBe(2);
    expect(happened('promoted')).toMatchObject([{ reason: CUT }]);
    await rig.clock.advance(2_000);
    expect(rig.net.sockets.length).toBe(3);
    bringUp(2);
    expect(rig.link.figures.view().about.standby).toBe('ready');
  });

  it('[H3] [L12] is no reconnect when it connects, nor when it is lost: only where it takes over', async () => {
    rig = new LinkRig(jsonLink({ policy: { standby: true } }));
    const reconnects = () => reconnectsOf(rig.link.figures.view().counters);
    expect(reconnects()).toBe(0);
    bringUp(0);
    bringUp(1);
    expect(reconnects()).toBe(0);
    socket(1).end(CUT);
    await rig.clock.advance(2_000);
    bringUp(2);
    expect([rig.net.sockets.length, reconnects()]).toEqual([3, 0]);
    socket(0).end(CUT);
    expect([rig.state, reconnects()]).toEqual(['up', 1]);
  });

  it.each<[string, DownReason, boolean]>([
    ['a broken protocol', { kind: 'protocol', code: 1002, message: 'x' }, true],
    ['a close about the rate of messages', { kind: 'closed', code: 1008, text: 'Too many requests' }, false],
    ['a frame that is too large', { kind: 'closed', code: 1009, text: '' }, true],
  ])(
    '[L12] after %s the ready standby takes over as well, and what a person must know is told',
    (_what, reason, loud) => {
      rig = new LinkRig(jsonLink({ policy: { standby: true } }));
      bringUp(0);
      bringUp(1);
      socket(0).end(reason);
      expect(rig.state).toBe('up');
      expect(rig.link.figures.view().about.generation).toBe(2);
      expect(happened('alarm')).toEqual(loud ? [{ kind: 'alarm', reason }] : []);
    },
  );

  it.each<[string, DownReason, string]>([
    ['refused credentials', { kind: 'told', class: 'credentials', text: 'no' }, 'failed'],
    ['another session that took its place', { kind: 'closed', code: 4001, text: 'newer' }, 'waiting'],
    ['a slot that is taken', { kind: 'told', class: 'slot', text: 'taken' }, 'waiting'],
  ])('[L12] after %s the standby is no better than the socket that was lost', (_what, reason, state) => {
    const preset = PresetSchema.parse({ ...JSON_PRESET, closes: [{ code: 4001, class: 'evicted', text: 'newer' }] });
    rig = new LinkRig(jsonLink({ preset, policy: { standby: true } }));
    bringUp(0);
    bringUp(1);
    socket(0).end(reason);
    expect(rig.state).toBe(state);
    expect(socket(1).isCut).toBe(true);
  });

  it('[L19] a message of the standby is not counted, and its loss leaves the link up', async () => {
    rig = new LinkRig(jsonLink({ policy: { standby: true } }));
    bringUp(0);
    const { messages } = rig.link.figures.view().counters;
    bringUp(1);
    expect(rig.link.figures.view().counters.messages).toBe(messages);
    socket(1).end(CUT);
    expect(rig.state).toBe('up');
    expect(happened('standby')).toMatchObject([{ ready: true }, { ready: false, reason: CUT }]);
    await rig.clock.advance(1_000);
    expect(rig.net.sockets.length).toBe(3);
  });

  it('[L12] a standby that is not ready cannot take over', () => {
    rig = new LinkRig(jsonLink({ policy: { standby: true } }));
    bringUp(0);
    socket(1).open();
    socket(0).end(CUT);
    expect(rig.state).toBe('waiting');
    expect(socket(1).isCut).toBe(true);
  });

  it('[L12] where the venue allows one connection it is refused with the reason, and graceful means close, then dial', async () => {
    rig = new LinkRig(jsonLink({ preset: withLimits({ sockets: 1 }), policy: { standby: true } }));
    bringUp(0);
    expect(rig.net.sockets.length).toBe(1);
    expect(happened('declined')).toMatchObject([{ why: expect.stringContaining('allows one connection') }]);
    rig.link.reconnect('graceful');
    expect(socket(0).closedWith).toBe(1000);
    expect(rig.net.sockets.length).toBe(1);
    await rig.clock.advance(1_000);
    expect(rig.net.sockets.length).toBe(2);
    bringUp(1);
    expect(rig.state).toBe('up');
  });

  it('[L12] switched on or off while the link is suspect it is built, or cut, when the link is up again', () => {
    rig = new LinkRig(jsonLink());
    bringUp(0);
    rig.link.wake();
    rig.link.configure(jsonLink({ policy: { standby: true } }));
    expect(rig.net.sockets.length).toBe(1);
    socket(0).answer();
    expect(rig.state).toBe('up');
    expect(rig.net.sockets.length).toBe(2);
    rig.link.wake();
    rig.link.configure(jsonLink());
    socket(0).answer();
    expect(socket(1).isCut).toBe(true);
  });

  it('[L13] an address that is added while the link is suspect is measured when it is up again', () => {
    const routes = ['ws://127.0.0.1:1/', 'ws://b/'].map((url) => ({ url, dialUrl: url }));
    rig = new LinkRig(jsonLink());
    bringUp(0);
    rig.link.wake();
    rig.link.configure(jsonLink({ routes }));
    socket(0).answer();
    expect(rig.net.sockets.map((one) => one.target.url)).toEqual(['ws://127.0.0.1:1/', 'ws://b/']);
  });

  it('[D3] switching it off cuts it', () => {
    rig = new LinkRig(jsonLink({ policy: { standby: true } }));
    bringUp(0);
    bringUp(1);
    rig.link.configure(jsonLink({ policy: { standby: false } }));
    expect(socket(1).isCut).toBe(true);
    expect(rig.state).toBe('up');
  });
});

describe('rotation', () => {
  it('[L12] says when it comes, and nothing while no socket is open or none is planned', async () => {
    rig = new LinkRig(jsonLink({ policy: { rotateAfterMs: 60_000 } }));
    expect(rig.link.figures.view().about.rotation.dueAt).toBeNull();
    bringUp(0, 1);
    const { dueAt: rotatesAt } = rig.link.figures.view().about.rotation;
    expect(rotatesAt).toBe(rig.clock.now() + 60_000);
    await rig.answering(1_000);
    expect(rig.link.figures.view().about.rotation.dueAt).toBe(rotatesAt);
    rig.link.configure(jsonLink({ policy: { rotateAfterMs: 0 } }));
    expect(rig.link.figures.view().about.rotation.dueAt).toBeNull();
  });

  it('[L12] happens at its age, make before break, keeps both for the overlap and prints the proof', async () => {
    rig = new LinkRig(jsonLink({ policy: { rotateAfterMs: 60_000, standbyOverlapMs: 5_000 } }));
    bringUp(0, 1);
    for (let n = 2; n <= 60; n += 1) {
      await rig.answering(1_000);
      if (rig.net.sockets.length === 1) socket(0).text(`{"s":"BTC","n":${n}}`);
    }
    await rig.answering(1_000);
    expect(rig.net.sockets.length).toBe(2);
    socket(0).text('{"s":"BTC","n":100}');
    bringUp(1, 101);
    expect(rig.link.figures.view().about.generation).toBe(2);
    expect(socket(0).closedWith).toBeNull();
    socket(0).text('{"s":"BTC","n":101}');
    socket(1).text('{"s":"BTC","n":102}');
    socket(0).text('{"s":"BTC","n":102}');
    for (let i = 0; i < 20; i += 1) {
      for (const one of [socket(0), socket(1)]) one.answer();
      await rig.clock.advance(250);
    }
    expect(socket(0).closedWith).toBe(1000);
    expect(happened('handover')).toEqual([{ kind: 'handover', missed: 0, duplicates: 2 }]);
  });

  it('[L12] a message that neither socket brought is in the proof', async () => {
    rig = new LinkRig(jsonLink());
    bringUp(0, 1);
    rig.link.rotate();
    socket(0).text('{"s":"BTC","n":2}');
    bringUp(1, 4);
    await rig.clock.advance(5_000);
    expect(happened('handover')).toEqual([{ kind: 'handover', missed: 1, duplicates: 0 }]);
  });

  it('[L1] one that a person asked for says so, and not that it was planned', async () => {
    rig = new LinkRig(jsonLink());
    bringUp(0, 1);
    rig.link.rotate();
    bringUp(1, 2);
    const [replaced] = happened('replaced');
    expect(replaced && eventText(replaced)).toBe('Took over from socket 1 without a gap: you asked for a rotation');
  });

  it('[L12] one that falls due while the link is suspect comes when it is up again', async () => {
    rig = new LinkRig(jsonLink({ policy: { rotateAfterMs: 60_000 } }));
    bringUp(0, 1);
    await rig.answering(59_950);
    rig.link.wake();
    expect(rig.state).toBe('suspect');
    await rig.clock.advance(100);
    expect(rig.net.sockets.length).toBe(1);
    expect(rig.link.figures.view().about.rotation.dueAt).toBeGreaterThan(rig.clock.now());
    socket(0).answer();
    await rig.answering(5_000);
    expect(rig.net.sockets.length).toBe(2);
  });

  it('[L12] one that falls due while another socket is made ready, and is then not, comes after it', async () => {
    rig = new LinkRig(jsonLink({ policy: { rotateAfterMs: 60_000 } }));
    bringUp(0, 1);
    await rig.answering(59_950);
    rig.link.reconnect('graceful');
    await rig.clock.advance(100);
    socket(1).end(CUT);
    for (let i = 0; i < 20; i += 1) {
      socket(0).answer();
      await rig.clock.advance(250);
    }
    expect(rig.net.sockets.length).toBe(3);
  });

  it('[L12] asked for by a person while the link is suspect it is done; where it cannot be, that is said', async () => {
    rig = new LinkRig(jsonLink());
    expect(rig.link.rotate()).toContain('no open socket');
    bringUp(0, 1);
    rig.link.wake();
    expect(rig.state).toBe('suspect');
    expect(rig.link.rotate()).toBeNull();
    expect(rig.link.rotate()).toContain('being made ready already');
    bringUp(1, 2);
    expect(rig.state).toBe('up');
    expect(rig.link.figures.view().about.generation).toBe(2);
  });

  it('[L12] the planned one says that it was planned', async () => {
    rig = new LinkRig(jsonLink({ policy: { rotateAfterMs: 10_000 } }));
    bringUp(0, 1);
    await rig.answering(10_000);
    bringUp(1, 2);
    const [replaced] = happened('replaced');
    expect(replaced && eventText(replaced)).toContain('a planned rotation before the venue cuts it');
  });

  it('[L18] a notice that comes while the link is being paused starts nothing: the pause ends with no socket', async () => {
    const preset = PresetSchema.parse({ ...JSON_PRESET, notices: [{ match: '"op":"bye"', text: 'it says bye' }] });
    rig = new LinkRig(jsonLink({ preset }));
    bringUp(0);
    rig.link.configure(jsonLink({ preset, enabled: false }));
    socket(0).text('{"op":"bye"}');
    socket(0).end(CUT);
    expect(rig.state).toBe('paused');
    expect(rig.net.sockets.length).toBe(1);
  });

  it('[L18] the venue’s notice of a coming cut starts one, and a failed try is followed by another', async () => {
    const preset = PresetSchema.parse({ ...JSON_PRESET, notices: [{ match: '"op":"bye"', text: 'it says bye' }] });
    rig = new LinkRig(jsonLink({ preset }));
    bringUp(0);
    socket(0).text('{"op":"bye"}');
    expect(happened('notice')).toEqual([{ kind: 'notice', text: 'it says bye' }]);
    expect(rig.net.sockets.length).toBe(2);
    socket(1).end(CUT);
    await rig.clock.advance(500);
    expect(rig.net.sockets.length).toBe(3);
    bringUp(2);
    expect(rig.link.figures.view().about.generation).toBe(3);
    expect(rig.state).toBe('up');
  });
});

describe('routes', () => {
  const routes = [
    { url: 'ws://a/', dialUrl: 'ws://a/' },
    { url: 'ws://b/', dialUrl: 'ws://b/' },
  ];
  const twoRoutes = (policy: Partial<LinkConfig['policy']> = {}): LinkConfig =>
    linkConfig({ routes, dialUrl: 'ws://a/', url: 'ws://a/', policy: { pingIntervalMs: 1_000, ...policy } });

  /** Answers every ping of each socket after that socket's own delay, for so long or until `isDone`. */
  async function answering(delaysMs: readonly number[], forMs: number, isDone = () => false): Promise<void> {
    const answered = new Map<object, number>();
    const pongs: (() => void)[] = [];
    for (let passed = 0; passed < forMs && !isDone(); passed += 10) {
      await rig.clock.advance(10);
      for (const one of rig.net.open) {
        const delayMs = delaysMs[one.target.url === 'ws://a/' ? 0 : 1] ?? 0;
        const seen = answered.get(one) ?? 0;
        if (one.pings.length === seen) continue;
        answered.set(one, one.pings.length);
        const payload = one.pings.at(-1) as string;
        pongs.push(rig.clock.at(after(rig.clock.now(), delayMs), () => one.isCut || one.pong(payload)));
      }
      rig.tick();
    }
    for (const cancel of pongs) cancel();
  }

  it('[L13] another address is measured, and taken only after it was better for as long as asked', async () => {
    rig = new LinkRig(twoRoutes({ routeBetterForMs: 10_000, routeDwellMs: 20_000 }));
    socket(0).open();
    await rig.clock.advance(1);
    expect(rig.net.sockets.map((one) => one.target.url)).toEqual(['ws://a/', 'ws://b/']);
    socket(1).open();
    await answering([100, 20], 9_000);
    expect(rig.link.figures.view().about.routes).toMatchObject([
      { inUse: true },
      { inUse: false, p50Ms: expect.any(Number) },
    ]);
    const isReplacing = () => rig.link.figures.view().about.replacing !== null;
    await answering([100, 20], 4_000, isReplacing);
    expect(isReplacing()).toBe(false);
    await answering([100, 20], 8_000, isReplacing);
    rig.net.newest.open();
    expect(rig.link.figures.view().about.routes.map(({ inUse }) => inUse)).toEqual([false, true]);
    expect(rig.state).toBe('up');
  });

  /** By role: where its open sockets are, and where the link believes to be. */
  const where = () => {
    const { sockets, routes: views } = rig.link.figures.view().about;
    const at = (role: string) => sockets.filter((one) => one.role === role).map(({ url }) => url);
    const believed = views.filter(({ inUse }) => inUse).map(({ url }) => url);
    return { inUse: at('in use'), standby: at('standby'), measuring: at('measuring'), believed };
  };
  const opened = new Set<object>();
  const openAll = (): void => {
    for (const one of [...rig.net.sockets]) {
      if (!one.isCut && !opened.has(one)) one.open();
      opened.add(one);
    }
  };
  const soon = { routeBetterForMs: 5_000, routeDwellMs: 0 } as const;

  it('[L12] after a switch of address the standby is built there, too', async () => {
    rig = new LinkRig(twoRoutes({ standby: true, ...soon }));
    await answering([100, 20], 30_000, () => {
      openAll();
      return where().inUse[0] === 'ws://b/';
    });
    expect(rig.kinds()).toContain('replaced');
    await rig.clock.advance(1);
    openAll();
    expect(where()).toMatchObject({ standby: ['ws://b/'], believed: ['ws://b/'], measuring: ['ws://a/'] });
    expect(rig.link.figures.view().about.standby).toBe('ready');
  });

  it('[L13] a dial to the other address that is adopted is where the link is from then on', async () => {
    rig = new LinkRig(twoRoutes(soon));
    const isReplacing = () => rig.link.figures.view().about.replacing !== null;
    await answering([100, 20], 30_000, () => {
      if (!isReplacing()) openAll();
      return isReplacing();
    });
    socket(0).end(CUT);
    expect(where()).toMatchObject({ inUse: ['ws://b/'], believed: ['ws://b/'] });
    expect(rig.link.figures.view().about.routes).toMatchObject([{ alive: false }, { inUse: true }]);
    openAll();
    await rig.clock.advance(1);
    expect(where().measuring).toEqual(['ws://a/']);
  });

  it('[L13] a link whose new settings wait for their dial measures nothing meanwhile, and nothing when it is paused then', () => {
    const config = twoRoutes();
    const limited = { ...config, preset: withLimits({ dials: 1 }) };
    rig = new LinkRig(config);
    socket(0).open();
    rig.link.reconnect('graceful');
    socket(0).end(CUT);
    expect(rig.net.open.map((one) => one.target.url).sort()).toEqual(['ws://a/', 'ws://b/']);
    rig.link.configure(limited);
    expect(rig.state).toBe('waiting');
    expect(rig.net.open).toEqual([]);
    rig.link.configure({ ...limited, enabled: false });
    expect(rig.state).toBe('paused');
    expect(rig.clock.pending).toBe(0);
  });

  it('[L13] an address that is faster by less than both margins is left alone', async () => {
    rig = new LinkRig(twoRoutes({ routeBetterForMs: 1_000 }));
    socket(0).open();
    await rig.clock.advance(1);
    socket(1).open();
    await answering([100, 92], 30_000);
    expect(rig.link.figures.view().about.routes[0]).toMatchObject({ inUse: true });
  });

  it('[L13] a lost address is left at once, for the one that is alive', async () => {
    rig = new LinkRig(twoRoutes());
    socket(0).open();
    await rig.clock.advance(1);
    socket(1).open();
    await answering([20, 30], 8_000);
    socket(0).end(CUT);
    await rig.clock.advance(200);
    expect(rig.net.newest.target.url).toBe('ws://b/');
  });
});

describe('breaker', () => {
  it('[H2] a certificate that has expired is a failure each time: the breaker is open, and the link is unhealthy', async () => {
    rig = new LinkRig(jsonLink({ policy: { faultRetryMs: 60_000 } }));
    for (let i = 0; i < 4; i += 1) {
      rig.net.newest.end({ kind: 'tls', code: 'CERT_HAS_EXPIRED', message: 'expired' });
      if (i < 3) await rig.clock.advance(60_000);
    }
    expect(rig.net.sockets.length).toBe(4);
    const { counters, health, state } = rig.link.figures.view();
    expect(counters.failuresInARow).toBe(4);
    expect(health.level).toBe('unhealthy');
    expect(state).toMatchObject({ kind: 'blocked', until: rig.clock.now() + 60_000 });
  });

  it('[L8] standbys that are promoted in a row and die after 5 s each are failures', async () => {
    rig = new LinkRig(jsonLink({ policy: { standby: true } }));
    bringUp(0);
    bringUp(1);
    await rig.clock.advance(1);
    for (let i = 0; i < 60; i += 1) {
      await rig.clock.advance(500);
      for (const one of rig.net.open) one.answer();
    }
    for (let i = 0; i < 4; i += 1) {
      socket(i).end(CUT);
      expect(rig.state).toBe('up');
      for (let passed = 0; passed < 5_000; passed += 250) {
        await rig.clock.advance(250);
        for (const one of rig.net.open) one.answer();
        if (rig.net.sockets.length === i + 3 && socket(i + 2).sent.length === 0) bringUp(i + 2);
      }
    }
    expect(rig.link.figures.view().counters.failuresInARow).toBe(3);
  });
});

describe('breaker by hand', () => {
  it('[L8] opened, it closes the socket and nothing is dialled until it is closed', async () => {
    rig = new LinkRig(jsonLink());
    bringUp(0);
    rig.link.setBreaker(true);
    expect(rig.state).toBe('blocked');
    expect(socket(0).closedWith).toBe(1000);
    await rig.clock.advance(3_600_000);
    expect(rig.net.sockets.length).toBe(1);
    rig.link.setBreaker(false);
    expect(rig.net.sockets.length).toBe(2);
    bringUp(1);
    expect(rig.state).toBe('up');
  });

  it('[L8] closed by hand while it waits, it dials at once and forgets the failures', async () => {
    rig = new LinkRig(jsonLink());
    for (let i = 0; i < 3; i += 1) {
      rig.net.newest.end(CUT);
      if (i < 2) await rig.clock.advance(300);
    }
    expect(rig.state).toBe('blocked');
    rig.link.setBreaker(false);
    expect(rig.state).toBe('connecting');
    expect(rig.link.figures.view().counters.failuresInARow).toBe(0);
  });
});

describe('wake', () => {
  it('[L16] asks an open link at once, and what waited in a queue is not fresh data until it answers', async () => {
    rig = new LinkRig(jsonLink());
    bringUp(0);
    await rig.answering(60_000);
    const { dataAt } = rig.link.figures.view().clocks;
    rig.clock.sleep(3_600_000);
    rig.link.wake();
    expect(rig.link.figures.view().state).toMatchObject({ kind: 'suspect', why: 'wake', probes: 1 });
    socket(0).text('{"s":"BTC","n":2}');
    expect(rig.link.figures.view().clocks.dataAt).toBe(dataAt);
    socket(0).answer();
    expect(rig.state).toBe('up');
    socket(0).text('{"s":"BTC","n":3}');
    expect(rig.link.figures.view().clocks.dataAt).toBe(rig.clock.now());
    expect(rig.kinds()).not.toContain('socket-ended');
  });

  it('[L16] another address of this machine: asked at once and trusted meanwhile, what comes is fresh data', async () => {
    rig = new LinkRig(jsonLink({ policy: { standby: true } }));
    bringUp(0);
    bringUp(1);
    for (let i = 0; i < 120; i += 1) {
      for (const one of rig.net.open) one.answer();
      await rig.clock.advance(250);
    }
    const pings = [0, 1].map((i) => socket(i).pingCount);
    await rig.clock.advance(1);
    rig.link.networkChanged();
    expect([0, 1].map((i) => socket(i).pingCount)).toEqual(pings.map((count) => count + 1));
    socket(0).text('{"s":"BTC","n":2}');
    expect(rig.link.figures.view().clocks.dataAt).toBe(rig.clock.now());
    socket(0).answer();
    socket(1).answer();
    await rig.clock.advance(3_000);
    expect(rig.kinds()).not.toContain('suspect');
  });

  it('[L16] a socket that died with the old address is suspect when that ping is missed, and then dead', async () => {
    rig = new LinkRig(jsonLink());
    bringUp(0);
    await rig.answering(30_000);
    rig.link.networkChanged();
    await rig.clock.advance(1_050);
    expect(rig.link.figures.view().state).toMatchObject({ kind: 'suspect', why: 'late pong' });
    await rig.clock.advance(2_100);
    expect(happened('socket-ended')).toMatchObject([{ reason: { kind: 'dead' } }]);
  });

  it('[L16] another network cuts a wait short, too', async () => {
    rig = new LinkRig(jsonLink({ policy: { initialReconnectDelayMs: 20_000 } }));
    rig.net.newest.end(CUT);
    rig.link.networkChanged();
    await rig.clock.advance(1_000);
    expect(rig.net.sockets.length).toBe(2);
  });

  it('[L16] cuts a wait short, within a second, but not one that the venue asked for', async () => {
    rig = new LinkRig(jsonLink({ policy: { initialReconnectDelayMs: 20_000 } }));
    rig.net.newest.end(CUT);
    rig.link.wake();
    await rig.clock.advance(1_000);
    expect(rig.net.sockets.length).toBe(2);
    rig.net.newest.end({ kind: 'http', status: 429, retryAfterMs: 60_000 });
    rig.link.wake();
    await rig.clock.advance(30_000);
    expect(rig.net.sockets.length).toBe(2);
  });
});

describe('the queue of dials', () => {
  it('[L22] no more dials than the limit in any window, the place is shown as a wait, and every link comes up', async () => {
    const preset = withLimits({ dials: 2, dials_window_secs: 1 });
    rig = new LinkRig(
      jsonLink({ preset, policy: { breakerFailures: 0, initialReconnectDelayMs: 10, backoffMultiplier: 1 } }),
    );
    const dialledAt: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      while (rig.net.sockets.length === i) await rig.clock.advance(5);
      dialledAt.push(rig.clock.now());
      rig.net.newest.end(CUT);
    }
    for (let i = 2; i < dialledAt.length; i += 1) {
      expect((dialledAt[i] as number) - (dialledAt[i - 2] as number)).toBeGreaterThanOrEqual(995);
    }
    await rig.clock.advance(15);
    expect(rig.link.figures.view().state).toMatchObject({ kind: 'waiting', reason: { kind: 'queued', place: 1 } });
  });
});

describe('credentials', () => {
  const preset = PresetSchema.parse({
    ...JSON_PRESET,
    login: '{"op":"login","key":"{secret:VENUE_KEY}","sign":"{hmac-sha256-hex:VENUE_SECRET:{now_s}GET}"}',
  });

  it('[L10] a login goes out first, with its secrets filled in', () => {
    rig = new LinkRig(jsonLink({ preset }));
    rig.secrets = { VENUE_KEY: 'k3y-"quoted"', VENUE_SECRET: 's3cret' };
    rig.net.newest.open();
    const login = JSON.parse(rig.net.newest.sent[0] ?? '');
    expect(login).toMatchObject({ op: 'login', key: 'k3y-"quoted"', sign: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(rig.net.newest.sent[1]).toContain('"sub"');
  });

  it('[L10] a missing credential stops the link, and the name of what is missing is said', () => {
    rig = new LinkRig(jsonLink({ preset }));
    rig.secrets = { VENUE_KEY: 'k3y' };
    rig.net.newest.open();
    expect(rig.link.figures.view().state).toMatchObject({
      kind: 'failed',
      reason: { kind: 'no-credential' },
    });
    expect(JSON.stringify(rig.happenings)).toContain('VENUE_SECRET');
    expect(JSON.stringify(rig.happenings)).not.toContain('k3y');
  });
});
