/** For who asks for what a disk may hold up: an answer after so many ms at the latest, and at once while an earlier one is still held up. */
export class LateAnswers {
  readonly #lateMs: number;
  #isLate = false;

  constructor(lateMs: number) {
    this.#lateMs = lateMs;
  }

  /** What the task answers, else `late`. */
  async of<T>(task: Promise<T>, late: () => T): Promise<T> {
    const done = task.finally(() => {
      this.#isLate = false;
    });
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => {
      if (this.#isLate) resolve();
      else timer = setTimeout(resolve, this.#lateMs);
    });
    const answer = await Promise.race([done.then((value) => ({ value })), waited]);
    clearTimeout(timer);
    if (answer) return answer.value;
    this.#isLate = true;
    return late();
  }
}

/** The same for one task, as of a start: no link waits for a data folder whose disk hangs. */
export const inTime = <T>(limitMs: number, task: Promise<T>, late: () => T): Promise<T> =>
  new LateAnswers(limitMs).of(task, late);
