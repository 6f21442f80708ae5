import { keptInTab } from './kept.ts';

const KEY = 'warmwire.window';
/** The page that is loaded again may come before the browser has let go of what the one before it held. */
const RELOAD_MS = 500;

let claim: Promise<string> | null = null;
let claimed: string | null = null;

/**
 * The name of this window among all of this browser: the same after a reload, and held as a lock as long as the window
 * lives, by which others can tell that it does.
 */
export function ownWindow(): Promise<string> {
  claim ??= claimName().then((name) => {
    claimed = name;
    return name;
  });
  return claim;
}

/** `null` before that is known. */
export const ownWindowNow = (): string | null => claimed;

/** Does it while that window is gone and nobody else does the same; answers false when it lives, or that cannot be told. */
export async function whileGone(window: string, act: () => void): Promise<boolean> {
  try {
    return await navigator.locks.request(lockOf(window), { ifAvailable: true }, (lock) => {
      if (lock !== null) act();
      return lock !== null;
    });
  } catch {
    return false;
  }
}

async function claimName(): Promise<string> {
  // Only on an origin that is not secure: there all windows share one name, and none can be told to be gone.
  if (!('locks' in navigator)) return '';
  const kept = keptInTab.read(KEY);
  if (kept !== null && (await hold(kept, AbortSignal.timeout(RELOAD_MS)))) return kept;
  const made = crypto.randomUUID();
  keptInTab.keep(KEY, made);
  // Nobody else has that name, however long the browser takes.
  void hold(made);
  return made;
}

/** False where another window has it: a tab that was duplicated starts with the name of the first. */
function hold(window: string, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const forLife = (): Promise<void> => {
      resolve(true);
      return new Promise(() => undefined);
    };
    navigator.locks
      .request(lockOf(window), signal === undefined ? {} : { signal }, forLife)
      .catch(() => resolve(false));
  });
}

const lockOf = (window: string): string => `${KEY} ${window}`;
