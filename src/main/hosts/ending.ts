/** What asks for a polite end: SIGHUP comes from a terminal that is closed, or whose connection was lost. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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

/** What did not end in its time. A thread of this process may be in it still. */
export class Stuck extends Error {}

/** For a disk at the end, ms: one that hangs gives no answer at all. */
export const DISK_GRACE_MS = 2_000;

/** Resolves with what it ends with, or rejects with Stuck after so many ms. */
export async function endWithin<T>(limitMs: number, sentence: string, end: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Stuck(sentence)), limitMs);
  });
  return Promise.race([end, limit]).finally(() => clearTimeout(timer));
}

/** By a signal: a thread that waits for a disk would hold up `process.exit`. */
export function endAtOnce(signal: NodeJS.Signals = 'SIGKILL'): void {
  process.kill(process.pid, signal);
}

/** How the program ends: by which `stop`, and what is said of it. */
export interface Ending {
  /** Bounded by its own grace. */
  readonly stop: () => Promise<void>;
  readonly complain: (message: string) => void;
  /** What is said of an error that nobody caught. */
  readonly sentenceOf: (error: unknown) => string;
}

/**
 * Row L17: the first of these signals ends the program politely by `stop`, a second one at once. So does an error that
 * nobody caught, since nobody knows what it has left half done. Answers whether the program is ending.
 */
export function endPolitely({ stop, complain, sentenceOf }: Ending): () => boolean {
  const isNew = signalFilter();
  let ending = false;
  let code = 0;
  const end = (): void => {
    if (ending) return;
    ending = true;
    stop().then(
      () => process.exit(code),
      (error: unknown) => {
        complain(`could not end cleanly: ${error instanceof Error ? error.message : String(error)}`);
        if (error instanceof Stuck) endAtOnce();
        process.exit(1);
      },
    );
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!isNew()) return;
    if (!ending) return end();
    process.off(signal, onSignal);
    endAtOnce(signal);
  };
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  process.on('uncaughtException', (error) => {
    const sentence = sentenceOf(error);
    // What follows from the first one is in the log.
    if (code === 0) complain(sentence);
    code = 1;
    end();
  });
  return () => ending;
}
