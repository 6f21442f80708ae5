import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CaFiles } from '../../src/main/settings/caFiles.ts';
import { openSurroundings } from '../../src/main/settings/liveSurroundings.ts';
import { evaluateNow } from '../../src/main/settings/running.ts';
import { GYM_CA, GYM_CA_FILE } from '../gym/venue.ts';
import { surroundings, temporaryFolder } from './fixtures.ts';
import { A, bench, names, nextView } from './storeBench.ts';

const files = new CaFiles('/nowhere');
const messageOf = (path: string, of = files): string | null => {
  const read = of.known(path);
  return read.ok ? null : read.problem.message.replace(path, 'it');
};

it('[C2] a certificate file is read; one that is none, or is gone, says so', async () => {
  const other = join(await temporaryFolder(), 'other.pem');
  await fs.writeFile(other, 'hello');
  expect(await files.look([GYM_CA_FILE, other, '/nowhere.pem'])).toBe(true);
  expect(files.known(GYM_CA_FILE)).toEqual({ ok: true, value: GYM_CA });
  expect(messageOf(other)).toBe('it holds no PEM certificate');
  expect(messageOf('/nowhere.pem')).toBe('it cannot be read (ENOENT)');
  expect(await files.look([GYM_CA_FILE, other]), 'nothing has changed').toBe(false);
  await fs.writeFile(other, GYM_CA);
  expect(await files.look([GYM_CA_FILE, other])).toBe(true);
  expect(messageOf(other)).toBeNull();
});

it('[C2] a relative path is one in the folder of the settings file, wherever Warmwire was started', async () => {
  const folder = await temporaryFolder();
  const { surroundings: own, stop } = await openSurroundings(
    join(folder, 'w.toml'),
    surroundings,
    () => undefined,
    1_000,
  );
  onTestFinished(stop);
  const text = '[link.a]\nurl = "wss://a/"\nca_file = "certs/ca.pem"\n';
  expect((await evaluateNow(text, own)).problems.map(({ message }) => message)).toEqual([
    `the certificate file "certs/ca.pem" cannot be used: ${join(folder, 'certs/ca.pem')} cannot be read (ENOENT)`,
  ]);
  await fs.mkdir(join(folder, 'certs'));
  await fs.writeFile(join(folder, 'certs/ca.pem'), GYM_CA);
  expect((await evaluateNow(text, own)).good?.config.links[0]?.ca).toBe(GYM_CA);
});

it.skipIf(process.platform === 'win32')('[C2] a pipe, a device, a folder and a huge file hold up nobody', async () => {
  const folder = await temporaryFolder();
  const [pipe, huge] = [join(folder, 'pipe'), join(folder, 'huge.pem')];
  execFileSync('mkfifo', [pipe]);
  await fs.writeFile(huge, GYM_CA.padEnd(1024 * 1024 + 1));
  await files.look([pipe, '/dev/zero', folder, huge]);
  for (const path of [pipe, '/dev/zero', folder]) expect(messageOf(path)).toBe('it is not an ordinary file');
  expect(messageOf(huge)).toBe('it has over 1 MiB');
});

/** Files of `/gone` are on a disk that answers nothing until `answer`. */
function hungDisk() {
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let calls = 0;
  let hangs = true;
  const stat = async (path: string) => {
    // At once: only what hangs is late, however busy this machine is.
    if (!path.startsWith('/gone')) return statSync(path);
    calls += 1;
    if (hangs) await answered;
    return statSync(GYM_CA_FILE);
  };
  const readFile = async (path: string) => (path.startsWith('/gone') ? GYM_CA : readFileSync(path, 'utf8'));
  const hang = (now: boolean): void => {
    hangs = now;
  };
  return { files: new CaFiles('/nowhere', { stat, readFile }, 100), hang, answer: () => answer(), calls: () => calls };
}

