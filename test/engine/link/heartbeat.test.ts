import { afterEach, expect, it } from 'vitest';
import { successRatio } from '../../../src/shared/linkCounts.ts';
import { JSON_PRESET, linkConfig, TEXT_PRESET } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const missed = () => rig.link.figures.view().counters.missed;
const samples = () => rig.link.figures.view().rtt.windows.start?.count ?? 0;

it('[L2] after a connect 20 pings go out at 1 s, then one every 15 s, each with its own payload', async () => {
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  await rig.answering(60_000);
  expect(rig.net.newest.pings.length).toBe(22);
  expect(new Set(rig.net.newest.pings).size).toBe(22);
  expect(rig.state).toBe('up');
});

it('[L2] what a stall took from the warm-up is asked again at its pace, also after its last ping; twenty more at most', async () => {
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  const fit = () => rig.view().fit;
  await rig.answering(4_000);
  rig.stalled = true;
  await rig.answering(3_000);
  rig.stalled = false;
  await rig.answering(12_000);
  expect(fit()).toMatchObject({ reasons: expect.arrayContaining([{ kind: 'measuring', pings: 17, of: 20 }]) });
  await rig.answering(3_000);
  expect(samples()).toBe(20);
  expect(rig.net.newest.pingCount).toBe(23);

  rig.end();
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  await rig.answering(18_500);
  rig.stalled = true;
  await rig.answering(1_000);
  rig.stalled = false;
  await rig.answering(1_000);
  expect(samples()).toBe(20);

  rig.end();
  rig = new LinkRig(linkConfig());
  rig.stalled = true;
  await rig.openAndAnswer();
  await rig.answering(60_000);
  expect(rig.net.newest.pingCount).toBe(41);
});

it('[L2] a pong with a foreign payload answers nothing: it is named and not counted', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  rig.net.newest.pong('somebody else');
  rig.net.newest.pong('');
  expect(rig.link.figures.view().counters).toMatchObject({ pongs: 0, foreignPongs: 2 });
  expect(rig.kinds()).toContain('foreign-pong');
  expect(samples()).toBe(0);
  expect(rig.link.figures.view().clocks.pongAt).toBeNull();
});

it('[L2] the same pong twice counts once', async () => {
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  rig.net.newest.answer();
  expect(rig.link.figures.view().counters).toMatchObject({ pongs: 1, foreignPongs: 1 });
});

it('[H3] pings that are out when their socket dies were not answered: a venue that never pongs has no success', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  while (rig.state !== 'waiting') await rig.clock.advance(100);
  const { counters } = rig.view();
  expect(counters.lost).toBeGreaterThan(0);
  expect(counters).toMatchObject({ pongs: 0, lost: counters.pings - counters.missed });
  expect(successRatio(counters)).toBe(0);
});

it('[H3] a ping that is out counts for nothing, nor where the socket is closed from here; a late pong not as answered', async () => {
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  await rig.answering(40_000);
  const { pingCount } = rig.net.newest;
  while (rig.net.newest.pingCount === pingCount) await rig.clock.advance(10);
  expect(successRatio(rig.view().counters)).toBe(1);
  await rig.clock.advance(1_100);
  rig.net.newest.pong(rig.net.newest.pings[pingCount] as string);
  const { counters } = rig.view();
  expect(counters).toMatchObject({ missed: 1, lost: 0, pongs: pingCount });
  rig.link.configure(linkConfig({ enabled: false }));
  await rig.clock.advance(2_000);
  expect(rig.state).toBe('paused');
  expect(rig.view().counters.lost).toBe(0);
});

it('[L2] JSON pongs match by id and type: an answer with the id as a string is foreign', async () => {
  rig = new LinkRig(linkConfig({ preset: JSON_PRESET }));
  rig.net.newest.open();
  const ping = JSON.parse(rig.net.newest.sent[0] as string);
  await rig.clock.advance(7);
  rig.net.newest.text(`{"op":"pong","id":"${ping.id}"}`);
  expect(rig.link.figures.view().counters.foreignPongs).toBe(1);
  rig.net.newest.text(`{"op":"pong","id":${ping.id}}`);
  expect(rig.link.figures.view().rtt.lastMs).toBe(7);
});

