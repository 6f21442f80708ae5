import type { EffectiveValue } from '../../shared/contract.ts';
import { explain } from './explain.ts';
import type { LiveSurroundings } from './resolve.ts';
import { type Evaluation, evaluate, evaluateNow } from './running.ts';

/** Texts that a person looks at before they run. */
export class Previews {
  readonly #surroundings: LiveSurroundings;
  /** The last one: its values are asked for next. */
  #last: { readonly text: string; readonly evaluation: Evaluation } | null = null;

  constructor(surroundings: LiveSurroundings) {
    this.#surroundings = surroundings;
  }

  async evaluate(text: string): Promise<Evaluation> {
    const evaluation = await evaluateNow(text, this.#surroundings);
    this.#last = { text, evaluation };
    return evaluation;
  }

  /** The values of one table of this text. */
  explain(text: string, path: readonly string[]): readonly EffectiveValue[] {
    const { partial } = this.#last?.text === text ? this.#last.evaluation : evaluate(text, this.#surroundings);
    return explain(partial, path);
  }
}
