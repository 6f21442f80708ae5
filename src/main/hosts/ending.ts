/** A terminal signals the whole process group and npm and the start script pass signals on: one Ctrl-C comes several times. */
const SAME_SIGNAL_MS = 300;

/** Tells a signal from the echo of the one before it. */
export function signalFilter(nowMs: () => number = () => performance.now()): () => boolean {
  let lastAt = Number.NEGATIVE_INFINITY;
  return () => {
    const isNew = nowMs() - lastAt > SAME_SIGNAL_MS;
    if (isNew) lastAt = nowMs();
    return isNew;
  };
}

/**
 * Row L17: the first SIGINT or SIGTERM ends the program politely by `stop`, a second one at once. `stop` is bounded by
 * its own grace; what it leaves is logged by `complain`.
 */
export function endOnSignals(stop: () => Promise<void>, complain: (message: string) => void): void {
  const isNew = signalFilter();
  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    if (!isNew()) return;
    if (ending) process.exit(signal === 'SIGINT' ? 130 : 143);
    ending = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        complain(`could not end cleanly: ${error instanceof Error ? error.message : String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}
