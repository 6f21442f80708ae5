import { appendFile, chmod, lstat, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS_TEXT } from '../../src/main/settings/defaultText.ts';
import { type DiskCalls, realDisk, replaceFile } from '../../src/main/settings/disk.ts';
import type { SettingsStore } from '../../src/main/settings/settingsStore.ts';
import type { EngineConfig } from '../../src/shared/engineConfig.ts';
import { failed, ok } from '../../src/shared/outcome.ts';
import type { SettingsView } from '../../src/shared/settingsView.ts';
import { until } from '../support/until.ts';
import { surroundings, temporaryFolder } from './fixtures.ts';
import { A, B, bench, failing, names, nextView } from './storeBench.ts';

const undo = (store: SettingsStore) => store.undo(store.view().revision);

describe('opening', () => {
  it('[C1] a missing file is created with the default settings, and they run', async () => {
    const { file, open } = await bench(null);
    const store = await open();
    expect(await readFile(file, 'utf8')).toBe(DEFAULT_SETTINGS_TEXT);
    expect(store.view()).toMatchObject({ running: 'this file', fileTrouble: null, problems: [], undoText: null });
    expect(names(store)).toContain('demo-tokyo');
    expect(store.effective('demo-tokyo')?.find((one) => one.key === 'ping_interval_secs')?.source).toBe('preset');
    expect(store.effective('nobody')).toBeNull();
  });

  it('[C2] a file that is missing where there was one is not made anew: what ran goes on, and Apply writes it', async () => {
    const { file, lastGoodFile, open } = await bench(A);
    await (await open()).close();
    await rm(file);
    const store = await open();
    expect(names(store)).toEqual(['a']);
    const view = store.view();
    expect(view).toMatchObject({ text: A, running: 'the last good settings', undoText: null });
    expect(view.fileTrouble).toContain('the settings file is not there');
    expect(await readdir(dirname(file))).toEqual([]);
    expect(await readFile(lastGoodFile, 'utf8')).toBe(A);
    expect(await store.apply(A, view.revision)).toMatchObject({ ok: true, value: { kind: 'applied', changes: [] } });
    expect(await readFile(file, 'utf8')).toBe(A);
  });

  it('[C1] a named file that is gone by the time it is read is not made either', async () => {
    const { file, open } = await bench(null);
    const store = await open({ onFirst: null });
    expect(await readdir(dirname(file))).toEqual([]);
    expect(store.view()).toMatchObject({ running: 'the built-in settings', text: '' });
    expect(store.view().fileTrouble).toContain('the settings file is not there');
  });

  it('[C1] a first file that cannot be made is told of as one, with its path', async () => {
    const { file, open } = await bench(null);
    const made: string[] = [];
    const store = await open({ calls: failing('EACCES', 'open'), onFirst: () => made.push(file) });
    expect(store.view()).toMatchObject({
      running: 'the built-in settings',
      text: DEFAULT_SETTINGS_TEXT,
      fileTrouble: `the first settings file ${file} could not be made: this account may not write the file or its folder. The built-in settings run; apply the text on the Settings page to try again`,
    });
    expect(made).toEqual([]);
  });

  it('[C2] nothing is written either when the copy cannot be read', async () => {
    const { file, lastGoodFile, open } = await bench(null);
    await mkdir(lastGoodFile, { recursive: true });
    const store = await open();
    expect(await readdir(dirname(file))).toEqual([]);
    expect(store.view()).toMatchObject({ running: 'the built-in settings', text: '' });
    expect(store.view().fileTrouble).toContain('no copy of what ran last can be read');
  });

  it.each([
    ['is sound', A, ['a'], 'what ran last goes on from its copy. Apply the text'],
    ['has lost one link', `${B}ca_file = "gone.pem"\n`, ['a'], 'what is sound of it runs. Repair the text'],
    ['has lost its only link', `${A}ca_file = "gone.pem"\n`, null, 'so the built-in settings do. Repair the text'],
  ])('[C2] of a missing file it is said what runs in its place: a copy that %s', async (_, copy, running, said) => {
    const { lastGoodFile, open } = await bench(null);
    await replaceFile(lastGoodFile, copy, realDisk);
    const store = await open();
    expect(names(store)).toEqual(running ?? expect.arrayContaining(['demo-tokyo']));
    expect(store.view().fileTrouble).toMatch(/^the settings file is not there; /);
    expect(store.view().fileTrouble).toContain(said);
  });

  it('[C2] a file that is missing and comes with its late disk is taken, and so are its later edits', async () => {
    const { folder, file, open } = await bench(A);
    await (await open()).close();
    const away = join(folder, 'not mounted');
    await writeFile(file, B);
    await rename(dirname(file), away);
    const store = await open();
    expect(names(store)).toEqual(['a']);
    const came = nextView(store, (view) => view.running === 'this file');
    await rename(away, dirname(file));
    expect(await came).toMatchObject({ text: B, fileTrouble: null });
    const edited = nextView(store, (view) => view.text === '');
    await writeFile(file, '');
    await edited;
  });

  it('[C2] an empty file is valid: no links', async () => {
    const { open } = await bench('');
    const store = await open();
    expect(names(store)).toEqual([]);
    expect(store.view()).toMatchObject({ running: 'this file', text: '', fileTrouble: null, problems: [] });
  });

  it.each([
    ['half-written', '[link.a]\nurl = "wss:', null],
    ['wrong', '[link.a]\nurl = 3\n', null],
    ['not UTF-8', Buffer.from([0x61, 0x0a, 0xff, 0xfe]), 'not UTF-8 text: byte 3 (line 2)'],
    ['too large', Buffer.alloc(10 * 1024 * 1024, 0x23), 'the file has 10.0 MiB; settings may have at most 1 MiB'],
  ])('[C2] a file that is %s leaves the last good settings running and is not touched', async (_, content, trouble) => {
    const { file, open } = await bench(A);
    await (await open()).close();
    await writeFile(file, content);
    const before = await readFile(file);
    const store = await open();
    expect(names(store)).toEqual(['a']);
    const view = store.view();
    expect(view.running).toBe('the last good settings');
    if (trouble === null) expect(view.problems.length).toBeGreaterThan(0);
    else expect(view.fileTrouble).toContain(trouble);
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  it('[C2] without a last good copy the built-in settings run', async () => {
    const { open } = await bench('[link');
    const store = await open();
    expect(store.view().running).toBe('the built-in settings');
    expect(names(store)).toContain('demo-frankfurt');
  });

  const WITH_CA = `${B}ca_file = "gone.pem"\n`;
  const faults = (view: SettingsView): string[] => view.problems.map(({ path }) => path);

  it('[C2] a file and a kept copy that name a certificate which is gone cost that link only', async () => {
    const { file, configs, lastGoodFile, open } = await bench(WITH_CA);
    await replaceFile(lastGoodFile, WITH_CA, realDisk);
    const store = await open();
    expect(names(store)).toEqual(['a']);
    const view = store.view();
    expect(view).toMatchObject({ running: 'what was sound of the file at the start', text: WITH_CA, undoText: null });
    expect(faults(view)).toEqual(['link.b.ca_file']);
    expect(await readFile(lastGoodFile, 'utf8'), 'a part never takes the place of the copy').toBe(WITH_CA);

    await store.setLinkEnabled('a', false);
    expect(configs.at(-1)?.links).toMatchObject([{ name: 'a', enabled: false }]);
    expect(store.view().unsaved[0]).toContain('a is paused; not yet saved: the settings file has problems');
    const repaired = nextView(store, ({ running, unsaved }) => running === 'this file' && unsaved.length === 0);
    await writeFile(file, B);
    expect((await repaired).undoText, 'nobody can go back to a text with errors').toBeNull();
    expect(await readFile(file, 'utf8')).toBe(B.replace('wss://a/"\n', 'wss://a/"\nenabled = false\n'));
  });

  it('[C2] of a file that says nothing at all and a faulty copy, the sound links of the copy run', async () => {
    const { lastGoodFile, open } = await bench('[link');
    await replaceFile(lastGoodFile, WITH_CA, realDisk);
    const store = await open();
    expect(names(store)).toEqual(['a']);
    expect(store.view()).toMatchObject({ running: 'what was sound of the last good settings', text: '[link' });
  });

  it.each([
    ['enabled = "no"'],
    ['enabled = flase'],
    ['enable = false'],
    ['enabled = false\nenabled = true'],
    ['enabeld = flase'],
    ['profile = "trading" enabled = false'],
    ['enabled false'],
    ['\n[link.a]\nenabled = false'],
    ['\n[[link.a]]\nenabled = false'],
    ['\n[ link . a\nenabled = false'],
    ['\n[pool.p]\norigins = ["https://p/"]\n\n[link."a"]\nenabled = false'],
  ])('[C2] a link that may be paused is not run: %s', async (line) => {
    const { open } = await bench(`[link.b]\nurl = "wss://b/"\nmissed_pongs = "3"\n${A}${line}\n`);
    const store = await open();
    expect(names(store)).toEqual(['b']);
    expect(store.view().running).toBe('what was sound of the file at the start');
  });

  it.each([
    ['[link]\na.url = "wss://a/"\na.enabled = flase\nb.url = "wss://b/"'],
    ['[link]\na.url = "wss://a/"\n"a" . enabled = flase\nb.url = "wss://b/"'],
    ['link.a.url = "wss://a/"\nlink.b.url = "wss://b/"\nlink.a.enabled = flase'],
    ['link.a.enabled = flase\n[link.a]\nurl = "wss://a/"\n[link.b]\nurl = "wss://b/"'],
    ['[link.a]\nurl = "wss://a/"\nenabled = flase\n[log]\n[link.b]\nurl = "wss://b/"\n[log]\nlevel = "debug"'],
  ])('[C2] nor one that is written with dotted keys, or above a faulty table: %s', async (text) => {
    const { open } = await bench(text);
    expect(names(await open())).toEqual(['b']);
  });

  it.each([
    ['[link]\na.url = "wss://a/"\na enabled = false\nb.url = "wss://b/"'],
    ['link.a.url = "wss://a/"\nlink.b.url = "wss://b/"\nlink.a enabled = false'],
    ['[link]\na.url = "wss://a/"\nb.url = "wss://b/"\n[link]\na.enabled = false'],
  ])('[C2] where it cannot be read which link is meant none is run: %s', async (text) => {
    const { open } = await bench(text);
    expect((await open()).view().running).toBe('the built-in settings');
  });

  it.each([
    ['[link.a]\nurl = "wss://a/"\n[log]\nlevel = debug\n[link.b]\nurl = "wss://b/"'],
    ['[link.a]\nurl = "wss://a/"\n[link.b]\nurl = "wss://b/"\n[connection]\nws_jitter_factor = half'],
    ['title = Mine\n[link.a]\nurl = "wss://a/"\n[link.b]\nurl = "wss://b/"'],
    ['[link.a]\nurl = "wss://a/"\n[link.b]\nurl = "wss://b/"\n[link.third\nenabled = false'],
  ])('[C2] a fault in another table costs no link: %s', async (text) => {
    const { open } = await bench(text);
    expect(names(await open())).toEqual(['a', 'b']);
  });

  it('[C2] a folder in the file’s place, a file that may not be read, a folder that may not be written', async () => {
    const one = await bench(null);
    await mkdir(one.file);
    const store = await one.open();
    expect(store.view().fileTrouble).toBe('there is a folder where the settings file should be');
    const result = await store.apply(A, null);
    expect(result).toMatchObject({ ok: false, problem: { kind: 'is-folder' } });

    const two = await bench(A);
    const unreadable = await two.open({ calls: failing('EACCES', 'readFile') });
    expect(unreadable.view().fileTrouble).toBe('the settings file cannot be read: this account may not read it');
    expect(unreadable.view().running).toBe('the built-in settings');

    const three = await bench(null);
    const unwritable = await three.open({ calls: failing('EACCES', 'open') });
    expect(unwritable.view().fileTrouble).toContain('this account may not write the file or its folder');
    expect(names(unwritable)).toContain('demo-tokyo');
  });
});

describe('applying', () => {
  it('[D3] shows what would happen, then does it, and undoes it', async () => {
    const { file, lastGoodFile, configs, open } = await bench(A);
    const store = await open();
    const text = `${B}ping_interval_secs = 2\n`.replace('a/', 'z/');
    expect((await store.preview(text)).changes.map((change) => [change.link, change.effect])).toEqual([
      ['a', 'redial'],
      ['b', 'added'],
    ]);
    expect((await store.preview('[link.a]\nurl = 3')).problems).toHaveLength(1);
    expect(names(store)).toEqual(['a']);

    const applied = await store.apply(text, store.view().revision);
    expect(applied).toMatchObject({ ok: true, value: { kind: 'applied' } });
    expect(await readFile(file, 'utf8')).toBe(text);
    await until(async () => expect(await readFile(lastGoodFile, 'utf8')).toBe(text));
    expect(names(store)).toEqual(['a', 'b']);
    expect(store.view()).toMatchObject({ text, undoText: A });
    const said = await store.preview(A);
    expect(said.changes.map((change) => [change.link, change.effect])).toEqual([
      ['a', 'redial'],
      ['b', 'removed'],
    ]);

    const undone = await undo(store);
    expect(undone).toMatchObject({ ok: true, value: { kind: 'applied', changes: said.changes } });
    expect(await readFile(file, 'utf8')).toBe(A);
    expect(store.view().undoText).toBeNull();
    expect(configs.map((config) => config.links.length)).toEqual([2, 1]);
    expect(await undo(store)).toMatchObject({ ok: false, problem: { kind: 'nothing-to-undo' } });
  });

  it('[D3] an undo does what the view has shown: right behind an apply that the view does not show yet it does nothing', async () => {
    const { file, open } = await bench('');
    const store = await open();
    await store.apply(A, store.view().revision);
    const seen = store.view().revision;
    const both = await Promise.all([store.apply(B, seen), store.undo(seen)]);
    expect(both.map((one) => one.ok && one.value.kind)).toEqual(['applied', 'conflict']);
    expect(await readFile(file, 'utf8')).toBe(B);
  });

  it('[D3] an undo does not overwrite what somebody else wrote in between', async () => {
    const { file, open } = await bench(A);
    const store = await open();
    await store.apply(B, store.view().revision);
    await writeFile(file, '# mine\n');
    expect(await undo(store)).toMatchObject({ ok: true, value: { kind: 'conflict', diskText: '# mine\n' } });
    expect(await readFile(file, 'utf8')).toBe('# mine\n');
  });

  it('[C2] a text with problems is not written', async () => {
    const { file, configs, open } = await bench(A);
    const store = await open();
    const result = await store.apply('[link.a]\nurl = 3\n', store.view().revision);
    expect(result).toMatchObject({ ok: true, value: { kind: 'problems', problems: [{ line: 2 }] } });
    expect(await readFile(file, 'utf8')).toBe(A);
    expect(configs).toEqual([]);
  });

  it('[D3] an edit that started from another text is a conflict; null overwrites', async () => {
    const { file, open } = await bench(A);
    const store = await open();
    const { revision } = store.view();
    await writeFile(file, B);
    const refused = await store.apply('', revision);
    const conflict = { kind: 'conflict', diskText: B, revision: store.view().revision };
    expect(refused).toEqual({ ok: true, value: conflict });
    expect(await readFile(file, 'utf8')).toBe(B);
    expect(await store.apply(A, null)).toMatchObject({ ok: true, value: { kind: 'applied' } });
    expect(await readFile(file, 'utf8')).toBe(A);
  });

  it('[D3] bytes that are no text are only overwritten when asked to', async () => {
    const { file, open } = await bench(Buffer.from([0xff]));
    const store = await open();
    expect(await store.apply(A, store.view().revision)).toMatchObject({ ok: true, value: { kind: 'conflict' } });
    expect(await readFile(file)).toEqual(Buffer.from([0xff]));
    expect(await store.apply(A, null)).toMatchObject({ ok: true, value: { kind: 'applied' } });
    expect(store.view()).toMatchObject({ running: 'this file', fileTrouble: null });
  });

  it('[D3] two that apply at the same time: one wins, the other is told', async () => {
    const { open } = await bench('');
    const store = await open();
    const { revision } = store.view();
    const both = await Promise.all([store.apply(A, revision), store.apply(B, revision)]);
    expect(both.map((one) => one.ok && one.value.kind)).toEqual(['applied', 'conflict']);
  });

  it.each([
    ['ENOSPC', 'disk-full', 'the disk is full'],
    ['EACCES', 'not-allowed', 'may not write'],
    ['EROFS', 'read-only', 'read-only disk'],
  ])('[C2] %s says what to do, keeps the old file and leaves nothing behind', async (code, kind, words) => {
    const { folder, file, configs, open } = await bench(A);
    const full: DiskCalls = {
      ...realDisk,
      open: async (path, flags) => {
        if (!String(path).includes('config')) return realDisk.open(path, flags);
        const handle = await realDisk.open(path, flags);
        handle.writeFile = async () => {
          await handle.write('[li');
          throw Object.assign(new Error(code), { code });
        };
        return handle;
      },
    };
    const store = await open({ calls: full });
    const result = await store.apply(B, store.view().revision);
    expect(result).toMatchObject({ ok: false, problem: { kind, where: file } });
    expect(!result.ok && `${result.problem.message} ${result.problem.hint}`).toMatch(
      new RegExp(`${words}.*your text is still here`),
    );
    expect(await readFile(file, 'utf8')).toBe(A);
    expect(await readdir(join(folder, 'config'))).toEqual(['warmwire.toml']);
    expect(configs).toEqual([]);
    expect(store.view()).toMatchObject({ text: A, undoText: null });
  });

  it('[C2] settings run although their copy cannot be kept; it is said until it is kept, which is tried again', async () => {
    const { folder, lastGoodFile, open } = await bench(A);
    const inTheWay = join(folder, 'state');
    await writeFile(inTheWay, 'a file');
    const store = await open({ retrySaveMs: 20 });
    const unkept = expect.stringMatching(/^The settings run, but no copy of them could be kept: the file could not be/);
    await until(() => expect(store.view().unsaved).toEqual([unkept]));
    expect(await store.setLinkEnabled('a', false)).toEqual({ ok: true, value: null });
    await until(() => expect(store.view().unsaved).toEqual([unkept]));
    const kept = nextView(store, ({ unsaved }) => unsaved.length === 0);
    await rm(inTheWay);
    await kept;
    expect(await readFile(lastGoodFile, 'utf8')).toBe(`${A}enabled = false\n`);
  });

  it('[L10] the copy of what ran is for its owner only', async () => {
    const { lastGoodFile, open } = await bench(A);
    await (await open()).close();
    expect((await lstat(lastGoodFile)).mode & 0o777).toBe(0o600);
  });

  it.each([[A], ['[link']])('[L10] nor does one that was everybody’s to read stay so: beside %j', async (text) => {
    const { lastGoodFile, open } = await bench(text);
    await mkdir(dirname(lastGoodFile));
    await writeFile(lastGoodFile, A, { mode: 0o644 });
    await open();
    expect((await lstat(lastGoodFile)).mode & 0o777).toBe(0o600);
  });

  it('[D3] a link to the file stays a link, and the file keeps its mode', async () => {
    const { folder, file, open } = await bench(A);
    const target = join(folder, 'dotfiles.toml');
    await rename(file, target);
    await chmod(target, 0o600);
    await symlink(target, file);
    const store = await open();
    expect((await store.apply(B, store.view().revision)).ok).toBe(true);
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect(await readFile(target, 'utf8')).toBe(B);
    expect((await lstat(target)).mode & 0o777).toBe(0o600);
    const seen = nextView(store, (view) => view.text === A);
    await writeFile(`${target}.new`, A);
    await rename(`${target}.new`, target);
    expect((await seen).running).toBe('this file');
  });
});

describe('somebody else’s edits', () => {
  it('[D3] a good one runs at once, written in place or put in its place', async () => {
    const { folder, file, configs, open } = await bench(A);
    const store = await open();
    const inPlace = nextView(store, (view) => view.text === B);
    await writeFile(file, B);
    expect(await inPlace).toMatchObject({ running: 'this file', undoText: A });
    for (const text of [A, B, A]) {
      const replaced = nextView(store, (view) => view.text === text);
      await writeFile(join(folder, 'config', 'new'), text);
      await rename(join(folder, 'config', 'new'), file);
      await replaced;
    }
    expect(configs.map((config) => config.links.length)).toEqual([2, 1, 2, 1]);
  });

  it('[C2] a broken one changes nothing that runs and shows its problems until it is repaired', async () => {
    const { file, configs, open } = await bench(A);
    const store = await open();
    const broken = nextView(store, (view) => view.problems.length > 0);
    await appendFile(file, 'url = 3\n');
    expect(await broken).toMatchObject({ running: 'the last good settings', text: `${A}url = 3\n` });
    expect(names(store)).toEqual(['a']);
    expect(configs).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe(`${A}url = 3\n`);
    const repaired = nextView(store, (view) => view.running === 'this file');
    await writeFile(file, A);
    expect((await repaired).problems).toEqual([]);
  });

  it('[C2] a deleted file leaves everything running and comes back on apply', async () => {
    const { file, open } = await bench(A);
    const store = await open();
    const gone = nextView(store, (view) => view.fileTrouble !== null);
    await rm(file);
    const view = await gone;
    expect(view).toMatchObject({ text: A, running: 'the last good settings' });
    expect(view.fileTrouble).toContain('the settings file is gone');
    expect(names(store)).toEqual(['a']);
    expect(await store.apply(A, view.revision)).toMatchObject({ ok: true, value: { kind: 'applied', changes: [] } });
    expect(await readFile(file, 'utf8')).toBe(A);
  });

  it('[D3] an editor that empties the file before it writes does not close any link', async () => {
    const { file, configs, open } = await bench(A);
    // The editor goes on as soon as the empty file was read.
    const calls = Object.assign({}, realDisk, {
      readFile: async (path: string) => {
        const read = await realDisk.readFile(path);
        if (read.length === 0) await writeFile(file, B);
        return read;
      },
    });
    const store = await open({ calls });
    const seen = nextView(store, (view) => view.text === B);
    await writeFile(file, '');
    await seen;
    expect(configs.map((config) => config.links.length)).toEqual([2]);
    await writeFile(file, '');
    expect(await store.setLinkEnabled('b', false)).toEqual({ ok: true, value: null });
    expect(new Set(configs.map((config) => config.links.length))).toEqual(new Set([2]));
  });

  it('[D3] its own writes are not taken for somebody else’s', async () => {
    const { file, configs, open } = await bench(A);
    const store = await open();
    await store.apply(B, store.view().revision);
    const later = nextView(store, (view) => view.text === '');
    await writeFile(file, '');
    await later;
    expect(configs.map((config) => config.links.length)).toEqual([2, 0]);
  });
});

describe('pausing a link', () => {
  it('[D3] writes enabled into the file and keeps its comments', async () => {
    const { file, open } = await bench(`# mine\n${A}# end\n`);
    const store = await open();
    expect(await store.setLinkEnabled('a', true)).toEqual({ ok: true, value: null });
    expect(await store.setLinkEnabled('a', false)).toEqual({ ok: true, value: null });
    expect(await readFile(file, 'utf8')).toBe(`# mine\n${A}enabled = false\n# end\n`);
    expect(store.config().links[0]?.enabled).toBe(false);
    expect(await store.setLinkEnabled('b', true)).toMatchObject({ ok: false, problem: { kind: 'unknown-link' } });
    expect(await store.setLinkEnabled('constructor', true)).toMatchObject({
      ok: false,
      problem: { kind: 'unknown-link' },
    });
  });

  it('[D3] takes an unnoticed edit of the disk along instead of overwriting it', async () => {
    const { file, open } = await bench(A);
    const store = await open();
    await writeFile(file, B);
    expect((await store.setLinkEnabled('b', false)).ok).toBe(true);
    expect(await readFile(file, 'utf8')).toBe(`${B}enabled = false\n`);
  });
});

describe('undo and presses', () => {
  const enabled = (store: SettingsStore) =>
    Object.fromEntries(store.config().links.map((link) => [link.name, link.enabled]));

  it('[D3] Pause and Resume alone leave nothing to undo', async () => {
    const { open } = await bench(B);
    const store = await open();
    await store.setLinkEnabled('a', false);
    await store.setLinkEnabled('b', false);
    await store.setLinkEnabled('b', true);
    expect(store.view().undoText).toBeNull();
    expect(await undo(store)).toMatchObject({ ok: false, problem: { kind: 'nothing-to-undo' } });
    expect(enabled(store)).toEqual({ a: false, b: true });
  });

  it('[D3] an undo takes back the edit and keeps every press since, at its place, with the comments', async () => {
    const first = `# top\n${A}# a's end\n[link.b] # two\nurl = "wss://b/"\nenabled = true # on\n`;
    const { file, open } = await bench(first);
    const store = await open();
    const edited = first.replace('a/', 'z/');
    await store.apply(edited, store.view().revision);
    await store.setLinkEnabled('b', false);
    await store.apply(`${store.view().text}missed_pongs = 5\n`, store.view().revision);
    await store.setLinkEnabled('a', false);
    const paused = (text: string): string =>
      text.replace('enabled = true # on', 'enabled = false # on').replace("# a's end", "enabled = false\n# a's end");

    expect(store.view().undoText).toBe(paused(edited));
    expect((await store.preview(store.view().undoText ?? '')).changes).toMatchObject([{ link: 'b', effect: 'live' }]);
    await undo(store);
    expect(await readFile(file, 'utf8')).toBe(paused(edited));
    await undo(store);
    expect(await readFile(file, 'utf8')).toBe(paused(first));
    expect(store.view().undoText).toBeNull();
    expect(enabled(store)).toEqual({ a: false, b: false });
  });

  it('[D3] a link that the edit added goes with it, pressed or not', async () => {
    const { file, open } = await bench(A);
    const store = await open();
    await store.apply(B, store.view().revision);
    await store.setLinkEnabled('b', false);
    await undo(store);
    expect(await readFile(file, 'utf8')).toBe(A);
  });

  it('[D3] while the file has problems there is nothing to undo', async () => {
    const { file, open } = await bench(A);
    const store = await open();
    await store.apply(B, store.view().revision);
    const broken = nextView(store, (view) => view.problems.length > 0);
    await writeFile(file, 'url =');
    expect((await broken).undoText).toBeNull();
    expect(await undo(store)).toMatchObject({ ok: false, problem: { kind: 'broken-settings' } });
    expect(await readFile(file, 'utf8')).toBe('url =');
  });
});

describe('a press that cannot be saved', () => {
  const isOn = (config: EngineConfig): unknown => config.links[0]?.enabled;
  const settled = (store: SettingsStore) =>
    nextView(store, (view) => view.running === 'this file' && view.unsaved.length === 0);

  async function pausedWhileBroken(text = A) {
    const made = await bench(text);
    const store = await made.open();
    const broken = nextView(store, (view) => view.problems.length > 0);
    await writeFile(made.file, `${text}url = 3\n`);
    await broken;
    expect(await store.setLinkEnabled('a', false)).toEqual({ ok: true, value: null });
    expect(isOn(store.config())).toBe(false);
    expect(store.view().unsaved).toEqual([
      'a is paused; not yet saved: the settings file has problems. It holds while Warmwire runs, and is saved once the file is good again',
    ]);
    expect(store.effective('a')?.find((row) => row.key === 'enabled')).toMatchObject({ value: 'false' });
    return { ...made, store };
  }

  it('[C2] holds, and is written into the file as soon as that is good again', async () => {
    const { file, configs, store } = await pausedWhileBroken(`${A}# end\n`);
    const saved = settled(store);
    await writeFile(file, `# repaired\n${A}missed_pongs = 5\n# end\n`);
    await saved;
    expect(await readFile(file, 'utf8')).toBe(`# repaired\n${A}missed_pongs = 5\nenabled = false\n# end\n`);
    expect(configs.map(isOn)).toEqual([false, false, false]);
    expect(store.view().undoText, 'the repair is an edit, the press is none').toContain('enabled = false');
  });

  it('[D3] is written into the text that the person repairs on the page, and the preview says that it stays', async () => {
    const { file, configs, store } = await pausedWhileBroken();
    expect((await store.preview(A)).changes).toEqual([]);
    const saved = settled(store);
    expect(await store.apply(A, store.view().revision)).toMatchObject({ ok: true, value: { kind: 'applied' } });
    await saved;
    expect(await readFile(file, 'utf8')).toBe(`${A}enabled = false\n`);
    expect(configs.map(isOn)).not.toContain(true);
  });

  it('[C2] holds against a repaired file that says otherwise of itself, says so, and ends with the next press', async () => {
    const { file, configs, store } = await pausedWhileBroken();
    const repaired = nextView(store, (view) => view.running === 'this file');
    await writeFile(file, `${A}enabled = true\n`);
    expect((await repaired).unsaved).toEqual([
      'a is paused; not yet saved: the file now says enabled = true. It holds while Warmwire runs, until you press Resume',
    ]);
    expect(await readFile(file, 'utf8')).toBe(`${A}enabled = true\n`);
    await store.setLinkEnabled('a', true);
    expect(store.view().unsaved).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe(`${A}enabled = true\n`);
    expect(configs.map(isOn)).toEqual([false, false, true]);
  });

  it('[D3] gives way to what the person applies on the page, as the preview says', async () => {
    const { store } = await pausedWhileBroken();
    const text = `${A}enabled = true\n`;
    expect((await store.preview(text)).changes).toMatchObject([{ link: 'a', effect: 'resumed' }]);
    await store.apply(text, store.view().revision);
    expect(isOn(store.config())).toBe(true);
    expect(store.view().unsaved).toEqual([]);
  });

  it('[C2] is over when the file says the same, or when the press is taken back', async () => {
    const { file, store } = await pausedWhileBroken();
    const saved = settled(store);
    await writeFile(file, `${A}enabled = false\n`);
    await saved;
    expect(await readFile(file, 'utf8')).toBe(`${A}enabled = false\n`);

    const other = await pausedWhileBroken();
    await other.store.setLinkEnabled('a', true);
    expect(other.store.view().unsaved).toEqual([]);
    const good = settled(other.store);
    await writeFile(other.file, A);
    await good;
    expect(await readFile(other.file, 'utf8')).toBe(A);
  });

  it('[C2] holds at once when a certificate of another link is gone since, says so, and is saved when it is back', async () => {
    const text = `${B}ca_file = "later.pem"\n`;
    const { file, configs, open } = await bench(text);
    let gone = false;
    const readCa = (path: string) => (gone ? failed('no-file', 'there is no such file', path, 'look') : ok('PEM'));
    const store = await open({ surroundings: { ...surroundings, readCa }, retrySaveMs: 20 });
    gone = true;
    expect(await store.setLinkEnabled('a', false)).toEqual({ ok: true, value: null });
    expect(configs.map(isOn), 'what is said to be paused is paused').toEqual([false]);
    expect(store.view().unsaved).toEqual([
      'a is paused; not yet saved: the settings file has a problem now: link.b.ca_file: the certificate file "later.pem" cannot be used: there is no such file. It holds while Warmwire runs, and saving is tried again',
    ]);
    expect(await readFile(file, 'utf8')).toBe(text);
    const saved = settled(store);
    gone = false;
    await saved;
    expect(await readFile(file, 'utf8')).toContain('enabled = false');
  });

  it('[C2] on a full disk holds at once, says why, and is saved when there is room', async () => {
    const { file, configs, open } = await bench(A);
    let full = false;
    const calls: DiskCalls = {
      ...realDisk,
      open: (path, flags) =>
        full && String(path).includes('config')
          ? Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }))
          : realDisk.open(path, flags),
    };
    const store = await open({ calls, retrySaveMs: 20 });
    full = true;
    await store.setLinkEnabled('a', false);
    expect(configs.map(isOn)).toEqual([false]);
    expect(store.view().unsaved).toEqual([
      'a is paused; not yet saved: the disk is full, so the file could not be saved. It holds while Warmwire runs, and saving is tried again',
    ]);
    const saved = settled(store);
    full = false;
    await saved;
    expect(await readFile(file, 'utf8')).toBe(`${A}enabled = false\n`);
  });
});

