import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A token goes back as the name of a WebSocket subprotocol, which may not hold `/`, `=` or a space. */
export const TOKEN_FORM = /^[\w.~-]+$/;

export const newToken = (): string => randomBytes(32).toString('hex');

/**
 * The desktop's token: WARMWIRE_TOKEN, or the one in `api-token` in the data folder, which is made at the first need and
 * readable by its owner only. It stands nowhere else. Throws when the file cannot be written.
 */
export function desktopToken(dataFolder: string, env: Readonly<Record<string, string | undefined>>): string {
  const given = env.WARMWIRE_TOKEN;
  if (given && TOKEN_FORM.test(given)) return given;
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
    return TOKEN_FORM.test(text) ? text : null;
  } catch {
    return null;
  }
}
