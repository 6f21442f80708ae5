import { afterEach, expect, it } from 'vitest';
import { Handover, type MessageMark } from '../../../src/main/engine/link/handover.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig | null = null;
afterEach(() => {
  rig?.end();
  rig = null;
});

const ONE = { ...subscription('BTC'), data: ['"s":"BTC"'], sequence: { field: 'n' }, identity: null };
const rotating = (policy: Parameters<typeof linkConfig>[0] = {}) =>
  linkConfig({ preset: JSON_PRESET, subscriptions: [ONE], expectsData: true, ...policy });

function started(change: NonNullable<Parameters<typeof linkConfig>[0]>['policy']): LinkRig {
  rig = new LinkRig(rotating(change === undefined ? {} : { policy: change }));
  return rig;
}

const proofs = (on: LinkRig) =>
  on.happenings.flatMap(({ happening }) => (happening.kind === 'handover' ? [happening] : []));

it('[L12] what was missed while a failed rotation waited for its next try is not in the proof of that try', async () => {
  const on = started({ rotateAfterMs: 10_000 });
  on.bringUp(0, 1);
  await on.answering(10_000);
  const [old, first] = on.net.sockets;
  first?.end({ kind: 'refused', address: 'x', code: 'ECONNREFUSED' });
  old?.text('{"s":"BTC","n":2}');
  old?.text('{"s":"BTC","n":9}');
  await on.clock.advance(200);
  old?.text('{"s":"BTC","n":10}');
  on.bringUp(2, 10);
  await on.clock.advance(5_000);
  expect(proofs(on)).toEqual([{ kind: 'handover', missed: 0, duplicates: 1 }]);
});

it('[L12] a standby brings the same messages, and proves nothing about the two that change places', async () => {
  const on = started({ standby: true });
  on.bringUp(0, 1);
  on.bringUp(1, 1);
  on.link.rotate();
  on.net.sockets[0]?.text('{"s":"BTC","n":2}');
  on.net.sockets[1]?.text('{"s":"BTC","n":3}');
  on.bringUp(2, 4);
  await on.clock.advance(5_000);
  expect(proofs(on)).toEqual([{ kind: 'handover', missed: 1, duplicates: 0 }]);
});

it('[L12] of a flood the newest messages are compared, and those that are kept no more are not missed', () => {
  const handover = new Handover(1, 2);
  const mark = (n: number): MessageMark => ({
    key: `${n}`,
    span: { from: BigInt(n - 1), to: BigInt(n) },
    counted: true,
  });
  for (let n = 1; n <= 300_000; n += 1) handover.note(1, 'BTC', mark(n));
  for (let n = 299_901; n <= 500_100; n += 1) handover.note(2, 'BTC', mark(n));
  expect(handover.proof()).toEqual({ missed: 0, duplicates: 100 });
  handover.note(2, 'BTC', mark(500_103));
  // Long forgotten: that the other brought it, too, is not known any more.
  handover.note(2, 'BTC', mark(1_000));
  expect(handover.proof()).toEqual({ missed: 2, duplicates: 100 });
});
