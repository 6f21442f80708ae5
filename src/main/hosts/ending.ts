/**
 * Row L17: the first SIGINT or SIGTERM ends the program politely by `stop`, a second one at once. `stop` is bounded by
 * its own grace; what it leaves is logged by `complain`.
 */
export function endOnSignals(stop: () => Promise<void>, complain: (message: string) => void): void {
  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
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
