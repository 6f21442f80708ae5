import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DialGate } from '../../src/main/engine/dialGate.ts';
import { Revisions } from '../../src/main/engine/link/revision.ts';
import { SharedBudgets } from '../../src/main/engine/sharedBudgets.ts';
import { Slots } from '../../src/main/engine/slots.ts';
import { Trials } from '../../src/main/engine/trials.ts';
import type { LinkConfig } from '../../src/shared/engineConfig.ts';
import { PresetSchema } from '../../src/shared/preset.ts';
import { rttOf, TRIAL_LIMIT_MS, type TrialPing, type TrialResult, type TrialView } from '../../src/shared/trial.ts';
import { verdictOfEnd } from '../../src/shared/verdict/endVerdict.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { FakeNet } from '../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../support/linkConfig.ts';

const NO_OTHERS = { links: 0, lost: 0, flowing: 0, lagging: 0 };

/** Trials on a fake clock and a fake network, beside no link. */
class TrialRig {
  readonly clock = new FakeClock();
  readonly net = new FakeNet();
  readonly gate = new DialGate(this.clock);
  readonly slots = new Slots();
  stalled = false;
  readonly trials = new Trials({
    ports: {
      clock: this.clock,
      random: () => 0.5,
      dial: this.net.dial,
      openHttp: () => {
        throw new Error('a trial opens no pool');
      },
      secret: () => null,
      networkAddresses: () => '',
      fetchText: () => Promise.reject(new Error('no web here')),
      memory: () => ({ rssBytes: 0, heapBytes: 0, heapLimitBytes: 0 }),
    },
    commons: {
      stall: { stalledSince: () => this.stalled, awakeMs: (from) => this.clock.now() - from, heldUpMs: () => 0 },
      gate: this.gate,
      slots: this.slots,
      budgets: new SharedBudgets(this.clock),
      revisions: new Revisions(),
      clean: (text) => text,
    },
    explain: (_config, clues) =>
      verdictOfEnd({
        ...clues,
        before: [],
        stalledMs: 0,
        wokeMs: null,
        movedMs: null,
        sameVenue: NO_OTHERS,
        otherVenues: NO_OTHERS,
      }),
  });

  start(config: LinkConfig): { readonly views: TrialView[]; readonly cancel: () => void } {
    const views: TrialView[] = [];
    return { views, cancel: this.trials.start(config, (view) => void views.push(view)) };
  }

  /** The venue answers every ping after `rttMs`, for so long. */
  async answering(ms: number, rttMs: number): Promise<void> {
    let answered = 0;
    for (let passed = 0; passed < ms; passed += 1) {
      await this.clock.advance(1);
      const { newest } = this.net;
      if (newest.pingCount <= answered) continue;
      answered = newest.pingCount;
      await this.clock.advance(rttMs);
      passed += rttMs;
      newest.answer();
    }
  }

  ackAll(): void {
    for (const text of this.net.newest.sent) {
      const id = /"op":"sub".*"id":(\d+)/.exec(text)?.[1];
      if (id !== undefined) this.net.newest.text(`{"op":"subscribed","id":${id}}`);
    }
  }

  end(): void {
    this.trials.stop();
    this.gate.stop();
    expect(this.net.open).toEqual([]);
    expect(this.clock.pending).toBe(0);
  }
}

const ticker = linkConfig({
  preset: JSON_PRESET,
  subscriptions: [subscription('A'), subscription('B')],
  expectsData: true,
});

const resultOf = (views: readonly TrialView[]): TrialResult | null => {
  const stage = views.at(-1)?.stage;
  return stage?.kind === 'over' ? stage.result : null;
};

it('[L14] phases, acks, first data and each of ten pings are told as they come, then the figures', async () => {
  const rig = new TrialRig();
  const { views } = rig.start(ticker);
  expect(views.at(-1)).toMatchObject({ stage: { kind: 'connecting' }, pings: [] });
  await rig.clock.advance(40);
  rig.net.newest.open();
  await rig.clock.advance(100);
  expect(views.at(-1)?.phases).toEqual([
    { phase: 'tcp', ms: 1 },
    { phase: 'upgrade', ms: 1 },
  ]);
  expect(views.at(-1)?.subscriptions).toMatchObject([{ status: 'sent' }, { status: 'sent' }]);
  rig.ackAll();
  await rig.clock.advance(50);
  rig.net.newest.text('{"t":"A"}');
  await rig.answering(12_000, 7);
  const last = views.at(-1);
  expect(last?.phases.slice(2)).toEqual([
    { phase: 'subscribe', ms: 100 },
    { phase: 'data', ms: 50 },
  ]);
  expect(last?.pings).toHaveLength(10);
  expect(resultOf(views)).toMatchObject({
    kind: 'works',
    firstDataMs: 190,
    rtt: { samples: expect.any(Number), p50Ms: 7, minMs: 7 },
  });
  const counts = views.map(({ pings }) => pings.length);
  expect(new Set(counts).size).toBe(11);
  expect(rig.net.newest.closedWith).toBe(1000);
  rig.end();
});

