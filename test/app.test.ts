import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type App, type AppOptions, startApp } from '../src/main/app.ts';
import { realDisk } from '../src/main/settings/disk.ts';
import { settingsPaths } from '../src/main/settings/folders.ts';
import { type AppClient, appContract } from '../src/shared/contract.ts';
import { connect } from '../src/shared/rpc.ts';
import { applyDelta, type Snapshot } from '../src/shared/snapshot.ts';
import type { TrialView } from '../src/shared/trial.ts';
import { GymVenue } from './gym/venue.ts';
import { until } from './support/until.ts';
import { wirePair } from './support/wirePair.ts';

/** The whole app with its built threads, without any host. */
const built = (name: string): URL => pathToFileURL(resolve(import.meta.dirname, `../out/main/${name}.js`));

const env = () => ({ WARMWIRE_DATA: join(folder, 'data') });

let folder: string;
let venue: GymVenue;
let app: App;
let client: AppClient;
let snapshot: Snapshot | null = null;

async function start(own: Partial<AppOptions> = {}): Promise<void> {
  app = await startApp({
    host: 'headless',
    version: '0',
    configArg: join(folder, 'w.toml'),
    env: env(),
    echoLog: null,
    engineEntry: built('engineWorker'),
    demoEntry: built('demoWorker'),
    ...own,
  });
  const wires = wirePair();
  app.serveWire(wires.far);
  ({ client } = connect(appContract, wires.near));
  client.snapshots(null, (frame) => {
    snapshot = frame.kind === 'whole' ? frame.snapshot : snapshot && applyDelta(snapshot, frame.delta);
  });
  await until(() => expect(venue.present.length).toBe(1));
}
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-app-'));
  venue = await GymVenue.open();
  writeFileSync(join(folder, 'w.toml'), `[link.one]\nurl = "${venue.url}"\n`);
  await start();
});
afterEach(async () => {
  await app.stop().catch(() => undefined);
  await venue.close();
  rmSync(folder, { recursive: true, force: true });
});

it('[L11] a pause that cannot be saved holds at once all the same, and every page says so until it is saved', async () => {
  const file = join(folder, 'w.toml');
  const text = readFileSync(file, 'utf8');
  let warnings: readonly string[] = [];
  client.app(null, (view) => {
    warnings = view.warnings;
  });
  writeFileSync(file, 'oops [');
  expect(await client.setLinkPaused({ link: 'one', paused: true })).toEqual({ ok: true, value: null });
  await until(() => expect(snapshot?.links.one?.state.kind).toBe('paused'));
  await until(() =>
    expect(warnings).toEqual([expect.stringMatching(/^one is paused; not yet saved: the settings file has problems/)]),
  );
  writeFileSync(file, `# repaired\n${text}`);
  await until(() => expect(warnings).toEqual([]));
  await until(() => expect(readFileSync(file, 'utf8')).toBe(`# repaired\n${text}enabled = false\n`));
  expect(venue.guests).toHaveLength(1);
  await client.setLinkPaused({ link: 'one', paused: false });
  await until(() => expect(venue.present.length).toBe(1));
});

it('[L11] one unsaved pause or resume does not undo another, and an unknown link is a problem of its own', async () => {
  const file = join(folder, 'w.toml');
  writeFileSync(file, `[link.one]\nurl = "${venue.url}"\nenabled = false\n[link.two]\nurl = "${venue.url}"\n`);
  await until(() => expect(snapshot?.links.two?.state.kind).toBe('up'));
  rmSync(file);
  mkdirSync(file);
  await client.setLinkPaused({ link: 'one', paused: false });
  await until(() => expect(snapshot?.links.one?.state.kind).toBe('up'));
  await client.setLinkPaused({ link: 'two', paused: true });
  await until(() => expect(snapshot?.links.two?.state.kind).toBe('paused'));
  expect(snapshot?.links.one?.state.kind).toBe('up');
  expect(await client.setLinkPaused({ link: 'nope', paused: true })).toMatchObject({
    ok: false,
    problem: { kind: 'unknown-link' },
  });
});

it('[C1] the values in force are told with where each comes from; an unknown link is a problem', async () => {
  const values = await client.linkSettings({ link: 'one' });
  if (!values.ok) throw new Error(values.problem.message);
  expect(values.value).toContainEqual(
    expect.objectContaining({ key: 'ping_interval_secs', value: '15', unit: 's', source: 'built in' }),
  );
  expect(await client.linkSettings({ link: '__proto__' })).toMatchObject({
    ok: false,
    problem: { kind: 'unknown-link' },
  });
});

it('[L17] after stop the log has its last line and the socket was closed with 1000', async () => {
  const codes: number[] = [];
  venue.newest.ws.on('close', (code) => codes.push(code));
  await app.stop();
  await until(() => expect(codes).toEqual([1000]));
  expect(readFileSync(join(folder, 'data/log/warmwire.log'), 'utf8')).toContain('Warmwire stopped');
});

it('[L17] the end does not wait for who has emptied the settings file, and the last good copy stays', async () => {
  await app.stop();
  let reads: () => void = () => undefined;
  const read = new Promise<void>((resolve) => {
    reads = resolve;
  });
  const readFile = async (path: string) => {
    const bytes = await realDisk.readFile(path);
    if (bytes.length === 0) reads();
    return bytes;
  };
  await start({ calls: Object.assign({}, realDisk, { readFile }) });
  writeFileSync(join(folder, 'w.toml'), '');
  await read;
  await app.stop();
  const { lastGoodFile } = settingsPaths(env(), process.platform, () => '', join(folder, 'w.toml'));
  expect(readFileSync(lastGoodFile, 'utf8')).toContain('[link.one]');
});

