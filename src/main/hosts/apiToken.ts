import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fchmodSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

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
 * readable by its owner only. It stands nowhere else. Throws when the given or the kept one is none, or the file cannot be
 * read or written.
 */
export function desktopToken(dataFolder: string, env: Readonly<Record<string, string | undefined>>): string {
  const given = env.WARMWIRE_TOKEN;
  if (given) {
    const trouble = tokenTrouble(given);
    if (trouble !== null) throw new Error(trouble);
    return given;
  }
  const file = tokenFile(dataFolder);
  const kept = readKept(file);
  if (kept === '') return makeToken(dataFolder, file);
  // Bots have it: another one in its place would shut them all out without a word.
  const trouble = troubleOf(kept, `the token in ${file}`, 'remove the file for a random one');
  if (trouble !== null) throw new Error(trouble);
  chmodSync(file, 0o600);
  return kept;
}

export const tokenFile = (dataFolder: string): string => join(dataFolder, 'api-token');

/** Empty where there is none. */
function readKept(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    const what = code === 'EISDIR' ? `${file} is a folder` : `the token in ${file} cannot be read (${code})`;
    throw new Error(`${what}: put a file there that this account may read, or remove it for a random token`);
  }
}

function makeToken(dataFolder: string, file: string): string {
  const token = newToken();
  mkdirSync(dataFolder, { recursive: true });
  const handle = openSync(file, 'w', 0o600);
  try {
    // An empty one that was there may be everybody's to read.
    fchmodSync(handle, 0o600);
    writeSync(handle, `${token}\n`);
  } finally {
    closeSync(handle);
  }
  return token;
}
