import { setTimeout } from 'node:timers/promises';

/** What Windows says of a file that another program has open. */
const HELD: ReadonlySet<string | undefined> = new Set(['EACCES', 'EBUSY', 'EPERM']);
const AGAIN_MS = 100;
const PATIENCE_MS = 2_000;

/** Does it; on Windows, where a virus scanner may hold any file for a moment, again until that is over, for 2 s at most. */
export async function untilLetGo(
  task: () => Promise<void>,
  platform: NodeJS.Platform = process.platform,
  pause: (ms: number) => Promise<unknown> = setTimeout,
): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += AGAIN_MS) {
    try {
      return await task();
    } catch (error) {
      const isHeld = platform === 'win32' && HELD.has((error as NodeJS.ErrnoException).code);
      if (!isHeld || waitedMs >= PATIENCE_MS) throw error;
      await pause(AGAIN_MS);
    }
  }
}
