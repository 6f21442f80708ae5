import { afterEach, beforeEach, expect, it } from 'vitest';
import { Exchanges } from '../../src/main/demo/exchanges.ts';
import { resolved } from '../settings/fixtures.ts';
import { EngineRig } from '../support/engineRig.ts';

/** The engine on the demo, as a first start has it: real sockets and real time. */
let rig: EngineRig;
let exchanges: Exchanges;

beforeEach(async () => {
  rig = new EngineRig();
  exchanges = await Exchanges.open(rig.clock, Math.random);
});
afterEach(async () => {
  await rig.stop();
  await exchanges.close();
});

async function run(link: string): Promise<void> {
  const addresses = await exchanges.addresses(null);
  const demoAddresses = new Map(addresses.ok ? Object.entries(addresses.value) : []);
  const { config, problems } = resolved(`[link.venue]\n${link}\n`, { demoAddresses });
  expect(problems).toEqual([]);
  await rig.engine.configure(config);
  await rig.state('up');
}

const inUse = (): string | undefined => rig.link()?.about.routes.find((route) => route.inUse)?.url;

it.each([
  ['demo_frankfurt', 'ticker', 'protocol'],
  ['demo_tokyo', 'trades', 'json'],
  ['demo_chicago', 'tick', 'text'],
])('[D5] a link to %s is acked, has data of each subscription, and measures pongs', async (preset, channel, ping) => {
  const names = [`${channel}:BTC-USD`, `${channel}:ETH-USD`];
  await run(`preset = "${preset}"\nsubscribe = ${JSON.stringify(names)}`);
  const all = () => rig.link()?.subscriptions ?? [];
  await rig.until(() => all().every(({ status, dataAt }) => status === 'acked' && dataAt !== null));
  expect(all().map(({ name }) => name)).toEqual(names);
  await rig.until(() => (rig.link()?.rtt.lastMs ?? null) !== null);
  expect(rig.link()?.about.ping).toBe(ping);
});

it('[D5] a planned change of sockets on the demo is proved gapless by the numbers of the shared feed', async () => {
  const names = '["ticker:BTC-USD"]';
  await run(`preset = "demo_frankfurt"\nsubscribe = ${names}\nwatch_sequence = ${names}\nstandby_overlap_secs = 1`);
  await rig.until(() => (rig.link()?.subscriptions[0]?.dataAt ?? null) !== null);
  await rig.engine.rotateLink({ link: 'venue' });
  const proof = await rig.happened('handover');
  expect(proof.missed).toBe(0);
  expect(proof.duplicates).toBeGreaterThan(0);
});

it('[D5] [D6] a link whose first address of Frankfurt refuses goes on at the second', async () => {
  await run('preset = "demo_frankfurt"\nsubscribe = ["ticker:BTC-USD"]');
  expect(inUse()).toBe('demo://frankfurt');
  await exchanges.inject({ exchange: 'frankfurt', fault: { kind: 'refuse', forSecs: 600 } });
  await rig.until(() => rig.link()?.state.kind === 'up' && inUse() === 'demo://frankfurt-b');
});

it('[D6] a line exchange that cuts its clients is a loss that heals', async () => {
  await run('preset = "demo_chicago"\nsubscribe = ["tick:BTC-USD"]');
  await exchanges.inject({ exchange: 'chicago', fault: { kind: 'kill' } });
  expect(await rig.happened('socket-ended')).toMatchObject({ reason: { kind: 'cut' } });
  await rig.until(() => rig.link()?.state.kind === 'up' && rig.link()?.about.generation === 2);
});

it('[D6] [H5] the exchange of bare pongs, slow by more than the interval of its pings, is measured so and shuts its gate', async () => {
  await run('preset = "demo_chicago"\nsubscribe = ["tick:BTC-USD"]\nfit_p99_ms = 250');
  await rig.until(() => rig.link()?.gate.kind === 'open');
  await exchanges.inject({ exchange: 'chicago', fault: { kind: 'slow', byMs: 300, forSecs: 600 } });
  const reasons = () => {
    const gate = rig.link()?.gate;
    return gate?.kind === 'closed' ? gate.reasons : [];
  };
  await rig.until(() => reasons().some(({ kind }) => kind === 'p99'));
  expect(rig.link()?.rtt.lastMs).toBeGreaterThan(300);
});
