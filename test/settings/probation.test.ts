import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type DiskCalls, realDisk } from '../../src/main/settings/disk.ts';
import { Probation } from '../../src/main/settings/probation.ts';
import type { Standings } from '../../src/main/settings/rollback.ts';
import type { SettingsStore } from '../../src/main/settings/settingsStore.ts';
import { openSettings } from '../../src/main/settings/store.ts';
import type { ProbationView } from '../../src/shared/settingsView.ts';
import { after, monoMs } from '../../src/shared/units.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { until } from '../support/until.ts';
import { surroundings, temporaryFolder } from './fixtures.ts';

const BEFORE = '# mine\n[link.kraken]\nurl = "wss://a/"\n\n[link.okx]\nurl = "wss://b/"\n';
const AFTER = BEFORE.replace('wss://a/', 'wss://c/');
const UP = { kind: 'up', since: monoMs(0) } as const;
const WELL = { state: UP, health: { level: 'healthy' }, fit: { fit: true } } as const;
const ILL = {
  state: UP,
  health: { level: 'degraded', reasons: [{ kind: 'waiting' }] },
  fit: { fit: false, reasons: [{ kind: 'not-up', state: 'waiting' }] },
} as const;

interface Bench {
  readonly file: string;
  readonly store: SettingsStore;
  readonly probation: Probation;
  readonly clock: FakeClock;
  readonly views: ProbationView[];
  readonly warnings: (string | null)[];
  readonly lines: string[];
  readonly lastGoodFile: string;
  links: Record<string, typeof WELL | typeof ILL> | null;
  apply(text?: string, watch?: boolean): Promise<void>;
}

async function bench(text = BEFORE, calls: DiskCalls = realDisk): Promise<Bench> {
  const folder = await temporaryFolder();
  const file = join(folder, 'warmwire.toml');
  await writeFile(file, text);
  const lastGoodFile = join(folder, 'last-good.toml');
  const onChange = (): void => undefined;
  const options = { file, lastGoodFile, defaultText: '', onFirst: null, surroundings, onChange, calls };
  const store = await openSettings(options);
  onTestFinished(() => store.close());
  const clock = new FakeClock();
  const views: ProbationView[] = [];
  const warnings: (string | null)[] = [];
  const lines: string[] = [];
  const probation = new Probation(store, {
    now: () => clock.now(),
    everySecond: (task) => {
      let cancel = (): void => undefined;
      const arm = (): void => {
        cancel = clock.at(after(clock.now(), 1000), () => {
          arm();
          task();
        });
      };
      arm();
      return () => cancel();
    },
    standings: (): Standings | null => (made.links === null ? null : new Map(Object.entries(made.links))),
    warn: (sentence) => warnings.push(sentence),
    log: (line) => lines.push(line),
  });
  onTestFinished(() => probation.stop());
  probation.subscribe((view) => views.push(view));
  const made: Bench = {
    file,
    store,
    probation,
    clock,
    views,
    warnings,
    lines,
    lastGoodFile,
    links: { kraken: WELL, okx: WELL },
    apply: async (edited = AFTER, watch = true) => {
      const outcome = await probation.apply(edited, store.view().revision, watch);
      expect(outcome).toMatchObject({ ok: true, value: { kind: 'applied' } });
    },
  };
  return made;
}

/** A disk that puts no file of this name in its place from `hang` to `answer`, and none at all once it is `full`. */
function slowDisk(name: string) {
  let gate = Promise.resolve();
  let free = (): void => undefined;
  let isFull = false;
  const calls: DiskCalls = {
    ...realDisk,
    rename: async (from, to) => {
      if (String(to).endsWith(name)) await gate;
      if (isFull) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      return realDisk.rename(from, to);
    },
  };
  const hang = (): void => {
    const held = Promise.withResolvers<void>();
    gate = held.promise;
    free = held.resolve;
  };
  const fill = (): void => {
    isFull = true;
  };
  return { calls, hang, fill, answer: () => free() };
}

/** The view that the probation ends with. */
async function ended({ probation, clock }: Bench, forMs = 31_000): Promise<ProbationView> {
  await clock.advance(forMs);
  if (probation.view.kind !== 'watching') return probation.view;
  return new Promise((resolve) => {
    const stop = probation.subscribe((view) => {
      stop();
      resolve(view);
    });
  });
}

const onDisk = ({ file }: Bench): Promise<string> => readFile(file, 'utf8');

it('[D3] an edit after which all is well stays; the page is told how long and how many', async () => {
  const held = await bench();
  await held.apply();
  expect(held.probation.view).toEqual({ kind: 'watching', leftSecs: 30, links: 2, worse: [] });
  await held.clock.advance(6000);
  expect(held.probation.view).toMatchObject({ kind: 'watching', leftSecs: 24 });
  expect(await ended(held)).toEqual({ kind: 'kept', links: 2, worse: [] });
  expect(await onDisk(held)).toBe(AFTER);
});

