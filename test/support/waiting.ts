/** Those who wait until something is so; to be looked at whenever anything has happened. */
export class Waiting {
  readonly #looks = new Set<() => void>();

  /** Resolves as soon as it holds, perhaps at once. */
  until(isSo: () => boolean): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
    });
  }

  look(): void {
    for (const look of this.#looks) look();
  }
}
