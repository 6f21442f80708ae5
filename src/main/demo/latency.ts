/** How long a demo exchange takes to answer: a steady body with a heavier tail now and then. */
export interface LatencyModel {
  readonly medianMs: number;
  /** Spread of the body: the standard deviation of the logarithm. */
  readonly spread: number;
  /** Share of answers that fall into the tail, 0 to 1, and how many times slower those are at most. */
  readonly tailShare: number;
  readonly tailFactor: number;
}

/** One answer's delay in milliseconds. `random` is uniform in [0, 1) and is drawn three times. */
export function drawLatencyMs(model: LatencyModel, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const bodyMs = model.medianMs * Math.exp(model.spread * normal);
  const draw = random();
  return draw < model.tailShare ? bodyMs * (2 + (model.tailFactor - 2) * (draw / model.tailShare)) : bodyMs;
}

/** Delays that never reorder: each answer leaves no earlier than the one before it. */
export class DelayLine {
  readonly #model: LatencyModel;
  readonly #random: () => number;
  #lastDueAt = 0;

  constructor(model: LatencyModel, random: () => number) {
    this.#model = model;
    this.#random = random;
  }

  /** When the answer to something that came at `now` (ms) leaves. */
  dueAt(now: number): number {
    this.#lastDueAt = Math.max(this.#lastDueAt, now + drawLatencyMs(this.#model, this.#random));
    return this.#lastDueAt;
  }
}
