import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../src/shared/engineConfig.ts';
import { PresetSchema } from '../../src/shared/preset.ts';
import type { TrialResult, TrialView } from '../../src/shared/trial.ts';
import { JSON_PRESET, linkConfig, subscription } from '../support/linkConfig.ts';
import { GymRig } from './rig.ts';
import { GYM_CA, GymVenue } from './venue.ts';

let rig: GymRig;
let venue: GymVenue;

beforeEach(async () => {
  rig = new GymRig((host, _options, callback) =>
    host === 'another.example.test'
      ? callback(null, [{ address: '127.0.0.1', family: 4 }])
      : callback(Object.assign(new Error(`no ${host}`), { code: 'ENOTFOUND' }), '', 4),
  );
  venue = await GymVenue.open();
});
afterEach(async () => {
  await rig.stop();
  await venue.close();
});

const at = (url: string, change: Parameters<typeof linkConfig>[0] = {}): LinkConfig =>
  linkConfig({ url, dialUrl: url, ...change, policy: { pingIntervalMs: 50, ...change.policy } });

const json = (url: string): LinkConfig =>
  at(url, { preset: JSON_PRESET, subscriptions: [subscription('A'), subscription('NOPE')], expectsData: true });

/** The trial to its end: what came of it, and the last view. */
async function tried(config: LinkConfig): Promise<{ readonly result: TrialResult; readonly view: TrialView }> {
  const views: TrialView[] = [];
  const stop = rig.engine.trial(config, (view) => void views.push(view));
  const over = (): boolean => views.at(-1)?.stage.kind === 'over';
  if (/^wss/.test(config.dialUrl)) await rig.soon(over);
  else await rig.until(over, 'the trial ends', 35_000);
  const view = views.at(-1) as TrialView;
  stop();
  if (view.stage.kind !== 'over') throw new Error('unreachable');
  return { result: view.stage.result, view };
}

const failedBy = (cause: string, blame: string) => ({ kind: 'failed', verdict: { cause, blame } });

it('[D5] a venue that works: phases, acks, data and ten round trips, and no book of any link knows of it', async () => {
  venue.onText = ({ ws }, text) => {
    const { op, id } = JSON.parse(text) as { op: string; id: number };
    ws.send(JSON.stringify(op === 'ping' ? { op: 'pong', id } : { op: 'subscribed', id }));
    if (op === 'sub') ws.send(JSON.stringify({ t: 'tick' }));
  };
  await rig.run(at(venue.url));
  await rig.up();
  const before = [rig.events.length, Object.keys(rig.snapshot?.links ?? {})];
  const { result, view } = await tried(json(venue.url));
  expect(result).toMatchObject({ kind: 'works', rtt: { samples: 10 }, firstDataMs: expect.any(Number) });
  expect(new Set(view.phases.map(({ phase }) => phase))).toEqual(new Set(['tcp', 'upgrade', 'subscribe', 'data']));
  expect(view.subscriptions.map(({ status }) => status)).toEqual(['acked', 'acked']);
  expect([rig.events.length, Object.keys(rig.snapshot?.links ?? {})]).toEqual(before);
  await rig.until(() => venue.present.length === 1, 'the socket of the trial is closed');
});

it('[D5] a refused subscription is named, with what to do', async () => {
  venue.onText = ({ ws }, text) => {
    const { op, id, s } = JSON.parse(text) as { op: string; id: number; s?: string };
    if (op === 'ping') ws.send(JSON.stringify({ op: 'pong', id }));
    else ws.send(JSON.stringify(s === 'NOPE' ? { op: 'error', id } : { op: 'subscribed', id }));
    ws.send(JSON.stringify({ t: 'tick' }));
  };
  const { result } = await tried(json(venue.url));
  expect(result).toMatchObject({
    ...failedBy('settings fault', 'our settings'),
    reason: '1 of 2 subscriptions refused: ticker:NOPE',
    advice: expect.stringContaining('spells its symbols'),
  });
});

it('[D5] acknowledged but silent is no success, and neither is a venue that never acknowledges', async () => {
  venue.onText = ({ ws }, text) => {
    const { op, id } = JSON.parse(text) as { op: string; id: number };
    ws.send(JSON.stringify({ op: op === 'ping' ? 'pong' : 'subscribed', id }));
  };
  expect((await tried(json(venue.url))).result).toMatchObject({
    ...failedBy('acknowledged but silent', 'venue'),
    reason: '2 of 2 subscriptions acknowledged, and no data came',
  });
  venue.onText = ({ ws }, text) => {
    const { op, id } = JSON.parse(text) as { op: string; id: number };
    if (op === 'ping') ws.send(JSON.stringify({ op: 'pong', id }));
  };
  expect((await tried(json(venue.url))).result).toMatchObject(failedBy('ack missing', 'venue'));
});

