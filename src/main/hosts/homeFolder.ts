import { homedir } from 'node:os';

/** Why there is no home folder, in a sentence that says what to do. */
export class NoHome extends Error {}

/** The account's, asked for only where a folder has to be found by it: a service's account may have none. Throws NoHome. */
export function homeFolder(
  env: Readonly<Record<string, string | undefined>>,
  configArg: string | null,
  find = homedir,
): string {
  if ((configArg || env.WARMWIRE_CONFIG) && env.WARMWIRE_DATA) return '';
  try {
    return find();
  } catch {
    const instead = 'set WARMWIRE_CONFIG to the settings file and WARMWIRE_DATA to a folder for the data';
    throw new NoHome(`this account has no home folder: ${instead}`);
  }
}