it('[L2] a text pong while nothing is outstanding is foreign, and a longer text is data', async () => {
  rig = new LinkRig(linkConfig({ preset: TEXT_PRESET }));
  await rig.openAndAnswer();
  rig.net.newest.text('pong');
  rig.net.newest.text('pong');
  rig.net.newest.text('{"msg":"pong"}');
  const { counters, clocks } = rig.link.figures.view();
  expect(counters.foreignPongs).toBe(1);
  expect(clocks.dataAt).not.toBeNull();
});

it('[L3] an answer that wants the time has it, and an echo is never looked into', async () => {
  const answer = [
    { match: '"event":"ping"', send: '{"event":"pong","ts":{now_ms}}' },
    { match: '{"ping":', field: 'ping', send: '{"pong":{value}}' },
  ];
  rig = new LinkRig(linkConfig({ preset: { ...JSON_PRESET, answer } }));
  rig.net.newest.open();
  rig.net.newest.text('{"event":"ping"}');
  rig.net.newest.text('{"ping":"{now_ms}"}');
  const pongs = rig.net.newest.sent.filter((text) => text.includes('pong'));
  expect(pongs).toEqual([`{"event":"pong","ts":${Math.round(rig.clock.wall())}}`, '{"pong":"{now_ms}"}']);
});

it('[L3] a JSON ping of the venue is answered with the same bytes, beyond 2^53 and as a string', async () => {
  rig = new LinkRig(linkConfig({ preset: JSON_PRESET }));
  rig.net.newest.open();
  rig.net.newest.text('{"ping":9007199254740993}');
  rig.net.newest.text('{"ping":"1645202800015"}');
  expect(rig.net.newest.sent.slice(-2)).toEqual(['{"pong":9007199254740993}', '{"pong":"1645202800015"}']);
  expect(rig.link.figures.view().clocks).toMatchObject({ dataAt: null });
  expect(rig.link.figures.view().clocks.heartbeatAt).not.toBeNull();
});

it('[L4] a pong later than T makes the link suspect, not dead, and a late pong clears it', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  const first = rig.net.newest.pings[0] as string;
  await rig.clock.advance(5_001);
  expect(rig.state).toBe('suspect');
  expect(missed()).toBeGreaterThanOrEqual(1);
  rig.net.newest.pong(first);
  expect(rig.state).toBe('up');
  expect(rig.kinds()).toContain('pong-late');
  expect(rig.link.figures.view().rtt.lastMs).toBeCloseTo(5001, 0);
});

it('[L4] T follows the p99: a link that answers in 3 ms is suspect after 1 s and dead 2 s later, after three probes', async () => {
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  await rig.answering(40_000);
  const socket = rig.net.newest;
  const before = socket.pings.length;
  while (socket.pings.length === before) await rig.clock.advance(10);
  const pingedAt = rig.clock.now();
  while (rig.state === 'up') await rig.clock.advance(10);
  expect(rig.clock.now() - pingedAt).toBeCloseTo(1000, -2);
  while (rig.state === 'suspect') await rig.clock.advance(10);
  expect(rig.clock.now() - pingedAt).toBeCloseTo(3000, -2);
  expect(rig.state).toBe('waiting');
  expect(socket.isCut).toBe(true);
  const ended = rig.happenings.find(({ happening }) => happening.kind === 'socket-ended')?.happening;
  expect(ended).toMatchObject({ reason: { kind: 'dead' } });
});

it('[L4] one answered probe starts the count anew: alternate misses never end a link', async () => {
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  for (let i = 0; i < 20; i += 1) {
    while (rig.state !== 'suspect') await rig.clock.advance(50);
    await rig.clock.advance(300);
    rig.net.newest.answer();
    expect(rig.state).toBe('up');
  }
  expect(rig.net.sockets.length).toBe(1);
});

