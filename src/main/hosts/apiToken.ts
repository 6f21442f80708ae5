import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endWithin } from './ending.ts';

/** A token goes back as the name of a WebSocket subprotocol, which may not hold `/`, `=` or a space. */
const TOKEN_FORM = /^[\w.~-]+$/;
/** What another account of this machine could try out in a day is no token. */
const SHORTEST = 16;

export const newToken = (): string => randomBytes(32).toString('hex');

/** Why WARMWIRE_TOKEN cannot be the token, `null` when it can. Says nothing of it but its length. */
export const tokenTrouble = (given: string): string | null =>
  troubleOf(given, 'WARMWIRE_TOKEN', 'leave it out for a random one');

function troubleOf(given: string, name: string, instead: string): string | null {
  if (!TOKEN_FORM.test(given)) return `${name} may hold only letters, digits and - . _ ~: change it, or ${instead}`;
  if (given.length >= SHORTEST) return null;
  return `${name} has ${given.length} characters, which can be guessed: give it at least ${SHORTEST}, or ${instead}`;
}

/**
 * The desktop's token: WARMWIRE_TOKEN, or the one in `api-token` in the data folder, which is made at the first need and
 * readable by its owner only. It stands nowhere else. Rejects when the given or the kept one is none, or the file cannot be
 * read or written, or not within `limitMs`.
 */
export async function desktopToken(
  dataFolder: string,
  env: Readonly<Record<string, string | undefined>>,
  limitMs: number,
): Promise<string> {
  const given = env.WARMWIRE_TOKEN;
  if (given) {
    const trouble = tokenTrouble(given);
    if (trouble !== null) throw new Error(trouble);
    return given;
  }
  return endWithin(limitMs, `the disk of ${tokenFile(dataFolder)} does not answer`, keptOnce(dataFolder));
}

/** By data folder. */
const underWay = new Map<string, Promise<string>>();

/** A call that a disk holds up keeps one of the threads on which names are looked up, too: there is one at a time. */
function keptOnce(dataFolder: string): Promise<string> {
  const before = underWay.get(dataFolder);
  if (before !== undefined) return before;
  const reading = keptToken(dataFolder).finally(() => underWay.delete(dataFolder));
  underWay.set(dataFolder, reading);
  return reading;
}

async function keptToken(dataFolder: string): Promise<string> {
  const file = tokenFile(dataFolder);
  const kept = await readKept(file);
  if (kept === '') return makeToken(dataFolder, file);
  // Bots have it: another one in its place would shut them all out without a word.
  const trouble = troubleOf(kept, `the token in ${file}`, 'remove the file for a random one');
  if (trouble !== null) throw new Error(trouble);
  await chmod(file, 0o600);
  return kept;
}

export const tokenFile = (dataFolder: string): string => join(dataFolder, 'api-token');

/** Empty where there is none. */
async function readKept(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    const what = code === 'EISDIR' ? `${file} is a folder` : `the token in ${file} cannot be read (${code})`;
    throw new Error(`${what}: put a file there that this account may read, or remove it for a random token`);
  }
}

async function makeToken(dataFolder: string, file: string): Promise<string> {
  const token = newToken();
  await mkdir(dataFolder, { recursive: true });
  const handle = await open(file, 'w', 0o600);
  try {
    // An empty one that was there may be everybody's to read.
    await handle.chmod(0o600);
    await handle.writeFile(`${token}\n`);
  } finally {
    await handle.close();
  }
  return token;
}
