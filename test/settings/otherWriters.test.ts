import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type DiskCalls, realDisk } from '../../src/main/settings/disk.ts';
import { watchesThat } from './fakeWatches.ts';
import { A, B, bench, names, nextView } from './storeBench.ts';

const THEIRS = `${A}[link.theirs]\nurl = "wss://theirs/"\n`;

/** Somebody else writes the file while Warmwire does, right before `text` would take its place. */
const meanwhile = (file: string, write: () => Promise<void>): DiskCalls => {
  let done = false;
  return {
    ...realDisk,
    chmod: async (path, mode) => {
      await realDisk.chmod(path, mode);
      if (done || !String(path).includes('config')) return;
      done = true;
      await write();
      expect(await readFile(file, 'utf8')).toBe(THEIRS);
    },
  };
};

it('[D3] an edit that somebody saves while a text is applied is a conflict, and stays', async () => {
  const { file, open } = await bench(A);
  const store = await open({ calls: meanwhile(file, () => writeFile(file, THEIRS)) });
  const outcome = await store.apply(B, store.view().revision);
  expect(outcome).toMatchObject({ ok: true, value: { kind: 'conflict', diskText: THEIRS } });
  expect(await readFile(file, 'utf8')).toBe(THEIRS);
  expect(names(store)).toEqual(['a', 'theirs']);
});

it('[D3] one that is saved while a press is written has the press in it in the end', async () => {
  const { file, open } = await bench(A);
  const store = await open({ calls: meanwhile(file, () => writeFile(file, THEIRS)), retrySaveMs: 20 });
  const saved = nextView(store, ({ text, unsaved }) => text.includes('enabled') && unsaved.length === 0);
  expect(await store.setLinkEnabled('a', false)).toEqual({ ok: true, value: null });
  await saved;
  expect(await readFile(file, 'utf8')).toBe(THEIRS.replace('wss://a/"\n', 'wss://a/"\nenabled = false\n'));
});

it('[D3] nor does a press that is saved later go over what somebody else wrote meanwhile', async () => {
  watchesThat('say nothing');
  const { file, open } = await bench(A);
  let full = true;
  const calls: DiskCalls = {
    ...realDisk,
    open: async (path, flags, mode) => {
      if (!full || !String(path).includes('config')) return realDisk.open(path, flags, mode);
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    },
    // The disk has room again as soon as theirs is in the file, which nobody has looked at yet.
    unlink: async (path) => {
      if (full && String(path).includes('config')) await writeFile(file, THEIRS);
      full = false;
      await realDisk.unlink(path);
    },
  };
  const store = await open({ calls, retrySaveMs: 1 });
  const saved = nextView(store, ({ text, unsaved }) => text.includes('enabled') && unsaved.length === 0);
  await store.setLinkEnabled('a', false);
  await saved;
  expect(await readFile(file, 'utf8')).toBe(THEIRS.replace('wss://a/"\n', 'wss://a/"\nenabled = false\n'));
  expect(names(store)).toEqual(['a', 'theirs']);
});
