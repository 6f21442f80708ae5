/** One thing after another, each on what the one before it has left. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(task: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(task);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  /** When everything that has a turn by now is done. */
  get done(): Promise<unknown> {
    return this.#last;
  }
}
