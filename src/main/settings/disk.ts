import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { failed, type Problem } from '../../shared/outcome.ts';
import { NO_FILE } from '../../shared/settingsView.ts';
import { nameBeside } from './leftovers.ts';
import { pathsTo } from './links.ts';
import { decodeSettingsFile, sizeTrouble } from './load.ts';
import { untilLetGo } from './untilLetGo.ts';

/** The calls to the file system, so that a test can let one of them fail. */
export type DiskCalls = Pick<
  typeof fs,
  'access' | 'chmod' | 'chown' | 'mkdir' | 'open' | 'readdir' | 'readFile' | 'realpath' | 'rename' | 'stat' | 'unlink'
>;

export const realDisk: DiskCalls = fs;

/** `revision` names the bytes; `trouble` says in words why there is no text. */
export type FileReading =
  | { readonly kind: 'text'; readonly text: string; readonly revision: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'trouble'; readonly trouble: string; readonly revision: string };

/** Never rejects. */
export async function readSettingsFile(file: string, calls: DiskCalls): Promise<FileReading> {
  try {
    const about = await calls.stat(file);
    if (about.isDirectory()) return troubled('there is a folder where the settings file should be', 'folder');
    // Reading a pipe or a device could wait for ever.
    if (!about.isFile()) return troubled('the settings file is not an ordinary file', 'special');
    const tooLarge = sizeTrouble(about.size);
    if (tooLarge !== null) return troubled(tooLarge, `${about.size} bytes`);
    const bytes = await calls.readFile(file);
    const text = decodeSettingsFile(bytes);
    const revision = revisionOf(bytes);
    if (!text.ok) return troubled(`${text.problem.message}; ${text.problem.hint}`, revision);
    return { kind: 'text', text: text.value, revision };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return { kind: 'missing' };
    const why = code === 'EACCES' || code === 'EPERM' ? 'this account may not read it' : messageOf(error);
    return troubled(`the settings file cannot be read: ${why}`, code);
  }
}

/** An editor that empties or removes the file before it writes it is not taken at its first word. */
const LOOK_AGAIN_MS = 150;
/** An empty file is valid and has no links: it closes every socket, and is hardly ever meant. */
const EMPTY_SETTLED_MS = 2_000;
const SETTLING_MS = 3_000;

/** Resolves after so many ms. */
export type Pause = (ms: number) => Promise<unknown>;

/**
 * Like `readSettingsFile`; but a file that is not the `known` revision is read again until it has been the same for
 * 150 ms, or empty for 2 s (for 3 s at most). Never rejects.
 */
export async function readSettled(
  file: string,
  known: string,
  calls: DiskCalls,
  pause: Pause = setTimeout,
): Promise<FileReading> {
  let reading = await readSettingsFile(file, calls);
  let sameForMs = 0;
  for (let waited = 0; waited < SETTLING_MS && readingRevision(reading) !== known; waited += LOOK_AGAIN_MS) {
    await pause(LOOK_AGAIN_MS);
    const again = await readSettingsFile(file, calls);
    sameForMs = readingRevision(again) === readingRevision(reading) ? sameForMs + LOOK_AGAIN_MS : 0;
    reading = again;
    const isEmpty = reading.kind === 'text' && isBlank(reading.text);
    if (sameForMs >= (isEmpty ? EMPTY_SETTLED_MS : LOOK_AGAIN_MS)) return reading;
  }
  return reading;
}

export const isBlank = (text: string): boolean => text.trim() === '';

export function readingRevision(reading: FileReading): string {
  return reading.kind === 'missing' ? NO_FILE : reading.revision;
}

export function revisionOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** What a new file may be for whom: settings may hold keys, and what is kept of them, too. */
export const FOR_OWNER = 0o600;

/**
 * Replaces the file as a whole or not at all (one that is mounted by itself is written in place), and answers the problem in
 * words. A link to a file stays a link, and the file keeps its mode, its owner and its group, as far as this account may give
 * it away; a new one is its owner's only. One that is not of the revision `expected` (`null`: of whichever) right before it is
 * replaced stays, with the problem `changed`. (`write-file-atomic` 8 is not used: it does not look at how much was written, and on a
 * full disk puts half a file in the place of the old one without an error.)
 */
export async function replaceFile(
  file: string,
  text: string,
  calls: DiskCalls,
  expected: string | null = null,
): Promise<Problem | null> {
  try {
    await calls.mkdir(dirname(file), { recursive: true });
    const target = await calls.realpath(file).catch(async () => (await pathsTo(file)).at(-1) ?? file);
    await write(target, text, calls, expected);
    return null;
  } catch (error) {
    return saveProblem(error, file);
  }
}