it('[D5] a round trip across a stall of this machine is no figure, and a venue that answers no ping needs none', async () => {
  const rig = new TrialRig();
  rig.stalled = true;
  const { views } = rig.start(linkConfig({ preset: JSON_PRESET }));
  rig.net.newest.open();
  await rig.answering(12_000, 3);
  expect(views.at(-1)?.pings.every(({ kind }) => kind === 'unmeasured')).toBe(true);
  expect(resultOf(views)).toMatchObject({ kind: 'works', rtt: null });
  const mute = PresetSchema.parse({ venue: 'v', source: 's', facts_as_of: 'f', ping: { kind: 'none' } });
  const other = rig.start(linkConfig({ preset: mute }));
  rig.net.newest.open();
  await rig.clock.advance(200);
  expect(resultOf(other.views)).toEqual({ kind: 'works', rtt: null, firstDataMs: null });
  rig.end();
});

it('[D5] a test that never gets its answers ends by itself within 30 s, and says how far it came', async () => {
  const patient = { connectTimeoutMs: 120_000, ackTimeoutMs: 60_000 };
  const rig = new TrialRig();
  const dialling = rig.start(linkConfig({ policy: patient }));
  await rig.clock.advance(TRIAL_LIMIT_MS);
  expect(resultOf(dialling.views)).toMatchObject({
    kind: 'failed',
    reason: 'no connection within 30 s (stuck at name resolution)',
    verdict: { cause: 'name resolution' },
  });
  const waiting = rig.start({ ...ticker, policy: { ...ticker.policy, ...patient } });
  rig.net.newest.open();
  await rig.answering(TRIAL_LIMIT_MS, 2);
  expect(resultOf(waiting.views)).toMatchObject({
    kind: 'failed',
    reason: 'connected, but not all subscriptions had an answer within 30 s',
  });
  rig.end();
});

it('[D5] two run at a time; one that was left makes room at once and closes politely, unseen', async () => {
  const rig = new TrialRig();
  const [one, two] = [rig.start(ticker), rig.start(ticker)];
  const first = rig.net.sockets[0];
  first?.open();
  const three = rig.start(ticker);
  expect(resultOf(three.views)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('2 other tests') });
  const told = one.views.length;
  one.cancel();
  one.cancel();
  expect(first?.closedWith).toBe(1000);
  expect(rig.start(ticker).views.at(-1)?.stage.kind).toBe('connecting');
  await rig.clock.advance(2_000);
  expect(first?.isCut).toBe(true);
  expect(one.views.length).toBe(told);
  two.cancel();
  rig.end();
});

it('[L22] it stands in the queue of dials to its origin, says at which place, and leaves it when cancelled', async () => {
  const rig = new TrialRig();
  const slow = PresetSchema.parse({ ...JSON_PRESET, limits: { dials: 1, dials_window_secs: 20 } });
  const config = linkConfig({ preset: slow });
  rig.start(config).cancel();
  expect(rig.net.sockets).toHaveLength(1);
  const { views, cancel } = rig.start(config);
  expect(views.at(-1)?.stage).toMatchObject({ kind: 'queued', place: 1, waitMs: 20_100 });
  const behind = rig.start(config);
  expect(behind.views.at(-1)?.stage).toMatchObject({ kind: 'queued', place: 2 });
  await rig.clock.advance(5_000);
  expect(views.at(-1)?.stage).toMatchObject({ kind: 'queued', waitMs: 15_100 });
  cancel();
  await rig.clock.advance(15_000);
  expect(rig.net.sockets).toHaveLength(1);
  await rig.clock.advance(1_100);
  expect(rig.net.sockets).toHaveLength(2);
  expect(behind.views.at(-1)?.stage.kind).toBe('connecting');
  rig.end();
});

