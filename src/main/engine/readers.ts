/** Who follows a stream. Each `add` is a reader of its own, also with a function that is there already. */
export class Readers<T> {
  readonly #tells = new Set<(value: T) => void>();

  get isEmpty(): boolean {
    return this.#tells.size === 0;
  }

  /** Answers how to stop; may be called twice. */
  add(tell: (value: T) => void): () => void {
    const own = (value: T): void => tell(value);
    this.#tells.add(own);
    return () => void this.#tells.delete(own);
  }

  tell(value: T): void {
    for (const tell of this.#tells) tell(value);
  }
}
