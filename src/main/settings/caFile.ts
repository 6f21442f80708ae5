import { readFileSync, statSync } from 'node:fs';
import { failed, type Outcome, ok } from '../../shared/outcome.ts';

/** The certificates that a link's `ca_file` names, as PEM. */
export function readCaFile(path: string): Outcome<string> {
  try {
    const about = statSync(path);
    // Reading a pipe or a device could hold up every page for ever.
    if (!about.isFile())
      return failed('bad-ca', `${path} is not an ordinary file`, path, 'give a file of certificates');
    if (about.size > MAX_BYTES) {
      return failed('bad-ca', `${path} has over 1 MiB`, path, 'give a file with the certificates of this venue only');
    }
    const pem = readFileSync(path, 'utf8');
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return ok(pem);
    return failed(
      'bad-ca',
      `${path} holds no PEM certificate`,
      path,
      'give a file that begins with -----BEGIN CERTIFICATE-----',
    );
  } catch (error) {
    return failed(
      'unreadable-ca',
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code})`,
      path,
      'check the path and its rights',
    );
  }
}

/** Four times what the authorities of all browsers take together. */
const MAX_BYTES = 1024 * 1024;
