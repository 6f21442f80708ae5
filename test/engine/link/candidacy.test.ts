import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventText } from '../../../src/shared/events.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { type Preset, PresetSchema } from '../../../src/shared/preset.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const CUT: DownReason = { kind: 'cut', code: 'ECONNRESET' };
const told = (symbol: string) => ({ ...subscription(symbol), data: [`"s":"${symbol}"`] });
const [BTC, ETH, SOL] = [told('BTC'), told('ETH'), told('SOL')];
const preset = (change: Partial<Preset> = {}): Preset => PresetSchema.parse({ ...JSON_PRESET, ...change });
const link = (change: NonNullable<Parameters<typeof linkConfig>[0]> = {}) =>
  linkConfig({ preset: preset(), subscriptions: [BTC, ETH], expectsData: true, ...change });

const socket = (index: number): FakeSocket => rig.net.sockets[index] as FakeSocket;
const roles = () => rig.view().about.sockets.map(({ role, generation }) => `${role} ${generation}`);
const dials = () => rig.net.sockets.length;
const failures = () =>
  rig.happenings.flatMap(({ happening }) => (happening.kind === 'replacement-failed' ? [eventText(happening)] : []));

/** Which symbols the venue brings, twice a second, on the socket of that number, the first of which is 0; and what it refuses now. */
let brings: (index: number) => readonly string[] = () => ['BTC', 'ETH'];
let refuses: readonly string[] = [];
beforeEach(() => {
  brings = () => ['BTC', 'ETH'];
  refuses = [];
});
const heard = new WeakMap<FakeSocket, number>();

/** The venue lets everyone in, answers what it was asked, and brings data. */
function serve(): void {
  for (const [index, one] of rig.net.sockets.entries()) {
    if (one.isCut) continue;
    if (!heard.has(one)) one.open();
    for (const text of one.sent.slice(heard.get(one) ?? 0)) {
      const { op, id, s } = JSON.parse(text);
      if (op === 'sub') one.text(`{"op":"${refuses.includes(s) ? 'error' : 'subscribed'}","id":${id}}`);
    }
    heard.set(one, one.sent.length);
    one.answer();
    for (const symbol of brings(index)) one.text(`{"s":"${symbol}"}`);
  }
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    serve();
    await rig.clock.advance(500);
    rig.tick();
  }
}