it('[L12] where the venue allows one connection and a link has it, nothing is dialled, and it says so', () => {
  const rig = new TrialRig();
  const one = PresetSchema.parse({ ...JSON_PRESET, limits: { sockets: 1 } });
  const config = linkConfig({ preset: one });
  const link = {};
  rig.slots.hold(link, config);
  const refused = rig.start(config);
  expect(resultOf(refused.views)).toMatchObject({
    kind: 'failed',
    reason: 'Json venue allows one connection, and 1 link uses it',
  });
  expect(rig.net.sockets).toEqual([]);
  rig.slots.forget(link);
  const { cancel } = rig.start(config);
  expect(rig.slots.refusalOfOneMore(config)).not.toBeNull();
  cancel();
  expect(rig.slots.refusalOfOneMore(config)).toBeNull();
  rig.end();
});

it('[L17] a quit closes what runs with 1000, waits for it, and takes no more', async () => {
  const rig = new TrialRig();
  rig.start(ticker);
  rig.net.newest.open();
  let gone = false;
  rig.trials.leave(() => {
    gone = true;
  });
  expect([rig.net.newest.closedWith, gone, rig.trials.areGone]).toEqual([1000, false, false]);
  rig.net.newest.end({ kind: 'closed', code: 1000, text: '' });
  expect([gone, rig.trials.areGone]).toEqual([true, true]);
  expect(resultOf(rig.start(ticker).views)).toMatchObject({ reason: 'Warmwire is closing' });
  await rig.clock.advance(5_000);
  rig.end();
});

type Act = 'open' | 'ack' | 'data' | 'pong' | 'refusal' | 'cut' | 'wait';

it('[D5] whatever a venue does and when, one result comes within the limit, it is the last word, and nothing stays open', async () => {
  const acts = fc.array(
    fc.tuple(
      fc.constantFrom<Act>('open', 'ack', 'data', 'pong', 'refusal', 'cut', 'wait'),
      fc.integer({ min: 0, max: 4_000 }),
    ),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(acts, async (history) => {
      const rig = new TrialRig();
      const { views } = rig.start(ticker);
      let opened = false;
      for (const [act, pauseMs] of history) {
        await rig.clock.advance(pauseMs);
        const socket = rig.net.newest;
        if (socket.isCut) break;
        if (act === 'open' && !opened) {
          opened = true;
          socket.open();
        } else if (act === 'cut') socket.end({ kind: 'cut', code: 'ECONNRESET' });
        else if (opened && act === 'ack') rig.ackAll();
        else if (opened && act === 'data') socket.text('{"t":1}');
        else if (opened && act === 'pong') socket.answer();
        else if (opened && act === 'refusal') socket.text('{"op":"error","id":2}');
      }
      await rig.clock.advance(TRIAL_LIMIT_MS + 5_000);
      const over = views.filter(({ stage }) => stage.kind === 'over');
      expect(over).toHaveLength(1);
      expect(views.at(-1)).toBe(over[0]);
      expect(over[0]?.elapsedMs).toBeLessThanOrEqual(TRIAL_LIMIT_MS);
      expect(rig.trials.areGone).toBe(true);
      rig.end();
    }),
    { numRuns: 200 },
  );
});

it('[D5] p50, min and max are of the answered pings alone', () => {
  const ping = fc.oneof(
    fc.record({ kind: fc.constant('answered' as const), rttMs: fc.double({ min: 0, max: 9e4, noNaN: true }) }),
    fc.constantFrom<TrialPing>({ kind: 'missed' }, { kind: 'unmeasured' }),
  );
  fc.assert(
    fc.property(fc.array(ping, { maxLength: 10 }), (pings) => {
      const answered = pings.flatMap((one) => (one.kind === 'answered' ? [one.rttMs] : []));
      const rtt = rttOf(pings);
      if (answered.length === 0) {
        expect(rtt).toBeNull();
        return;
      }
      expect(rtt).toMatchObject({
        samples: answered.length,
        minMs: Math.min(...answered),
        maxMs: Math.max(...answered),
      });
      const notAbove = answered.filter((ms) => ms <= (rtt?.p50Ms ?? -1)).length;
      expect(notAbove * 2).toBeGreaterThanOrEqual(answered.length);
      expect(answered).toContain(rtt?.p50Ms);
    }),
  );
});
