const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** Who lived for so long did not die of the start: the next death is a first one. */
const SOUND_AFTER_MS = 10 * 60_000;

/** How long the engine's thread, or the page's process, is left down after each death: twice as long each time, unless it had run well since. */
export class RestartPace {
  #deaths = 0;

  /** `livedMs`: from its start to this death. */
  next(livedMs: number): number {
    if (livedMs >= SOUND_AFTER_MS) this.#deaths = 0;
    const delayMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#deaths);
    this.#deaths += 1;
    return delayMs;
  }
}
