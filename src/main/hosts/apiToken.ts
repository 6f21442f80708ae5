import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A token goes back as the name of a WebSocket subprotocol, which may not hold `/`, `=` or a space. */
const TOKEN_FORM = /^[\w.~-]+$/;
/** What another account of this machine could try out in a day is no token. */
const SHORTEST = 16;

export const newToken = (): string => randomBytes(32).toString('hex');

/** Why WARMWIRE_TOKEN cannot be the token, `null` when it can. Says nothing of it but its length. */
export function tokenTrouble(given: string): string | null {
  const instead = 'or leave it out for a random one';
  if (!TOKEN_FORM.test(given)) return `WARMWIRE_TOKEN may hold only letters, digits and - . _ ~: change it, ${instead}`;
  if (given.length >= SHORTEST) return null;
  return `WARMWIRE_TOKEN has ${given.length} characters, which can be guessed: give it at least ${SHORTEST}, ${instead}`;
}

/**
 * The desktop's token: WARMWIRE_TOKEN, or the one in `api-token` in the data folder, which is made at the first need and
 * readable by its owner only. It stands nowhere else. Throws when the given one is none, or the file cannot be written.
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
  if (kept !== null) {
    chmodSync(file, 0o600);
    return kept;
  }
  const token = newToken();
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return token;
}

export const tokenFile = (dataFolder: string): string => join(dataFolder, 'api-token');

function readKept(file: string): string | null {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return tokenTrouble(text) === null ? text : null;
  } catch {
    return null;
  }
}