it('[C2] a certificate on a disk that hangs costs its own link only, and holds nobody up', async () => {
  const disk = hungDisk();
  const text = `[link.a]\nurl = "wss://a/"\nca_file = "${GYM_CA_FILE}"\n[link.b]\nurl = "wss://b/"\nca_file = "/gone/ca.pem"\n`;
  const own = { ...surroundings, readCa: disk.files.known, lookAtCa: disk.files.look };
  const { good, partial, problems } = await evaluateNow(text, own);
  expect(good).toBeNull();
  expect(partial.config.links.map(({ name, ca }) => [name, ca])).toEqual([['a', GYM_CA]]);
  expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'link.b.ca_file: the certificate file "/gone/ca.pem" cannot be used: /gone/ca.pem has not been read: its disk has not answered',
  ]);
  // As while somebody types another path.
  await evaluateNow(text.replace('ca.pem', 'c.pem'), own);
  expect(disk.calls(), 'one thread is enough to wait').toBe(1);
  disk.answer();
  await disk.files.look(['/gone/ca.pem']);
  expect((await evaluateNow(text, own)).good?.config.links.map(({ ca }) => ca)).toEqual([GYM_CA, GYM_CA]);
});

it('[C2] one that was read and is on a disk that hangs now stays as it was', async () => {
  const disk = hungDisk();
  disk.hang(false);
  await disk.files.look(['/gone/ca.pem']);
  disk.hang(true);
  expect(await disk.files.look(['/gone/ca.pem'])).toBe(false);
  expect(messageOf('/gone/ca.pem', disk.files)).toBeNull();
});

const LATE = '[link.late]\nurl = "wss://late/"\nca_file = "/gone/ca.pem"\n';

/** Settings that name a certificate on a disk that does not answer yet. */
async function late(text: string) {
  const made = await bench(text);
  const disk = hungDisk();
  const { known, look, onLate } = disk.files;
  const own = { ...surroundings, readCa: known, lookAtCa: look, onNews: onLate };
  return { ...made, disk, store: await made.open({ surroundings: own }) };
}

it('[C2] a link whose certificate comes late at the start runs then by itself', async () => {
  const { disk, store, configs } = await late(`${A}${LATE}`);
  expect(names(store)).toEqual(['a']);
  const came = nextView(store, ({ running }) => running === 'this file');
  disk.answer();
  expect(await came).toMatchObject({ problems: [], fileTrouble: null, undoText: null });
  expect(configs.at(-1)?.links.map(({ name, ca }) => [name, ca])).toEqual([
    ['a', null],
    ['late', GYM_CA],
  ]);
});

it('[C2] so does what was saved into the file meanwhile, with what was pressed while it could not run', async () => {
  const { file, disk, store } = await late(A);
  const refused = nextView(store, ({ problems }) => problems.length > 0);
  await fs.writeFile(file, `${A}${LATE}`);
  await refused;
  expect(names(store)).toEqual(['a']);
  await store.setLinkEnabled('a', false);
  expect(store.view().unsaved).toHaveLength(1);
  const saved = nextView(store, ({ running, unsaved }) => running === 'this file' && unsaved.length === 0);
  disk.answer();
  expect((await saved).problems).toEqual([]);
  expect(names(store)).toEqual(['a', 'late']);
  expect(await fs.readFile(file, 'utf8')).toBe(`${A}enabled = false\n${LATE}`);
});

it('[C2] a copy that stands in for the file has its late certificate, too', async () => {
  const { file, lastGoodFile, open } = await bench(`${A}${LATE}`);
  const read = hungDisk();
  read.hang(false);
  const sound = { ...surroundings, readCa: read.files.known, lookAtCa: read.files.look };
  await (await open({ surroundings: sound })).close();
  expect(await fs.readFile(lastGoodFile, 'utf8')).toContain('link.late');
  await fs.rm(file);
  const disk = hungDisk();
  const own = { ...surroundings, readCa: disk.files.known, lookAtCa: disk.files.look, onNews: disk.files.onLate };
  const store = await open({ surroundings: own });
  expect(store.view().running).toBe('what was sound of the last good settings');
  const came = nextView(store, ({ running }) => running === 'the last good settings');
  disk.answer();
  expect((await came).fileTrouble).toContain('goes on from its copy');
  expect(names(store)).toEqual(['a', 'late']);
});

it('[C2] a late certificate of a text that is only looked at puts nothing in force', async () => {
  const { disk, store, configs } = await late(A);
  expect((await store.preview(LATE)).problems).toHaveLength(1);
  const toldSo = nextView(store, ({ news }) => news === 1);
  disk.answer();
  await toldSo;
  expect((await store.preview(LATE)).problems, 'as who looks at it is told').toEqual([]);
  await disk.files.look(['/gone/ca.pem']);
  await store.apply(A, store.view().revision);
  expect(store.view()).toMatchObject({ running: 'this file', problems: [] });
  expect(configs, 'that of Apply').toHaveLength(1);
});