describe('closing', () => {
  it('[L17] does not wait for an editor that has only emptied the file, and takes nothing of that over', async () => {
    const { file, lastGoodFile, configs, open } = await bench(A);
    let pauses = 0;
    let looks: () => void;
    const looked = new Promise<void>((resolve) => {
      looks = resolve;
    });
    const closing: Promise<void>[] = [];
    const pause = async () => {
      pauses += 1;
      closing.push(store.close());
      looks();
    };
    const store: SettingsStore = await open({ pause });
    await writeFile(file, '');
    await looked;
    await Promise.all(closing);
    expect(pauses).toBe(1);
    expect(configs).toEqual([]);
    expect(await readFile(lastGoodFile, 'utf8')).toBe(A);
  });

  it('[L17] a command whose file is still being looked at is refused, and overwrites nothing', async () => {
    const { file, configs, open } = await bench(A);
    const store: SettingsStore = await open({ pause: async () => void store.close() });
    await writeFile(file, B);
    expect(await store.apply(A, null)).toMatchObject({ ok: false, problem: { kind: 'closed' } });
    expect(await readFile(file, 'utf8')).toBe(B);
    expect(configs).toEqual([]);
  });

  it('[L17] [C2] a Pause that was in force when it closes is in the file', async () => {
    const { file, configs, open } = await bench(A);
    const store = await open();
    const pressed = store.setLinkEnabled('a', false);
    expect(configs.map(({ links }) => links[0]?.enabled)).toEqual([false]);
    await store.close();
    expect(await pressed).toEqual({ ok: true, value: null });
    expect(await readFile(file, 'utf8')).toBe(`${A}enabled = false\n`);
    expect(await store.setLinkEnabled('a', true)).toMatchObject({ ok: false, problem: { kind: 'closed' } });
  });

  it('[L17] [C2] one that could not be saved before is tried once more, and not over what somebody else has written', async () => {
    for (const theirs of [null, B]) {
      const { file, open } = await bench(A);
      let isFull = true;
      const openFile: DiskCalls['open'] = (path, ...rest) =>
        isFull && String(path).includes('config')
          ? Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }))
          : realDisk.open(path, ...rest);
      const store = await open({ calls: { ...realDisk, open: openFile } });
      await store.setLinkEnabled('a', false);
      expect(store.view().unsaved).toHaveLength(1);
      isFull = false;
      if (theirs !== null) await writeFile(file, theirs);
      await store.close();
      expect(await readFile(file, 'utf8')).toBe(theirs ?? `${A}enabled = false\n`);
    }
  });

  it('[C2] finishes what is being written, may be done twice, and refuses what comes later', async () => {
    const { file, open } = await bench(A);
    const store = await open();
    const applying = store.apply(B, store.view().revision);
    await applying;
    await Promise.all([store.close(), store.close()]);
    await store.close();
    expect(await readFile(file, 'utf8')).toBe(B);
    expect(await store.apply(A, null)).toMatchObject({ ok: false, problem: { kind: 'closed' } });
    expect(await readFile(file, 'utf8')).toBe(B);
  });

  it('[D3] 50 changes can be undone, in turn', async () => {
    const { open } = await bench('');
    const store = await open();
    const text = (n: number): string => `[link.a]\nurl = "wss://a/${n}"\n`;
    for (let n = 0; n < 55; n++) await store.apply(text(n), store.view().revision);
    let undone = 0;
    while (store.view().undoText !== null) {
      await undo(store);
      undone += 1;
    }
    expect(undone).toBe(50);
    expect(store.view().text).toBe(text(4));
  });
});

describe('replaceFile', () => {
  it('[C2] makes the folders it needs', async () => {
    const file = join(await temporaryFolder(), 'a', 'b', 'c.toml');
    expect(await replaceFile(file, 'x', realDisk)).toBeNull();
    expect(await readFile(file, 'utf8')).toBe('x');
  });
});