it('[D3] an edit after which a healthy link is not is put back through the file, with the reason in words', async () => {
  const held = await bench();
  await held.apply();
  held.links = { kraken: ILL, okx: WELL };
  await held.clock.advance(29_000);
  expect(held.probation.view).toMatchObject({ kind: 'watching', worse: [expect.stringContaining('kraken')] });
  const view = await ended(held, 1000);
  const sentence = 'kraken was healthy and is degraded: waiting to reconnect';
  expect(view).toEqual({ kind: 'put-back', worse: [sentence], text: AFTER });
  expect(await onDisk(held)).toBe(BEFORE);
  expect(held.store.view().undoText).toBeNull();
  expect(held.lines).toEqual([expect.stringContaining(sentence)]);
  held.probation.keep();
  expect(held.probation.view).toEqual({ kind: 'none' });
  expect(held.warnings.at(-1)).toBeNull();
});

it('[D3] nothing is put back once somebody said to stop watching', async () => {
  const held = await bench();
  await held.apply();
  held.links = { kraken: ILL, okx: WELL };
  await held.clock.advance(10_000);
  held.probation.keep();
  await held.clock.advance(60_000);
  expect(held.probation.view.kind).toBe('kept');
  expect(await onDisk(held)).toBe(AFTER);
});

it.each([
  ['is off in the settings', `${AFTER}[app]\nrollback_after_secs = 0\n`, true],
  ['is off for this once', AFTER, false],
])('[D3] an edit is not watched where that %s', async (_, text, watch) => {
  const held = await bench();
  await held.apply(text, watch);
  held.links = { kraken: ILL, okx: ILL };
  await held.clock.advance(60_000);
  expect(held.probation.view).toEqual({ kind: 'none' });
  expect(await onDisk(held)).toBe(text);
});

it('[D3] the time is the one of the settings', async () => {
  const held = await bench();
  await held.apply(`${AFTER}[app]\nrollback_after_secs = 7\n`);
  held.links = { kraken: ILL, okx: WELL };
  expect((await ended(held, 7000)).kind).toBe('put-back');
});

it.each([
  ['has read', true],
  ['has not read yet', false],
])('[D3] nothing is put back over an edit of the file that the store %s', async (_, isRead) => {
  const held = await bench();
  await held.apply();
  held.links = { kraken: ILL, okx: WELL };
  const theirs = `${AFTER}# theirs\n`;
  await writeFile(held.file, theirs);
  if (isRead) await until(() => expect(held.store.view().text).toBe(theirs));
  const view = await ended(held);
  expect(view).toMatchObject({ kind: 'not-judged', why: expect.stringContaining('edited again') });
  expect(await onDisk(held)).toBe(theirs);
});

it('[D3] an edit or an undo of somebody else ends the watch of the one before', async () => {
  const held = await bench();
  await held.apply();
  held.links = { kraken: ILL, okx: WELL };
  await held.store.undo(held.store.view().revision);
  expect(await ended(held)).toMatchObject({ kind: 'not-judged' });
  expect(await onDisk(held)).toBe(BEFORE);
});

it('[D3] a Pause meanwhile is no edit: the text goes back and the press stays', async () => {
  const held = await bench();
  await held.apply();
  held.links = { kraken: ILL, okx: WELL };
  await held.store.setLinkEnabled('okx', false);
  expect((await ended(held)).kind).toBe('put-back');
  expect(await onDisk(held)).toBe(`${BEFORE}enabled = false\n`);
});

it('[D3] nor over one that comes while the copy of the edit is still being written', async () => {
  const disk = slowDisk('last-good.toml');
  const held = await bench(BEFORE, disk.calls);
  await until(async () => expect(await readFile(held.lastGoodFile, 'utf8')).toBe(BEFORE));
  disk.hang();
  const applying = held.apply();
  await until(() => expect(held.store.view().text).toBe(AFTER));
  const theirs = AFTER.replace('# mine', '# theirs').replace('wss://b/', 'wss://theirs/');
  await writeFile(held.file, theirs);
  await until(() => expect(held.store.view().text).toBe(theirs));
  disk.answer();
  await applying;
  held.links = { kraken: ILL, okx: WELL };
  expect(await ended(held)).toMatchObject({ kind: 'not-judged', why: expect.stringContaining('edited again') });
  expect(await onDisk(held)).toBe(theirs);
});

/** A text is due to go back, and the disk holds up a Pause that was pressed a second before. */
async function pausedAsDue() {
  const disk = slowDisk('warmwire.toml');
  const held = await bench(BEFORE, disk.calls);
  await held.apply();
  held.links = { kraken: ILL, okx: WELL };
  await held.clock.advance(29_000);
  disk.hang();
  const pausing = held.store.setLinkEnabled('okx', false);
  await held.clock.advance(1_000);
  return { held, disk, pausing };
}

it('[D3] a Pause that is being written as the text is due to go back does not keep it', async () => {
  const { held, disk, pausing } = await pausedAsDue();
  disk.answer();
  await pausing;
  expect((await ended(held, 0)).kind).toBe('put-back');
  expect(await onDisk(held)).toBe(`${BEFORE}enabled = false\n`);
});

