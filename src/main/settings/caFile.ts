import { readFileSync } from 'node:fs';
import { failed, type Outcome, ok } from '../../shared/outcome.ts';

/** The certificates that a link's `ca_file` names, as PEM. */
export function readCaFile(path: string): Outcome<string> {
  try {
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
