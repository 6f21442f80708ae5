import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NoticeBook } from '../../src/main/notices/book.ts';
import { NoticeFile } from '../../src/main/notices/noticeFile.ts';
import { realDisk } from '../../src/main/settings/disk.ts';
import { wallMs } from '../../src/shared/units.ts';
import { failing } from '../settings/storeBench.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { until } from '../support/until.ts';
import { noticeSettings } from './rig.ts';

let folder: string;
let file: string;
let told: (string | null)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-notices-'));
  file = join(folder, 'data', 'notices.jsonl');
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (clock: FakeClock, calls = realDisk): NoticeFile =>
  new NoticeFile({ file, clock, onTrouble: (message) => told.push(message), calls });

const someNotices = () => {
  const book = new NoticeBook([]);
  const [rule] = noticeSettings().rules;
  if (rule === undefined) throw new Error('no rule');
  book.raise(rule, 'okx "spot"\u2028', 'okx: gone', wallMs(1), false);
  book.acknowledge(book.raise(rule, 'kraken', 'kraken: gone', wallMs(2), true), wallMs(3), 'notices');
  return book.notices;
};

it('[S4] what was saved is read back, half a second after the change at the latest or at the close', async () => {
  const clock = new FakeClock();
  const first = open(clock);
  expect(await first.read()).toEqual({ notices: [], quietUntil: null });
  const kept = { notices: someNotices(), quietUntil: 77 };
  first.save({ notices: [], quietUntil: null });
  first.save(kept);
  await clock.advance(500);
  await until(() => expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(3));
  expect(await open(clock).read()).toEqual(kept);
  first.save({ notices: [], quietUntil: null });
  await first.close();
  expect(await open(clock).read()).toEqual({ notices: [], quietUntil: null });
  expect(told).toEqual([]);
});

it.each([
  ['no JSON', 'oops'],
  ['half a line', '{"version":1,"quietUntil":null}\n{"id":1,"rule":"x"'],
  ['another version', '{"version":9}\n'],
  ['bytes', '\u0000\u0001'],
  ['nothing', ''],
])('[S4] a file that is damaged (%s) is set aside with a warning, and nothing is lost of it', async (_, text) => {
  mkdirSync(join(folder, 'data'));
  writeFileSync(file, text);
  const clock = new FakeClock();
  expect(await open(clock).read()).toEqual({ notices: [], quietUntil: null });
  expect(told).toEqual([expect.stringContaining('set aside')]);
  expect(readdirSync(join(folder, 'data'))).toEqual(['notices.jsonl.broken']);
  expect(readFileSync(`${file}.broken`, 'utf8')).toBe(text);
});

it('[S4] a full disk is told once, tried again, and told to be over', async () => {
  const clock = new FakeClock();
  let full = true;
  const calls = {
    ...realDisk,
    open: (...args: Parameters<typeof realDisk.open>) =>
      full ? Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })) : realDisk.open(...args),
  };
  const kept = { notices: someNotices(), quietUntil: null };
  const held = open(clock, calls);
  held.save(kept);
  await clock.advance(500);
  await until(() => expect(told).toEqual([expect.stringMatching(/the disk is full.*notices\.jsonl/)]));
  full = false;
  await until(() => expect(clock.pending).toBe(1));
  await clock.advance(60_000);
  await until(() => expect(told).toEqual([expect.any(String), null]));
  await held.close();
  expect(await open(clock).read()).toEqual(kept);
});

it('[S4] notices that cannot be read are never written over: they are set aside under a free name, and that is said until others are kept', async () => {
  const clock = new FakeClock();
  const first = open(clock);
  first.save({ notices: someNotices(), quietUntil: null });
  await first.close();
  const before = readFileSync(file, 'utf8');
  writeFileSync(`${file}.earlier`, 'of another time');
  let hasRoom = true;
  const rename: typeof realDisk.rename = (...input) =>
    hasRoom ? realDisk.rename(...input) : Promise.reject(new Error('no rename today'));
  const next = open(clock, { ...failing('EIO', 'readFile'), rename });
  expect(await next.read()).toEqual({ notices: [], quietUntil: null });
  const unread = expect.stringMatching(/cannot be read: EIO; they will be set aside as .*notices\.jsonl\.earlier/);
  expect(told).toEqual([unread]);
  hasRoom = false;
  next.save({ notices: [], quietUntil: 5 });
  await next.close();
  expect(readFileSync(file, 'utf8')).toBe(before);
  hasRoom = true;
  await next.close();
  expect(readFileSync(`${file}.earlier-2`, 'utf8')).toBe(before);
  expect(readFileSync(`${file}.earlier`, 'utf8')).toBe('of another time');
  expect(told).toEqual([unread, null]);
  expect(await open(clock).read()).toEqual({ notices: [], quietUntil: 5 });
});

it('[S4] notices that come too late for a start are set aside before others are written', async () => {
  const clock = new FakeClock();
  const first = open(clock);
  first.save({ notices: someNotices(), quietUntil: null });
  await first.close();
  const before = readFileSync(file, 'utf8');
  const answered = Promise.withResolvers<void>();
  const readFile = async (path: string) => {
    await answered.promise;
    return realDisk.readFile(path, 'utf8');
  };
  const late = open(clock, { ...realDisk, readFile: readFile as never });
  void late.read();
  expect(late.late()).toEqual({ notices: [], quietUntil: null });
  late.save({ notices: [], quietUntil: 5 });
  const closed = late.close();
  answered.resolve();
  await closed;
  expect(readFileSync(`${file}.earlier`, 'utf8')).toBe(before);
  expect(await open(clock).read()).toEqual({ notices: [], quietUntil: 5 });
});