it('[D3] a text that could not be put back is said on every page and in the log', async () => {
  const disk = slowDisk('warmwire.toml');
  const held = await bench(BEFORE, disk.calls);
  await held.apply();
  held.links = { kraken: ILL, okx: WELL };
  disk.fill();
  const why = expect.stringContaining('Not put back: the disk is full');
  expect(await ended(held, 30_000)).toMatchObject({ kind: 'not-judged', why });
  expect(await onDisk(held)).toBe(AFTER);
  expect(held.warnings.at(-1)).toMatch(
    /to be taken back by itself \(a link was worse for it\) and was not: the disk is full/,
  );
  expect(held.lines).toEqual([expect.stringMatching(/was not taken back: the disk is full.*: kraken was healthy/)]);
  held.probation.keep();
  expect(held.warnings.at(-1)).toBeNull();
});

it('[D3] so is one that the disk holds up, until it is back', async () => {
  const disk = slowDisk('warmwire.toml');
  const held = await bench(BEFORE, disk.calls);
  await held.apply();
  held.links = { kraken: ILL, okx: WELL };
  disk.hang();
  await held.clock.advance(33_000);
  expect(held.warnings.at(-1)).toContain('holds it up');
  expect(held.lines).toHaveLength(1);
  disk.answer();
  expect((await ended(held, 0)).kind).toBe('put-back');
  expect(held.warnings.at(-1)).toBeNull();
  expect(await onDisk(held)).toBe(BEFORE);
});

it('[D3] an end of the watch, while what goes back waits for the disk, keeps the edit', async () => {
  const { held, disk, pausing } = await pausedAsDue();
  held.probation.keep();
  disk.answer();
  await pausing;
  await held.store.setLinkEnabled('okx', true);
  expect(await onDisk(held)).toBe(`${AFTER}enabled = true\n`);
  expect(held.warnings.at(-1)).toBeNull();
});

it('[D3] an edit that the disk holds up is measured by how the links did when it began to run', async () => {
  const disk = slowDisk('warmwire.toml');
  const held = await bench(BEFORE, disk.calls);
  disk.hang();
  const applying = held.apply();
  held.links = { kraken: ILL, okx: WELL };
  disk.answer();
  await applying;
  expect(await ended(held)).toEqual({ kind: 'kept', links: 1, worse: [] });
});

it('[D3] an edit that has changed no text takes none back with it', async () => {
  const { store, file } = await bench();
  await store.apply(AFTER, store.view().revision);
  await store.apply(AFTER, store.view().revision);
  const nothing = { ok: false, problem: { kind: 'nothing-to-undo' } };
  expect(await store.takeBack(store.edits(), () => true)).toMatchObject(nothing);
  expect(await readFile(file, 'utf8')).toBe(AFTER);
});

it.each([
  ['sleep', 'slept'],
  ['network', 'network'],
] as const)('[D3] after a %s nothing is judged, and it is said', async (kind, word) => {
  const held = await bench();
  await held.apply();
  held.links = { kraken: ILL, okx: ILL };
  held.probation.disturbed(kind);
  expect(await ended(held)).toMatchObject({ kind: 'not-judged', why: expect.stringContaining(word) });
  expect(await onDisk(held)).toBe(AFTER);
});

it('[D3] an engine that says nothing at the end judges nothing', async () => {
  const held = await bench();
  await held.apply();
  held.links = null;
  expect(await ended(held)).toMatchObject({ kind: 'not-judged', why: expect.stringContaining('engine') });
  expect(await onDisk(held)).toBe(AFTER);
});

it('[D3] an edit that changes no link is not watched', async () => {
  const held = await bench();
  await held.apply(`${BEFORE}# more\n`);
  expect(held.probation.view).toEqual({ kind: 'none' });
});

it('[C1] the values of any text are explained, set or not, table by table', async () => {
  const { store } = await bench();
  const text = '[connection]\nws_missed_pongs = 7\n[link.a]\npreset = "kraken_v2"\nping_interval_secs = 9\n[pool.p]\n';
  const find = (path: readonly string[], key: string) => store.explain(text, path).find((row) => row.key === key);
  expect(find(['link', 'a'], 'ping_interval_secs')).toMatchObject({ value: '9', source: 'link' });
  expect(find(['link', 'a'], 'missed_pongs')).toMatchObject({ value: '7', source: 'connection' });
  expect(find(['connection'], 'ws_missed_pongs')).toMatchObject({ value: '7', source: 'connection' });
  expect(find(['connection'], 'http_http2')).toMatchObject({ value: 'true', source: 'built in' });
  expect(find(['app'], 'rollback_after_secs')).toMatchObject({ value: '30', source: 'built in' });
  expect(store.explain(text, ['link', 'nobody'])).toEqual([]);
  expect(store.explain('oops [', ['link', 'a'])).toEqual([]);
});