async function write(target: string, text: string, calls: DiskCalls, expected: string | null): Promise<void> {
  const old = await calls.stat(target).catch(() => null);
  if (old?.isDirectory() === true) throw Object.assign(new Error('a folder is there'), { code: 'EISDIR' });
  // A rename would also replace a file that was made read-only on purpose.
  if (old !== null) await calls.access(target, fs.constants.W_OK);
  // A file that is mounted by itself, as into a container, cannot be replaced, and its folder is often read-only.
  if (old !== null && old.dev !== (await calls.stat(dirname(target))).dev)
    return writeInPlace(target, text, calls, expected);
  try {
    await writeBeside(target, text, old, calls, expected);
  } catch (error) {
    // So is one from the same disk.
    if (old === null || codeOf(error) !== 'EBUSY') throw error;
    await writeInPlace(target, text, calls, expected);
  }
}

async function writeBeside(
  target: string,
  text: string,
  old: Stats | null,
  calls: DiskCalls,
  expected: string | null,
): Promise<void> {
  const temporary = nameBeside(target);
  try {
    const handle = await calls.open(temporary, 'wx', FOR_OWNER);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (old !== null) await makeLike(old, temporary, calls);
    await untilLetGo(async () => {
      await holdTo(expected, target, calls);
      await calls.rename(temporary, target);
    });
  } catch (error) {
    await calls.unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target), calls).catch(() => undefined);
}

/** Else a power cut could bring the old file back. Not every system has folders that can be opened. */
async function syncFolder(folder: string, calls: DiskCalls): Promise<void> {
  const handle = await calls.open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Somebody else may have written the file since it was read. */
async function holdTo(expected: string | null, target: string, calls: DiskCalls): Promise<void> {
  if (expected === null || readingRevision(await readSettingsFile(target, calls)) === expected) return;
  throw changed();
}

const changed = (): Error => Object.assign(new Error('another revision'), { code: CHANGED });

/** What cannot be written as a whole is put back as it was, in the room that it had; after a power cut the copy runs. */
async function writeInPlace(target: string, text: string, calls: DiskCalls, expected: string | null): Promise<void> {
  await holdTo(expected, target, calls);
  const before = await calls.readFile(target);
  const bytes = Buffer.from(text);
  try {
    await overwrite(target, bytes, calls);
  } catch (error) {
    await overwrite(target, before, calls).catch(() => {
      throw Object.assign(new Error(messageOf(error)), { code: TORN });
    });
    throw error;
  }
  // Another program's: that is not put back.
  const written = await calls.readFile(target);
  if (!written.equals(bytes)) throw changed();
}

async function overwrite(target: string, bytes: Buffer, calls: DiskCalls): Promise<void> {
  const handle = await calls.open(target, 'r+');
  try {
    await handle.writeFile(bytes);
    await handle.truncate(bytes.length);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The mode last: a change of the owner may take from it. */
async function makeLike(old: Pick<Stats, 'uid' | 'gid' | 'mode'>, file: string, calls: DiskCalls): Promise<void> {
  const own = await calls.stat(file);
  // Only root may give a file away; to a group its owner may who is in it.
  if (own.uid !== old.uid) await calls.chown(file, old.uid, old.gid).catch(() => undefined);
  if ((await calls.stat(file)).gid !== old.gid) await calls.chown(file, own.uid, old.gid).catch(() => undefined);
  await calls.chmod(file, old.mode & 0o7777);
}

const CHANGED = 'ECHANGED';
const TORN = 'ETORN';
const KEPT = 'the old file is as it was, and your text is still here';

function saveProblem(error: unknown, file: string): Problem {
  const [kind, message, hint] = saveWords(codeOf(error), messageOf(error));
  return failed(kind, message, file, hint).problem;
}

function saveWords(code: string, message: string): readonly [kind: string, message: string, hint: string] {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return [
        'disk-full',
        'the disk is full, so the file could not be saved',
        `free some space and save again; ${KEPT}`,
      ];
    case 'EACCES':
    case 'EPERM':
      return [
        'not-allowed',
        'this account may not write the file or its folder',
        `allow writing there and save again; ${KEPT}`,
      ];
    case 'EROFS':
      return ['read-only', 'the file is on a read-only disk', `make the disk writable and save again; ${KEPT}`];
    case 'EISDIR':
      return [
        'is-folder',
        'there is a folder of the file’s name',
        'move the folder away and save again; your text is still here',
      ];
    case CHANGED:
      return [
        'changed',
        'somebody else has just written the file',
        'look at it and save again; your text is still here',
      ];
    case TORN:
      return [
        'torn',
        `the file could not be written whole, nor put back as it was: ${message}`,
        'look at its disk and save again; your text is still here',
      ];
    case 'EBUSY':
      return [
        'in-use',
        'the system does not let the file be replaced or written: another program holds it, or it is mounted by itself',
        `end that program, or mount the file’s folder in place of the file, and save again; ${KEPT}`,
      ];
    case 'ENOENT':
      return [
        'no-folder',
        'the file is a link into a folder that is not there',
        `bring its disk back, or make the folder, and save again; ${KEPT}`,
      ];
    default:
      return ['save-failed', `the file could not be saved: ${message}`, `save again; ${KEPT}`];
  }
}

const troubled = (trouble: string, revision: string): FileReading => ({ kind: 'trouble', trouble, revision });

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