it('[C2] a data folder whose disk hangs keeps no link from being dialled at the start, and is claimed when it answers', async () => {
  await app.stop();
  const answered = Promise.withResolvers<void>();
  const onceAnswered =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (String(args[0]).startsWith(join(folder, 'data'))) await answered.promise;
      return call(...args);
    };
  const [readFile, mkdir] = [onceAnswered(realDisk.readFile), onceAnswered(realDisk.mkdir)];
  await start({ calls: Object.assign({}, realDisk, { readFile, mkdir }) });
  await until(() => expect(venue.present).toHaveLength(1));
  let warnings: readonly string[] = [];
  client.app(null, (view) => {
    warnings = view.warnings;
  });
  await until(() => expect(warnings.join()).toContain('the notices of earlier are not shown'));
  const claims = () => readdirSync(join(folder, 'data')).filter((name) => name.endsWith('.sock'));
  if (process.platform !== 'win32') expect(claims(), 'it would be bound on this thread').toEqual([]);
  answered.resolve();
  if (process.platform !== 'win32') await until(() => expect(claims()).toHaveLength(1));
});

it.skipIf(process.platform === 'win32')('[L10] nobody but its owner may look into the data folder', () => {
  for (const path of ['data', 'data/log']) expect(statSync(join(folder, path)).mode & 0o777, path).toBe(0o700);
});

it('[L17] a claim on a disk that hangs holds up nothing but itself, and the end says so', async () => {
  await app.stop();
  const unlink = (path: Parameters<typeof realDisk.unlink>[0]) =>
    String(path).endsWith('.sock') ? new Promise<never>(() => undefined) : realDisk.unlink(path);
  await start({ calls: { ...realDisk, unlink } });
  await expect(app.stop()).rejects.toThrow('the disk has not answered');
});

it('[L17] a disk that hangs keeps no socket open: links are closed 1000 first, and the end says what may be lost', async () => {
  await app.stop();
  let hangs: () => void = () => undefined;
  const hanging = new Promise<void>((resolve) => {
    hangs = resolve;
  });
  const rename = async (...[from, to]: Parameters<typeof realDisk.rename>) => {
    if (!String(to).endsWith('w.toml')) return realDisk.rename(from, to);
    hangs();
    return new Promise<never>(() => undefined);
  };
  await start({ calls: { ...realDisk, rename } });
  const text = `${readFileSync(join(folder, 'w.toml'), 'utf8')}# more\n`;
  void client.applySettings({ text, basedOn: null, watch: false });
  await hanging;
  const closed = once(venue.newest.ws, 'close');
  await expect(app.stop()).rejects.toThrow('the disk has not answered');
  expect((await closed)[0]).toBe(1000);
  expect(readFileSync(join(folder, 'data/log/warmwire.log'), 'utf8')).toContain('Warmwire stopped');
});

it('[S4] of a fault that a page is told of the log has the details: where, the stack, and no key', async () => {
  await app.stop();
  await start({ engineEntry: new URL('hosts/faultyEngine.ts', import.meta.url) });
  expect(await client.acknowledgeFailure({ link: 'one' })).toMatchObject({ ok: false, problem: { kind: 'bug' } });
  await app.stop();
  const log = readFileSync(join(folder, 'data/log/warmwire.log'), 'utf8');
  expect(log).toMatch(/engine acknowledgeFailure: Error: the test broke it at .*token=•••.*faultyEngine\.ts:\d+/);
  expect(log).not.toContain('in-the-clear');
});

it('[S4] of an engine that died the log has where, and no key; nor has what the page is told', async () => {
  await app.stop();
  process.env.DYING_ENGINE_FLAG = join(folder, 'died');
  await start({ engineEntry: new URL('hosts/dyingEngine.ts', import.meta.url) });
  let warnings: readonly string[] = [];
  client.app(null, (view) => {
    warnings = view.warnings;
  });
  void client.acknowledgeFailure({ link: 'one' });
  await until(() =>
    expect(warnings).toEqual([expect.stringMatching(/had to be restarted at .*killed it at .*token=•••/)]),
  );
  await app.stop();
  const log = readFileSync(join(folder, 'data/log/warmwire.log'), 'utf8');
  expect(log).toMatch(/engine thread: Error: the test killed it at .*token=•••.*dyingEngine\.ts:\d+/);
  expect(log).not.toContain('in-the-clear');
});

it('[D5] the wizard’s half of the host: cards, what is unfit in the words of the settings, and a trial that ends with the wire', async () => {
  const cards = await client.presets(null);
  expect(cards.ok && cards.value.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['kraken_v2', 'demo_tokyo', 'alpaca_data']),
  );
  const views: TrialView[] = [];
  const input = { preset: null, url: venue.url, subscribe: [], subscribeRaw: [] };
  client.trial({ ...input, url: 'wss:/typo' }, (view) => void views.push(view));
  await until(() => expect(views).toHaveLength(1));
  expect(views[0]?.stage).toMatchObject({ result: { kind: 'unfit', problems: [{ severity: 'error' }] } });

  const wires = wirePair();
  app.serveWire(wires.far);
  const page = connect(appContract, wires.near);
  page.client.trial(input, (view) => void views.push(view));
  await until(() => expect(views.at(-1)?.stage.kind).toBe('open'));
  expect(venue.present.length).toBe(2);
  expect(snapshot?.order).toEqual(['one']);
  const [, trial] = venue.present;
  const codes: number[] = [];
  let pings = 0;
  trial?.ws.on('ping', () => {
    pings += 1;
  });
  trial?.ws.once('close', (code) => codes.push(code));
  wires.far.close();
  await until(() => expect(codes).toEqual([1000]));
  // Left alone it would go on for its ten pings.
  expect(pings).toBeLessThan(9);
  expect(venue.present.length).toBe(1);
});
