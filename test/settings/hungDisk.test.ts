import fs, { readdir, readFile, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { dirname } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type DiskCalls, realDisk } from '../../src/main/settings/disk.ts';
import { A, B, bench, names, nextView } from './storeBench.ts';

const PAUSED = `${A}enabled = false\n`;

/** A disk on which each call to a path of this folder waits from `hang` to `answer`. */
function hungFolder(folder: string) {
  const gate = Promise.withResolvers<void>();
  let hangs = false;
  const held = Object.entries(realDisk).map(([name, call]) => {
    if (typeof call !== 'function') return [name, call] as const;
    const late = async (...args: readonly unknown[]): Promise<unknown> => {
      if (hangs && args.some((path) => String(path).startsWith(folder))) await gate.promise;
      return (call as (...args: readonly unknown[]) => Promise<unknown>)(...args);
    };
    return [name, late] as const;
  });
  const hang = () => {
    hangs = true;
  };
  return { calls: Object.fromEntries(held) as DiskCalls, hang, answer: () => gate.resolve() };
}

/** A disk that answers no call of this kind about the settings file until `answer`. */
async function hungAt(call: 'stat' | 'rename', text = A) {
  const made = await bench(text);
  let hangs = false;
  let answer = (): void => undefined;
  let asked = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const held = async (...args: readonly unknown[]): Promise<unknown> => {
    if (hangs && args.some((path) => path === made.file)) {
      asked();
      await answered;
    }
    return (realDisk[call] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
  };
  const store = await made.open({ calls: { ...realDisk, [call]: held } as DiskCalls });
  const isOn = () => made.configs.map((config) => config.links.map(({ enabled }) => enabled));
  const hang = () => {
    hangs = true;
  };
  return { ...made, store, isOn, hang, isAsked, answer: () => answer() };
}

it('[C2] a Pause is in force at once while the disk hangs, is said not to be saved, and is saved when it answers', async () => {
  const { file, store, isOn, hang, answer } = await hungAt('stat');
  hang();
  const pausing = store.setLinkEnabled('a', false);
  expect(isOn()).toEqual([[false]]);
  expect(store.view().unsaved, 'it may be saved in a moment').toEqual([]);
  expect(await pausing).toEqual({ ok: true, value: null });
  expect(store.view().unsaved).toEqual([
    'a is paused; not yet saved: the disk, or another program that writes the file, holds it up. It holds while Warmwire runs, and saving is tried again',
  ]);
  const saved = nextView(store, ({ unsaved }) => unsaved.length === 0);
  answer();
  await saved;
  expect(await readFile(file, 'utf8')).toBe(PAUSED);
  expect(isOn()).not.toContainEqual([true]);
});

it('[C2] the newest press holds, whatever the disk does with the ones before it', async () => {
  const { file, store, isOn, hang, isAsked, answer } = await hungAt('rename');
  hang();
  const pausing = store.setLinkEnabled('a', false);
  await isAsked;
  const resuming = store.setLinkEnabled('a', true);
  expect(isOn()).toEqual([[false], [true]]);
  answer();
  await Promise.all([pausing, resuming]);
  expect(isOn().at(-1)).toEqual([true]);
  expect(isOn().slice(1)).not.toContainEqual([false]);
  expect(await readFile(file, 'utf8')).toBe(`${A}enabled = true\n`);
  expect(store.view().unsaved).toEqual([]);
});

it('[C2] a press holds against a text that was applied before it and comes late', async () => {
  const { file, store, isOn, hang, isAsked, answer } = await hungAt('rename', PAUSED);
  hang();
  const applying = store.apply(`${A}enabled = true\n`, null);
  await isAsked;
  const pausing = store.setLinkEnabled('a', false);
  answer();
  await Promise.all([applying, pausing]);
  expect(isOn()).not.toContainEqual([true]);
  expect(await readFile(file, 'utf8')).toBe(PAUSED);
});

it('[D3] the edit of somebody else that a press meets is kept, and the press is in it', async () => {
  const { file, store, isOn } = await hungAt('stat');
  await writeFile(file, `${B}enabled = true\n`);
  await store.setLinkEnabled('a', false);
  expect(isOn().map(([a]) => a)).not.toContain(true);
  expect(await readFile(file, 'utf8')).toBe(`${PAUSED}${B.slice(A.length)}enabled = true\n`);
});

it('[C2] who presses several while the disk hangs waits once', async () => {
  const { store, hang, answer } = await hungAt('stat', B);
  hang();
  await store.setLinkEnabled('a', false);
  const begun = performance.now();
  await store.setLinkEnabled('b', false);
  expect(performance.now() - begun).toBeLessThan(500);
  expect(store.view().unsaved).toHaveLength(2);
  answer();
});

it('[C2] a data folder whose disk hangs holds up nothing but the copy that lies there, which is said', async () => {
  const { file, lastGoodFile, open } = await bench(A);
  const disk = hungFolder(dirname(lastGoodFile));
  const store = await open({ calls: disk.calls });
  disk.hang();
  const said = nextView(store, ({ unsaved }) => unsaved.length > 0);
  expect(await store.apply(B, store.view().revision)).toMatchObject({ ok: true, value: { kind: 'applied' } });
  const unkept = ['The settings run, but no copy of them could be kept: its disk does not answer'];
  expect((await said).unsaved).toEqual(unkept);
  expect(names(store)).toEqual(['a', 'b']);
  const taken = nextView(store, ({ text }) => text === `${B}# theirs\n`);
  await writeFile(file, `${B}# theirs\n`);
  await taken;
  await store.setLinkEnabled('b', false);
  expect(store.view().unsaved).toEqual(unkept);
  await store.apply(A, store.view().revision);
  const kept = nextView(store, ({ unsaved }) => unsaved.length === 0);
  disk.answer();
  await kept;
  await store.close();
  expect(await readFile(lastGoodFile, 'utf8'), 'the newest').toBe(A);
});

it('[C2] a start with such a data folder runs the file, and calls the copy unreadable where it needs it', async () => {
  const sound = await bench(A);
  const disk = hungFolder(dirname(sound.lastGoodFile));
  disk.hang();
  expect(names(await sound.open({ calls: disk.calls }))).toEqual(['a']);
  disk.answer();
  const missing = await bench(null);
  const other = hungFolder(dirname(missing.lastGoodFile));
  other.hang();
  const store = await missing.open({ calls: other.calls });
  expect(store.view().fileTrouble).toContain('no copy of what ran last can be read');
  expect(await missing.open({ calls: other.calls }).then(() => readdir(dirname(missing.file)))).toEqual([]);
  other.answer();
});

/** The disk of the settings and of their watch answers nothing until `answer`, but to `calls`. */
function hangAtStart(folder: string) {
  const { stat } = fs;
  const gate = Promise.withResolvers<void>();
  const setStat = (other: typeof stat): void => {
    fs.stat = other;
    syncBuiltinESMExports();
  };
  const late = async (...args: Parameters<typeof stat>) => {
    if (String(args[0]).startsWith(folder)) await gate.promise;
    return stat(...args);
  };
  setStat(late as typeof stat);
  onTestFinished(() => {
    gate.resolve();
    setStat(stat);
  });
  return { answer: () => gate.resolve(), calls: { ...realDisk, stat } };
}

it('[C2] a settings file whose disk hangs at the start: its copy runs, and the file once the disk answers', async () => {
  const { file, configs, open } = await bench(A);
  await (await open()).close();
  await writeFile(file, B);
  const disk = hangAtStart(dirname(file));
  const store = await open();
  expect(names(store)).toEqual(['a']);
  expect(store.view()).toMatchObject({
    running: 'the last good settings',
    fileTrouble: 'the settings file cannot be read: its disk does not answer. It is taken when it does',
  });
  await store.setLinkEnabled('a', false);
  const came = nextView(store, ({ running, unsaved }) => running === 'this file' && unsaved.length === 0);
  disk.answer();
  expect(await came).toMatchObject({ fileTrouble: null, text: B.replace(A, PAUSED) });
  expect(configs.at(-1)?.links).toMatchObject([{ enabled: false }, { name: 'b' }]);
});

it('[C2] what comes of such a start is what would have come of one in time: an empty file closes no link', async () => {
  const { file, open } = await bench(A);
  await (await open()).close();
  await writeFile(file, '');
  const disk = hangAtStart(dirname(file));
  const store = await open();
  const came = nextView(store, ({ fileTrouble }) => fileTrouble?.includes('is empty') === true);
  disk.answer();
  expect((await came).running).toBe('the last good settings');
  expect(names(store)).toEqual(['a']);
});

it('[C1] the very first start makes the file once such a disk answers', async () => {
  const { file, open } = await bench(null);
  const disk = hangAtStart(dirname(file));
  const store = await open();
  expect(names(store)).toContain('demo-tokyo');
  const made = nextView(store, ({ running }) => running === 'this file');
  disk.answer();
  const { text } = await made;
  expect(await readFile(file, 'utf8')).toBe(text);
});

it('[C2] a disk that hangs after the first reading, as for its watch, does not hold up the start', async () => {
  const { file, open } = await bench(A);
  await (await open()).close();
  const disk = hangAtStart(dirname(file));
  expect(names(await open({ calls: disk.calls }))).toEqual(['a']);
  disk.answer();
});
