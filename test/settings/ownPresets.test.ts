import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openSurroundings } from '../../src/main/settings/liveSurroundings.ts';
import { OwnPresets } from '../../src/main/settings/ownPresets.ts';
import { builtInPresets } from '../../src/main/settings/presets.ts';
import type { SettingsOptions } from '../../src/main/settings/settingsStore.ts';
import { temporaryFolder } from './fixtures.ts';
import { bench, names, nextView } from './storeBench.ts';

const MINE =
  'venue = "Mine"\nsource = "their chat"\nfacts_as_of = "2026-11"\nping = { kind = "text", send = "hi", reply = "ho" }\n';

async function folderWith(files: Readonly<Record<string, string>>) {
  const folder = join(await temporaryFolder(), 'presets');
  const troubles: (string | null)[] = [];
  const presets = new OwnPresets({ folder, builtIn: builtInPresets(), onTrouble: (told) => troubles.push(told) });
  let changes = 0;
  presets.onChange(() => {
    changes += 1;
  });
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  await presets.look();
  const twice = async (): Promise<void> => {
    await presets.look();
    await presets.look();
  };
  return { folder, presets, troubles, write, twice, changes: () => changes };
}

it('[C3] a file in the folder is a preset of its name, besides those that come along; no folder is no trouble', async () => {
  const { folder, presets, troubles, write, twice, changes } = await folderWith({});
  expect([...presets.all.keys()]).toEqual([...builtInPresets().keys()]);
  await write('mine.toml', MINE);
  await write('notes.txt', 'to do');
  await write('.mine.toml.swp.toml', 'half');
  await twice();
  expect(presets.all.size).toBe(builtInPresets().size + 1);
  expect(presets.all.get('mine')).toMatchObject({ venue: 'Mine', note: `Your own preset, from ${folder}/mine.toml. ` });
  expect([changes(), troubles]).toEqual([1, []]);
});

it('[C3] one of the name of a preset that comes along stands in its place until its file is gone', async () => {
  const { folder, presets, twice } = await folderWith({ 'kraken_v2.toml': MINE });
  expect(presets.all.get('kraken_v2')?.venue).toBe('Mine');
  await rm(join(folder, 'kraken_v2.toml'));
  await presets.look();
  expect(presets.all.get('kraken_v2')?.venue, 'an editor may be replacing it').toBe('Mine');
  await twice();
  expect(presets.all.get('kraken_v2')?.venue).toBe('Kraken');
});

it('[C3] what is written is taken once it stays as it is', async () => {
  const { presets, write } = await folderWith({ 'mine.toml': MINE });
  await write('mine.toml', MINE.replace('"Mine"', '"Hal'));
  await presets.look();
  await write('mine.toml', MINE.replace('"Mine"', '"Half no more"'));
  await presets.look();
  expect(presets.all.get('mine')?.venue).toBe('Mine');
  await presets.look();
  expect(presets.all.get('mine')?.venue).toBe('Half no more');
});

it('[C2] a fault is told with its place, and what was in force stays; a new one is none', async () => {
  const { folder, presets, troubles, write, twice, changes } = await folderWith({ 'mine.toml': MINE });
  await write('mine.toml', `${MINE}url = \n`);
  await write('other.toml', MINE.replace('facts_as_of', 'facts'));
  await mkdir(join(folder, 'folder.toml'));
  await twice();
  expect(presets.all.get('mine')?.venue).toBe('Mine');
  expect(presets.all.has('other')).toBe(false);
  expect(changes(), 'that of the first look').toBe(1);
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toMatch(
    /^.*folder\.toml is not an ordinary file; a link that names it cannot run\. preset mine, line 5: .*; it stays in force as it was before\. preset other: .*facts_as_of.*; a link/,
  );
  await write('mine.toml', MINE);
  await rm(join(folder, 'other.toml'));
  await rm(join(folder, 'folder.toml'), { recursive: true });
  await twice();
  await twice();
  expect(troubles.at(-1)).toBeNull();
});

it('[C2] a folder that cannot be read is told, and its presets stay', async () => {
  const { folder, presets, troubles, twice } = await folderWith({ 'mine.toml': MINE });
  await rm(folder, { recursive: true });
  await writeFile(folder, 'a file');
  await twice();
  expect(troubles).toEqual([expect.stringContaining('(ENOTDIR); its presets stay as they were read before')]);
  expect(presets.all.get('mine')?.venue).toBe('Mine');
});

it('[L17] a disk that does not answer is asked once at a time, and holds up no start', async () => {
  const { file } = await bench('');
  let asked = 0;
  const never = new Promise<never>(() => undefined);
  const readdir = (): Promise<never> => {
    asked += 1;
    return never;
  };
  const calls = { readdir, stat: () => never, readFile: () => never };
  const presets = new OwnPresets({ folder: file, builtIn: new Map(), onTrouble: () => undefined, calls });
  void presets.look();
  void presets.look();
  expect(asked).toBe(1);
  const started = await openSurroundings(file, { demoAddresses: new Map(), demoCa: null }, () => undefined, 1, calls);
  onTestFinished(started.stop);
  expect(started.surroundings.presets.get('kraken_v2')?.venue).toBe('Kraken');
});

it('[C3] a link runs by it, is tried again when it comes or changes, and goes on when it is gone', async () => {
  const text = '[link.a]\nurl = "wss://a/"\n[link.b]\nurl = "wss://b/"\npreset = "mine"\n';
  const { file, configs, open } = await bench(text);
  const folder = join(file, '..', 'presets');
  const builtIn = builtInPresets();
  const own = new OwnPresets({ folder, builtIn, onTrouble: () => undefined });
  const { surroundings } = await openSurroundings(
    file,
    { demoAddresses: new Map(), demoCa: null },
    () => undefined,
    1000,
  );
  const live = {
    ...surroundings,
    get presets() {
      return own.all;
    },
    onNews: own.onChange,
  };
  await own.look();
  let isHello = (): void => undefined;
  const hello = new Promise<void>((resolve) => {
    isHello = resolve;
  });
  const onChange: SettingsOptions['onChange'] = ({ config }) => {
    configs.push(config);
    if (config.links.some(({ preset }) => 'send' in preset.ping && preset.ping.send === 'hello')) isHello();
  };
  const store = await open({ surroundings: live, onChange });
  expect(names(store)).toEqual(['a']);
  expect(store.view().problems.map(({ path }) => path)).toEqual(['link.b.preset']);
  const settled = async (): Promise<void> => {
    await own.look();
    await own.look();
  };
  const runs = nextView(store, ({ running }) => running === 'this file');
  await mkdir(folder);
  await writeFile(join(folder, 'mine.toml'), MINE);
  await settled();
  expect((await runs).problems).toEqual([]);
  expect(configs.at(-1)?.links.map(({ name, preset }) => [name, preset.venue])).toEqual([
    ['a', 'Plain WebSocket'],
    ['b', 'Mine'],
  ]);
  await writeFile(join(folder, 'mine.toml'), MINE.replace('"hi"', '"hello"'));
  await settled();
  await hello;
  const gone = nextView(store, ({ problems }) => problems.length > 0);
  await rm(folder, { recursive: true });
  await settled();
  expect((await gone).problems.map(({ path }) => path)).toEqual(['link.b.preset']);
  expect(names(store), 'what runs stays').toEqual(['a', 'b']);
});
