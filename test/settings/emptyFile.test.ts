import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { A, bench, names, nextView } from './storeBench.ts';

/** As a power cut leaves it. */
async function emptiedAtStart(left = '') {
  const made = await bench(A);
  await (await made.open()).close();
  await writeFile(made.file, left);
  return { ...made, store: await made.open() };
}

it.each([[''], ['\n']])(
  '[C2] a file that is %j at the start takes nothing with it: its copy runs and stays',
  async (left) => {
    const { file, lastGoodFile, store } = await emptiedAtStart(left);
    expect(names(store)).toEqual(['a']);
    const view = store.view();
    expect(view).toMatchObject({ text: A, running: 'the last good settings' });
    expect(view.fileTrouble).toMatch(/^the settings file is empty, .* goes on from its copy\. Apply the text/);
    expect([await readFile(file, 'utf8'), await readFile(lastGoodFile, 'utf8')]).toEqual([left, A]);
    expect(await store.apply(A, view.revision)).toMatchObject({ ok: true, value: { kind: 'applied', changes: [] } });
    expect(await readFile(file, 'utf8')).toBe(A);
    expect(store.view()).toMatchObject({ running: 'this file', fileTrouble: null });
  },
);

it('[C2] an empty text that a person applies is meant so, and is what the next start runs', async () => {
  const { open, lastGoodFile, store } = await emptiedAtStart();
  expect(await store.apply('', store.view().revision)).toMatchObject({ ok: true, value: { kind: 'applied' } });
  await store.close();
  expect([names(store), await readFile(lastGoodFile, 'utf8')]).toEqual([[], '']);
  const next = await open();
  expect([names(next), next.view().running]).toEqual([[], 'this file']);
});

it('[C2] a text that comes into the empty file is taken', async () => {
  const { file, store } = await emptiedAtStart();
  const came = nextView(store, (view) => view.running === 'this file');
  await writeFile(file, A);
  expect(await came).toMatchObject({ text: A, fileTrouble: null });
});

it('[C2] a file that is emptied while Warmwire runs closes its links, and its copy stays', async () => {
  const { file, lastGoodFile, open } = await bench(A);
  const store = await open();
  const emptied = nextView(store, (view) => view.text === '');
  await writeFile(file, '');
  await emptied;
  await store.close();
  expect([names(store), await readFile(lastGoodFile, 'utf8')]).toEqual([[], A]);
});
