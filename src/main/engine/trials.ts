import type { LinkConfig } from '../../shared/engineConfig.ts';
import { MOST_TRIALS, type TrialView, trialOver } from '../../shared/trial.ts';
import { Trial, type TrialParts } from './trial.ts';

const DECLINED = trialOver({
  kind: 'failed',
  reason: `${MOST_TRIALS} other tests are running, in this window or another`,
  verdict: null,
  advice: 'wait until one has ended, then test again',
});

const CLOSING = trialOver({ kind: 'failed', reason: 'Warmwire is closing', verdict: null, advice: 'start it again' });

/** The trials that run now, and those whose socket is still closing. */
export class Trials {
  readonly #parts: Pick<TrialParts, 'ports' | 'commons' | 'explain'>;
  readonly #open = new Set<Trial>();
  #onAllGone: (() => void) | null = null;

  constructor(parts: Pick<TrialParts, 'ports' | 'commons' | 'explain'>) {
    this.#parts = parts;
  }

  get areGone(): boolean {
    return this.#open.size === 0;
  }

  /** Begins one, if there is room. Answers how to end it, which may be called twice. */
  start(config: LinkConfig, onView: (view: TrialView) => void): () => void {
    const running = [...this.#open].filter((trial) => trial.isRunning).length;
    if (this.#onAllGone !== null || running >= MOST_TRIALS) {
      onView(this.#onAllGone === null ? DECLINED : CLOSING);
      return () => undefined;
    }
    const trial: Trial = new Trial({
      ...this.#parts,
      config,
      onView,
      onGone: () => {
        this.#open.delete(trial);
        if (this.areGone) this.#onAllGone?.();
      },
    });
    this.#open.add(trial);
    trial.start();
    return () => trial.cancel('user');
  }

  /** Closes all of them politely, and takes no more. `onAllGone` is called when the last one ends; look first. */
  leave(onAllGone: () => void): void {
    this.#onAllGone = onAllGone;
    for (const trial of [...this.#open]) trial.cancel('shutdown');
  }

  /** Cuts what has not closed. */
  stop(): void {
    this.#onAllGone = (): void => undefined;
    for (const trial of [...this.#open]) trial.destroy();
  }
}