describe('a successor that is ready', () => {
  it('[L12] [L9] and silent does not take over from a socket that flows, and is tried again until one flows, too', async () => {
    rig = new LinkRig(link({ policy: { rotateAfterMs: 60_000 } }));
    brings = (index) => (index === 0 || index === 4 ? ['BTC', 'ETH'] : []);
    await pass(90_000);
    expect(roles()).toContain('in use 1');
    expect(rig.link.figures.fit.fit).toBe(true);
    expect(failures()[0]).toBe(
      'The new socket could not be made ready, the old one stays: no data of ticker:BTC came on it, unlike on the one in use',
    );
    expect(socket(1).closedWith).toBe(1000);
    await pass(30_000);
    expect(rig.link.generation).toBe(5);
    expect(dials()).toBe(5);
  });

  it('[L9] [L12] has to bring each subscription that flows, where that can be told', async () => {
    rig = new LinkRig(link());
    await pass(30_000);
    brings = (index) => (index === 0 ? ['BTC', 'ETH'] : ['BTC']);
    rig.link.rotate();
    await pass(9_000);
    expect(roles()).toEqual(['in use 1', 'successor 2']);
    await pass(3_000);
    expect(failures()).toEqual([expect.stringContaining('no data of ticker:ETH')]);
    expect(rig.link.generation).toBe(1);
  });

  it('[L12] takes over as soon as the last of them has come', async () => {
    rig = new LinkRig(link());
    await pass(30_000);
    brings = (index) => (index === 0 ? ['BTC', 'ETH'] : ['BTC']);
    rig.link.rotate();
    await pass(5_000);
    expect(rig.link.generation).toBe(1);
    socket(1).text('{"s":"ETH"}');
    await rig.clock.advance(100);
    expect(rig.link.generation).toBe(2);
  });

  it('[L12] needs no more than its ack for what is silent on the other, too: a quiet market holds nothing up', async () => {
    rig = new LinkRig(link());
    await pass(30_000);
    brings = () => ['BTC'];
    await pass(10_000);
    rig.link.rotate();
    await pass(1_000);
    expect(rig.link.generation).toBe(2);
    brings = () => [];
    rig.link.rotate();
    await pass(11_000);
    expect(rig.link.generation).toBe(3);
  });

  it('[L9] [L12] with less in force does not take over from one that has more, however well the rest flows', async () => {
    rig = new LinkRig(link({ subscriptions: [BTC, ETH, subscription('SOL')] }));
    await pass(30_000);
    refuses = ['SOL'];
    rig.link.rotate();
    await pass(20_000);
    expect(rig.link.generation).toBe(1);
    expect(failures()).toEqual([expect.stringContaining('ticker:SOL is not in force on it')]);
    refuses = [];
    rig.link.rotate();
    await pass(1_000);
    expect(rig.link.generation).toBe(3);
  });

  it('[L9] [L12] takes over where the one in use has no more in force', async () => {
    refuses = ['SOL'];
    rig = new LinkRig(link({ subscriptions: [BTC, ETH, SOL] }));
    await pass(30_000);
    rig.link.rotate();
    await pass(1_000);
    expect(rig.link.generation).toBe(2);
  });

  it('[L19] is the link’s own when the one in use is lost, whatever it is short of', async () => {
    rig = new LinkRig(link());
    await pass(30_000);
    brings = (index) => (index === 0 ? ['BTC', 'ETH'] : ['BTC']);
    rig.link.rotate();
    await pass(2_000);
    socket(0).end(CUT);
    expect(rig.link.generation).toBe(2);
    expect(rig.state).toBe('up');
  });

  it('[L16] has nothing to show by data from before this machine slept', async () => {
    rig = new LinkRig(link());
    await pass(30_000);
    brings = (index) => (index === 0 ? ['BTC', 'ETH'] : ['BTC']);
    rig.link.rotate();
    await pass(1_000);
    rig.link.wake();
    socket(1).text('{"s":"ETH"}');
    await rig.clock.advance(200);
    expect(rig.link.generation).toBe(1);
    await pass(1_000);
    expect(roles()).toEqual(['in use 1', 'successor 2']);
    brings = () => ['BTC', 'ETH'];
    await pass(1_000);
    expect(rig.link.generation).toBe(2);
  });

  it('[L16] what it brought before a sleep it has to bring again', async () => {
    rig = new LinkRig(link());
    await pass(30_000);
    brings = (index) => (index === 0 ? ['BTC', 'ETH'] : ['BTC']);
    rig.link.rotate();
    await pass(1_000);
    rig.link.wake();
    brings = (index) => (index === 0 ? ['BTC', 'ETH'] : ['ETH']);
    await pass(2_000);
    expect(rig.link.generation).toBe(1);
  });

  it('[L12] has to bring something where nobody can say of what', async () => {
    rig = new LinkRig(link({ subscriptions: [subscription('BTC'), subscription('ETH')] }));
    await pass(30_000);
    brings = (index) => (index === 0 ? ['BTC', 'ETH'] : []);
    rig.link.rotate();
    await pass(12_000);
    expect(failures()).toEqual([expect.stringContaining('no data came on it')]);
    expect(rig.link.generation).toBe(1);
  });

  it('[L11] for a click is tried once', async () => {
    rig = new LinkRig(link());
    await pass(30_000);
    brings = (index) => (index === 0 ? ['BTC', 'ETH'] : []);
    rig.link.reconnect('graceful');
    await pass(60_000);
    expect(roles()).toEqual(['in use 1']);
    expect(failures()).toHaveLength(1);
  });
});