it('[L4] a deadline that passes while this machine is held up starts the grace anew', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  rig.stalled = true;
  await rig.clock.advance(60_000);
  expect(rig.state).toBe('up');
  expect(missed()).toBe(0);
  rig.stalled = false;
  await rig.clock.advance(5_001);
  expect(rig.state).toBe('suspect');
});

it('[H6] a sample taken across a local stall is counted apart and kept out of the percentiles', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  rig.stalled = true;
  await rig.clock.advance(900);
  rig.net.newest.answer();
  expect(rig.link.figures.view().rtt).toMatchObject({ lastMs: null, stalledSamples: 1 });
  expect(samples()).toBe(0);
});

it('[L2] one lost pong of a text dialect makes one suspicion, and RTT is measured again after it', async () => {
  rig = new LinkRig(linkConfig({ preset: TEXT_PRESET, policy: { warmupPings: 0, pingIntervalMs: 2000 } }));
  rig.net.newest.open();
  const { newest: socket } = rig.net;
  let answered = 0;
  for (let passed = 0; passed < 120_000; passed += 50) {
    await rig.clock.advance(50);
    const pings = socket.sent.filter((text) => text === 'ping').length;
    if (answered === 2 && pings === 3) answered = 3;
    if (pings > answered) {
      answered += 1;
      socket.text('pong');
    }
  }
  const suspicions = rig.happenings.filter(
    ({ happening }) => happening.kind === 'state' && happening.to.kind === 'suspect',
  );
  expect(suspicions.length).toBeLessThanOrEqual(2);
  expect(missed()).toBeLessThanOrEqual(3);
  expect(samples()).toBeGreaterThan(40);
  expect(rig.state).toBe('up');
});

it('[L4] probes of a suspicion that ended do not count in the next one', async () => {
  rig = new LinkRig(linkConfig());
  await rig.openAndAnswer();
  await rig.answering(40_000);
  const socket = rig.net.newest;
  while (rig.state === 'up') await rig.clock.advance(10);
  await rig.clock.advance(1_600);
  expect(rig.state).toBe('suspect');
  socket.pong(socket.pings.at(-2) as string);
  expect(rig.state).toBe('up');
  await rig.clock.advance(1_100);
  expect(rig.state).toBe('suspect');
  socket.answer();
  expect(rig.net.sockets.length).toBe(1);
});

it('[L2] a dialect without pings shows no RTT and no pong rule ends it', async () => {
  rig = new LinkRig(linkConfig({ preset: { ...TEXT_PRESET, ping: { kind: 'none' } } }));
  rig.net.newest.open();
  await rig.clock.advance(600_000);
  expect(rig.state).toBe('up');
  expect(rig.link.figures.view().rtt.windows.start).toBeNull();
  expect(rig.link.figures.view().counters.pings).toBe(0);
});

it('[L2] [C1] pings of links that came up at any moments fall together: up to a hundredth of their interval early, never late', async () => {
  const moments: number[] = [];
  for (const offsetMs of [3, 41, 77, 149, 150, 151]) {
    rig = new LinkRig(linkConfig({ policy: { warmupPings: 0 } }));
    await rig.clock.advance(offsetMs);
    await rig.openAndAnswer();
    const sent = [rig.clock.now() - 3];
    while (sent.length < 4) {
      const before = rig.net.newest.pingCount;
      await rig.clock.advance(1);
      if (rig.net.newest.pingCount === before) continue;
      sent.push(rig.clock.now());
      rig.net.newest.answer();
    }
    const gaps = sent.slice(1).map((at, i) => at - (sent[i] as number));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(15_000 * 0.99);
    for (const gap of gaps) expect(gap).toBeLessThanOrEqual(15_000);
    moments.push((sent.at(-1) as number) % 15_000);
    rig.end();
  }
  expect(new Set(moments).size).toBeLessThanOrEqual(3);
});
