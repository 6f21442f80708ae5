import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import type { SettingsStore } from '../../src/main/settings/settingsStore.ts';
import { A, B, bench, nextView } from './storeBench.ts';

const FAULT = '[log]\nlevel = debug\n';
const PAUSED = B.replace('wss://a/"\n', 'wss://a/"\nenabled = false\n');

const isOn = (store: SettingsStore) =>
  Object.fromEntries(store.config().links.map(({ name, enabled }) => [name, enabled]));

/** What was written while Warmwire did not run, beside the copy of what ran before. */
async function startedWith(text: string, ran = B) {
  const made = await bench(ran);
  await (await made.open()).close();
  await writeFile(made.file, text);
  const store = await made.open();
  expect(store.view().running).toBe('the last good settings');
  return { ...made, store };
}

it('[C2] a link that a faulty file pauses is not dialled by the copy that stands in for it, and every page says so', async () => {
  const { store } = await startedWith(`${PAUSED}missed_pongs = = 3\n`);
  expect(isOn(store), 'the faulty line is not the pause').toEqual({ a: false, b: true });
  expect(store.view().unsaved).toEqual([expect.stringMatching(/^a stays paused: the settings file has problems/)]);
  expect(store.effective('a')?.find(({ key }) => key === 'enabled')).toMatchObject({ value: 'false' });
});

it('[C2] nor one that was paused when no copy could be kept', async () => {
  const { file, lastGoodFile, open } = await bench(A);
  await (await open()).close();
  await rm(dirname(lastGoodFile), { recursive: true });
  await writeFile(dirname(lastGoodFile), 'a file');
  const store = await open();
  await store.setLinkEnabled('a', false);
  await store.close();
  await rm(dirname(lastGoodFile));
  const kept = await bench(A);
  await (await kept.open()).close();
  await writeFile(file, `${await readFile(file, 'utf8')}${FAULT}`);
  expect(isOn(await open({ lastGoodFile: kept.lastGoodFile }))).toEqual({ a: false });
});

it.each([['enabled = flase'], ['enabled false'], ['paused = "yes"'], ['enabled = false\nenabled = true']])(
  '[C2] nor one of which the file may say it: %s',
  async (line) => {
    const { store } = await startedWith(B.replace('wss://a/"\n', `wss://a/"\n${line}\n`));
    expect(isOn(store)).toEqual({ a: false, b: true });
  },
);

it('[C2] nor any of them where the file says it of one and may say it of another', async () => {
  expect(isOn((await startedWith(`${PAUSED}enabled false\n`)).store)).toEqual({ a: false, b: false });
});

it.each([
  [`[link.a\nurl = "wss://a/"\nenabled = false\n${B.slice(A.length)}`],
  [`[link.c]\nurl = "wss://a/"\nenabled = false\n${B.slice(A.length)}${FAULT}`],
])('[C2] nor one whose table cannot be found in a file with a new pause: %s', async (text) => {
  expect(isOn((await startedWith(text)).store)).toEqual({ a: false, b: true });
});

it.each([
  ['a line of its table is no TOML', `${A}missed_pongs = = 3\n${B.slice(A.length)}`, B],
  ['its table is cut off', '[link.a]\nurl = "wss:', A],
  ['a header is wrong', `[[link]]\n${B}`, B],
  ['its key is there twice', `${A}url = "wss://z/"\n${B.slice(A.length)}`, B],
  [
    'another link was off before',
    `${A}missed_pongs = = 3\n${B.slice(A.length)}enabled = false\n`,
    `${B}enabled = false\n`,
  ],
])('[C2] a fault without any word of a pause costs no link: %s', async (_, text, ran) => {
  const { store } = await startedWith(text, ran);
  expect(isOn(store).a).toBe(true);
  expect(store.view().unsaved).toEqual([]);
});

it('[C2] the repaired file decides, and no Undo dials what it has paused', async () => {
  const { file, store } = await startedWith(`${PAUSED}${FAULT}`);
  const repaired = nextView(store, ({ running }) => running === 'this file');
  await writeFile(file, `${PAUSED}ping_interval_secs = 3\n`);
  const { unsaved, undoText } = await repaired;
  expect([unsaved, undoText, isOn(store)]).toEqual([[], PAUSED, { a: false, b: true }]);
  const resumed = nextView(store, ({ text }) => text === B);
  await writeFile(file, B);
  await resumed;
  expect(isOn(store)).toEqual({ a: true, b: true });
});

it('[C2] a Resume ends it, and stands in the file once that is good', async () => {
  const { file, store } = await startedWith(`${PAUSED}${FAULT}`);
  await store.setLinkEnabled('a', true);
  expect(isOn(store)).toEqual({ a: true, b: true });
  expect(store.view().unsaved).toEqual([expect.stringContaining('a is resumed; not yet saved')]);
  const saved = nextView(store, ({ running, unsaved }) => running === 'this file' && unsaved.length === 0);
  await writeFile(file, PAUSED);
  await saved;
  expect(await readFile(file, 'utf8')).toBe(PAUSED.replace('false', 'true'));
});