it('[D5] refused at the door: nobody listens, 401, 429, no WebSocket there, a wrong accept key', async () => {
  const nobody = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => nobody.once('listening', resolve));
  const { port } = nobody.address() as { port: number };
  await new Promise((resolve) => nobody.close(resolve));
  const { result } = await tried(at(`ws://127.0.0.1:${port}/`));
  expect(result).toMatchObject({
    ...failedBy('unreachable', 'venue'),
    reason: expect.stringContaining('cannot be reached (ECONNREFUSED)'),
  });
  for (const [status, cause] of [
    [401, 'credentials refused'],
    [429, 'dial rate limit'],
    [404, 'settings fault'],
  ] as const) {
    venue.door = { kind: 'status', status };
    expect((await tried(at(venue.url))).result).toMatchObject(failedBy(cause, 'our settings'));
  }
  venue.door = { kind: 'wrong-accept' };
  expect((await tried(at(venue.url))).result).toMatchObject(failedBy('upgrade refused', 'venue'));
});

it('[D5] a certificate for another name, or of an authority that is not trusted, is told as what it is', async () => {
  const other = await GymVenue.open('other');
  const wrong = await tried(at(other.url, { ca: GYM_CA }));
  expect(wrong.result).toMatchObject({ kind: 'failed', verdict: { cause: 'tls' }, reason: /^TLS failed/ });
  expect(wrong.view.phase).toBe('tls');
  const own = await tried(at(other.url));
  expect(own.result).toMatchObject({
    ...failedBy('tls', 'our settings'),
    advice: expect.stringContaining('ca_file'),
  });
  await other.close();
});

it('[H6] a name that does not resolve is the local network’s doing, whatever the demo inside this program shows', async () => {
  await rig.run(at(venue.url, { demo: true, preset: PresetSchema.parse({ ...JSON_PRESET, venue: 'Demo' }) }));
  await rig.up();
  const { result } = await tried(at('ws://ws.example.test/v2'));
  expect(result).toMatchObject({
    ...failedBy('name resolution', 'local network'),
    reason: 'the name ws.example.test does not resolve (ENOTFOUND)',
    advice: expect.stringContaining('DNS'),
  });
});

it('[H6] with another venue up, the network is not to blame', async () => {
  const another = `ws://another.example.test:${venue.port}/`;
  await rig.run(at(another, { preset: PresetSchema.parse({ ...JSON_PRESET, venue: 'Another' }) }));
  await rig.up();
  const { result } = await tried(at('ws://ws.example.test/v2'));
  expect(result).toMatchObject(failedBy('name resolution', 'path'));
});

it('[D5] a credential that is missing is named before anything is dialled; one that is there is told to nobody', async () => {
  const preset = PresetSchema.parse({ ...JSON_PRESET, login: '{"key":"{secret:VENUE_KEY}"}' });
  const missing = await tried(at(venue.url, { preset }));
  expect(missing.result).toMatchObject({ kind: 'failed', reason: expect.stringContaining('VENUE_KEY') });
  rig.secrets = { VENUE_KEY: 'hunter22' };
  venue.onText = ({ ws }) => ws.close(4001, 'no such key: hunter22');
  const { result } = await tried(at(venue.url, { preset }));
  expect(result).toMatchObject({ kind: 'failed' });
  expect(JSON.stringify(result)).not.toContain('hunter22');
});

it('[L17] a quit in the middle of a trial closes its socket with 1000, and waits for no longer than that takes', async () => {
  const views: TrialView[] = [];
  rig.engine.trial(at(venue.url), (view) => void views.push(view));
  await rig.until(() => views.at(-1)?.stage.kind === 'open', 'the trial is open');
  const closed = new Promise<number>((resolve) => void venue.newest.ws.once('close', resolve));
  let answered = false;
  void rig.engine.shutdown(null).then(() => {
    answered = true;
  });
  await Promise.resolve();
  expect(answered).toBe(false);
  await rig.until(() => answered, 'the quit is answered', 500);
  expect(await closed).toBe(1000);
});
