import { afterEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { unfitReasonText } from '../../../src/shared/unfitReason.ts';
import { linkConfig, subscription, TEXT_PRESET } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

/** A venue of bare pings and pongs: `delayMs` is its round trip of now, `loses` which pings it never answers (from 1). */
class TextVenue {
  delayMs = 20;
  loses: (ping: number) => boolean = () => false;
  readonly #pongsAt: number[] = [];
  #heard = 0;

  /** Data every 100 ms, so that no silence is in play. */
  async play(ms: number): Promise<void> {
    const { clock, net } = rig;
    for (let passed = 0; passed < ms; passed += 10) {
      const pings = net.newest.sent.filter((text) => text === 'ping').length;
      for (; this.#heard < pings; this.#heard += 1) {
        if (!this.loses(this.#heard + 1)) this.#pongsAt.push(clock.now() + this.delayMs);
      }
      while ((this.#pongsAt[0] ?? Number.POSITIVE_INFINITY) <= clock.now()) {
        this.#pongsAt.shift();
        net.newest.text('pong');
      }
      if (passed % 100 === 0) net.newest.text('data');
      await clock.advance(10);
    }
  }
}

function dialled(policy: Partial<LinkConfig['policy']>): TextVenue {
  rig = new LinkRig(
    linkConfig({ preset: TEXT_PRESET, policy: { policyPauseMs: 0, reconnectBelowSuccessPercent: 0, ...policy } }),
  );
  rig.net.newest.open();
  return new TextVenue();
}

const lately = () => rig.view().rtt.windows['1m'];
const fit = () => rig.view().fit;
const reasons = () => {
  const now = fit();
  return now.fit ? [] : now.reasons.map(unfitReasonText);
};
const missed = () => rig.view().counters.missed;

it('[L2] [H5] pongs that take longer than the interval are measured all the same: the next ping waits, and the gate shuts', async () => {
  const venue = dialled({ pingIntervalMs: 250 });
  await venue.play(30_000);
  expect(fit()).toEqual({ fit: true });
  venue.delayMs = 300;
  await venue.play(10_000);
  expect(reasons()).toEqual([expect.stringMatching(/^p99 3[01]\d\.\d ms, not below 100 ms/)]);
  expect(rig.view().rtt.lastMs).toBeCloseTo(300, -2);
  await venue.play(60_000);
  expect(lately()).toMatchObject({ count: expect.toSatisfy((count: number) => count > 150) });
  expect(missed()).toBe(0);
  venue.delayMs = 20;
  await venue.play(30_000);
  expect(fit()).toEqual({ fit: true });
});

it('[L2] [H5] one lost pong at an interval under T is missed, once, and what follows is measured again', async () => {
  const venue = dialled({ pingIntervalMs: 250 });
  venue.loses = (ping) => ping === 60;
  await venue.play(25_000);
  expect(missed()).toBe(1);
  const before = lately()?.count ?? 0;
  await venue.play(20_000);
  expect(lately()?.count).toBeGreaterThan(before + 60);
  venue.delayMs = 300;
  await venue.play(10_000);
  expect(reasons()).toEqual(expect.arrayContaining([expect.stringMatching(/^p99 3[01]\d/)]));
});

it('[L2] a round trip longer than T shifts no later pong: what is measured after it is what it takes', async () => {
  const venue = dialled({ pingIntervalMs: 250 });
  await venue.play(30_000);
  venue.delayMs = 1_300;
  for (let second = 0; second < 30; second += 1) {
    await venue.play(1_000);
    const { lastMs } = rig.view().rtt;
    expect(Math.min(Math.abs((lastMs ?? 0) - 20), Math.abs((lastMs ?? 0) - 1_300))).toBeLessThan(15);
  }
  expect(fit()).toMatchObject({ fit: false });
  venue.delayMs = 60;
  await venue.play(10_000);
  for (let second = 0; second < 20; second += 1) {
    await venue.play(1_000);
    expect(rig.view().rtt.lastMs).toBeCloseTo(60, -1);
  }
  expect(rig.net.sockets).toHaveLength(1);
});

it('[H4] [H5] the share counts a pong in time that measured nothing as answered: one of twelve lost is 92 %', async () => {
  for (const pingIntervalMs of [500, 1_000, 5_000]) {
    const venue = dialled({ pingIntervalMs });
    venue.loses = (ping) => ping % 12 === 0;
    await venue.play(600_000);
    const share = /([\d.]+) % answered/.exec(reasons().join())?.[1];
    expect(Number(share)).toBeGreaterThan(90);
    expect(Number(share)).toBeLessThan(93);
    const { pongs, missed: lost } = rig.view().counters;
    expect(Number(share)).toBeCloseTo((100 * pongs) / (pongs + lost), -1);
    rig.end();
  }
});

it('[L2] while a link is suspect its probes do not wait for one another', async () => {
  const venue = dialled({});
  await venue.play(40_000);
  venue.loses = () => true;
  while (rig.state === 'up') await venue.play(10);
  const before = rig.net.newest.sent.length;
  await venue.play(600);
  expect(rig.net.newest.sent.length).toBe(before + 1);
});

it('[L2] text pings match in order, and where they overlap, as probes do, nothing is measured until none is out', async () => {
  rig = new LinkRig(
    linkConfig({ preset: TEXT_PRESET, subscriptions: [subscription('BTC')], policy: { warmupPings: 0 } }),
  );
  rig.net.newest.open();
  await rig.clock.advance(300);
  rig.net.newest.text('pong');
  expect(rig.view().rtt.lastMs).toBe(300);
  rig.link.wake();
  await rig.clock.advance(700);
  expect(rig.net.newest.sent.filter((text) => text === 'ping')).toHaveLength(3);
  rig.net.newest.text('pong');
  rig.net.newest.text('pong');
  expect(rig.view().counters.pongs).toBe(3);
  expect(rig.view().rtt.windows.start?.count).toBe(1);
});

it('[H1] [H5] figures of before a sleep, or of a machine that measures nothing, are not judged as of now', async () => {
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  await rig.answering(120_000);
  expect(fit()).toEqual({ fit: true });
  expect(rig.link.figures.fitUntil).toBeLessThanOrEqual(rig.clock.now() + 60_000);
  rig.clock.sleep(600_000);
  rig.link.wake();
  rig.net.newest.answer();
  expect(reasons()).toEqual(['measuring 1/20']);
  await rig.answering(20_000);
  expect(fit()).toEqual({ fit: true });

  rig.stalled = true;
  await rig.answering(55_000);
  expect(fit()).toEqual({ fit: true });
  await rig.answering(20_000);
  expect(reasons()).toEqual(['measuring 0/20']);
  rig.stalled = false;
  await rig.answering(40_000);
  expect(fit()).toEqual({ fit: true });
});