describe('new settings', () => {
  it('[D3] that may bring other data need none of what the socket in use brings', async () => {
    rig = new LinkRig(link());
    await pass(30_000);
    brings = (index) => (index === 0 ? ['BTC', 'ETH'] : ['BTC']);
    rig.link.configure(link({ preset: preset({ venue: 'Another venue' }) }));
    await pass(1_000);
    expect(rig.link.generation).toBe(2);
  });

  it('[D3] [L9] under which the venue refuses what it serves now are not in force, and why is said', async () => {
    rig = new LinkRig(link());
    await pass(30_000);
    refuses = ['ETH'];
    brings = (index) => (index === 0 ? ['BTC', 'ETH'] : ['BTC']);
    rig.link.configure(link({ policy: { compression: true } }));
    await pass(60_000);
    expect(rig.link.generation).toBe(1);
    expect(JSON.stringify(rig.view().health)).toContain('ticker:ETH is not in force on it');
    refuses = [];
    brings = () => ['BTC', 'ETH'];
    await pass(40_000);
    expect(roles()).toEqual([`in use ${dials()}`]);
    expect(rig.view().health).toEqual({ level: 'healthy' });
  });

  it('[D3] [L9] are in force with what is new in them and refused', async () => {
    rig = new LinkRig(link());
    await pass(30_000);
    refuses = ['SOL'];
    rig.link.configure(link({ subscriptions: [BTC, ETH, SOL], policy: { compression: true } }));
    await pass(1_000);
    expect(rig.link.generation).toBe(2);
  });

  it('[D3] are not held up by data that may be of what they want no more', async () => {
    const endless = { ...subscription('SOL'), unsubscribe: null };
    rig = new LinkRig(link({ subscriptions: [subscription('BTC'), endless] }));
    brings = (index) => (index === 0 ? ['SOL'] : []);
    await pass(30_000);
    rig.link.configure(link({ subscriptions: [subscription('BTC')] }));
    await pass(12_000);
    expect(rig.link.generation).toBe(2);
  });

  it('[D3] [L9] without what is refused need it no more', async () => {
    rig = new LinkRig(link());
    await pass(30_000);
    refuses = ['ETH'];
    brings = (index) => (index === 0 ? ['BTC', 'ETH'] : ['BTC']);
    rig.link.configure(link({ subscriptions: [BTC], policy: { compression: true } }));
    await pass(1_000);
    expect(rig.link.generation).toBe(2);
  });
});

describe('the venue’s cut', () => {
  const isServed = (index: number) => (index === 0 ? ['BTC', 'ETH'] : ['BTC']);
  const warned = (cutInSecs?: number) => {
    const notices = [{ match: '"op":"bye"', text: 'bye', cut_in_secs: cutInSecs }];
    return link({ preset: PresetSchema.parse({ ...JSON_PRESET, notices }) });
  };

  it('[L18] that is announced while one is ready leaves it to show what it has to, and is met after it has failed', async () => {
    rig = new LinkRig(warned());
    await pass(40_000);
    brings = isServed;
    rig.link.rotate();
    await pass(1_000);
    socket(0).text('{"op":"bye"}');
    expect(rig.link.generation).toBe(1);
    await pass(12_000);
    expect(failures()).toHaveLength(1);
    expect(roles()).toContain('successor 3');
  });

  it('[L12] is not waited for: half-way to it any that is ready takes over', async () => {
    const { limits } = JSON_PRESET;
    rig = new LinkRig(link({ preset: preset({ limits: { ...limits, max_age_secs: 1_200 } }) }));
    brings = isServed;
    await pass(890_000);
    expect(rig.link.generation).toBe(1);
    expect(failures().length).toBeGreaterThan(3);
    await pass(45_000);
    expect(rig.link.generation).toBeGreaterThan(1);
  });

  it.each([
    ['that it will make in a minute is met when half of that time is over, by any that is ready', 60, 29_000, true],
    ['without a time is met by one that serves the same', undefined, 120_000, false],
  ])('[L18] %s', async (_what, cutInSecs, waits, isMet) => {
    rig = new LinkRig(warned(cutInSecs));
    await pass(40_000);
    brings = isServed;
    socket(0).text('{"op":"bye"}');
    await pass(waits);
    expect(rig.link.generation).toBe(1);
    expect(failures().length).toBeGreaterThan(1);
    await pass(1_500);
    expect(rig.link.generation > 1).toBe(isMet);
    brings = () => ['BTC', 'ETH'];
    await pass(45_000);
    expect(rig.link.generation).toBeGreaterThan(1);
  });
});
