import { afterEach, describe, expect, it } from 'vitest';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

const CUT: DownReason = { kind: 'cut', code: 'ECONNRESET' };
const TAKEN: DownReason = { kind: 'closed', code: 4001, text: '' };

let rig: LinkRig;
afterEach(() => rig.end());

const link = (preset: object) =>
  linkConfig({
    preset: PresetSchema.parse({ ...JSON_PRESET, ...preset }),
    subscriptions: [subscription('BTC')],
    expectsData: true,
    policy: { maxAttempts: 3, breakerFailures: 0 },
  });
const limits = { ...JSON_PRESET.limits, sockets: 1 };
const newest = () => rig.net.sockets.length - 1;

/** Each dial fails until the link gives up. Answers after how many. */
async function dialsUntilFailed(): Promise<number> {
  const before = rig.net.sockets.length;
  for (let i = 0; i < 20 && rig.state !== 'failed'; i += 1) {
    rig.net.newest.end(CUT);
    await rig.clock.advance(60_000);
  }
  expect(rig.state).toBe('failed');
  return rig.net.sockets.length - before;
}

describe('at a venue of one connection', () => {
  /** The venue closes as asked, and lets in the next socket. */
  async function changeSockets(): Promise<void> {
    rig.net.newest.end(CUT);
    await rig.clock.advance(1_500);
    rig.bringUp(newest());
    await rig.clock.advance(2_000);
  }

  const notices = [{ match: '"op":"bye"', text: 'bye' }];
  const changes = {
    'a person': () => rig.link.reconnect('graceful'),
    'a person who wants a rotation': () => rig.link.rotate(),
    'the venue’s notice': () => rig.net.newest.text('{"op":"bye"}'),
  };
  it.each(Object.entries(changes))('[L7] changes of sockets for %s are none of the attempts', async (_by, change) => {
    rig = new LinkRig(link({ limits, notices }));
    rig.bringUp(0);
    await rig.answering(40_000);
    for (let i = 0; i < 4; i += 1) {
      change();
      expect(rig.state).toBe('waiting');
      await changeSockets();
    }
    expect(rig.net.sockets.length).toBe(5);
    expect(await dialsUntilFailed()).toBe(3);
  });

  it('[L7] [L11] a graceful reconnect by a person forgets the attempts before it', async () => {
    rig = new LinkRig(link({ limits }));
    for (let i = 0; i < 2; i += 1) {
      rig.net.newest.end(CUT);
      await rig.clock.advance(1_000);
    }
    rig.bringUp(2);
    rig.link.reconnect('graceful');
    await changeSockets();
    expect(await dialsUntilFailed()).toBe(3);
  });
});

it('[L7] [L11] a graceful reconnect by a person forgets the attempts also where the new socket is made first', async () => {
  rig = new LinkRig(link({}));
  for (let i = 0; i < 2; i += 1) {
    rig.net.newest.end(CUT);
    await rig.clock.advance(1_000);
  }
  rig.bringUp(2);
  expect(rig.link.figures.view().counters.failuresInARow).toBe(2);
  rig.link.reconnect('graceful');
  rig.bringUp(3);
  expect(rig.link.figures.view().counters.failuresInARow).toBe(0);
  expect(await dialsUntilFailed()).toBe(3);
});

it('[L7] [L18] waits for a slot that is taken use up no attempts, and a failure after them does', async () => {
  rig = new LinkRig(link({ closes: [{ code: 4001, text: 'taken', match: '', class: 'slot' }] }));
  for (let i = 0; i < 9; i += 1) {
    rig.net.newest.open();
    rig.net.newest.end(TAKEN);
    expect(rig.link.figures.view().state).toMatchObject({ kind: 'waiting', attempt: i + 2, delayMs: 10_000 });
    await rig.clock.advance(10_000);
  }
  expect(await dialsUntilFailed()).toBe(2);
  expect(rig.link.figures.view().state).toMatchObject({ attempts: 3 });
});

it('[L7] [L18] a cap of one attempt is none for a slot that is taken either', async () => {
  const config = link({ closes: [{ code: 4001, text: 'taken', match: '', class: 'slot' }] });
  rig = new LinkRig({ ...config, policy: { ...config.policy, maxAttempts: 1 } });
  rig.net.newest.end(TAKEN);
  await rig.clock.advance(10_000);
  expect(rig.state).toBe('connecting');
});
