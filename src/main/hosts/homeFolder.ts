import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';
import { CannotStart } from './cannotStart.ts';

/** The account's. A service's may have none, or a HOME that is empty: what is in no folder would go to the working folder. Throws CannotStart. */
export function homeFolder(find = homedir): string {
  const home = found(find);
  if (isAbsolute(home)) return home;
  const instead = 'set WARMWIRE_CONFIG to the settings file and WARMWIRE_DATA to a folder for the data';
  throw new CannotStart(`this account has no home folder: ${instead}`);
}

function found(find: () => string): string {
  try {
    return find();
  } catch {
    return '';
  }
}
